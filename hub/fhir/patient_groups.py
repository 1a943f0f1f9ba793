"""The groups of a Bundle: each Patient with the Encounter and the RelatedPersons that point at them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.codings import identifier_from
from hub.fhir.nhs_number import Unusable, nhs_number_from
from hub.fhir.reading import elements_at
from hub.fhir.reference import Reference, reference_at
from hub.fhir.systems import NHS_NUMBER
from hub.records import Identifier

POINTS: Final = {"Encounter": "subject", "RelatedPerson": "patient"}
"""Resource type -> the element that names the Patient."""

Number = tuple[str, str]
"""System and value of an identifier."""


def groups_of(entries: Entries) -> list[Entries]:
    """One for each Patient, in the order sent.

    Raises:
        InvalidResource: There is no Patient, or an Encounter or a contact is somebody else's.
    """
    owners = Owners(entries)
    patients = entries.of_type("Patient")
    if len(patients) == 1:
        for each in (*entries.of_type("Encounter"), *entries.of_type("RelatedPerson")):
            owners.of(each)
        return [entries]
    owned = [(entry, owners.of(entry)) for entry in entries.all]
    return [
        replace(
            entries,
            all=tuple(entry for entry, owner in owned if owner is None or owner is patient),
        )
        for patient in patients
    ]


class Owners:
    """Whose the entries of a Bundle are.

    Args:
        entries: The Bundle.

    Raises:
        InvalidResource: It holds no Patient.
    """

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._first = the_patient(entries)

    def of(self, entry: Entry) -> Entry | None:
        """The Patient of an entry; None for what is of all of them, as the header and the places.

        Raises:
            InvalidResource: It is a stay or a contact of somebody who is no Patient here.
        """
        if entry.type == "Patient":
            return entry
        return self.of_one(entry) if entry.type in POINTS else None

    def of_one(self, entry: Entry) -> Entry:
        """The Patient of a stay or contact: by reference, or by an identifier; the first Patient if it says nothing.

        Raises:
            InvalidResource: It names somebody else: neither is ever given to whoever happens to stand beside it.
        """
        named = reference_at(entry.resource, POINTS[entry.type], entry.path)
        if named is None:
            return self._first
        return self._pointed_at(named, entry) or self._called(named, entry)

    def _pointed_at(self, reference: Reference | None, within: Entry) -> Entry | None:
        """The Patient of the Bundle that a reference resolves to."""
        target = None if reference is None else self._entries.resolved(reference, within)
        return target if target is not None and target.path in self._patients else None

    def _called(self, named: Reference, entry: Entry) -> Entry:
        """The Patient who has a number of whoever is named; the first for a contained one who contradicts nobody."""
        target = self._entries.resolved(named, entry)
        person = target if target is not None and target.type == "Patient" else None
        numbers = [] if person is None else [*numbers_of(person)]
        if named.identifier is not None:
            numbers.append(_number_from(named.identifier))
        found = next((self._by_number[each] for each in numbers if each in self._by_number), None)
        if found is not None:
            return found
        known = {
            system for each in self._entries.of_type("Patient") for system, _ in numbers_of(each)
        }
        if person is not None and known.isdisjoint(system for system, _ in numbers):
            return self._first
        raise InvalidResource(
            "This names nobody here: send the Patient in the same Bundle.",
            expression=named.path,
            code="not-found",
        )

    @cached_property
    def _patients(self) -> frozenset[str]:
        return frozenset(each.path for each in self._entries.of_type("Patient"))

    @cached_property
    def _by_number(self) -> dict[Number, Entry]:
        """By the numbers that tell one Patient from all others: no placeholder, none that two of them share."""
        found: dict[Number, list[Entry]] = {}
        for patient in self._entries.of_type("Patient"):
            for number in dict.fromkeys(numbers_of(patient)):
                found.setdefault(number, []).append(patient)
        return {
            number: patients[0]
            for number, patients in found.items()
            if len(patients) == 1 and tells_apart(number)
        }


def tells_apart(number: Number) -> bool:
    """Whether a number can be one person's: it has a system, and as an NHS number it is one."""
    system, value = number
    if system != NHS_NUMBER:
        return bool(system)
    return not isinstance(nhs_number_from(value, "accept"), Unusable)


def numbers_of(person: Entry) -> Iterator[Number]:
    """The identifiers of a person, NHS numbers however they are written."""
    for place, item in elements_at(person.resource, "identifier", person.path):
        identifier = identifier_from(item, place)
        if identifier is not None:
            yield _number_from(identifier)


def _number_from(identifier: Identifier) -> Number:
    if identifier.system != NHS_NUMBER:
        return identifier.system, identifier.value
    number = nhs_number_from(identifier.value, "accept")
    return NHS_NUMBER, identifier.value if isinstance(number, Unusable) else number


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
