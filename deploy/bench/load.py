"""A lean interface engine: connections with one message in flight on each, as fast as answers come or at a steady pace.

It runs in the process of the bench, on the same cores as the hub: what it costs, the hub does not get.
"""

import asyncio
import time
from array import array
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar

import uvloop

from deploy.exit_codes import ExitCode, Stopped
from deploy.local.ports import LOOPBACK

START: Final = b"\x0b"
END: Final = b"\x1c\r"
ACCEPTED: Final = b"\rMSA|AA|"
PATIENCE_SECONDS: Final = 60.0
"""Without any answer for so long, the run has failed."""
TOLD_EVERY: Final = 500
NO_ANSWER: Final = f"No answer came for {PATIENCE_SECONDS:.0f} s."

T = TypeVar("T")
Told: TypeAlias = Callable[[int], None]
"""Hears how many messages are answered."""


def run(work: Coroutine[object, object, T]) -> T:
    """Run it on the loop that the roles run on."""
    return uvloop.run(work)


def framed(messages: Sequence[bytes]) -> list[bytes]:
    """Messages as they go over the wire."""
    return [START + message + END for message in messages]


class Conversation(asyncio.Protocol):
    """One connection.

    Attributes:
        sent_at: When the message in flight was written to the socket, by `time.monotonic`.
        answer: The last one, with its frame.
    """

    def __init__(
        self, answered: Callable[["Conversation"], None], lost: Callable[[], None]
    ) -> None:
        self._answered, self._lost = answered, lost
        self._transport: asyncio.Transport | None = None
        self._left = b""
        self.sent_at = 0.0
        self.answer = b""

    async def open(self, port: int) -> None:
        """Connect."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self, LOOPBACK, port)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`. An answer is whole when its last two bytes are there."""
        self._left += data
        if self._left.endswith(END):
            self.answer, self._left = self._left, b""
            self._answered(self)

    def connection_lost(self, _: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._lost()

    @property
    def accepted(self) -> bool:
        """Whether the last answer says that the message is durable."""
        return ACCEPTED in self.answer

    def say(self, frame: bytes) -> None:
        """Send one message; the one before must have been answered."""
        if self._transport is not None:
            self.sent_at = time.monotonic()
            self._transport.write(frame)

    def hang_up(self) -> None:
        """Close."""
        self._lost = nothing
        if self._transport is not None:
            self._transport.close()


def nothing() -> None:
    """What is done when a connection ends that we closed."""


async def connected(
    ports: Sequence[int],
    connections: int,
    answered: Callable[[Conversation], None],
    lost: Callable[[], None],
) -> list[Conversation]:
    """Open connections, shared out evenly among the gateways."""
    opened = [Conversation(answered, lost) for _ in range(connections)]
    for number, conversation in enumerate(opened):
        await conversation.open(ports[number % len(ports)])
    return opened


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of sending as fast as answers came.

    Attributes:
        seconds: From the first message written to the last answer.
        waits: Seconds from a message written to its answer, one for each.
    """

    seconds: float
    waits: Sequence[float]

    @property
    def rate(self) -> float:
        """Messages in a second."""
        return len(self.waits) / self.seconds


@dataclass
class FlatOut:
    """Sends everything as fast as answers come."""

    frames: Iterator[bytes]
    total: int
    tell: Told
    done: "asyncio.Future[None]"
    waits: "array[float]" = field(default_factory=lambda: array("d"))

    def answered(self, conversation: Conversation) -> None:
        """Take an answer, and say the next."""
        self.waits.append(time.monotonic() - conversation.sent_at)
        if not conversation.accepted:
            self.failed(f"A message was not accepted: {code_in(conversation.answer)}.")
            return
        number = len(self.waits)
        if number % TOLD_EVERY == 0:
            self.tell(number)
        self.next(conversation)
        if number == self.total and not self.done.done():
            self.done.set_result(None)

    def next(self, conversation: Conversation) -> None:
        """Say the next message, if there is one."""
        frame = next(self.frames, None)
        if frame is not None:
            conversation.say(frame)

    def lost(self) -> None:
        """A gateway hung up."""
        self.failed("A gateway hung up.")

    def failed(self, why: str) -> None:
        """The run is worth nothing."""
        if not self.done.done():
            self.done.set_exception(Stopped(ExitCode.CHECK_FAILED, why))


async def flat_out(
    messages: Sequence[bytes],
    ports: Sequence[int],
    connections: int,
    tell: Told = lambda _: None,
) -> Sent:
    """Send all messages, one in flight on each connection.

    Raises:
        Stopped: One was not answered AA, or none was for a long time.
    """
    frames = framed(messages)
    sending = FlatOut(iter(frames), len(frames), tell, asyncio.get_running_loop().create_future())
    conversations = await connected(ports, connections, sending.answered, sending.lost)
    begun = time.monotonic()
    for each in conversations:
        sending.next(each)
    await patiently(sending)
    seconds = time.monotonic() - begun
    for each in conversations:
        each.hang_up()
    return Sent(seconds, sending.waits)


async def patiently(sending: FlatOut) -> None:
    """Wait as long as answers come."""
    while True:
        before = len(sending.waits)
        done, _ = await asyncio.wait([sending.done], timeout=PATIENCE_SECONDS)
        if done:
            return sending.done.result()
        if len(sending.waits) == before:
            raise Stopped(ExitCode.CHECK_FAILED, NO_ANSWER)


def code_in(answer: bytes) -> str:
    """MSA-1 of an answer, which holds nothing of a person."""
    _, _, rest = answer.partition(b"\rMSA|")
    return rest[:2].decode(errors="replace") or "no MSA"


class Paced:
    """Sends messages at a steady pace over connections that wait for an answer each.

    Args:
        per_second: How many.
        sent: Is told the number and the time of each message: when it was written to the socket; but when it was due,
            if it had to wait for a connection, so that a hub that holds up its senders does not look quick.
    """

    def __init__(self, per_second: float, sent: Callable[[int, float], None]) -> None:
        self._pace, self._sent = 1 / per_second, sent
        self._idle: asyncio.Queue[Conversation] = asyncio.Queue()
        self._failed = ""

    async def run(self, messages: Sequence[bytes], ports: Sequence[int], connections: int) -> None:
        """Send them all.

        Raises:
            Stopped: One was not answered AA, or none was for a long time.
        """
        opened = await connected(ports, connections, self._answered, self._lost)
        for each in opened:
            self._idle.put_nowait(each)
        begun = time.monotonic()
        for number, frame in enumerate(framed(messages)):
            due = begun + number * self._pace
            await asyncio.sleep(due - time.monotonic())
            in_time = not self._idle.empty()
            conversation = await self._next()
            conversation.say(frame)
            self._sent(number, conversation.sent_at if in_time else due)
        for each in [await self._next() for _ in opened]:
            each.hang_up()

    async def _next(self) -> Conversation:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                conversation = await self._idle.get()
        except TimeoutError:
            raise Stopped(ExitCode.CHECK_FAILED, self._failed or NO_ANSWER) from None
        if self._failed:
            raise Stopped(ExitCode.CHECK_FAILED, self._failed)
        return conversation

    def _answered(self, conversation: Conversation) -> None:
        self._idle.put_nowait(conversation)
        if not conversation.accepted:
            self._failed = f"A message was not accepted: {code_in(conversation.answer)}."

    def _lost(self) -> None:
        self._failed = "A gateway hung up."
