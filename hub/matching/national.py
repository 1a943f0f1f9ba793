"""Whom a notice of the national services means: whoever has the NHS number, if that can be one person only.

A notice stands as a record of the number, because it often says no more of anybody than the number. It belongs to the
records that have the number when they are one person without it, or when its date of birth leaves one of several. So
it joins nobody who merely shares a number, and means the same whether it is heard before them or after.

A number that was superseded is read as the one that replaced it, under the same cautious comparison.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Protocol
from uuid import UUID

from hub.identity import national_record_id
from hub.matching.compare import Answer, Verdict, compared, contradicts, counts_as_verified
from hub.matching.layered import Layered
from hub.records import PersonFacts, SourceRecord

Ids = frozenset[UUID]

SERVICES: Final = "national"
"""Who says it, whichever sender handed it on."""
BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY: Final[Ids] = frozenset()
MEANS_ANOTHER: Final = Verdict(Answer.REVIEW, ("nhs-number", "number-conflict"))


class People(Protocol):
    """What is asked of a region."""

    @property
    def records(self) -> Layered[UUID, SourceRecord]:
        """All records, by id."""
        ...

    def candidates(self, keys: Iterable[str]) -> Ids:
        """Records that share one of these keys."""
        ...

    def person(self, record_id: UUID) -> UUID:
        """The person that a record belongs to."""
        ...

    def is_apart(self, one: UUID, other: UUID) -> bool:
        """Whether two records must not be one person, because of what people said or shall say."""
        ...

    def alike(self, record: SourceRecord, passed: AbstractSet[UUID] = ...) -> Iterator[UUID]:
        """Records of people that are the same person, whatever notices mean them."""
        ...


def nothing_said_of(number: str) -> SourceRecord:
    """The record of a number of which nothing was heard yet."""
    return SourceRecord(
        record_id=national_record_id(number),
        source=SERVICES,
        facts=PersonFacts(),
        as_of=BEFORE_ALL,
        notice_of=number,
    )


def notice_key(number: str) -> str:
    """What the notices of a number are found by."""
    return f"notice:{number}"


def number_key(number: str) -> str:
    """What the records of people with a number are found by."""
    return f"nhs:{number}"


def merge_key(record_id: UUID) -> str:
    """What a record, and those merged into it, are found by."""
    return f"merge:{record_id}"


def notices_on(people: People, number: str) -> Iterator[SourceRecord]:
    """The record of a number, if anything was heard of it."""
    for each in people.candidates((notice_key(number),)):
        notice = people.records.get(each)
        if notice is not None:
            yield notice


def family(
    people: People, number: str, *, apart: bool = False, without: Ids = frozenset()
) -> frozenset[str]:
    """The numbers that are one by what superseded what; nearly always this one alone.

    `apart`: also where people said, or shall say, whether they are one person's; `without`: but for these two notices.
    """
    found, waiting = {number}, [number]
    while waiting:
        for notice in notices_on(people, waiting.pop()):
            heir = () if notice.merged_into is None else (notice.merged_into,)
            for each in (*people.candidates((merge_key(notice.record_id),)), *heir):
                other = people.records.get(each)
                if other is None or not other.notice_of or other.notice_of in found:
                    continue
                pair = (notice.record_id, each)
                if set(pair) != without and (apart or not people.is_apart(*pair)):
                    found.add(other.notice_of)
                    waiting.append(other.notice_of)
    return frozenset(found)


def current(people: People, number: str, person: UUID) -> str:
    """The number that a person's superseded one goes on as; of numbers that go round in a circle the first asked for.

    Only by notices that mean this person: a number that may be somebody else's is never shown as theirs.
    """
    last, seen = number, {number}
    while True:
        heir = heir_of(people, last, person)
        if heir is None:
            return last
        if heir in seen:
            return number
        last = heir
        seen.add(last)


def heir_of(people: People, number: str, person: UUID) -> str | None:
    """The number in the place of this one, where both mean the person."""
    for notice in notices_on(people, number):
        heir = None if notice.merged_into is None else people.records.get(notice.merged_into)
        if heir is not None and all(
            people.person(each.record_id) == person for each in (notice, heir)
        ):
            return heir.notice_of
    return None


def as_one_number(record: PersonFacts, other: PersonFacts, numbers: frozenset[str]) -> Verdict:
    """The comparison of two people of whom one may have a number that was superseded."""
    if record.nhs_number == other.nhs_number or other.nhs_number not in numbers:
        return compared(record, other)
    verdict = compared(record, replace(other, nhs_number=record.nhs_number))
    reasons = tuple(
        "superseded-number" if each == "nhs-number" else each for each in verdict.reasons
    )
    return replace(verdict, reasons=reasons)


def bearers(people: People, numbers: Iterable[str]) -> Ids:
    """The records of people that have one of these numbers for certain."""
    return frozenset(
        each
        for each in people.candidates(number_key(number) for number in numbers)
        if (record := people.records.get(each)) is not None and counts_as_verified(record.facts)
    )


def named_by(people: People, notice: SourceRecord) -> Ids:
    """The records that have the number; where none has it, those with a number that it replaced or was replaced by."""
    number = notice.notice_of or ""
    return bearers(people, (number,)) or bearers(people, family(people, number))


def each_person(people: People, records: Ids) -> Iterator[Ids]:
    """These records, put together by person, whatever notices mean them."""
    left = set(records)
    while left:
        reached, waiting = set[UUID](), [min(left)]
        while waiting:
            each = waiting.pop()
            record = people.records.get(each)
            if each not in reached and record is not None:
                reached.add(each)
                waiting.extend(people.alike(record, reached))
        yield records & reached
        left -= reached


def possible(people: People, notice: SourceRecord) -> list[Ids]:
    """The people of the number whose dates of birth do not contradict the notice."""
    return [
        one
        for one in each_person(people, named_by(people, notice))
        if not any(contradicts(notice.facts, facts) for facts in facts_of(people, one))
    ]


def facts_of(people: People, records: Ids) -> Iterator[PersonFacts]:
    """What these records say."""
    for each in records:
        record = people.records.get(each)
        if record is not None:
            yield record.facts


def meant_by(people: People, notice: SourceRecord) -> Ids:
    """The records of the one person whom a notice can mean; nobody when it could be several."""
    found = possible(people, notice)
    return found[0] if len(found) == 1 else NOBODY


def notices_meaning(people: People, record: SourceRecord, number: str) -> Iterator[UUID]:
    """The notices that mean the person of a record with this number."""
    for each in family(people, number):
        for notice in notices_on(people, each):
            if record.record_id in meant_by(people, notice):
                yield notice.record_id


def contradicting(people: People, record: SourceRecord, number: str) -> Iterator[UUID]:
    """What is in question beside a record: a notice that by its date of birth means nobody who has the number."""
    for each in family(people, number):
        for notice in notices_on(people, each):
            named = named_by(people, notice)
            if possible(people, notice):
                continue
            if notice.record_id == record.record_id:
                yield from named
            elif record.record_id in named:
                yield notice.record_id


def sharing(people: People, number: str) -> Ids:
    """Everybody and every notice with a number that is told of: what one of them is changes what all are."""
    numbers = family(people, number, apart=True)
    return people.candidates(key(each) for each in numbers for key in (notice_key, number_key))
