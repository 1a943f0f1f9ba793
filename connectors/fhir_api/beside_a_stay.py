"""What a body that speaks of a stay says of carers besides: it becomes an event of its own, so that no flag is lost."""

from collections.abc import Iterator
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.codings import identifier_from
from hub.fhir.reading import elements_at
from hub.fhir.reference import reference_at
from hub.fhir.statement import STATEMENTS, statements_in

OF_THE_STAY: Final = frozenset({"Encounter", "Location", "MessageHeader", "Consent"})
Number = tuple[str, str]


def without_statements(entries: Entries) -> tuple[Entry, ...]:
    """What is said of the stay."""
    return tuple(each for each in entries if each.type not in STATEMENTS)


def flags_beside(entries: Entries) -> tuple[Entry, ...]:
    """The statements, and who is spoken of; empty without statements.

    A RelatedPerson beside a flag is taken as the carer whom it means. Beside a stay stand all contacts of the patient,
    so only those come along who have a number of somebody flagged.
    """
    statements = statements_in(entries)
    if not statements:
        return ()
    flagged = {number for each in statements for number in numbers_of_subject(entries, each)}
    return tuple(
        each
        for each in entries
        if each.type not in OF_THE_STAY
        and (each.type != "RelatedPerson" or not flagged.isdisjoint(numbers_of(each)))
    )


def numbers_of_subject(entries: Entries, statement: Entry) -> Iterator[Number]:
    """The numbers of whoever a statement is about."""
    subject = reference_at(statement.resource, "subject", statement.path)
    if subject is None:
        return
    if subject.identifier is not None:
        yield subject.identifier.system, subject.identifier.value
    target = entries.resolved(subject, statement)
    if target is not None:
        yield from numbers_of(target)


def numbers_of(person: Entry) -> Iterator[Number]:
    """The numbers of a person; what cannot be read is none."""
    try:
        for place, item in elements_at(person.resource, "identifier", person.path):
            identifier = identifier_from(item, place)
            if identifier is not None:
                yield identifier.system, identifier.value
    except InvalidResource:
        return
