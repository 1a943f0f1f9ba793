"""Send HL7 v2 over MLLP, one message at a time, and read each answer."""

import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from deploy.sending.lines import SentLine, not_sent
from deploy.sending.pace import Pace
from deploy.trying.files import Piece
from hub.errors import Rejected, Unavailable
from hub.hl7v2 import Message, message_from
from hub.hl7v2.header import header_or_what_is_left
from hub.testing.mllp_client import MllpClient

NO_ANSWER: Final = "no-answer"
ACCEPTED: Final = frozenset({"AA", "CA"})
SAME_AGAIN: Final = frozenset({"AE", "CE", NO_ANSWER})
REFUSED: Final = frozenset({"AR", "CR"})
ANSWERS: Final = (ACCEPTED | SAME_AGAIN | REFUSED) - {NO_ANSWER}
BLOCK_BYTES: Final = b"\x0b\x1c"

UNREACHABLE: Final = "The target cannot be reached."
NO_TLS: Final = "There is no TLS with the target: it speaks none, or a certificate is not taken."
LOST: Final = (
    "The connection was lost before an answer, or none came. The hub's log says why: `no-handshake` (TLS) or "
    "`no-frame` (such as too-large); or MSH-15 and MSH-16 ask for none."
)
UNREADABLE: Final = "The answer cannot be read."
OF_ANOTHER: Final = "The answer is to another message."


@dataclass
class MllpSender:
    """One connection, made anew when it is lost.

    Attributes:
        connect: Opens a connection.
        pace: Rate and delays.
    """

    connect: Callable[[], MllpClient]
    pace: Pace
    _client: MllpClient | None = field(init=False, default=None)
    _was_reached: bool = field(init=False, default=False)

    def lines(self, pieces: Iterable[Piece]) -> Iterator[SentLine]:
        """Send each message and say what was answered.

        Raises:
            Unavailable: The target cannot be reached, or no longer.
        """
        try:
            for piece in pieces:
                if piece.kind == "hl7v2":
                    self.pace.begin()
                    yield self._sent(piece)
                else:
                    yield not_sent(piece.file, piece.index, piece.what or "no HL7 v2 message")
        finally:
            self._hang_up()

    def _sent(self, piece: Piece) -> SentLine:
        frame = piece.content.strip(BLOCK_BYTES)
        header = header_or_what_is_left(frame)
        line = SentLine(
            file=piece.file,
            index=piece.index,
            control_id=header.text("MSH-10") or "",
            event=header.text("MSH-9.2") or "",
            answer=NO_ANSWER,
            accepted=False,
        )
        for attempt in self.pace.tries():
            line = replace(self._tried(frame, line), attempts=attempt)
            if line.answer not in SAME_AGAIN:
                break
        if line.reason == UNREACHABLE:
            raise Unavailable(UNREACHABLE)
        return line

    def _tried(self, frame: bytes, line: SentLine) -> SentLine:
        try:
            client = self._connected()
        except ssl.SSLError as error:
            raise Unavailable(f"{NO_TLS} ({why_no_tls(error)})") from None
        except OSError:
            if not self._was_reached:
                raise Unavailable(UNREACHABLE) from None
            return replace(line, answer=NO_ANSWER, reason=UNREACHABLE)
        try:
            answered = answer_in(client.send(frame), line)
        except ssl.SSLError as error:
            raise Unavailable(f"{NO_TLS} ({why_no_tls(error)})") from None
        except OSError:
            answered = replace(line, answer=NO_ANSWER, reason=LOST)
        if answered.answer == NO_ANSWER:
            self._hang_up()  # a late answer must not be taken for that of the next message
        return answered

    def _connected(self) -> MllpClient:
        if self._client is None:
            self._client = self.connect()
            self._was_reached = True
        return self._client

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def why_no_tls(error: ssl.SSLError) -> str:
    """Why TLS failed, in the library's words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.reason or "no reason was given").lower().replace("_", " ")


def answer_in(raw: bytes, line: SentLine) -> SentLine:
    """What an acknowledgement says of the message of a line."""
    try:
        answer = message_from(raw)
    except Rejected:
        return replace(line, answer=NO_ANSWER, reason=UNREADABLE)
    code = answer.text("MSA-1") or ""
    if code not in ANSWERS:
        return replace(line, answer=NO_ANSWER, reason=UNREADABLE)
    if line.control_id.isascii() and (answer.text("MSA-2") or "") != line.control_id:
        return replace(line, answer=NO_ANSWER, reason=OF_ANOTHER)
    reasons = (answer.text("ERR-8"), answer.text("MSA-3"), answer.text("ERR-3.2"))
    return replace(
        line,
        answer=code,
        accepted=code in ACCEPTED,
        expression=place_in(answer),
        reason=next((each for each in reasons if each), ""),
    )


def place_in(answer: Message) -> str:
    """ERR-2 as people write places: `PID-3.1`; what is first is left out."""
    segment, occurrence, field_number, repetition, component = (
        answer.text(f"ERR-2.{number}") or "" for number in range(1, 6)
    )
    if not segment:
        return ""
    nth = f"[{occurrence}]" if occurrence not in ("", "1") else ""
    if not field_number:
        return f"{segment}{nth}"
    again = f"[{repetition}]" if repetition not in ("", "1") else ""
    part = f".{component}" if component else ""
    return f"{segment}{nth}-{field_number}{again}{part}"
