"""One batch: bytes in, everything that changes out. It knows no Kafka and no SQL.

The chain runs processor by processor over the whole batch. That gives the same decisions as event by event,
because nothing flows backwards, and each processor's rows are read in one query.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from hub import codec
from hub.decisions import Decisions, Publish, Remember, Remind
from hub.errors import Rejected, Unavailable, Undecodable
from hub.identity import dead_letter_id, reminder_event_id
from hub.matching.region import KINDS, RegionView
from hub.ports import Deadline, Outgoing, Refusal, Remembered, Unit, Written
from hub.processor import Chain, Processor, StateKey
from hub.records import DeadLetter, ReminderDue
from hub.topics import topic_of

PROCESSED: Final = "processed"
NO_READER: Final = "ignored: no processor reads it"
MOST_DEFECTS_IN_A_ROW: Final = 20
"""A bad deployment must not dead-letter a day: after so many defects in a row the worker stops."""

Kept = TypeVar("Kept")


class TooManyDefects(Exception):  # noqa: N818 - the worker stops on it
    """Event after event fails by a fault of ours."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One record of an in-topic, as bytes."""

    topic: str
    offset: int
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Marks:
    """How far time has come.

    Attributes:
        low_water: Everything appended before this time has been read.
        due_before: Reminders due before this time are said; later than `low_water` only when the region has been
            behind for longer than anybody should wait.
    """

    low_water: datetime
    due_before: datetime


UNCHANGED: Final = datetime.max.replace(tzinfo=UTC)
"""Stands for: the reminders were not touched."""


@dataclass
class Batch:
    """What a batch has come to so far."""

    lease_region: int
    overlay: RegionView
    offsets: dict[str, int]
    inbox: dict[UUID, str] = field(default_factory=dict)
    said: list[tuple[int, Any]] = field(default_factory=list)
    state: dict[tuple[str, StateKey], Remembered] = field(default_factory=dict)
    outbox: list[tuple[int, Outgoing]] = field(default_factory=list)
    reminders: dict[tuple[str, UUID, str], Deadline | None] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    places: dict[int, Inbound] = field(default_factory=dict)
    defects_in_a_row: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch: the overlay joins the memory once the transaction is committed."""

    overlay: RegionView
    offsets: dict[str, int]
    processed: int
    refused: int
    told: int
    next_due: datetime | None


class Reader:
    """State as one processor sees it: rows of this batch over rows of the database."""

    def __init__(self, batch: Batch, processor: str, rows: dict[StateKey, Any]) -> None:
        self._batch, self._processor, self._rows = batch, processor, rows

    @property
    def region(self) -> RegionView:
        """The region's memory with the changes of this batch."""
        return self._batch.overlay

    def kept(self, kind: type[Kept], key: UUID) -> Kept | None:
        """The state of a key, as of this event."""
        place = StateKey(kind, key)
        changed = self._batch.state.get((self._processor, place))
        found = changed.value if changed is not None else self._rows.get(place)
        return found if isinstance(found, kind) else None


def handle_batch(
    chain: Chain,
    records: Sequence[Inbound],
    unit: Unit,
    memory: RegionView,
    region: int,
    marks: Marks | None = None,
) -> Outcome:
    """Run the chain over records and make everything durable through `unit`.

    Args:
        chain: The processors in order.
        records: In the order read; offsets below the running next are skipped.
        unit: The open transaction.
        memory: What is known after the last committed batch; it is not changed.
        region: The region's number.
        marks: How far time has come for this region. None = no reminder is looked at.

    Raises:
        Fenced: Somebody else owns the region.
        Unavailable: The same batch again, later.
        TooManyDefects: Stop the worker.
    """
    batch = Batch(region, memory.overlay(), dict(unit.fence()))
    events = decoded(batch, fresh(batch, records))
    seen = unit.seen([event.event_id for _, event in events])
    for place, event in events:
        if event.event_id not in seen and event.event_id not in batch.inbox:
            batch.inbox[event.event_id] = NO_READER
            batch.said.append((place, event))
    for processor in chain:
        run(processor, batch, unit)
    unit.arm(
        [deadline for deadline in batch.reminders.values() if deadline is not None],
        [place for place, deadline in batch.reminders.items() if deadline is None],
    )
    if marks is not None:
        tell_due(batch, unit.take_due(marks.due_before), marks)
    unit.write(
        Written(
            offsets=batch.offsets,
            inbox=batch.inbox,
            state=tuple(batch.state.values()),
            outbox=tuple(
                outgoing for _, outgoing in sorted(batch.outbox, key=lambda each: each[0])
            ),
            refusals=tuple(batch.refusals),
        )
    )
    return Outcome(
        overlay=batch.overlay,
        offsets=batch.offsets,
        processed=len(batch.inbox),
        refused=len(batch.refusals),
        told=len(batch.outbox),
        next_due=unit.next_due() if marks is not None or batch.reminders else UNCHANGED,
    )


