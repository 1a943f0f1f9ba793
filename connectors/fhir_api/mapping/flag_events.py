"""Carer flags, alone or beside a stay."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from connectors.fhir_api.beside_a_stay import flags_beside
from connectors.fhir_api.mapping.named_records import named_record, patient_records
from connectors.fhir_api.mapping.reading import Reading
from connectors.fhir_api.mapping.taken import Keyed
from hub.errors import InvalidResource
from hub.fhir.related_person import related_person_news_from
from hub.fhir.statement import statement_from, statements_in
from hub.identity import derived
from hub.records import CarerFlagEvent


def flags_beside_a_stay(reading: Reading) -> tuple[Keyed, ...]:
    """The carer flags of a body that speaks of a stay; none where they name nobody: the stay is told all the same."""
    flags = flags_beside(reading.entries)
    if not flags:
        return ()
    event_id = derived("event", reading.frame["event_id"], "carer-flag")
    alone = replace(reading.only(flags), frame={**reading.frame, "event_id": event_id})
    try:
        return tuple(flag_event(alone, region) for region in reading.sender.regions)
    except InvalidResource:
        return ()


def flag_event(reading: Reading, region: int) -> Keyed:
    """A carer flag, keyed by the record of the source that it speaks of.

    Every resource is read here already, so that what can never be right is refused at the door.
    """
    sender, entries = reading.sender, reading.entries
    people = patient_records(reading)
    for each in entries.of_type("RelatedPerson"):
        contact = related_person_news_from(each.resource, each.path, sender.test_numbers)
        named_record(reading, each, contact.patient, people)
    named = [*flagged_records(reading, people), *reversed(people.values())]
    key = named[0] if named else reading.frame["event_id"]
    event = CarerFlagEvent(
        **reading.framed(region),
        source_record=key,
        resource=reading.body,
        **reading.as_sent,
    )
    return Keyed(key, event)


def flagged_records(reading: Reading, people: Mapping[str, UUID]) -> list[UUID]:
    """The records of those who are flagged. A flag that names nobody is passed by when another names somebody.

    Raises:
        InvalidResource: None of them names anybody.
    """
    found: list[UUID] = []
    refused: list[InvalidResource] = []
    for each in statements_in(reading.entries):
        subject = statement_from(each).subject
        try:
            found.append(named_record(reading, each, subject, people))
        except InvalidResource as refusal:
            refused.append(refusal)
    if refused and not found:
        raise refused[0]
    return found
