"""The door for national notices: who is asking first, then the body, then durable in every region, then the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

import orjson
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.national.mapping import parts_of
from connectors.national.request import (
    BATCH,
    MOST_BODY,
    event_of,
    is_binary,
    refuse_other_types,
)
from connectors.national.settings import NationalSender
from connectors.national.taking import Became, Taking
from hub.asking import SAFE, bearer_of, beside, bounded_body
from hub.errors import HubError, Rejected, Undecodable
from hub.ports.door import Door
from hub.ports.publisher import Publisher

log = structlog.get_logger("national")

ADDRESS: Final = "/cloudevents"
PROBLEM: Final = "application/problem+json"

Json: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class NationalDoor:
    """Everything that the address needs.

    Attributes:
        senders: Who may send.
        publisher: Makes an event durable on the log.
        door: Makes durable what will not reach the log.
        clock: Gives the time of receipt.
    """

    senders: Sequence[NationalSender]
    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]

    def routes(self) -> list[Route]:
        """The address of this door."""
        return [Route(ADDRESS, self.post_events, methods=["POST"])]

    async def post_events(self, request: Request) -> Response:
        """One event or a batch; whatever is raised, as a problem in plain words."""
        try:
            return await self._heard(request)
        except HubError as error:
            return answer(error.http_status, problem(error), beside(error))
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as defect:  # noqa: BLE001 - only fixed words may leave a public door
            log.error("defect", error=type(defect).__name__)  # noqa: TRY400 - a trace may quote what was read
            return answer(500, {"status": 500, "title": "A fault of the hub's own."})

    async def _heard(self, request: Request) -> Response:
        shown = request.headers.get("authorization")
        sender = bearer_of(shown, self.senders, self.clock().date())
        refuse_other_types(request.headers)
        body = await bounded_body(request, MOST_BODY)
        taking = Taking(self.publisher, self.door, self.clock)
        try:
            parts = parts_in(request, body)
        except Rejected as error:
            await taking.keep(sender, error, body)
            raise
        return told(await taking.take(sender, parts))


def parts_in(request: Request, body: bytes) -> list[tuple[str, bytes]]:
    """The events of a request, each with its place.

    Raises:
        Undecodable: It is no JSON, or no array where a batch was announced.
        InvalidResource: There are too many, or an attribute in a header cannot be read.
    """
    if is_binary(request.headers):
        return [("", event_of(request.headers, body))]
    batch = request.headers.get("content-type", "").lower().startswith(BATCH)
    if batch and not body.lstrip().startswith(b"["):
        raise Undecodable("A batch is a JSON array.", expression="events", code="no-batch")
    return parts_of(body)


def told(became: Sequence[Became]) -> Response:
    """202 when everything was taken or ignored; else what was not, and the rest was taken all the same."""
    body: Json = {"events": [outcome_of(each) for each in became]}
    refused = [each.refused for each in became if each.refused is not None]
    if any(each.defect for each in became):
        return answer(
            500, {"status": 500, "title": "A fault of the hub's own; all is kept.", **body}
        )
    if not refused:
        return answer(202, body)
    if len(became) == 1:
        return answer(refused[0].http_status, problem(refused[0]))
    return answer(422, {"status": 422, "title": "Some events can never be right.", **body})


def outcome_of(each: Became) -> Json:
    """One event of the answer."""
    if each.refused is not None:
        return {"place": each.place, "outcome": "refused", **words(each.refused)}
    if each.defect:
        return {"place": each.place, "outcome": "defect"}
    if each.ignored:
        return {"place": each.place, "outcome": "ignored", "reason": each.ignored}
    return {"place": each.place, "outcome": "accepted", "event_id": str(each.event_id)}


def words(error: Rejected) -> Json:
    """Code, place and reason of a refusal."""
    return {"code": error.code, "expression": error.expression, "reason": error.reason}


def problem(error: HubError) -> Json:
    """A refusal as RFC 9457 has it, with its code and place."""
    more = words(error) if isinstance(error, Rejected) else {"reason": str(error)}
    return {"status": error.http_status, "title": str(error), **more}


def answer(status: int, body: Json, more: dict[str, str] | None = None) -> Response:
    """A JSON answer that no cache keeps."""
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type=PROBLEM if status >= 400 else "application/json",
        headers={**SAFE, **(more or {})},
    )
