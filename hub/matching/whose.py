"""Whose a stay is, by all that was said of it and when, but for who is named because of a merge that is none here.

A hospital names the number that goes on in every message after a merge. While that merge waits for a person, or when
people said that it is none, such a word says nothing of whose a stay is; what was said before the merge, or of a number
that was never merged, does. ADR-0021.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from hub.matching import decided
from hub.matching.layered import Layered
from hub.matching.national import BEFORE_ALL
from hub.matching.words import named, order, word_on
from hub.records import PatientNamed, SourceRecord, StayFacts, Word

PATIENT: Final = "patient"
MOVE: Final = "move"
"""What a word is about that names the patient; `MOVE` where the event says by what it is that the visit is theirs."""
FIRST_NAMED: Final = "first-named"
"""Register of a stay: the first word that named anybody."""
MERGE: Final = "merge"
FIRST_MERGE: Final = "first-merge"
"""Registers of a record that was merged: the latest says into which, the first since when it is not named."""
SUPERSEDED: Final = "superseded"

NEVER_TOLD: Final = Word(
    about=PATIENT, recorded_at=BEFORE_ALL, un_event=False, sequence=0, event_id=UUID(int=0)
)
"""When a patient was named, in a row of an older form that does not say it: before everything."""


class People(decided.People, Protocol):
    """What is asked of a region."""

    @property
    def stays(self) -> Layered[UUID, StayFacts]:
        """All stays, by id."""
        ...

    def is_asked_about_any(self) -> bool:
        """Whether there is any review at all."""
        ...

    def stays_before(self, stay_id: UUID) -> tuple[StayFacts, ...]:
        """The stays that go on as this one, each by its own last word."""
        ...


def patient_of(people: People, stay: StayFacts) -> UUID:
    """The record whose stay it is: whom the words on it and on numbers before it name, but for merges that are none."""
    if not people.is_asked_about_any():  # nobody is kept apart
        return stay.patient_record
    seen = frozenset((stay.stay_id,))
    others = {*names_before(people, stay, seen), *stay.other_patients} - {stay.patient_record}
    known = (people.records.get(each) for each in others)
    if all(each is None or each.merged_into is None for each in known):  # nearly always
        return stay.patient_record
    found = named_at_last(people, stay, None, seen)
    return min(found, default=stay.patient_record)


def names_before(people: People, stay: StayFacts, seen: frozenset[UUID]) -> Iterator[UUID]:
    """Every record that was said to be the patient under a number that goes on as this one."""
    for each in people.stays_before(stay.stay_id):
        if each.stay_id not in seen:
            yield from (each.patient_record, *each.other_patients)
            yield from names_before(people, each, seen | {each.stay_id})


Found = Mapping[UUID, tuple[Word, Word]]
"""Record -> the word since which a stay is theirs, and the last one that names them."""


def named_at_last(
    people: People, stay: StayFacts, until: Word | None, seen: frozenset[UUID]
) -> Found:
    """Whose a stay is by what was said until then.

    What was said under the numbers that go on as this one comes first, of each until it did; several records only where
    they were several people's.
    """
    found: Found = {}
    for each in people.stays_before(stay.stay_id):
        if each.stay_id not in seen:
            joined = word_on(each.words, SUPERSEDED)
            found = {**found, **named_at_last(people, each, joined, seen | {each.stay_id})}
    found = without_those_named_through(people, found)
    for naming in sorted(namings_of(stay), key=lambda each: order(each.said)):
        if until is None or naming.said.recorded_at <= until.recorded_at:
            found = after(people, found, naming)
    return found


def without_those_named_through(people: People, found: Found) -> Found:
    """Of the patients of several numbers, those who are named otherwise than because of another one's merge."""
    return {
        record_id: words
        for record_id, words in found.items()
        if not any(
            is_named_through(
                people, other, last, PatientNamed(patient_record=record_id, said=words[0])
            )
            for other, (_, last) in found.items()
            if other != record_id
        )
    }


def after(people: People, found: Found, naming: PatientNamed) -> Found:
    """Whose a stay is after one more word on it."""
    stood = found.get(naming.patient_record)
    if stood is not None:
        return {naming.patient_record: (stood[0], naming.said)}
    kept = {
        record_id: words
        for record_id, words in found.items()
        if is_named_through(people, record_id, words[1], naming)
    }
    return kept or {naming.patient_record: (naming.said, naming.said)}


def is_named_through(people: People, record_id: UUID, word: Word, naming: PatientNamed) -> bool:
    """Whether another record is named only because this one was merged into it, though they are two people.

    Not where the merge came later; nor where the other was merged before as well, so that it goes on no longer; nor in
    a move when this number was named since: who moves a visit from it uses it.
    """
    record = people.records.get(record_id)
    if record is None or record.merged_into is None:  # nearly always
        return False
    heir, at = naming.patient_record, naming.said.recorded_at
    merges = merges_from(people, record, heir)
    since = [first.recorded_at for each in merges if (first := merged_first(each)) is not None]
    if not since or max(since) > at or has_gone(people, heir, at):
        return False
    if naming.said.about == MOVE and word.recorded_at > since[0]:
        return False
    return people.person(record_id) != people.person(heir)


def has_gone(people: People, record_id: UUID, at: datetime) -> bool:
    """Whether a record was merged before an instant, UTC: a hospital names it no longer because of others."""
    record = people.records.get(record_id)
    first = None if record is None or record.merged_into is None else merged_first(record)
    return first is not None and first.recorded_at < at


def merged_first(record: SourceRecord) -> Word | None:
    """Since when a record is not named because it was merged; a row of an older form has the latest word alone."""
    return word_on(record.words, FIRST_MERGE) or word_on(record.words, MERGE)


def merges_from(people: People, record: SourceRecord, heir: UUID) -> tuple[SourceRecord, ...]:
    """The records that were merged on the way from one to another; none when it does not lead there."""
    way: dict[UUID, SourceRecord] = {}
    one: SourceRecord | None = record
    while one is not None and one.record_id not in way:
        way[one.record_id] = one
        if one.merged_into == heir:
            return tuple(way.values())
        one = None if one.merged_into is None else people.records.get(one.merged_into)
    return ()


def namings_of(stay: StayFacts) -> Iterator[PatientNamed]:
    """What is kept of whom a stay was said to be of."""
    yield from stay.named
    last = word_on(stay.words, PATIENT)
    first = None if stay.named else word_on(stay.words, FIRST_NAMED)
    said = {order(each.said) for each in stay.named if each.patient_record == stay.patient_record}
    for word in (first, last):
        if word is not None and order(word) not in said:
            said.add(order(word))
            yield PatientNamed(patient_record=stay.patient_record, said=named(word, PATIENT))
    for each in set(stay.other_patients) - {one.patient_record for one in stay.named}:
        yield PatientNamed(patient_record=each, said=NEVER_TOLD)


def going_on(people: People, stay_ids: Iterable[UUID]) -> set[UUID]:
    """These stays, and those as which they go on."""
    found: set[UUID] = set()
    waiting = list(stay_ids)
    while waiting:
        stay = people.stays.get(waiting.pop())
        if stay is not None and stay.stay_id not in found:
            found.add(stay.stay_id)
            waiting += [] if stay.superseded_by is None else [stay.superseded_by]
    return found
