"""Which of a patient's contacts are one carer, though nothing joins their records: same name, same date of birth.

Only contacts of one patient are compared, and only for that patient's pictures: the index of people knows nothing of
it, so nothing follows for anybody else, and a merge that is undone or a date that is corrected undoes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from hub.identity import unnumbered_record_id
from hub.matching.compare import known
from hub.matching.names import whole_name
from hub.matching.region import RegionView
from hub.matching.words import order
from hub.records import LinkEvidence, SourceRecord
from processors.carer_matching.told_apart import listed_as, numbered, sexes_of

Mark: TypeAlias = tuple[str, str, date | None]
"""What two contacts must share to be one carer: who may compare them, the folded name, the date of birth."""

ANYBODY: Final = ""
"""A whole date of birth may be compared whoever said it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person among a patient's contacts.

    Attributes:
        person: The person, as the index of people knows them.
        marks: What another contact must share with them to be the same carer.
        number: Their NHS number, where one is known.
        heard_of: Place in time of the first word on them, of the record that was heard of last.
        apart: People who somebody said are others.
    """

    person: UUID
    marks: frozenset[Mark]
    number: str | None
    heard_of: tuple[object, ...]
    apart: frozenset[UUID]


def same_carers(
    view: RegionView, found: Mapping[UUID, Sequence[LinkEvidence]]
) -> list[tuple[UUID, ...]]:
    """The people of each carer: whoever has an NHS number first, then whoever was heard of last."""
    if len(found) < 2:  # nearly always
        return [(person,) for person in found]
    contacts = [contact_from(view, person, evidence) for person, evidence in found.items()]
    return [
        tuple(each.person for each in one)
        for together in sharing_a_mark(contacts)
        for one in not_contradicting(together)
    ]


def contact_from(view: RegionView, person: UUID, evidence: Sequence[LinkEvidence]) -> Contact:
    """What is compared of one person."""
    members = view.members(person)
    patients = {each.carer_record: each.patient_record for each in evidence}
    numbers = [each.facts.nhs_number for each in members if each.facts.nhs_number is not None]
    return Contact(
        person=person,
        marks=frozenset(
            mark
            for each in members
            if (mark := mark_of(each, patients.get(each.record_id))) is not None
        ),
        number=min(numbers, default=None),
        heard_of=max(order(each.first_said) for each in evidence),
        apart=frozenset(
            view.person(other) for each in members for other in view.kept_apart(each.record_id)
        ),
    )


def mark_of(record: SourceRecord, patient: UUID | None = None) -> Mark | None:
    """Name and whole date of birth; without the date, the name as the same sender wrote it of an unnumbered contact.

    The latter are what one record of the patient would hold once (`people.contact_record_id`). `patient`: the record
    beside which they are listed, if they are.
    """
    facts = record.facts
    name = whole_name(facts.names)
    if not name:
        return None
    if known(facts):
        return (ANYBODY, name, facts.birth_on)
    if patient is None or numbered(facts):
        return None
    word = listed_as(record.record_id, patient, facts)
    return (record.source, f"{name} {word or sexes_of([facts])[0]}", facts.birth_on)


def sharing_a_mark(contacts: Sequence[Contact]) -> list[list[Contact]]:
    """Contacts put together by what they share, whatever their order."""
    groups: list[tuple[frozenset[Mark], list[Contact]]] = []
    for contact in contacts:
        sharing = [each for each in groups if each[0] & contact.marks]
        apart = [each for each in groups if not each[0] & contact.marks]
        marks = contact.marks.union(*(each for each, _ in sharing))
        groups = [*apart, (marks, [contact, *(one for _, many in sharing for one in many)])]
    return [members for _, members in groups]


def not_contradicting(together: Sequence[Contact]) -> Iterator[list[Contact]]:
    """One carer, unless somebody said that two of them are two, or two NHS numbers do.

    Whom an answer keeps apart from any of them stands alone. Beside two numbers, those without one belong to neither.
    """
    people = {each.person for each in together}
    for each in together:
        if each.apart & people:
            yield [each]
    together = [each for each in together if not each.apart & people]
    if together:
        yield from by_number(together)


def by_number(together: Sequence[Contact]) -> Iterator[list[Contact]]:
    """One carer for each NHS number, and one for all without where there are several."""
    numbers = {each.number for each in together if each.number is not None}
    if len(numbers) > 1:
        for number in sorted(numbers):
            yield in_order([each for each in together if each.number == number])
        unnumbered = [each for each in together if each.number is None]
        if unnumbered:
            yield in_order(unnumbered)
    else:
        yield in_order(together)


def in_order(one: Sequence[Contact]) -> list[Contact]:
    """Who speaks for a carer first. What only is said again changes nothing here, as `sameness` needs it."""
    newest_first = sorted(one, key=lambda each: (each.heard_of, each.person.int), reverse=True)
    return sorted(newest_first, key=lambda each: each.number is None)


def contact_at(view: RegionView, evidence: LinkEvidence, patient: UUID) -> UUID:
    """The record that the same contact has beside another record of the patient."""
    record = view.records.get(evidence.carer_record)
    if record is None or numbered(record.facts):
        return evidence.carer_record
    word = listed_as(record.record_id, evidence.patient_record, record.facts)
    return unnumbered_record_id(
        patient, whole_name(record.facts.names), record.facts.birth_on, word
    )
