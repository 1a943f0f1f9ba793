"""One transaction of one region on PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from hub import codec
from hub.ports.dead_letters import KeptLetter, Refusal
from hub.ports.lease import Fenced, Lease
from hub.ports.unit import Deadline, Outgoing, Remembered, Written
from hub.processor import StateKey
from hub.records.registry import CURRENT_ID
from hub.store.changes import KEPT_BATCHES, NOTE

LOCK = text("SELECT epoch, batch_no, next_outbox FROM shards WHERE region = :region FOR UPDATE")
OFFSETS = text("SELECT topic, next_offset FROM offsets WHERE region = :region")
SEEN = text("SELECT event_id FROM inbox WHERE region = :region AND event_id = ANY(:events)")
STATES = text(
    "SELECT key, body FROM state "
    "WHERE region = :region AND processor = :processor AND kind = :kind AND key = ANY(:keys)"
)
REMEMBER = text(
    "INSERT INTO state (region, processor, kind, key, version, schema_id, body) "
    "SELECT :region, p, k, i, 1, s, b "
    "FROM unnest(CAST(:processors AS text[]), CAST(:kinds AS text[]), CAST(:keys AS uuid[]), "
    "CAST(:schemas AS int[]), CAST(:bodies AS bytea[])) AS t(p, k, i, s, b) "
    "ON CONFLICT (region, processor, kind, key) DO UPDATE "
    "SET version = state.version + 1, schema_id = excluded.schema_id, body = excluded.body"
)
TELL = text(
    "INSERT INTO outbox (region, id, topic, key, event_id, value) "
    "SELECT :region, i, t, k, e, v FROM unnest(CAST(:ids AS bigint[]), CAST(:topics AS text[]), CAST(:keys AS uuid[]), "
    "CAST(:events AS uuid[]), CAST(:values AS bytea[])) AS o(i, t, k, e, v)"
)
RECEIVED = text(
    "INSERT INTO inbox (day, region, event_id, outcome) "
    "SELECT current_date, :region, e, o FROM unnest(CAST(:events AS uuid[]), CAST(:outcomes AS text[])) AS i(e, o)"
)
MOVE = text(
    "UPDATE offsets o SET next_offset = n.next "
    "FROM unnest(CAST(:topics AS text[]), CAST(:nexts AS bigint[])) AS n(topic, next) "
    "WHERE o.region = :region AND o.topic = n.topic AND o.next_offset <> n.next"
)
ADVANCE = text(
    "UPDATE shards SET batch_no = batch_no + 1, next_outbox = :next_outbox WHERE region = :region"
)
CANCEL = text(
    "DELETE FROM reminders r "
    "USING unnest(CAST(:processors AS text[]), CAST(:subjects AS uuid[]), CAST(:reminders AS text[])) "
    "AS c(processor, subject, reminder) WHERE r.region = :region AND r.processor = c.processor "
    "AND r.subject = c.subject AND r.reminder = c.reminder"
)
ARM = text(
    "INSERT INTO reminders (region, processor, subject, reminder, due_at, correlation_id) "
    "SELECT :region, p, s, r, d, c "
    "FROM unnest(CAST(:processors AS text[]), CAST(:subjects AS uuid[]), CAST(:reminders AS text[]), "
    "CAST(:dues AS timestamptz[]), CAST(:correlations AS uuid[])) AS a(p, s, r, d, c) "
    "ON CONFLICT (region, processor, subject, reminder) DO UPDATE "
    "SET due_at = excluded.due_at, correlation_id = excluded.correlation_id"
)
TAKE_DUE = text(
    "DELETE FROM reminders WHERE region = :region AND due_at < :before "
    "RETURNING processor, subject, reminder, due_at, correlation_id"
)
NEXT_DUE = text("SELECT min(due_at) FROM reminders WHERE region = :region")
LETTER = text(
    'SELECT id AS dead_letter_id, source, processor, topic, "offset", code, expression, reason, defect, value, '
    "first_at FROM dead_letters "
    "WHERE region IN (:region, -1) AND id = :id AND settled_at IS NULL"
)
SETTLE = text(
    "UPDATE dead_letters SET settled_at = now() WHERE region IN (:region, -1) AND id = ANY(:ids)"
)
REFUSE = text(
    'INSERT INTO dead_letters (region, id, processor, topic, "offset", event_id, '
    "code, expression, reason, defect, value) "
    "VALUES (COALESCE((SELECT region FROM dead_letters WHERE region = -1 AND id = :id), :region), "
    ":id, :processor, :topic, :offset, :event_id, :code, :expression, :reason, :defect, :value) "
    "ON CONFLICT (region, id) DO UPDATE SET times = dead_letters.times + 1, last_at = now(), settled_at = NULL, "
    "code = excluded.code, expression = excluded.expression, reason = excluded.reason, defect = excluded.defect"
)


class PostgresUnit:
    """The rows of one region under its lock; committed by the block that opened it."""

    def __init__(self, connection: Connection, lease: Lease) -> None:
        self._connection = connection
        self._lease = lease
        self._next_outbox = 0

    def fence(self) -> Mapping[str, int]:
        """See `hub.ports.unit.Unit.fence`."""
        row = self._run(LOCK).one()
        if (row.epoch, row.batch_no) != (self._lease.epoch, self._lease.batch_no):
            raise Fenced(f"region {self._lease.region}: at epoch {row.epoch}, batch {row.batch_no}")
        self._next_outbox = row.next_outbox
        return {each.topic: each.next_offset for each in self._run(OFFSETS)}

    def seen(self, events: Sequence[UUID]) -> frozenset[UUID]:
        """See `hub.ports.unit.Unit.seen`."""
        return frozenset(self._run(SEEN, events=list(events)).scalars()) if events else frozenset()

    def states(self, processor: str, keys: Iterable[StateKey]) -> Mapping[StateKey, Any]:
        """See `hub.ports.unit.Unit.states`."""
        by_kind: dict[type[Any], list[UUID]] = {}
        for each in keys:
            by_kind.setdefault(each.kind, []).append(each.key)
        return {
            StateKey(kind, row.key): codec.decode(bytes(row.body))
            for kind, wanted in by_kind.items()
            for row in self._run(STATES, processor=processor, kind=kind.__name__, keys=wanted)
        }

    def arm(self, armed: Iterable[Deadline], cancelled: Iterable[tuple[str, UUID, str]]) -> None:
        """See `hub.ports.unit.Unit.arm`."""
        gone, new = list(cancelled), list(armed)
        if gone:
            self._run(
                CANCEL,
                processors=[each[0] for each in gone],
                subjects=[each[1] for each in gone],
                reminders=[each[2] for each in gone],
            )
        if new:
            self._run(
                ARM,
                processors=[each.processor for each in new],
                subjects=[each.subject for each in new],
                reminders=[each.reminder for each in new],
                dues=[each.due_at for each in new],
                correlations=[each.correlation_id for each in new],
            )

    def take_due(self, before: datetime) -> Sequence[Deadline]:
        """See `hub.ports.unit.Unit.take_due`."""
        rows = [Deadline(*row) for row in self._run(TAKE_DUE, before=before)]
        return sorted(rows, key=lambda each: (each.due_at, each.subject.int, each.reminder))

    def next_due(self) -> datetime | None:
        """See `hub.ports.unit.Unit.next_due`."""
        found: datetime | None = self._run(NEXT_DUE).scalar_one()
        return found

    def letter(self, dead_letter_id: UUID) -> KeptLetter | None:
        """See `hub.ports.unit.Unit.letter`."""
        row = self._run(LETTER, id=dead_letter_id).mappings().one_or_none()
        if row is None:
            return None
        return KeptLetter(**{**row, "value": bytes(row["value"])})

    def write(self, batch: Written) -> None:
        """See `hub.ports.unit.Unit.write`."""
        if batch.inbox:
            self._run(RECEIVED, events=list(batch.inbox), outcomes=list(batch.inbox.values()))
        if batch.state:
            self._remember(batch.state)
        if batch.outbox:
            self._tell(batch.outbox)
        for refusal in batch.refusals:
            self._refuse(refusal)
        if batch.settled:
            self._run(SETTLE, ids=list(batch.settled))
        self._note(batch.state)
        self._run(MOVE, topics=list(batch.offsets), nexts=list(batch.offsets.values()))
        self._run(ADVANCE, next_outbox=self._next_outbox + len(batch.outbox))

    def _remember(self, rows: Sequence[Remembered]) -> None:
        self._run(
            REMEMBER,
            processors=[row.processor for row in rows],
            kinds=[type(row.value).__name__ for row in rows],
            keys=[row.key for row in rows],
            schemas=[CURRENT_ID[type(row.value)] for row in rows],
            bodies=[row.body for row in rows],
        )

    def _note(self, rows: Sequence[Remembered]) -> None:
        batch_no = self._lease.batch_no + 1
        self._run(
            NOTE,
            batch_no=batch_no,
            gone=batch_no - KEPT_BATCHES,
            processors=[row.processor for row in rows],
            kinds=[type(row.value).__name__ for row in rows],
            keys=[row.key for row in rows],
        )

    def _tell(self, rows: Sequence[Outgoing]) -> None:
        first = self._next_outbox
        self._run(
            TELL,
            ids=list(range(first, first + len(rows))),
            topics=[row.topic for row in rows],
            keys=[row.key for row in rows],
            events=[row.event_id for row in rows],
            values=[row.value for row in rows],
        )

    def _refuse(self, refusal: Refusal) -> None:
        self._run(
            REFUSE,
            id=refusal.dead_letter_id,
            processor=refusal.processor,
            topic=refusal.topic,
            offset=refusal.offset,
            event_id=refusal.event_id,
            code=refusal.code,
            expression=refusal.expression,
            reason=refusal.reason,
            defect=refusal.defect,
            value=refusal.value,
        )

    def _run(self, statement: TextClause, **values: Any) -> Any:
        return self._connection.execute(statement, {"region": self._lease.region, **values})
