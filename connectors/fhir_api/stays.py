"""The stays that a body speaks of: each Encounter becomes an event of its own, so that none is lost behind another."""

from collections.abc import Iterator
from dataclasses import dataclass

from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.location import DEEPEST
from hub.fhir.patient_groups import Owners
from hub.fhir.reading import elements_at
from hub.fhir.reference import reference_at


@dataclass(frozen=True, slots=True)
class Stay:
    """An Encounter and whose it is.

    Attributes:
        staying: The entries of its event, in any order.
    """

    encounter: Entry
    patient: Entry
    staying: tuple[Entry, ...]


def stays_in(entries: Entries) -> Iterator[Stay]:
    """The stays in the order sent. What is of no other patient's stay goes with the first; contacts go once.

    Raises:
        InvalidResource: There is no Patient, or an Encounter or a contact is somebody else's.
    """
    if not entries.of_type("Patient"):
        raise InvalidResource(
            "Send the Patient in the same Bundle.", expression="Bundle.entry", code="required"
        )
    owners = Owners(entries)
    stays = [(each, owners.of_one(each)) for each in entries.of_type("Encounter")]
    for each in entries.of_type("RelatedPerson"):
        owners.of_one(each)
    first, patient = stays[0]
    if len(stays) == 1:
        yield Stay(first, patient, entries.all)
        return
    owned = [(each, owners.of(each)) for each in entries if each.type != "Encounter"]
    apart = {whose.path for _, whose in stays} - {patient.path}
    beside = [each for each, owner in owned if owner is None or owner.path not in apart]
    yield Stay(first, patient, (first, *beside))
    of_them: dict[str, list[Entry]] = {}
    for each, owner in owned:
        if owner is not None and owner.path in apart:
            of_them.setdefault(owner.path, []).append(each)
    headers = entries.of_type("MessageHeader")
    for encounter, whose in stays[1:]:
        people = of_them.pop(whose.path, [whose])
        places = places_of(encounter, entries)
        yield Stay(encounter, whose, (*headers, *people, encounter, *places))


def places_of(encounter: Entry, entries: Entries) -> tuple[Entry, ...]:
    """The Locations that an Encounter points at, and what they are part of, each once."""
    found: dict[str, Entry] = {}
    own = {each.path for each in entries.all}
    for place, item in elements_at(encounter.resource, "location", encounter.path):
        reference, within = reference_at(item, "location", place), encounter
        for _ in range(DEEPEST):
            target = None if reference is None else entries.resolved(reference, within)
            if target is None or target.type != "Location":
                break
            if target.path in own:  # a contained one comes inside its Encounter
                found[target.path] = target
            reference, within = reference_at(target.resource, "partOf", target.path), target
    return tuple(found.values())
