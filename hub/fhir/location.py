"""Where a patient is: site, ward and bed, from an Encounter and the Locations that it points at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.fhir.bundle import Entries, Entry
from hub.fhir.reading import (
    Element,
    element_at,
    elements_at,
    first_code_at,
    identifier_from,
    resource_from,
    text_at,
    unmodified,
)
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
        return {WARD: "ward", BED: "bed"}.get(self.kind or "")

    @property
    def text(self) -> str | None:
        return self.name if self.identifier is None else self.identifier.value


def where_from(encounter: Element, path: str, entries: Entries | None = None) -> Where:
    """Read `Encounter.location`: the places of now, the first of each kind."""
    found: dict[str, str] = {}
    for place in _places_of(encounter, path, entries):
        if place.part is not None and place.text is not None:
            found.setdefault(place.part, place.text)
    return Where(found.get("site_ods"), found.get("ward"), found.get("bed"))


def _places_of(encounter: Element, path: str, entries: Entries | None) -> Iterator[_Place]:
    for place, item in elements_at(encounter, "location", path):
        pointer = element_at(unmodified(item, place), "location", place)
        if pointer is None or text_at(item, "status", place) in _NOT_NOW:
            continue
        where = f"{place}.location"
        identifier = element_at(pointer, "identifier", where)
        yield _Place(
            first_code_at(item, "physicalType", place),
            None if identifier is None else identifier_from(identifier, f"{where}.identifier"),
            text_at(pointer, "display", where),
        )
        reference = None if entries is None else reference_from(pointer, where)
        if reference is not None and entries is not None:
            within = Entry(path, _full_url(entries, path), encounter)
            yield from _pointed_at(reference, within, entries)


def _pointed_at(reference: Reference, within: Entry, entries: Entries) -> Iterator[_Place]:
    """The Location that is pointed at, and what it is part of."""
    following: Reference | None = reference
    for _ in range(DEEPEST):
        entry = None if following is None else entries.resolved(following, within)
        if entry is None:
            return
        location = resource_from(entry.resource, "Location", entry.path)
        identifiers = [
            identifier_from(item, place)
            for place, item in elements_at(location, "identifier", entry.path)
        ]
        name = text_at(location, "name", entry.path)
        kind = first_code_at(location, "physicalType", entry.path)
        for identifier in identifiers or (None,):
            yield _Place(kind, identifier, name)
        following, within = reference_at(location, "partOf", entry.path), entry


def _full_url(entries: Entries, path: str) -> str | None:
    return next((entry.full_url for entry in entries if entry.path == path), None)
