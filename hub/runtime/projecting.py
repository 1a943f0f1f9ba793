"""One batch of one topic: bytes in, rows, refusals and positions out. Knows neither Kafka nor SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from hub import codec
from hub.errors import Rejected, Undecodable
from hub.identity import dead_letter_id
from hub.ports.dead_letters import Refusal
from hub.ports.read_models import Projected
from hub.projection import VERSION, ReadModel, Row, Value
from hub.records.registry import Record


@dataclass(frozen=True, slots=True)
class Read:
    """One record as it was read; a value of None erases what its key names."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


def projected(models: Sequence[ReadModel], records: Iterable[Read]) -> tuple[Projected, ...]:
    """What a batch changes in each read model of its topic. A record is decoded once for all of them.

    Never raises: what cannot be used is refused, and the others go on.
    """
    changes = tuple(Changes(model) for model in models)
    for record in records:
        try:
            said = None if record.value is None else codec.decode(record.value)
        except Undecodable as fault:
            for each in changes:
                each.refuse(record, fault)
        else:
            for each in changes:
                each.take(record, said)
    return tuple(each.projected() for each in changes)


@dataclass
class Changes:
    """What has come so far for one read model."""

    model: ReadModel
    rows: dict[Value, Row] = field(default_factory=dict)
    gone: set[UUID] = field(default_factory=set)
    refusals: list[tuple[int, Refusal]] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)

    def take(self, record: Read, said: Record | None) -> None:
        """What a record says, or that what its key names is gone."""
        try:
            if said is None:
                erased = key_of(record)
                self.gone.add(erased)
                self.rows.pop(erased, None)
            else:
                self.keep_newest(self.model.rows_of(said))
        except Exception as fault:  # noqa: BLE001 - an agent that raises stops for good, and nobody is told
            self.refuse(record, fault)
        self.positions[record.partition] = record.offset + 1

    def keep_newest(self, new: Sequence[Row]) -> None:
        """Each key once: the row of the highest version."""
        for row in new:
            key, version = row[self.model.table.key], counted(row)
            if key not in self.rows or version > counted(self.rows[key]):
                self.rows[key] = row

    def refuse(self, record: Read, fault: Exception) -> None:
        """A record that this read model cannot show."""
        self.refusals.append((record.partition, refusal_of(self.model, record, fault)))
        self.positions[record.partition] = record.offset + 1

    def projected(self) -> Projected:
        """All of it."""
        return Projected(
            self.model,
            tuple(self.rows.values()),
            tuple(self.gone),
            tuple(self.refusals),
            self.positions,
        )


def counted(row: Row) -> int:
    """The version of a row."""
    version = row[VERSION]
    if not isinstance(version, int):
        raise TypeError("a row's version is a number")
    return version


def key_of(record: Read) -> UUID:
    """The id that a record has as its key."""
    return UUID(bytes=record.key or b"")


def refusal_of(model: ReadModel, record: Read, fault: Exception) -> Refusal:
    """A dead letter of what a read model cannot show."""
    known = isinstance(fault, Rejected)
    name = f"projection:{model.name}"
    place = f"{model.topic}/{record.partition}/{record.offset}"
    return Refusal(
        dead_letter_id=dead_letter_id(name, place),
        processor=name,
        topic=model.topic,
        offset=record.offset,
        event_id=None,
        code=fault.code if isinstance(fault, Rejected) else type(fault).__name__,
        expression="",
        reason=fault.reason
        if isinstance(fault, Rejected)
        else "A fault of the hub. The page does not show this version; nothing else was held up.",
        defect=not known,
        value=record.value or b"",
    )


def refused_whole(model: ReadModel, record: Read, fault: Exception) -> Projected:
    """The batch of one record whose rows the database does not take."""
    changes = Changes(model)
    changes.refuse(record, fault)
    return changes.projected()
