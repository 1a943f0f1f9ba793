"""Whether somebody wants to be linked with whom they look after and who looks after them: the latest word counts.

A word stands on a record of its source, or on that of an NHS number where nothing but the number was said; then it
means whoever has that number. Of a person with several records the latest word on any of them counts, whoever said it.
ADR-0030.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from hub.matching import national
from hub.matching.compare import counts_as_verified
from hub.matching.words import Said, heard, order, word_of, word_on
from hub.records import SourceRecord

LINKING: Final = "linking"
"""The register of the word."""
SPOKEN_OF: Final = "linking:"
"""What every record with such a word is found by: nearly always there is none in a region."""


def told_of(record: SourceRecord, event: Said, *, may_be_linked: bool) -> SourceRecord:
    """The record after a word on it. Of two of one time that which objects counts."""
    words = heard(record.words, word_of(event, LINKING, un_event=not may_be_linked))
    if words is None:
        return record
    as_of = max(record.as_of, event.recorded_at)
    return replace(record, may_be_linked=may_be_linked, words=words, as_of=as_of)


def is_told_anew(before: SourceRecord | None, now: SourceRecord) -> bool:
    """Whether there is another word than the one that stood."""
    stood = None if before is None else word_on(before.words, LINKING)
    return word_on(now.words, LINKING) != stood


def objects(records: Iterable[SourceRecord]) -> bool:
    """Whether the latest word on any of these records is that its subject does not want to be linked."""
    said = [
        (order(word), each.may_be_linked is False)
        for each in records
        if each.may_be_linked is not None and (word := word_on(each.words, LINKING)) is not None
    ]
    return bool(said) and max(said)[1]


def said_of_number(number: str) -> str:
    """What a word on whoever has an NHS number is found by."""
    return f"{SPOKEN_OF}{number}"


def any_objects(people: national.People, ids: Iterable[UUID]) -> bool:
    """The same as `objects` by ids, and with what is said of the NHS numbers that they have for certain.

    The latter be it of several people: who objects by the number alone is one of them. A number that nobody has any
    more, or yet, is read as the one that replaced it, or that it replaced.
    """
    known = [record for each in ids if (record := people.records.get(each)) is not None]
    own = {
        each.facts.nhs_number
        for each in known
        if each.facts.nhs_number is not None and counts_as_verified(each.facts)
    }
    numbers = {said_of_number(each) for number in own for each in read_as(people, number)}
    spoken = [each for each in known if each.may_be_linked is not None]
    spoken += (
        record
        for each in people.candidates(numbers)
        if (record := people.records.get(each)) is not None
    )
    return objects(spoken)


def read_as(people: national.People, number: str) -> Iterator[str]:
    """A number, and those that are one with it by what superseded what and that nobody has."""
    for each in national.family(people, number):
        if each == number or not national.bearers(people, (each,)):
            yield each
