"""The groups of a Bundle: each Patient with the Encounter and the RelatedPersons that point at them."""

from dataclasses import replace
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.reference import reference_at

POINTS: Final = {"Encounter": "subject", "RelatedPerson": "patient"}
"""Resource type -> the element that names the Patient."""


def groups_of(entries: Entries) -> list[Entries]:
    """One for each Patient, in the order sent; what points at none of them is of the first.

    Raises:
        InvalidResource: There is no Patient.
    """
    first = the_patient(entries)
    patients = entries.of_type("Patient")
    if len(patients) == 1:
        return [entries]
    owners = [owner_of(entries, entry, first) for entry in entries.all]
    return [
        replace(
            entries,
            all=tuple(
                entry
                for entry, owner in zip(entries.all, owners, strict=True)
                if owner is None or owner is patient
            ),
        )
        for patient in patients
    ]


def owner_of(entries: Entries, entry: Entry, first: Entry) -> Entry | None:
    """The Patient of an entry; None for what is of all of them, as the header and the places."""
    if entry.type == "Patient":
        return entry
    element = POINTS.get(entry.type)
    if element is None:
        return None
    reference = reference_at(entry.resource, element, entry.path)
    target = None if reference is None else entries.resolved(reference, entry)
    return target if target is not None and target.type == "Patient" else first


def the_patient(entries: Entries) -> Entry:
    """The Patient of the message.

    Raises:
        InvalidResource: There is none.
    """
    found = entries.of_type("Patient")
    if not found:
        raise InvalidResource(
            "The Bundle holds no Patient.", expression="Bundle.entry", code="required"
        )
    return found[0]
