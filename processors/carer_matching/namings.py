"""What a stay keeps of whom it was said to be of, so that what a merge said that is none can be left out at any time.

Of each record the first and the last word, and every move. That is a function of the words, whatever their order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from hub.matching.whose import FIRST_NAMED, MOVE, PATIENT, namings_of
from hub.matching.words import later, named, order, placed, word_on
from hub.records import PatientNamed, StayFacts, Word

MOST_MOVES: Final = 16
"""Moves of a stay that are kept, the latest ones: an honest stay has none, or two."""


def with_naming(
    before: StayFacts, now: StayFacts, record_id: UUID, word: Word, *, moves: bool
) -> StayFacts:
    """The stay after a word that names its patient; `now` has it in its registers already."""
    first = word_on(before.words, FIRST_NAMED)
    is_alone = not (moves or before.named or before.other_patients)
    if is_alone and record_id == before.patient_record and first and later(word, first):
        return now  # nearly always
    said = PatientNamed(patient_record=record_id, said=named(word, MOVE if moves else PATIENT))
    known = {*worth_keeping((*namings_of(before), said), {now.patient_record, *now.other_patients})}
    first = min((each.said for each in known), key=order)
    last = word_on(now.words, PATIENT)
    beside = {each for each in known if last is None or each.said != named(last, PATIENT)}
    if all(each.said == named(first, PATIENT) for each in beside) and not now.other_patients:
        beside = set()
    return replace(
        now,
        words=placed(now.words, FIRST_NAMED, first),
        named=tuple(sorted(beside, key=in_time)),
    )


def worth_keeping(namings: Iterable[PatientNamed], records: set[UUID]) -> Iterator[PatientNamed]:
    """Of each of these records the first and the last, and the latest moves."""
    in_order = [each for each in sorted(namings, key=in_time) if each.patient_record in records]
    yield from {each.patient_record: each for each in in_order}.values()
    yield from {each.patient_record: each for each in reversed(in_order)}.values()
    yield from [each for each in in_order if each.said.about == MOVE][-MOST_MOVES:]


def in_time(naming: PatientNamed) -> tuple[object, ...]:
    """An order that does not tell how they came."""
    return order(naming.said), naming.patient_record, naming.said.about
