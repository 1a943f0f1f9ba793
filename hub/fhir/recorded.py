"""When something was written down: Provenance, else the resource's last change, else the Bundle."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hub.fhir.bundle import Entries, Entry
from hub.fhir.reading import Element, element_at, elements_at
from hub.fhir.reference import Reference, reference_at, references_at
from hub.fhir.times import moment_at

AHEAD: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead of receipt before its time is not believed."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a Provenance tells: when, and who."""

    recorded_at: datetime | None = None
    who: Reference | None = None


def recorded_at_from(entry: Entry, entries: Entries) -> datetime | None:
    """When the statement in `entry` was written down, UTC; None when nothing tells."""
    said = [
        moment
        for provenance in (*_contained(entry.resource, entry.path), *_targeting(entry, entries))
        if (moment := _said_in(*provenance).recorded_at) is not None
    ]
    return max(said, default=last_updated(entry.resource, entry.path) or entries.timestamp)


def believed(said: datetime, received_at: datetime) -> datetime:
    """When it was written down, as the sender says; when it was received, where that is more than `AHEAD` of it."""
    return received_at if said > received_at + AHEAD else said


def contained_provenance(resource: Element, path: str) -> Said:
    """The latest Provenance that the resource itself contains, as the patient flags do."""
    latest = Said()
    for place, provenance in _contained(resource, path):
        said = _said_in(place, provenance)
        if latest.recorded_at is None or (
            said.recorded_at is not None and said.recorded_at >= latest.recorded_at
        ):
            latest = said
    return latest


def last_updated(resource: Element, path: str) -> datetime | None:
    """`meta.lastUpdated`, UTC."""
    meta = element_at(resource, "meta", path)
    moment = None if meta is None else moment_at(meta, "lastUpdated", f"{path}.meta")
    return None if moment is None else moment.at


def _contained(resource: Element, path: str) -> Iterator[tuple[str, Element]]:
    for place, item in elements_at(resource, "contained", path):
        if item.get("resourceType") == "Provenance":
            yield place, item


def _targeting(entry: Entry, entries: Entries) -> Iterator[tuple[str, Element]]:
    for provenance in entries.of_type("Provenance"):
        for target in references_at(provenance.resource, "target", provenance.path):
            if entries.resolved(target, provenance) is entry:
                yield provenance.path, provenance.resource


def _said_in(path: str, provenance: Element) -> Said:
    moment = moment_at(provenance, "recorded", path)
    who = [
        reference
        for place, agent in elements_at(provenance, "agent", path)
        if (reference := reference_at(agent, "who", place)) is not None
    ]
    return Said(None if moment is None else moment.at, who[0] if who else None)
