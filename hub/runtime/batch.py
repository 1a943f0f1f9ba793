"""One batch: bytes in, everything that changes out. It knows no Kafka and no SQL.

The chain runs processor by processor over the whole batch. That gives the same decisions as event by event,
because nothing flows backwards, and each processor's rows are read in one query.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from hub import codec
from hub.decisions import Decision, Note, Publish, Remember, Remind
from hub.errors import Unavailable, Undecodable
from hub.matching.region import KINDS, RegionView
from hub.ports.unit import Deadline, Outgoing, Remembered, Unit, Written
from hub.processor import Chain, Processor, StateKey
from hub.records import PersonDecision, ReminderDue
from hub.runtime.batch_state import UNCHANGED, Batch, Inbound, Marks, Outcome, Said
from hub.runtime.redrive import Reread, redriven
from hub.runtime.refusals import REGION, refuse
from hub.runtime.reminders import tell_due
from hub.topics import topic_of

PROCESSED: Final = "processed"
NO_READER: Final = "ignored: no processor reads it"
NONE: Final[Mapping[str, int]] = MappingProxyType({})
Kept = TypeVar("Kept")
AnyProcessor: TypeAlias = Processor[Any, Any]
Rows: TypeAlias = dict[StateKey, Any]


class UnreadableState(Exception):
    """A row of our own that this program cannot read: a defect of ours, not of the event's."""


class Reader:
    """State as one processor sees it: rows of this batch over rows of the database."""

    def __init__(self, batch: Batch, processor: str, rows: Rows) -> None:
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


def handle_batch(  # noqa: PLR0913 - everything a batch depends on, so that it depends on nothing else
    chain: Chain,
    records: Sequence[Inbound],
    unit: Unit,
    memory: RegionView,
    region: int,
    marks: Marks | None = None,
    *,
    reread: Reread | None = None,
    defects_in_a_row: Mapping[str, int] = NONE,
    fault: Exception | None = None,
) -> Outcome:
    """Run the chain over records and make everything durable through `unit`.

    Args:
        chain: The processors in order.
        records: In the order read; offsets below the running next are skipped.
        unit: The open transaction.
        memory: What is known after the last committed batch; it is not changed.
        region: The region's number.
        marks: How far time has come for this region. None = no reminder is looked at.
        reread: Reads bytes that a door refused once more, for a redrive.
        defects_in_a_row: Of the batches before, by processor.
        fault: Why these records cannot be taken in, though each was tried alone: they become dead letters.

    Raises:
        Fenced: Somebody else owns the region.
        Unavailable: The same batch again, later.
        TooManyDefects: Stop the worker.
    """
    batch = Batch(
        region,
        memory.overlay(),
        dict(unit.fence()),
        defects_in_a_row=dict(defects_in_a_row),
    )
    if fault is None:
        take_in(batch, decoded(batch, fresh(batch, records)), unit, reread)
    else:
        for place, _ in fresh(batch, records):
            refuse(batch, place, None, fault)
    for processor in chain:
        run(processor, batch, unit)
    batch.overlay.settle()
    unit.arm(
        [deadline for deadline in batch.reminders.values() if deadline is not None],
        [place for place, deadline in batch.reminders.items() if deadline is None],
    )
    if marks is not None:
        tell_due(batch, unit.take_due(marks.due_before), marks)
    for event_id in batch.failed_again:
        batch.inbox.pop(event_id, None)  # it is new to the next redrive
    settled = tuple(batch.redriven.keys() - {each.dead_letter_id for each in batch.refusals})
    last = max(batch.places, default=0)
    batch.outbox.extend((last, batch.redriven[each]) for each in sorted(settled))
    unit.write(
        Written(
            offsets=batch.offsets,
            inbox=batch.inbox,
            state=tuple(batch.state.values()),
            outbox=tuple(
                outgoing for _, outgoing in sorted(batch.outbox, key=lambda each: each[0])
            ),
            refusals=tuple(batch.refusals),
            settled=settled,
        )
    )
    return Outcome(
        overlay=batch.overlay,
        offsets=batch.offsets,
        processed=len(batch.inbox),
        refused=len(batch.refusals),
        told=len(batch.outbox),
        next_due=unit.next_due() if marks is not None or batch.reminders else UNCHANGED,
        defects_in_a_row=batch.defects_in_a_row,
        defects=tuple(
            (each.processor or REGION, each.code) for each in batch.refusals if each.defect
        ),
        notes=tuple(batch.notes),
    )


def take_in(batch: Batch, events: Sequence[Said], unit: Unit, reread: Reread | None) -> None:
    """Put what was not processed before in front of the chain; carry out what an operator commands."""
    seen = unit.seen([said.event.event_id for said in events])
    if events:
        batch.defects_in_a_row[REGION] = 0
    for said in events:
        event_id = said.event.event_id
        if event_id in seen or event_id in batch.inbox:
            continue
        batch.inbox[event_id] = NO_READER
        batch.said.append(said)
        if isinstance(said.event, PersonDecision) and said.event.command is not None:
            batch.inbox[event_id] = PROCESSED
            batch.said.extend(redriven(batch, said.event, said.event.command, unit, reread))


def fresh(batch: Batch, records: Iterable[Inbound]) -> list[tuple[int, Inbound]]:
    """Records that were not read before; an offset below the running next is one that was."""
    taken = []
    for place, record in enumerate(records):
        if record.offset >= batch.offsets.get(record.topic, 0):
            batch.offsets[record.topic] = record.offset + 1
            batch.places[place] = record
            taken.append((place, record))
    return taken


