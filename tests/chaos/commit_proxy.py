"""A way to PostgreSQL that sometimes loses the answer to a COMMIT, as a broken network does.

It reads just enough of the frontend protocol to know a COMMIT when it passes. The product knows nothing of it.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80_877_103, 80_877_104, 80_877_102
COMMIT: Final = b"COMMIT\x00"
QUERY, PARSE, BIND = b"Q", b"P", b"B"
BATCH: Final = b"UPDATE shards SET batch_no"
"""Stands in the transactions that carry a batch: to lose the answer to those is what matters most."""

LEASE: Final = b"UPDATE shards s SET lease_until"
"""Stands in the transactions that renew leases: who does not hear of it goes on as if it still had the region."""

FIRST_WITHIN: Final = 10
"""So many batches: a slow machine has some fifty while messages come."""

READ_BYTES: Final = 65_536
COMMITTED_WITHIN_SECONDS: Final = 5.0


class Cut(StrEnum):
    """When the connection is cut."""

    BEFORE = "before the server has it: not committed"
    AFTER = "after the server has committed"
    MEANWHILE = "while the server commits"


@dataclass(frozen=True, slots=True)
class Losses:
    """How often the answer to a COMMIT is lost, of 1; and to the COMMIT of a batch, where each 1/n batches lose one."""

    of_all: float = 0.0
    of_batches: float = 0.0
    cuts: tuple[Cut, ...] = tuple(Cut)


@dataclass(slots=True)
class Conversation:
    """What one connection has said so far, as far as it matters."""

    started: bool = False
    carries: set[bytes] = field(default_factory=set)
    statements: dict[bytes, bytes] = field(default_factory=dict)


class CommitProxy:
    """Listens on a port of its own and passes everything on to a PostgreSQL on this machine."""

    def __init__(self, server_port: int, losses: Losses, seed: int) -> None:
        self._server_port, self._losses = server_port, losses
        self._chance = random.Random(f"commits {seed}")
        self._tasks: set[asyncio.Task[None]] = set()
        self.losing = self.losing_leases = False
        self.batch_passed = asyncio.Event()
        self._until_next: list[bool] = []
        self.commits = self.batches = 0
        self.cut: Counter[Cut] = Counter()
        self.cut_batches: Counter[Cut] = Counter()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """The port, as long as the block lasts."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=4 * READ_BYTES)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # either side hung up, or the run is over
        finally:
            self._tasks.discard(task)
            await hang_up(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        answers = asyncio.create_task(pump(from_server, writer))
        try:
            cut = await self._pass_on(reader, to_server)
            if cut is Cut.MEANWHILE:
                await hang_up(writer)
            if cut in (Cut.AFTER, Cut.MEANWHILE):
                await silenced(answers)
                to_server.write(COMMIT_FRAME)
                await to_server.drain()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(COMMITTED_WITHIN_SECONDS):
                        await from_server.read(READ_BYTES)
        finally:
            await silenced(answers)
            await hang_up(to_server)

    async def _pass_on(
        self, reader: asyncio.StreamReader, to_server: asyncio.StreamWriter
    ) -> Cut | None:
        """Pass frames on until the client hangs up, or until a COMMIT that is to be lost."""
        conversation = Conversation()
        while True:
            head = await reader.readexactly(4 if not conversation.started else 5)
            size = int.from_bytes(head[-4:])
            body = await reader.readexactly(size - 4)
            if not conversation.started:
                request = int.from_bytes(body[:4])
                conversation.started = request not in (SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST)
            elif self._is_commit(conversation, head[:1], body):
                cut = self._chosen(conversation)
                if cut is not None:
                    return cut
            to_server.write(head + body)
            await to_server.drain()

    def _is_commit(self, conversation: Conversation, kind: bytes, body: bytes) -> bool:
        if kind == PARSE:
            name, _, rest = body.partition(b"\x00")
            conversation.statements[name] = next(
                (each for each in (BATCH, LEASE) if rest.startswith(each)), b""
            )
        elif kind == BIND:
            conversation.carries.add(conversation.statements.get(body.split(b"\x00", 2)[1], b""))
        return kind == QUERY and body == COMMIT

    def _chosen(self, conversation: Conversation) -> Cut | None:
        """Whether and how this COMMIT is lost."""
        carries, conversation.carries = conversation.carries, set()
        is_batch = BATCH in carries
        self.commits += 1
        self.batches += is_batch
        if self.losing_leases and LEASE in carries:
            self.cut[Cut.AFTER] += 1
            return Cut.AFTER
        if not self.losing or not (self._batch_is_due() if is_batch else self._is_due()):
            if is_batch:
                self.batch_passed.set()
            return None
        cut = self._chance.choice(self._losses.cuts)
        (self.cut_batches if is_batch else self.cut)[cut] += 1
        return cut

    def _is_due(self) -> bool:
        return self._chance.random() < self._losses.of_all

    def _batch_is_due(self) -> bool:
        """One of every so many, by chance which: a slow machine has few batches, and loses some as well."""
        if not self._losses.of_batches:
            return False
        if not self._until_next:
            every = round(1 / self._losses.of_batches)
            every = every if self.cut_batches else min(every, FIRST_WITHIN)
            place = self._chance.randrange(every)
            self._until_next = [each == place for each in range(every)]
        return self._until_next.pop()


COMMIT_FRAME: Final = QUERY + (4 + len(COMMIT)).to_bytes(4) + COMMIT


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass the server's answers on; when it hangs up, so do we."""
    with contextlib.suppress(OSError):
        while data := await reader.read(READ_BYTES):
            writer.write(data)
            await writer.drain()
    writer.close()


async def silenced(answers: asyncio.Task[None]) -> None:
    """Pass nothing more on to the client."""
    answers.cancel()
    await asyncio.wait([answers])


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close and wait until it is closed."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
