"""A hospital's interface engine: several connections, each message sent again until it is answered AA."""

import asyncio
import contextlib
import math
import time
from collections.abc import Sequence

from tests.chaos.ledger import ACCEPTED, NOT_KEPT, Ledger
from tests.chaos.oracle import control_id_of

START, END = b"\x0b", b"\x1c\r"
ANSWER_SECONDS = 20.0
AGAIN_SECONDS = 0.15
MISMATCHED = "another message's answer"


class Connection:
    """One MLLP connection, opened anew whenever it breaks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, frame: bytes) -> bytes | None:
        """The answer to a frame; None when the connection broke before it came."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                if self._writer is None or self._reader is None:
                    self._reader, self._writer = await asyncio.open_connection(
                        "127.0.0.1", self._port
                    )
                self._writer.write(START + frame + END)
                await self._writer.drain()
                return (await self._reader.readuntil(END)).removeprefix(START).removesuffix(END)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            await self.close()
            return None

    async def close(self) -> None:
        """Hang up."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


class Sender:
    """Sends a script at a steady pace over its connections, and as fast as it can when it is behind.

    What it has begun when its time is over it brings to an end, and begins no more.

    Attributes:
        accepted: How many sendings have their final answer.
        may_begin: So many sendings may have been begun; raised by whoever watches how far the hub is.
    """

    def __init__(
        self,
        port: int,
        ledger: Ledger,
        frames: Sequence[bytes],
        seconds: float,
        most_seconds: float = math.inf,
    ) -> None:
        self._port, self._ledger, self._frames = port, ledger, frames
        self._most_seconds = most_seconds
        self._pace = seconds / max(1, len(frames))
        self._next = 0
        self._started = 0.0
        self.accepted = 0
        self.may_begin = len(frames)

    @property
    def gone(self) -> float:
        """The share of the run, of 1, that is over: of the sendings that have a final answer, or of its time."""
        spent = (time.monotonic() - self._started) / self._most_seconds if self._started else 0.0
        return max(self.accepted / max(1, len(self._frames)), spent)

    @property
    def planned(self) -> int:
        """How many sendings the script has."""
        return len(self._frames)

    @property
    def begun(self) -> int:
        """How many sendings have been begun."""
        return self._next

    @property
    def unanswered(self) -> int:
        """How many sendings have no final answer, of those that there was time for."""
        return (self._next if self._is_over else len(self._frames)) - self.accepted

    @property
    def _is_over(self) -> bool:
        return bool(self._started) and time.monotonic() > self._started + self._most_seconds

    async def run(self, connections: int) -> None:
        """Until every frame of the script was answered."""
        self._started = time.monotonic()
        await asyncio.gather(*(self._converse() for _ in range(connections)))

    async def _converse(self) -> None:
        connection = Connection(self._port)
        try:
            while self._next < len(self._frames) and not self._is_over:
                place = self._next
                self._next += 1
                await self._turn(place)
                await self._deliver(connection, self._frames[place])
                self.accepted += 1
        finally:
            await connection.close()

    async def _turn(self, place: int) -> None:
        """Wait for the moment of a sending."""
        while True:
            wait = self._started + place * self._pace - time.monotonic()
            if place >= self.may_begin:
                wait = max(wait, AGAIN_SECONDS)
            if wait <= 0:
                return
            await asyncio.sleep(wait)

    async def _deliver(self, connection: Connection, frame: bytes) -> None:
        control = control_id_of(frame)
        while True:
            answer = await connection.ask(frame)
            if answer is None:
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            code = code_of(answer, control)
            await self._ledger.enter(frame, control, code, answer)
            if code == ACCEPTED:
                return
            if code != NOT_KEPT:
                return
            await asyncio.sleep(AGAIN_SECONDS)


def code_of(answer: bytes, control: str) -> str:
    """MSA-1, if MSA-2 names the message that was sent."""
    for row in answer.decode(errors="replace").split("\r"):
        fields = row.split("|")
        if fields[0] == "MSA":
            return fields[1] if fields[2:3] == [control] else MISMATCHED
    return "no MSA"
