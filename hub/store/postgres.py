"""The store on PostgreSQL: leases, units, slices for a cold load, and the outbox for the relay."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, text

from hub import codec
from hub.ports.lease import Fenced, Lease
from hub.ports.store import Changed, OutboxEdges, OutboxRow
from hub.store import changes
from hub.store.engine import translated
from hub.store.setup import LOCK as LOCK_NUMBER
from hub.store.setup import forget, make_room
from hub.store.unit import LOCK, PostgresUnit

LEASE: Final = timedelta(seconds=5)
"""How long a worker may be silent before another takes its regions; renewed every second."""

HEAD_START: Final = timedelta(seconds=2)
"""How long a lease that ran out is left to whoever follows the region: twice the time in which every worker looks once.
One that was killed and started again would otherwise take it first, and load for minutes what another worker knows."""

RENEW = text(
    "UPDATE shards s SET lease_until = now() + CAST(:lease AS interval) "
    "FROM unnest(CAST(:regions AS int[]), CAST(:epochs AS bigint[])) AS m(region, epoch) "
    "WHERE s.region = m.region AND s.epoch = m.epoch RETURNING s.region"
)
CLAIM = text(
    "UPDATE shards SET epoch = epoch + 1, lease_until = now() + CAST(:lease AS interval) WHERE region IN ("
    "SELECT region FROM shards WHERE region <> ALL(CAST(:held AS int[])) AND lease_until < now() "
    "- CASE WHEN region = ANY(CAST(:ready AS int[])) THEN interval '0' ELSE CAST(:head_start AS interval) END "
    "ORDER BY random() LIMIT :room FOR UPDATE SKIP LOCKED) RETURNING region, epoch, batch_no"
)
RELEASE = text(
    "UPDATE shards s SET lease_until = '-infinity' "
    "FROM unnest(CAST(:regions AS int[]), CAST(:epochs AS bigint[])) AS m(region, epoch) "
    "WHERE s.region = m.region AND s.epoch = m.epoch"
)
SLICE = text(
    "SELECT key, body FROM state WHERE region = :region AND processor = :processor AND kind = :kind "
    "AND (CAST(:after AS uuid) IS NULL OR key > :after) ORDER BY key LIMIT :most"
)
OUTBOX = text(
    "SELECT id, topic, key, event_id, value FROM outbox WHERE region = :region AND id >= :start ORDER BY id LIMIT :most"
)
PRUNE = text("DELETE FROM outbox WHERE region = :region AND id < :below")
EDGES = text(
    "SELECT epoch, next_outbox, (SELECT coalesce(min(id), 0) FROM outbox o WHERE o.region = s.region) AS first "
    "FROM shards s WHERE region = :region"
)
OTHERS = text(
    "SELECT region, batch_no FROM shards WHERE region <> ALL(CAST(:held AS int[])) ORDER BY region"
)
OFFSETS = text("SELECT topic, next_offset FROM offsets WHERE region = :region")
NEXT_DUE = text("SELECT min(due_at) FROM reminders WHERE region = :region")


class PostgresStore:
    """Every call is one short transaction and blocks; callers run it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # Ownership.

    def renew_and_claim(
        self, held: Mapping[int, int], room: int, ready: Sequence[int] = ()
    ) -> tuple[frozenset[int], tuple[Lease, ...]]:
        """See `hub.ports.store.Store.renew_and_claim`."""
        with translated(), self.engine.begin() as connection:
            kept = frozenset(
                connection.execute(
                    RENEW, {"lease": LEASE, "regions": list(held), "epochs": list(held.values())}
                ).scalars()
            )
            if room <= 0:
                return kept, ()
            asked = {"held": list(kept), "room": room, "ready": list(ready)}
            times = {"lease": LEASE, "head_start": HEAD_START}
            rows = connection.execute(CLAIM, asked | times).all()
            return kept, tuple(Lease(*row) for row in rows)

    def release(self, held: Mapping[int, int]) -> None:
        """Give regions back at once, so that the next owner need not wait for the lease to end."""
        with translated(), self.engine.begin() as connection:
            connection.execute(RELEASE, {"regions": list(held), "epochs": list(held.values())})

    def settled(self, lease: Lease) -> bool:
        """Whether the batch after `lease.batch_no` was committed, when the answer to its commit was lost.

        The row is read under its lock: a backend that is still committing must end first.

        Raises:
            Fenced: Somebody else owns the region.
        """
        with translated(), self.engine.begin() as connection:
            row = connection.execute(LOCK, {"region": lease.region}).one()
            if row.epoch != lease.epoch:
                raise Fenced(f"region {lease.region}: at epoch {row.epoch}")
            return bool(row.batch_no == lease.batch_no + 1)

    # The batch.

    @contextmanager
    def unit(self, lease: Lease) -> Iterator[PostgresUnit]:
        """One transaction: committed when the block ends."""
        with translated(), self.engine.connect() as connection, connection.begin():
            yield PostgresUnit(connection, lease)

    def offsets(self, region: int) -> dict[str, int]:
        """Next offset of each in-topic."""
        with translated(), self.engine.begin() as connection:
            return {
                row.topic: row.next_offset
                for row in connection.execute(OFFSETS, {"region": region})
            }

    def next_due(self, region: int) -> Any:
        """The earliest reminder of a region, or None."""
        with translated(), self.engine.begin() as connection:
            return connection.execute(NEXT_DUE, {"region": region}).scalar_one()

    def slice_of(
        self, region: int, processor: str, kind: type[Any], after: UUID | None, most: int
    ) -> Sequence[tuple[UUID, Any]]:
        """See `hub.ports.store.Store.slice_of`."""
        with translated(), self.engine.begin() as connection:
            rows = connection.execute(
                SLICE,
                {
                    "region": region,
                    "processor": processor,
                    "kind": kind.__name__,
                    "after": after,
                    "most": most,
                },
            ).all()
        return [(row.key, codec.decode(bytes(row.body))) for row in rows]

    def changed_since(self, region: int, processor: str, batch_no: int) -> Changed | None:
        """See `hub.ports.store.Store.changed_since`."""
        with translated(), self.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                return changes.changed_since(connection, region, processor, batch_no)

    def others(self, held: Sequence[int]) -> dict[int, int]:
        """See `hub.ports.store.Store.others`."""
        with translated(), self.engine.begin() as connection:
            rows = connection.execute(OTHERS, {"held": list(held)})
            return {row.region: row.batch_no for row in rows}

    def make_room(self) -> None:
        """Partitions of the inbox for the days to come; what is no longer kept goes."""
        with translated(), self.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK_NUMBER})
            make_room(connection)
            forget(connection)

    # The outbox.

    def edges(self, region: int) -> OutboxEdges:
        """Epoch, first row that is left, and next id."""
        with translated(), self.engine.begin() as connection:
            row = connection.execute(EDGES, {"region": region}).one()
            return OutboxEdges(row.epoch, row.first, row.next_outbox)

    def waiting(self, region: int, start: int, most: int) -> list[OutboxRow]:
        """Rows to be told from an id on, in order."""
        with translated(), self.engine.begin() as connection:
            rows = connection.execute(
                OUTBOX, {"region": region, "start": start, "most": most}
            ).all()
        return [
            OutboxRow(row.id, row.topic, row.key, row.event_id, bytes(row.value)) for row in rows
        ]

    def prune(self, region: int, below: int) -> None:
        """Delete rows that were told."""
        with translated(), self.engine.begin() as connection:
            connection.execute(PRUNE, {"region": region, "below": below})
