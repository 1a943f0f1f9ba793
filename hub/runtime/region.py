"""The exact loop: one region, one writer, one memory, one transaction per batch.

The database's row says who owns the region and where it has read to; Kafka is only the log. Memory is never ahead
of the database: a batch works on an overlay that joins it after the commit.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError

from hub.errors import Unavailable
from hub.matching.candidates import Matcher
from hub.matching.region import RegionView
from hub.ports.lease import Fenced, Lease
from hub.ports.store import Store
from hub.processor import Chain
from hub.runtime import clock
from hub.runtime.batch import handle_batch
from hub.runtime.batch_state import PATIENCE, UNCHANGED, Inbound, Marks, Outcome
from hub.runtime.connection import KafkaConnection
from hub.runtime.health import Check
from hub.runtime.notes import say_notes, say_smaller_model
from hub.runtime.pace import Pace
from hub.runtime.reading import ASK_SECONDS, Reading
from hub.runtime.redrive import Reread
from hub.runtime.refusals import TooManyDefects
from hub.runtime.relay import DatabaseWentBack, Relay
from hub.runtime.remembering import Warm, caught_up, loaded

log = structlog.get_logger("region")

LONG_AGO: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
NEVER: Final = UNCHANGED
RETRY_SECONDS: Final = 0.5

STUCK: Final = timedelta(seconds=30)
"""Readiness turns red when a loop has not turned for so long."""

GIVEN_UP: Final = timedelta(seconds=120)
"""The region is given up, for another worker, when its loop has not turned for so long."""


@dataclass(frozen=True)
class Parts:
    """What every region of a worker shares.

    Attributes:
        matcher: Joins by evidence who has no NHS number, or only weighs questions; None = neither.
    """

    hub_id: str
    store: Store
    kafka: KafkaConnection
    chain: Chain
    in_topics: Sequence[str]
    probe: AIOKafkaConsumer
    reread: Reread | None = None
    matcher: Matcher | None = None
    most_records: int = 500


@dataclass
class Progress:
    """Counted for logs and health."""

    events: int = 0
    refused: int = 0
    told: int = 0
    batches: int = 0
    beat: datetime = LONG_AGO
    read_everything_at: datetime = LONG_AGO
    failing: str = ""


class Region:
    """One region while this worker owns it."""

    def __init__(self, lease: Lease, parts: Parts, warm: Warm | None = None) -> None:
        self.lease = lease
        self.progress = Progress()
        self.ready = False
        self.failed: BaseException | None = None
        self._parts = parts
        self._warm = warm
        self._rows_loaded = 0
        self._memory: RegionView | None = None
        self._reading = Reading(parts.kafka, lease.region, parts.in_topics)
        self._pace = Pace.full(parts.most_records)
        self._relay = Relay(lease, parts.hub_id, parts.store, parts.kafka)
        self._offsets: Mapping[str, int] = {}
        self._appended: dict[str, datetime] = {}
        self._next_due: datetime = NEVER
        self._defects_in_a_row: Mapping[str, int] = {}
        self._stopping = False
        self.task = asyncio.create_task(self._run())

    def checks(self) -> list[Check]:
        """Whether the region moves and its relay turns."""
        name, since = f"region {self.lease.region}", clock.now() - STUCK
        if not self.ready:
            why = f"it is still being loaded: {self._rows_loaded:,} rows so far"
            return [Check(name, ok=False, why=why)]
        return [
            Check(name, ok=self.progress.beat > since, why="its loop has not turned for a while"),
            Check(
                f"{name} reads",
                ok=not self.progress.failing,
                why=f"it fails again and again: {self.progress.failing}",
            ),
            Check(
                f"relay {self.lease.region}",
                ok=self._relay.beat > since,
                why="it has not turned for a while",
            ),
        ]

    @property
    def stuck(self) -> bool:
        """Whether the loop has not turned for so long that the region should be given up."""
        return self.ready and self.progress.beat < clock.now() - GIVEN_UP

    async def stop(self) -> Warm | None:
        """Let the batch in flight finish; give the memory when it is still the truth."""
        self._stopping = True
        self._reading.interrupt()
        self._relay.opened.set()  # nobody waits for it any more
        await asyncio.wait([self.task], timeout=9)
        return (
            Warm(self.lease.batch_no, self._memory)
            if self.task.done() and self._memory is not None
            else None
        )

    async def _run(self) -> None:
        relay: asyncio.Task[None] | None = None
        try:
            await self._take_over()
            relay = asyncio.create_task(self._relay.run())
            await self._relay_opened()
            self.progress.beat = clock.now()
            self.ready = True
            while not self._stopping:
                await self._guarded_batch()
        except Fenced as fenced:
            if self._stopping:
                log.info("region-stopped", region=self.lease.region, epoch=self.lease.epoch)
            else:
                self._memory = None
                epoch, why = self.lease.epoch, str(fenced)
                log.warning("fenced", region=self.lease.region, epoch=epoch, why=why)
        except DatabaseWentBack as gone:
            self._memory, self.failed = None, gone
        except TooManyDefects as defects:
            log.critical("too-many-defects", region=self.lease.region, what=str(defects))
            self._memory, self.failed = None, defects
        except Exception as error:  # noqa: BLE001 - the region is given up; its owner claims it again
            kind = type(error).__name__
            log.error("region-start-failed", region=self.lease.region, error=kind)  # noqa: TRY400 - a trace may quote what was read
            self._memory = None
        finally:
            self.ready, self._stopping = False, True
            if relay is not None:
                relay.cancel()
                await asyncio.wait([relay], timeout=4)
            await self._reading.stop()

    async def _take_over(self) -> None:
        """What is known and how far it was read; a database or a broker that is away is waited for, the lease allowing.

        Raises:
            Fenced: It was stopped before the end.
        """
        cold = False
        while not self._stopping:
            try:
                cold = await self._remembered() or cold
                await self._reading.start(self._offsets)
            except (Unavailable, KafkaError) as error:
                kind = type(error).__name__
                log.warning("region-start-again", region=self.lease.region, error=kind)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            log.info(
                "region-mine",
                region=self.lease.region,
                epoch=self.lease.epoch,
                batch=self.lease.batch_no,
                cold=cold,
                model=self._joins_by,
            )
            say_smaller_model(self.lease.region, self._parts.matcher, self._memory)
            self._warm = None
            return
        raise Fenced(f"region {self.lease.region}: stopped while starting")

    async def _remembered(self) -> bool:
        """Offsets, memory and the next reminder, out of the database; whether the memory had to be loaded."""
        store, region = self._parts.store, self.lease.region
        self._offsets = await asyncio.to_thread(store.offsets, region)
        warm = self._warm
        if warm is not None:
            self._warm = warm = await caught_up(store, region, warm)
        cold = warm is None
        if warm is None:
            self._warm = warm = Warm(self.lease.batch_no, await self._loaded())
        due = await asyncio.to_thread(store.next_due, region)
        self._next_due = NEVER if due is None else due
        self._memory = warm.memory
        return cold

    async def _relay_opened(self) -> None:
        """Wait until it is known how much was told: an output put before that could pass for one that was.

        Raises:
            DatabaseWentBack: More was told than the outbox ever held.
        """
        await self._relay.opened.wait()
        if self._relay.failed is not None:
            raise self._relay.failed

    async def _loaded(self) -> RegionView:
        return await loaded(
            self._parts.store,
            self.lease.region,
            self._count_rows,
            lambda: self._stopping,
            self._parts.matcher,
        )

    @property
    def _joins_by(self) -> str | None:
        """The model that joins by evidence; None = none does."""
        matcher = self._parts.matcher
        return matcher.digest if matcher is not None and matcher.joins else None

    def _count_rows(self, rows: int) -> None:
        self._rows_loaded = rows

    async def _guarded_batch(self) -> None:
        """One batch; whatever the broker does, it is read again from the database's offsets."""
        try:
            await self._batch()
            self.progress.failing = ""
        except (Fenced, TooManyDefects):
            raise
        except Exception as error:  # noqa: BLE001 - the broker or the network: the same again, for ever, loudly
            self.progress.beat, self.progress.failing = clock.now(), type(error).__name__
            log.warning("batch-again", region=self.lease.region, error=self.progress.failing)
            await asyncio.sleep(RETRY_SECONDS)
            self._reading.seek(self._offsets)

    async def _batch(self) -> None:
        fetched = await self._reading.fetch(self._offsets, self._pace.records)
        appended = {**self._appended, **fetched.appended}
        marks = await self._marks(appended) if self._next_due < clock.now() else None
        if not fetched.records and (marks is None or marks.due_before <= self._next_due):
            self.progress.read_everything_at = self.progress.beat = clock.now()
            return
        if not await self._isolated(fetched.records, marks):
            self._reading.seek(self._offsets)
            self._pace = self._pace.slower()
            return
        self._pace = self._pace.after_one_more()
        self._appended = appended

    async def _isolated(self, records: Sequence[Inbound], marks: Marks | None) -> bool:
        """Take in a batch; after a fault that is no event's own, record by record. Whether all of it was."""
        try:
            return await self._taken(records, marks)
        except (Fenced, TooManyDefects):
            raise
        except (
            Exception
        ) as fault:  # one record may be the reason, and the others must not wait for it
            if not records:
                raise
            self._say_defect(fault)
        for record in records:
            if not await self._taken_alone(record):
                return False
        return True

    async def _taken_alone(self, record: Inbound) -> bool:
        """Take in one record; one that fails by itself is kept as a dead letter."""
        try:
            return await self._taken([record])
        except (Fenced, TooManyDefects):
            raise
        except Exception as fault:  # noqa: BLE001 - it is kept; when even that fails, the batch is read again
            self._say_defect(fault)
            return await self._taken([record], fault=fault)

    def _say_defect(self, fault: Exception) -> None:
        """The kind of a fault, without its words, which may quote values."""
        log.error("defect", region=self.lease.region, error=type(fault).__name__)

    async def _taken(
        self,
        records: Sequence[Inbound],
        marks: Marks | None = None,
        fault: Exception | None = None,
    ) -> bool:
        """Run and commit; whether it is durable. What is in memory follows."""
        outcome = await self._committed(records, marks, fault)
        if outcome is None:
            return False
        await asyncio.to_thread(outcome.overlay.join)  # the index of people takes its time
        self._offsets = outcome.offsets
        self.lease = replace(self.lease, batch_no=self.lease.batch_no + 1)
        if outcome.next_due is not UNCHANGED:
            self._next_due = outcome.next_due or NEVER
        self._defects_in_a_row = outcome.defects_in_a_row
        if outcome.told:
            self._relay.wake.set()
        self._count(outcome)
        return True

    async def _committed(
        self, records: Sequence[Inbound], marks: Marks | None, fault: Exception | None
    ) -> Outcome | None:
        """The outcome once it is durable; None when it is not, and the batch must be read again."""
        pending: list[Outcome] = []
        try:
            await asyncio.to_thread(self._transact, records, marks, fault, pending)
        except Unavailable as error:
            log.warning("commit-unanswered", region=self.lease.region, why=error.reason)
            if not (await self._settled() and pending):
                return None
            log.warning("commit-answer-lost", region=self.lease.region)
        return pending[0]

    def _transact(
        self,
        records: Sequence[Inbound],
        marks: Marks | None,
        fault: Exception | None,
        pending: list[Outcome],
    ) -> None:
        """In a thread. The outcome is put down before the commit, because the answer to that may be lost."""
        memory = self._memory
        if memory is None:
            raise Fenced(f"region {self.lease.region}: no memory")
        with self._parts.store.unit(self.lease) as unit:
            pending.append(
                handle_batch(
                    self._parts.chain,
                    records,
                    unit,
                    memory,
                    self.lease.region,
                    marks,
                    reread=self._parts.reread,
                    defects_in_a_row=self._defects_in_a_row,
                    fault=fault,
                )
            )

    async def _settled(self) -> bool:
        while not self._stopping:
            try:
                return await asyncio.to_thread(self._parts.store.settled, self.lease)
            except Unavailable as error:
                log.warning("settle-again", region=self.lease.region, why=error.reason)
                await asyncio.sleep(RETRY_SECONDS)
        self._memory = None
        raise Fenced(f"region {self.lease.region}: stopped without an answer")

    async def _marks(self, appended: Mapping[str, datetime]) -> Marks:
        """How far time has come: the clock is read before the broker is asked, and the broker is asked anew."""
        asked = clock.now()
        low_water = LONG_AGO
        with contextlib.suppress(Exception):
            async with asyncio.timeout(ASK_SECONDS):
                ends = await self._parts.probe.end_offsets(self._reading.partitions)
            read = await self._reading.read_to(ends)
            low_water = min(
                asked if topic in read else appended.get(topic, LONG_AGO)
                for topic in self._parts.in_topics
            )
        return Marks(low_water, max(low_water, asked - PATIENCE))

    def _count(self, outcome: Outcome) -> None:
        for processor, kind in outcome.defects:
            log.error("defect", region=self.lease.region, processor=processor, error=kind)
        say_notes(self.lease.region, outcome.notes)
        counted = self.progress
        counted.events += outcome.processed
        counted.refused += outcome.refused
        counted.told += outcome.told
        counted.batches += 1
        counted.beat = clock.now()