def decoded(batch: Batch, records: Iterable[tuple[int, Inbound]]) -> list[Said]:
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
            events.append(Said(place, event))
        else:
            refuse(batch, place, None, Undecodable("The record has no frame.", code="no-frame"))
    return events


def run(processor: AnyProcessor, batch: Batch, unit: Unit) -> None:
    """One link of the chain over everything said so far in this batch."""
    mine = [said for said in sorted(batch.said, key=by_place) if reads(processor, said)]
    readable, rows = with_rows(processor, batch, unit, mine)
    reader = Reader(batch, processor.name, rows)
    for said in readable:
        try:
            decisions = processor.decide(
                processor.state_of(reader, said.event), said.event, processor.policy
            )
            encoded = [bytes_of(each) for each in decisions]
        except Exception as error:  # noqa: BLE001 - what goes wrong stops this processor for this event only
            stopped(error, batch, processor, said)
        else:
            batch.defects_in_a_row[processor.name] = 0
            carry_out(zip(decisions, encoded, strict=True), batch, processor, said)


def with_rows(
    processor: AnyProcessor, batch: Batch, unit: Unit, mine: Iterable[Said]
) -> tuple[list[Said], Rows]:
    """The events whose rows of state can be read, and these rows, all in one query when nothing is wrong."""
    wanted: list[tuple[Said, tuple[StateKey, ...]]] = []
    for said in mine:
        if said.event.event_id in batch.inbox:
            batch.inbox[said.event.event_id] = PROCESSED
        try:
            wanted.append((said, processor.needs(said.event)))
        except Exception as error:  # noqa: BLE001 - as in `run`
            stopped(error, batch, processor, said)
    try:
        rows = rows_for(processor, unit, (key for _, needed in wanted for key in needed))
    except Undecodable:
        return one_by_one(processor, batch, unit, wanted)
    return [said for said, _ in wanted], rows


def rows_for(processor: AnyProcessor, unit: Unit, keys: Iterable[StateKey]) -> Rows:
    """These rows and those that they lead to; nearly always one query.

    Raises:
        Undecodable: One of them cannot be read.
    """
    rows: Rows = {}
    asked: set[StateKey] = set()
    wanted = set(keys)
    while wanted:
        found = unit.states(processor.name, wanted)
        rows |= found
        asked |= wanted
        wanted = {key for row in found.values() for key in processor.leads_to(row)} - asked
    return rows


def one_by_one(
    processor: AnyProcessor,
    batch: Batch,
    unit: Unit,
    wanted: Iterable[tuple[Said, tuple[StateKey, ...]]],
) -> tuple[list[Said], Rows]:
    """The same, event by event: only the event whose row cannot be read is stopped."""
    readable: list[Said] = []
    rows: Rows = {}
    for said, needed in wanted:
        try:
            rows.update(rows_for(processor, unit, needed))
        except Undecodable as error:
            stopped(UnreadableState(error.code), batch, processor, said)
        else:
            readable.append(said)
    return readable, rows


def stopped(error: Exception, batch: Batch, processor: AnyProcessor, said: Said) -> None:
    """Keep what stopped a processor at an event.

    Raises:
        Unavailable: It was that: the same batch again, later.
        TooManyDefects: Too many faults of ours in a row.
    """
    if isinstance(error, Unavailable):
        raise error
    refuse(batch, said.place, processor.name, error, said.event, said.letter)
    if said.letter is not None:
        batch.failed_again.add(said.event.event_id)


def bytes_of(decision: Decision) -> bytes:
    """What a decision puts into the database, so that what cannot be written stops its own event."""
    match decision:
        case Publish(_, record):
            return codec.encode(record)
        case Remember(_, value):
            return codec.encode(value)
        case Remind() | Note():
            return b""


def by_place(said: Said) -> int:
    """The order of the batch."""
    return said.place


def reads(processor: AnyProcessor, said: Said) -> bool:
    """Whether a processor is given an event; a reminder, and what is redriven, only where it is its own."""
    if said.only is not None and said.only != processor.name:
        return False
    if isinstance(said.event, ReminderDue):
        return ReminderDue in processor.reads and said.event.processor == processor.name
    return isinstance(said.event, processor.reads)


def carry_out(
    decisions: Iterable[tuple[Decision, bytes]],
    batch: Batch,
    processor: AnyProcessor,
    cause: Said,
) -> None:
    """Put decisions where the rest of the batch sees them, each with its bytes."""
    for decision, encoded in decisions:
        match decision:
            case Remember(key, value):
                row = Remembered(processor.name, key, value, encoded)
                batch.state[(processor.name, StateKey(type(value), key))] = row
                if isinstance(value, KINDS):
                    batch.overlay.put(value)
            case Publish(key, record):
                topic = topic_of(type(record))
                outgoing = Outgoing(topic.name, key, record.event_id, encoded)
                batch.said.append(Said(cause.place, record))
                batch.outbox.append((cause.place, outgoing))
            case Note():
                batch.notes.append((cause.event.event_id, decision))
            case Remind(subject, reminder, due_at):
                batch.reminders[(processor.name, subject, reminder)] = (
                    None
                    if due_at is None
                    else Deadline(
                        processor.name, subject, reminder, due_at, cause.event.correlation_id
                    )
                )