def fresh(batch: Batch, records: Iterable[Inbound]) -> list[tuple[int, Inbound]]:
    """Records that were not read before; an offset below the running next is one that was."""
    taken = []
    for place, record in enumerate(records):
        if record.offset >= batch.offsets.get(record.topic, 0):
            batch.offsets[record.topic] = record.offset + 1
            batch.places[place] = record
            taken.append((place, record))
    return taken


def decoded(batch: Batch, records: Iterable[tuple[int, Inbound]]) -> list[tuple[int, Any]]:
    """The events in the records; what is none of ours is refused. A null value is stepped over."""
    events = []
    for place, record in records:
        if record.value is None:
            continue
        try:
            event = codec.decode(record.value)
        except Undecodable as refusal:
            refuse(batch, place, None, refusal)
            continue
        if hasattr(event, "event_id"):
            events.append((place, event))
        else:
            refuse(batch, place, None, Undecodable("The record has no frame.", code="no-frame"))
    return events


def run(processor: Processor[Any, Any], batch: Batch, unit: Unit) -> None:
    """One link of the chain over everything said so far in this batch."""
    mine = [
        (place, event)
        for place, event in sorted(batch.said, key=lambda each: each[0])
        if reads(processor, event)
    ]
    needed = {key for _, event in mine for key in processor.needs(event)}
    reader = Reader(
        batch, processor.name, dict(unit.states(processor.name, needed)) if needed else {}
    )
    for place, event in mine:
        if event.event_id in batch.inbox:
            batch.inbox[event.event_id] = PROCESSED
        try:
            decisions = processor.decide(processor.state_of(reader, event), event, processor.policy)
        except Rejected as refusal:
            refuse(batch, place, processor.name, refusal, event)
        except Unavailable:
            raise
        except Exception as defect:  # noqa: BLE001 - the one place: a defect stops this processor for this event only
            refuse(batch, place, processor.name, defect, event)
        else:
            batch.defects_in_a_row = 0
            carry_out(decisions, batch, processor, place, event)


def reads(processor: Processor[Any, Any], event: Any) -> bool:
    """Whether a processor is given an event; a reminder only where it is its own."""
    if isinstance(event, ReminderDue):
        return ReminderDue in processor.reads and event.processor == processor.name
    return isinstance(event, processor.reads)


def carry_out(
    decisions: Decisions, batch: Batch, processor: Processor[Any, Any], place: int, cause: Any
) -> None:
    """Put decisions where the rest of the batch sees them."""
    for decision in decisions:
        match decision:
            case Remember(key, value):
                batch.state[(processor.name, StateKey(type(value), key))] = Remembered(
                    processor.name, key, value
                )
                if isinstance(value, KINDS):
                    batch.overlay.put(value)
            case Publish(key, record):
                topic = topic_of(type(record))
                batch.said.append((place, record))
                batch.outbox.append(
                    (place, Outgoing(topic.name, key, record.event_id, codec.encode(record)))
                )
            case Remind(subject, reminder, due_at):
                where = (processor.name, subject, reminder)
                batch.reminders[where] = (
                    None
                    if due_at is None
                    else Deadline(processor.name, subject, reminder, due_at, cause.correlation_id)
                )


