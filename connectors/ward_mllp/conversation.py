"""One connection: frames in, answers out, one by one in their order, and each step within its time."""

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import structlog

from connectors.ward_mllp.certificates import names_in
from connectors.ward_mllp.framing import Deframer, Frame, FrameEvent, framed
from hub.hl7v2.limits import Limits

log = structlog.get_logger("ward_mllp")

READ_BYTES: Final = 65_536

Answer: TypeAlias = Callable[[bytes, frozenset[str]], Awaitable[bytes | None]]
"""A frame and the names in its connection's certificate -> the answer; None when none is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long one sender may take, in seconds. A connection on which nothing is sent may stay for ever.

    Attributes:
        frame: From the first byte of a frame to its last, however it dribbles in.
        answer: Until it has taken an answer off our hands.
        close: Until it has taken the rest when a connection ends.
    """

    frame: float = 60.0
    answer: float = 30.0
    close: float = 2.0


TOO_SLOW: Final = "too-slow"
NOT_READING: Final = "not-reading"

KEEPALIVE: Final = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
)
"""A sender that vanished without a word is noticed within a minute and a half, and its place is free again."""


class Conversation:
    """One sender, from its first byte to its last.

    Args:
        reader: What it sends.
        writer: What it is told.
        answer: What becomes of a frame.
        limits: How large a frame may be.
        patience: How long it may take.
        counts: Refusals and closings so far, by their words.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        answer: Answer,
        limits: Limits,
        patience: Patience,
        counts: Counter[str],
    ) -> None:
        self._reader, self._writer, self._answer = reader, writer, answer
        self._patience, self._counts = patience, counts
        self._deframer = Deframer(limits)
        self._shown = names_in(writer.get_extra_info("peercert"))
        self._frame_ends: float | None = None
        self._waiting: asyncio.Timeout | None = None
        self._finishing = False

    async def run(self) -> None:
        """Answer frame after frame until one side has had enough."""
        keep_alive(self._writer)
        try:
            while not self._finishing and (data := await self._next_bytes()):
                events = self._deframer.feed(data)
                for event in events:
                    if not await self._handled(event):
                        return
                self._start_clock(events)
        finally:
            await self._close()

    def finish(self) -> None:
        """Take no further message; one in hand is still answered."""
        self._finishing = True
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time())

    async def _next_bytes(self) -> bytes:
        """What arrives next; nothing when it is time to go."""
        try:
            async with asyncio.timeout_at(self._frame_ends) as self._waiting:
                return await self._reader.read(READ_BYTES)
        except TimeoutError:
            if not self._finishing:
                self._end(TOO_SLOW)
            return b""
        finally:
            self._waiting = None

    def _start_clock(self, events: list[FrameEvent]) -> None:
        """The time of a frame runs from its first byte; every further byte leaves it alone."""
        if not self._deframer.inside:
            self._frame_ends = None
        elif self._frame_ends is None or events:
            self._frame_ends = asyncio.get_running_loop().time() + self._patience.frame

    async def _handled(self, event: FrameEvent) -> bool:
        """Answer a frame; whether the conversation goes on."""
        if self._finishing:
            return False
        if isinstance(event, Frame):
            answer = await self._answer(event.payload, self._shown)
            return answer is None or await self._told(framed(answer))
        self._end(event.code)
        return not event.closes

    async def _told(self, answer: bytes) -> bool:
        """Whether the sender takes its answers."""
        self._writer.write(answer)
        try:
            async with asyncio.timeout(self._patience.answer):
                await self._writer.drain()
        except TimeoutError:
            self._end(NOT_READING)
            self._writer.transport.abort()
            return False
        return True

    def _end(self, code: str) -> None:
        self._counts[code] += 1
        log.warning("no-frame", code=code)

    async def _close(self) -> None:
        """Let the last answer out, but wait for nobody longer than is fair."""
        self._writer.close()
        try:
            async with asyncio.timeout(self._patience.close):
                await self._writer.wait_closed()
        finally:
            self._writer.transport.abort()


def keep_alive(writer: asyncio.StreamWriter) -> None:
    """Have the system ask a silent connection whether anybody is there."""
    connection: socket.socket = writer.get_extra_info("socket")
    for level, option, value in KEEPALIVE:
        connection.setsockopt(level, option, value)
