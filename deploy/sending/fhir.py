"""Post FHIR bodies, one at a time, and read each answer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import httpx
import orjson

from deploy.sending.lines import SentLine, not_sent
from deploy.sending.pace import Pace
from deploy.trying.files import Piece
from hub.errors import Unavailable

SAME_AGAIN: Final = frozenset({429, 502, 503, 504})
TIMEOUT_SECONDS: Final = 30.0
NO_ANSWER: Final = "no-answer"
FHIR_JSON: Final = "application/fhir+json"
LONGEST_REASON: Final = 500


def client_for(token: str, timeout_seconds: float = TIMEOUT_SECONDS) -> httpx.Client:
    """A client that goes nowhere but where it is told: no proxy, no redirect, certificates checked."""
    headers = {"Content-Type": FHIR_JSON, "Accept": FHIR_JSON}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return httpx.Client(headers=headers, timeout=timeout_seconds, trust_env=False)


@dataclass
class FhirPoster:
    """Posts to one address.

    Attributes:
        url: The base, without a slash at the end: Bundles go there, a resource to its type below it.
        client: Speaks HTTP.
        pace: Rate and delays.
    """

    url: str
    client: httpx.Client
    pace: Pace
    _was_reached: bool = field(init=False, default=False)

    def lines(self, pieces: Iterable[Piece]) -> Iterator[SentLine]:
        """Post each body and say what was answered.

        Raises:
            Unavailable: The target cannot be reached, or no longer.
        """
        for piece in pieces:
            if piece.kind == "fhir":
                self.pace.begin()
                yield self._sent(piece)
            else:
                yield not_sent(piece.file, piece.index, piece.what or "no FHIR resource")

    def _sent(self, piece: Piece) -> SentLine:
        kind = resource_type_of(piece.content)
        url = self.url if kind in ("", "Bundle") else f"{self.url}/{kind}"
        line = SentLine(
            file=piece.file, index=piece.index, event=kind, answer=NO_ANSWER, accepted=False
        )
        for attempt in self.pace.tries():
            try:
                response = self.client.post(url, content=piece.content)
            except httpx.TransportError as error:
                if not self._was_reached and isinstance(error, httpx.ConnectError):
                    raise Unavailable("The target cannot be reached.") from None
                line = replace(
                    line, answer=NO_ANSWER, attempts=attempt, reason="No answer came back."
                )
                continue
            self._was_reached = True
            line = replace(answer_in(response, line), attempts=attempt)
            if response.status_code not in SAME_AGAIN:
                break
        return line


def resource_type_of(content: bytes) -> str:
    """The type that a body names; empty when it is no JSON object, which the target may refuse."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return ""
    kind = body.get("resourceType") if isinstance(body, dict) else None
    return kind if isinstance(kind, str) and kind.isalpha() and kind.isascii() else ""


def answer_in(response: httpx.Response, line: SentLine) -> SentLine:
    """What an answer says of the body of a line."""
    expression, reason = issue_in(response.content)
    return replace(
        line,
        answer=str(response.status_code),
        accepted=response.is_success,
        expression="" if response.is_success else expression,
        reason="" if response.is_success else reason,
    )


def issue_in(content: bytes) -> tuple[str, str]:
    """Place and words of the first issue of an OperationOutcome."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        return "", ""
    match body:
        case {"resourceType": "OperationOutcome", "issue": [{**issue}, *_]}:
            match issue.get("expression"):
                case [str(expression), *_]:
                    place = expression
                case _:
                    place = ""
            return place, str(issue.get("diagnostics") or issue.get("code") or "")[:LONGEST_REASON]
        case _:
            return "", ""
