"""Where a patient is: site, ward and bed, from an Encounter and the Locations that it points at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.fhir.bundle import Entries, Entry
from hub.fhir.codings import first_code_at, identifier_from
from hub.fhir.once import PLACES, UNREAD, once, without
from hub.fhir.reading import Element, element_at, elements_at, resource_from, text_at, unmodified
from hub.fhir.reference import Reference, reference_at, reference_from
from hub.fhir.systems import ODS_ORGANISATION, ODS_SITE
from hub.records import Identifier

WARD: Final = "wa"
BED: Final = "bd"
SITE: Final = "si"
"""Codes of the physical type of a location."""

DEEPEST: Final = 5
"""How many steps a bed, its ward, its building and its site may take."""

_NOT_NOW: Final = frozenset({"planned", "reserved", "completed"})


@dataclass(frozen=True, slots=True)
class Where:
    """The place of a patient, each part if it was said."""

    site_ods: str | None = None
    ward: str | None = None
    bed: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    kind: str | None
    identifier: Identifier | None
    name: str | None

    @property
    def part(self) -> str | None:
        """Which part of `Where` this fills."""
        system = None if self.identifier is None else self.identifier.system
        if system == ODS_SITE or (self.kind in (None, SITE) and system == ODS_ORGANISATION):
            return "site_ods"
        return PARTS.get(self.kind or "")

    @property
    def text(self) -> str | None:
        return self.name if self.identifier is None else self.identifier.value


PARTS: Final = {WARD: "ward", BED: "bed"}


def where_from(encounter: Element, path: str, entries: Entries | None = None) -> Where:
    """Read `Encounter.location`: the places of now, the first of each kind."""
    found: dict[str, str] = {}
    for place in _places_of(encounter, path, entries):
        if place.part is not None and place.text is not None:
            found.setdefault(place.part, place.text)
    return Where(found.get("site_ods"), found.get("ward"), found.get("bed"))


def _places_of(encounter: Element, path: str, entries: Entries | None) -> Iterator[_Place]:
    within = None if entries is None else _entry_at(path, encounter, entries)
    steps_taken: dict[str, int] = {}
    for place, item in elements_at(encounter, "location", path):
        pointer = element_at(unmodified(item, place), "location", place)
        if pointer is None:
            continue
        here = _here({**item, "location": without(pointer, "reference")}, place)
        if here is None:
            continue
        yield here
        if entries is not None and within is not None:
            address = {"reference": pointer.get("reference")}
            reference = reference_from(address, f"{place}.location")
            yield from _pointed_at(reference, within, entries, steps_taken)


@once(PLACES)
def _here(item: Element, path: str) -> _Place | None:
    """What the Encounter itself says of one place; None when the patient is not there now."""
    if text_at(item, "status", path) in _NOT_NOW:
        return None
    where, pointer = f"{path}.location", item["location"]
    identifier = element_at(pointer, "identifier", where)
    return _Place(
        first_code_at(item, "physicalType", path),
        None if identifier is None else identifier_from(identifier, f"{where}.identifier"),
        text_at(pointer, "display", where),
    )


def _pointed_at(
    reference: Reference | None, within: Entry, entries: Entries, steps_taken: dict[str, int]
) -> Iterator[_Place]:
    """The Location that is pointed at, and what it is part of, each once: wards of a site share it."""
    for step in range(DEEPEST):
        entry = None if reference is None else entries.resolved(reference, within)
        if entry is None or steps_taken.get(entry.path, DEEPEST) <= step:
            return
        steps_taken[entry.path] = step
        location = resource_from(entry.resource, "Location", entry.path)
        yield from _there(without(location, "partOf", *UNREAD), entry.path)
        reference, within = reference_at(location, "partOf", entry.path), entry


@once(PLACES)
def _there(location: Element, path: str) -> tuple[_Place, ...]:
    """What a Location says of itself, once for each of its identifiers."""
    identifiers = [
        identifier_from(item, place) for place, item in elements_at(location, "identifier", path)
    ]
    name = text_at(location, "name", path)
    kind = first_code_at(location, "physicalType", path)
    return tuple([_Place(kind, identifier, name) for identifier in identifiers or (None,)])


def _entry_at(path: str, encounter: Element, entries: Entries) -> Entry:
    """The entry that the Encounter is; what is relative in it is read against that entry's address."""
    for entry in entries.all:
        if entry.path == path:
            return Entry(path, entry.full_url, encounter)
    return Entry(path, None, encounter)
