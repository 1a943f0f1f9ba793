"""MLLP: a message between a start block and an end block, found in a stream of bytes.

A pure state machine: it takes what has arrived and gives what is complete. Time, sockets and
answers are the connection's matter.

Source: HL7 v2.3.1 appendix C (Minimal Lower Layer Protocol).
"""

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from hub.hl7v2.limits import Limits

START_BLOCK: Final = b"\x0b"
END_BLOCK: Final = b"\x1c"
CARRIAGE_RETURN: Final = b"\r"

_END: Final = END_BLOCK + CARRIAGE_RETURN
_BETWEEN_FRAMES: Final = b"\r\n"


class Frame(NamedTuple):
    """One message as sent, without the block bytes. A tuple, because a stream of tiny ones must cost little."""

    payload: bytes

    def __repr__(self) -> str:
        """Nothing of the message."""
        return "Frame()"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Bytes that are no frame.

    Attributes:
        code: A short stable word for counting.
        reason: What is wrong, in one sentence.
        closes: The stream has lost its meaning: close it, whatever comes later is not read.
    """

    code: str
    reason: str
    closes: bool


EMPTY: Final = Refusal("empty-frame", "The frame holds no message.", closes=False)
STRAY: Final = Refusal("no-start-block", "Something else than a frame was sent.", closes=True)
TOO_LARGE: Final = Refusal("too-large", "The frame is larger than this hub reads.", closes=True)

FrameEvent: TypeAlias = Frame | Refusal


class Deframer:
    """Finds frames, however the stream is cut into packets. It never holds more than one frame.

    An end block counts only with the carriage return after it; alone it is part of the message,
    which the reader then refuses. So is a start block within a frame.
    """

    __slots__ = ("_closed", "_limits", "_payload")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._payload: bytearray | None = None
        self._closed = False

    @property
    def inside(self) -> bool:
        """A frame has begun and not ended: the connection's frame timeout is running."""
        return self._payload is not None

    def feed(self, data: bytes) -> list[FrameEvent]:
        """Take what has arrived and give the frames and refusals it completes, in their order."""
        events: list[FrameEvent] = []
        position = 0
        while position < len(data) and not self._closed:
            if self._payload is not None:
                position = self._within(data, position, self._payload, events)
            elif (after := self._whole(data, position, events)) > position:
                position = after
            else:
                position = self._before(data, position, events)
        return events

    def _whole(self, data: bytes, position: int, events: list[FrameEvent]) -> int:
        """Take the frames that arrived from end to end, as nearly all do; give where something else begins."""
        most = self._limits.frame_bytes
        while (start := data.find(START_BLOCK, position)) >= 0:
            if start > position and data[position:start].strip(_BETWEEN_FRAMES):
                break
            end = data.find(_END, start + 1)
            if end < 0 or end - start - 1 > most:
                break
            events.append(Frame(data[start + 1 : end]) if end > start + 1 else EMPTY)
            position = end + len(_END)
        return position

    def _before(self, data: bytes, position: int, events: list[FrameEvent]) -> int:
        """Step over line ends to the start block."""
        start = data.find(START_BLOCK, position)
        between = data[position : start if start >= 0 else len(data)]
        if between.strip(_BETWEEN_FRAMES):
            return self._close(STRAY, data, events)
        if start < 0:
            return len(data)
        self._payload = bytearray()
        return start + 1

    def _within(
        self, data: bytes, position: int, payload: bytearray, events: list[FrameEvent]
    ) -> int:
        """Take up to the end of the frame, or all there is."""
        if payload.endswith(END_BLOCK) and data.startswith(CARRIAGE_RETURN, position):
            del payload[-1:]
            self._finish(payload, events)
            return position + 1
        end = data.find(_END, position)
        stop = end if end >= 0 else len(data)
        may_be_the_end = end < 0 and data.endswith(END_BLOCK)
        if len(payload) + stop - position - may_be_the_end > self._limits.frame_bytes:
            return self._close(TOO_LARGE, data, events)
        payload += data[position:stop]
        if end < 0:
            return stop
        self._finish(payload, events)
        return end + len(_END)

    def _finish(self, payload: bytearray, events: list[FrameEvent]) -> None:
        self._payload = None
        events.append(Frame(bytes(payload)) if payload else EMPTY)

    def _close(self, refusal: Refusal, data: bytes, events: list[FrameEvent]) -> int:
        self._payload = None
        self._closed = True
        events.append(refusal)
        return len(data)


def framed(payload: bytes) -> bytes:
    """Wrap a message for sending.

    Raises:
        ValueError: The message holds the end of a frame, which is a defect in our code.
    """
    if _END in payload:
        raise ValueError("A message cannot hold the end of its own frame.")
    return START_BLOCK + payload + _END
