"""One batch of one read model: bytes in, rows, refusals and positions out. Knows neither Kafka nor SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from hub.errors import Rejected
from hub.identity import dead_letter_id
from hub.ports import Projected, Refusal
from hub.projection import VERSION, ReadModel, Row, Value


@dataclass(frozen=True, slots=True)
class Read:
    """One record as it was read; a value of None erases what its key names."""

    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


def projected(model: ReadModel, records: Iterable[Read]) -> Projected:
    """What a batch changes. Never raises: what cannot be used is refused, and the others go on."""
    rows: dict[Value, Row] = {}
    gone: set[UUID] = set()
    refusals: list[tuple[int, Refusal]] = []
    positions: dict[int, int] = {}
    for record in records:
        positions[record.partition] = record.offset + 1
        try:
            if record.value is None:
                erased = key_of(record)
                gone.add(erased)
                rows.pop(erased, None)
            else:
                keep_newest(rows, model, model.rows_of(record.value))
        except Exception as fault:  # noqa: BLE001 - an agent that raises stops for good, and nobody is told
            refusals.append((record.partition, refusal_of(model, record, fault)))
    return Projected(tuple(rows.values()), tuple(gone), tuple(refusals), positions)


def keep_newest(rows: dict[Value, Row], model: ReadModel, new: Sequence[Row]) -> None:
    """Each key once: the row of the highest version."""
    for row in new:
        key, version = row[model.table.key], counted(row)
        if key not in rows or version > counted(rows[key]):
            rows[key] = row


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
    return Projected(
        (),
        (),
        ((record.partition, refusal_of(model, record, fault)),),
        {record.partition: record.offset + 1},
    )
