"""One round of a pass: what is written, refused and held back of the records in hand. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from hub.errors import Rejected
from hub.passing import Heard, HoldBack, Pass, Refuse, Say, Saying, Step
from hub.ports.door import Refused
from hub.runtime.publisher import MOST_BYTES, too_large

MOST_HELD_BACK: Final = 200
"""Records of one pass. Their offsets go into the 4,096 bytes that a broker keeps beside a position
(`offset.metadata.max.bytes`); a pass that holds back so many reads no further until one is done with."""

MOST_DEFECTS_IN_A_ROW: Final = 20
"""As for the region: a bad deployment must not dead-letter a day."""

Place: TypeAlias = tuple[str, int]
"""Topic and partition."""

Spot: TypeAlias = tuple[str, int, int]
"""Topic, partition and offset."""


class TooManyDefects(Exception):
    """Record after record fails by a fault of ours."""


class UnknownNote(Exception):
    """A position that this version of the hub cannot take up."""


@dataclass(frozen=True, slots=True)
class Defect:
    """The record met a fault of ours."""

    kind: str


@dataclass(frozen=True, slots=True)
class Round:
    """What becomes of the records in hand."""

    sayings: tuple[Saying, ...]
    refused: tuple[Refused, ...]
    held: tuple[Heard, ...]


def spot(heard: Heard) -> Spot:
    """Where a record lies."""
    return heard.topic, heard.partition, heard.offset


def round_of(
    given: Pass, answered: Iterable[tuple[Heard, Step | Defect]], impatient: frozenset[Spot]
) -> Round:
    """Sort the answers, in the order of the records.

    Whatever is about the same as an earlier record that is held back is held back too, so that the order of what is
    about one thing is kept.

    Args:
        given: The pass.
        answered: The records in order, each with its step.
        impatient: Records that have been held back for as long as the pass has patience.
    """
    sayings: list[Saying] = []
    refused: list[Refused] = []
    held: list[Heard] = []
    waiting: set[UUID] = set()
    for heard, step in answered:
        match step:
            case Say(subject=subject) | HoldBack(subject=subject) if subject in waiting:
                held.append(heard)
            case HoldBack(subject=subject) if spot(heard) not in impatient:
                waiting.add(subject)
                held.append(heard)
            case Say(sayings=said) if all(len(each.value) <= MOST_BYTES for each in said):
                sayings.extend(said)
            case _:
                refused.append(refused_from(given, heard, step))
    return Round(tuple(sayings), tuple(refused), tuple(held))


def refused_from(given: Pass, heard: Heard, step: Step | Defect) -> Refused:
    """The dead letter of a record, with its bytes where they may be kept."""
    error, value = error_of(step), heard.value or b""
    if error is not None:
        return Refused.because(error, given.name, given.region, value)
    return Refused(
        source=given.name,
        region=given.region,
        code=kind_of(step),
        expression="",
        reason="A fault of the hub. The record is kept; nothing else was held up.",
        defect=True,
        value=value,
    )


def error_of(step: Step | Defect) -> Rejected | None:
    """Why a step refuses; None for a fault of ours."""
    match step:
        case Refuse(error=error) | HoldBack(otherwise=error):
            return error
        case Say():
            return too_large()
        case Defect():
            return None


def kind_of(step: Step | Defect) -> str:
    """The kind of a fault of ours."""
    return step.kind if isinstance(step, Defect) else ""


def defects_in_a_row(steps: Sequence[Step | Defect], before: int) -> int:
    """How many faults of ours came last.

    Raises:
        TooManyDefects: So many that the fault is not in the records.
    """
    number = before
    for step in steps:
        number = number + 1 if isinstance(step, Defect) else 0
        if number > MOST_DEFECTS_IN_A_ROW:
            raise TooManyDefects(kind_of(step))
    return number


def step_from(fault: Exception) -> Refuse | Defect:
    """What a record comes to that raised something."""
    return Refuse(fault) if isinstance(fault, Rejected) else Defect(type(fault).__name__)


# What a position is


@dataclass(frozen=True, slots=True)
class Position:
    """How far one partition was read.

    Attributes:
        next: The next offset to read.
        held: Offsets before it that are held back.
        new_until: The pass had no position here; up to this offset it may have said things before. 0 = it had one.
    """

    next: int
    held: tuple[int, ...] = ()
    new_until: int = 0

    @property
    def is_new(self) -> bool:
        """Whether what was said before is not known yet."""
        return self.next < self.new_until


def note_from(position: Position) -> str:
    """What the broker keeps beside the offset: what is held back, counted backwards, and how long the pass is new."""
    note = {
        "held": [position.next - each for each in position.held],
        "new": position.new_until if position.is_new else 0,
    }
    return json.dumps({name: value for name, value in note.items() if value}, separators=(",", ":"))


def position_from(offset: int, note: str) -> Position:
    """The position as it was kept.

    Raises:
        UnknownNote: The note is of a hub that knows more than this one.
    """
    try:
        said = json.loads(note or "{}")
        held = tuple(offset - int(each) for each in said.pop("held", ()))
        until = int(said.pop("new", 0))
    except (ValueError, TypeError, AttributeError) as error:
        raise UnknownNote("The position of a pass is not readable.") from error
    if said:
        raise UnknownNote("The position of a pass was kept by a newer version of the hub.")
    return Position(offset, held, until)


def moved(
    positions: Mapping[Place, Position], read_to: Mapping[Place, int], held: Sequence[Heard]
) -> dict[Place, Position]:
    """The positions once everything before `read_to` is done with but what is held back."""
    return {
        place: Position(
            next=read_to[place],
            held=tuple(each.offset for each in held if (each.topic, each.partition) == place),
            new_until=position.new_until,
        )
        for place, position in positions.items()
    }
