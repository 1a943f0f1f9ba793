"""`chain`: the shipped processors over batches of a region, in memory and with PostgreSQL's transactions."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, TypeAlias

from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import EVENTS, Bar, Figure
from deploy.bench.hospital import Adt, Hospital
from deploy.bench.messages import hospital
from deploy.bench.reading import converted
from deploy.composition import chain_from, ward_senders
from deploy.configuration.load import DEMO, load
from deploy.exit_codes import ExitCode, Stopped
from deploy.local.postgres import LocalPostgres
from deploy.settings import settings
from deploy.standing.folder import folder_of_its_own
from deploy.standing.signals import stopping_as_by_ctrl_c, undisturbed
from hub import codec
from hub.matching.region import RegionView
from hub.ports.lease import Lease
from hub.ports.unit import Unit
from hub.processor import IN_TOPICS, Chain
from hub.records import EncounterEvent
from hub.runtime import clock
from hub.runtime.batch import handle_batch
from hub.runtime.batch_state import Inbound, Outcome
from hub.store.engine import engine_for
from hub.store.postgres import PostgresStore
from hub.store.setup import prepare
from hub.testing.memory_unit import MemoryRows, MemoryUnit
from hub.topics import topic_of

LITTLE_BAR: Final = Bar(5_000, at_least=True)
ALERTS_BAR: Final = Bar(1_500, at_least=True)

PEOPLE: Final = (10_000, 200)
INSIDE: Final = (2_000, 40)
UPDATES: Final = (5_000, 200)
ADMISSIONS: Final = (2_000, 50)
"""In full, and quick; the last two are of one run."""

BATCH: Final = 200
"""Records: of admissions on a slow machine more would take longer than the database lets a transaction wait."""

Batches: TypeAlias = Sequence[Sequence[Inbound]]


class InPlace(MemoryUnit):
    """Rows in memory, changed where they lie: no copy for a rollback, which would cost more than the chain."""

    def __init__(self, rows: MemoryRows) -> None:
        self.rows = rows


@dataclass
class Region:
    """One region as the loop holds it, without Kafka.

    Attributes:
        chain: The processors.
        unit: Opens a transaction.
        lease: Of the region; it counts batches.
        memory: What is known after the last batch.
    """

    chain: Chain
    unit: Callable[[Lease], AbstractContextManager[Unit]]
    lease: Lease
    memory: RegionView = field(default_factory=RegionView)

    def takes(self, batch: Sequence[Inbound]) -> Outcome:
        """Run the chain over a batch and make it durable."""
        with self.unit(self.lease) as unit:
            outcome = handle_batch(self.chain, batch, unit, self.memory, self.lease.region)
        outcome.overlay.join()
        self.lease = replace(self.lease, batch_no=self.lease.batch_no + 1)
        return outcome


class Feed:
    """Messages of a hospital as records of the topic, with offsets that go on."""

    def __init__(self) -> None:
        self._senders = ward_senders(load(DEMO, {}))
        self._topic = topic_of(EncounterEvent).name
        self._next = 0

    def batches(self, messages: Iterator[Adt]) -> Batches:
        """All of them in batches."""
        made = []
        while batch := [self._record(adt) for adt in islice(messages, BATCH)]:
            made.append(batch)
        return made

    def _record(self, adt: Adt) -> Inbound:
        event = converted(adt.frame, self._senders, clock.now()).event
        self._next += 1
        return Inbound(self._topic, self._next - 1, codec.encode(event))


def chain(dose: Dose, tell: Tell) -> list[Figure]:
    """Updates that change little, and admissions of people whose carer is known."""
    rates: dict[tuple[str, str], list[float]] = {
        (what, where): [] for what in ("little", "alerts") for where in ("memory", "postgres")
    }
    sender, feed = hospital(dose.seed), Feed()
    with postgres_region() as on_postgres:
        in_memory = Region(on_postgres.chain, memory_unit(), Lease(0, 0, 0))
        regions = (
            ("memory", in_memory, time.process_time),
            ("postgres", on_postgres, time.perf_counter),
        )
        beginning = feed.batches(sender.beginning(dose.of(*PEOPLE), dose.of(*INSIDE)))
        for done, batch in enumerate(beginning):
            tell("chain, a region to begin with", done, len(beginning))
            for _, region, _ in regions:
                region.takes(batch)
        for run in range(dose.runs):
            tell("chain", run, dose.runs)
            updates = feed.batches(updated(sender, dose.of(*UPDATES)))
            admissions = feed.batches(admitted(sender, dose.of(*ADMISSIONS)))
            for where, region, seconds in regions:
                rates["little", where].append(rate(region, updates, seconds))
                rates["alerts", where].append(rate(region, admissions, seconds, alerts=True))
    tell("chain", dose.runs, dose.runs)
    return [
        figure("A08 that change little, in memory", rates["little", "memory"], LITTLE_BAR),
        figure("A08 that change little, PostgreSQL", rates["little", "postgres"], LITTLE_BAR),
        figure("A01 that raise alerts, in memory", rates["alerts", "memory"], ALERTS_BAR),
        figure("A01 that raise alerts, PostgreSQL", rates["alerts", "postgres"], ALERTS_BAR),
    ]


def figure(what: str, runs: Sequence[float], bar: Bar) -> Figure:
    """One row."""
    return Figure(bench="chain", what=what, unit=EVENTS, runs=runs, bar=bar)


def updated(sender: Hospital, number: int) -> Iterator[Adt]:
    """So many A08."""
    return (sender.updated() for _ in range(number))


def admitted(sender: Hospital, number: int) -> Iterator[Adt]:
    """So many A01 of adults whose carer the hospital knows."""
    return (sender.admitted(with_carer=True) for _ in range(number))


def rate(
    region: Region, batches: Batches, seconds: Callable[[], float], *, alerts: bool = False
) -> float:
    """Events in a second; with `alerts` each must have come to a picture and an alert at least.

    Raises:
        Stopped: Something else came of them than what is measured.
    """
    events = sum(map(len, batches))
    begun = seconds()
    outcomes = [region.takes(batch) for batch in batches]
    took = seconds() - begun
    refused, told = sum(each.refused for each in outcomes), sum(each.told for each in outcomes)
    if refused or sum(each.processed for each in outcomes) != events:
        raise Stopped(ExitCode.CHECK_FAILED, f"The chain refused {refused} of {events} events.")
    if alerts and told < 2 * events:
        raise Stopped(ExitCode.CHECK_FAILED, f"Of {events} admissions came only {told} outputs.")
    return events / took


def shipped_chain() -> Chain:
    """The processors, with the policy of the demonstration."""
    return chain_from(load(DEMO, settings().environment))


def memory_unit() -> Callable[[Lease], AbstractContextManager[Unit]]:
    """Transactions on rows in memory."""
    rows = MemoryRows()

    @contextmanager
    def unit(_: Lease) -> Iterator[Unit]:
        yield InPlace(rows)
        rows.outbox.clear()  # a relay would have told them

    return unit


@contextmanager
def postgres_region() -> Iterator[Region]:
    """A region on a PostgreSQL of its own, which is gone afterwards.

    Raises:
        CannotStart: PostgreSQL does not run here.
    """
    with stopping_as_by_ctrl_c(), folder_of_its_own(None) as folder:
        server = LocalPostgres(folder / "state")
        try:
            server.start()
            engine = engine_for(server.url, connections=1)
            prepare(engine, 1, IN_TOPICS)
            store = PostgresStore(engine)
            _, (lease,) = store.renew_and_claim({}, 1)
            yield Region(shipped_chain(), store.unit, lease)
            engine.dispose()
        finally:
            with undisturbed():
                server.stop()
