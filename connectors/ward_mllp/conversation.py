"""One connection: frames in, answers out, one by one in their order, and each step within its time."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import structlog

from connectors.ward_mllp.framing import Frame, FrameEvent, framed
from connectors.ward_mllp.wire import Wire

log = structlog.get_logger("ward_mllp")

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
EMPTY_FRAMES: Final = "empty-frames"
MOST_EMPTY: Final = 100
"""Frames without a message in a row. An engine sends one now and then; whoever sends nothing else is broken."""


class Conversation:
    """One sender, from its first byte to its last.

    Args:
        wire: Its connection.
        answer: What becomes of a frame.
        patience: How long it may take.
        counts: Refusals and closings so far, by their words.
    """

    def __init__(
        self, wire: Wire, answer: Answer, patience: Patience, counts: Counter[str]
    ) -> None:
        self._wire, self._answer = wire, answer
        self._patience, self._counts = patience, counts
        self._empty = 0

    async def run(self) -> None:
        """Answer frame after frame until one side has had enough."""
        try:
            while (event := await self._next()) is not None:
                if not await self._handled(event):
                    return
        finally:
            await self._wire.close(self._patience.close)

    def finish(self) -> None:
        """Take no further message; one in hand is still answered."""
        self._wire.finish()

    async def _next(self) -> FrameEvent | None:
        """What arrives next; nothing when it is time to go."""
        try:
            return await self._wire.next(self._patience.frame)
        except TimeoutError:
            self._end(TOO_SLOW)
            return None

    async def _handled(self, event: FrameEvent) -> bool:
        """Answer a frame; whether the conversation goes on."""
        if isinstance(event, Frame):
            self._empty = 0
            answer = await self._answer(event.payload, self._wire.shown)
            return answer is None or await self._told(framed(answer))
        if event.closes:
            self._end(event.code)
            return False
        return await self._passed_over(event.code)

    async def _passed_over(self, code: str) -> bool:
        """Count a frame without a message, and let others have their turn; whether the conversation goes on."""
        self._empty += 1
        self._counts[code] += 1
        if self._empty == 1:
            log.warning("no-frame", code=code)
        await asyncio.sleep(0)
        if self._empty > MOST_EMPTY:
            self._end(EMPTY_FRAMES)
        return self._empty <= MOST_EMPTY

    async def _told(self, answer: bytes) -> bool:
        """Whether the sender takes its answers."""
        try:
            await self._wire.say(answer, self._patience.answer)
        except TimeoutError:
            self._end(NOT_READING)
            self._wire.abort()
            return False
        return True

    def _end(self, code: str) -> None:
        self._counts[code] += 1
        log.warning("no-frame", code=code)