def refuse(
    batch: Batch, place: int, processor: str | None, fault: Exception, event: Any = None
) -> None:
    """Keep the bytes with reason and place, and say so on the dead-letter topic.

    Raises:
        TooManyDefects: Too many faults of ours in a row.
    """
    record = batch.places[place]
    known = isinstance(fault, Rejected)
    batch.defects_in_a_row = 0 if known else batch.defects_in_a_row + 1
    if batch.defects_in_a_row > MOST_DEFECTS_IN_A_ROW:
        raise TooManyDefects(f"{processor}: {type(fault).__name__}") from fault
    subject = (
        event.event_id
        if event is not None
        else f"{record.topic}/{batch.lease_region}/{record.offset}"
    )
    refusal = Refusal(
        dead_letter_id=dead_letter_id(processor or "region", subject),
        processor=processor,
        topic=record.topic,
        offset=record.offset,
        event_id=event.event_id if event is not None else None,
        code=fault.code if isinstance(fault, Rejected) else type(fault).__name__,
        expression=fault.expression if isinstance(fault, Rejected) else "",
        reason=fault.reason
        if isinstance(fault, Rejected)
        else "A fault of the hub. The event is kept; nothing else was held up.",
        defect=not known,
        value=record.value or b"",
    )
    batch.refusals.append(refusal)
    letter = dead_letter_from(refusal, event, batch.lease_region)
    batch.outbox.append(
        (
            place,
            Outgoing(
                topic_of(DeadLetter).name,
                refusal.dead_letter_id,
                letter.event_id,
                codec.encode(letter),
            ),
        )
    )


UNTIMED: Final = datetime(1970, 1, 1, tzinfo=UTC)


def dead_letter_from(refusal: Refusal, event: Any, region: int) -> DeadLetter:
    """Reason and place only. Bytes that never became an event have no times of their own."""
    timed = event is not None
    return DeadLetter(
        event_id=refusal.dead_letter_id,
        caused_by=event.event_id if timed else None,
        correlation_id=event.correlation_id if timed else refusal.dead_letter_id,
        source=refusal.processor or "region",
        source_event_id="",
        occurred_at=event.occurred_at if timed else UNTIMED,
        recorded_at=event.recorded_at if timed else UNTIMED,
        received_at=event.received_at if timed else UNTIMED,
        region=region,
        dead_letter_id=refusal.dead_letter_id,
        processor=refusal.processor,
        topic=refusal.topic,
        partition=region,
        offset=refusal.offset,
        code=refusal.code,
        expression=refusal.expression,
        reason=refusal.reason,
        defect=refusal.defect,
        settled=False,
    )


def tell_due(batch: Batch, due: Iterable[Deadline], marks: Marks) -> None:
    """Say each deadline that has passed. It comes back on its topic like any other event."""
    last = max(batch.places, default=0)
    for deadline in due:
        reminder = reminder_due_from(
            deadline, batch.lease_region, behind=deadline.due_at >= marks.low_water
        )
        batch.outbox.append(
            (
                last,
                Outgoing(
                    topic_of(ReminderDue).name,
                    deadline.subject,
                    reminder.event_id,
                    codec.encode(reminder),
                ),
            )
        )


def reminder_due_from(deadline: Deadline, region: int, *, behind: bool) -> ReminderDue:
    """The event of a deadline; the same deadline gives the same event. All its times are the due time."""
    due_ms = int((deadline.due_at - UNTIMED) / timedelta(milliseconds=1))
    return ReminderDue(
        event_id=reminder_event_id(deadline.processor, deadline.subject, deadline.reminder, due_ms),
        caused_by=None,
        correlation_id=deadline.correlation_id,
        source="hub",
        source_event_id="",
        occurred_at=deadline.due_at,
        recorded_at=deadline.due_at,
        received_at=deadline.due_at,
        region=region,
        processor=deadline.processor,
        subject=deadline.subject,
        reminder=deadline.reminder,
        due_at=deadline.due_at,
        behind=behind,
    )
