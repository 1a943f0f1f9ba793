"""Whom a body speaks of: the sender's records of people."""

from collections.abc import Mapping
from uuid import UUID

from connectors.fhir_api.agreements import facts_of
from connectors.fhir_api.mapping.reading import Reading
from hub.errors import InvalidResource
from hub.fhir.bundle import Entry
from hub.fhir.record import person_record_id, referred_record_id
from hub.fhir.reference import Reference


def patient_records(reading: Reading) -> dict[str, UUID]:
    """The sender's record of each Patient, by its place."""
    sender = reading.sender
    return {
        each.path: person_record_id(sender.name, facts_of(each, sender), each.path)
        for each in reading.entries.of_type("Patient")
    }


def named_record(
    reading: Reading, within: Entry, reference: Reference, people: Mapping[str, UUID]
) -> UUID:
    """The sender's record that a reference means: a Patient of the same Bundle, or a person by identifier.

    Raises:
        InvalidResource: It is neither. No address is ever followed out of the Bundle.
    """
    target = reading.entries.resolved(reference, within)
    found = people.get(target.path) if target is not None else None
    found = found or referred_record_id(reading.sender.name, reference)
    if found is None:
        raise InvalidResource(
            "The reference names nobody: send the Patient in the same Bundle, or an identifier.",
            expression=reference.path,
            code="not-found",
        )
    return found
