"""Entries of a Bundle with their places, and references between them.

Nothing is fetched from outside: what a reference points at is in the Bundle, or it is not read.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.codings import identifier_from
from hub.fhir.reading import (
    Element,
    element_at,
    element_from,
    elements_at,
    required,
    resource_from,
    text_at,
)
from hub.fhir.reference import Reference
from hub.fhir.times import moment_at
from hub.records import Identifier

MOST_ENTRIES: Final = 1_000
"""Of one Bundle. More is refused."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of a Bundle.

    Attributes:
        path: Its place, such as `Bundle.entry[2].resource`.
        full_url: The address that the Bundle gives it; None for a contained resource.
        resource: The resource itself, an object whose type is known to be text.
    """

    path: str
    full_url: str | None
    resource: Element

    @property
    def type(self) -> str:
        """The resource type."""
        return str(self.resource["resourceType"])


@dataclass(frozen=True, slots=True)
class Entries:
    """A Bundle as read: its own facts, and its entries in the order in which they were sent.

    Attributes:
        type: message, collection, transaction, batch, ….
        identifier: The sender's id of the Bundle.
        timestamp: When it was put together, UTC.
        all: Entries that carry a resource; requests without one (a delete) are not among them.
    """

    type: str
    identifier: Identifier | None
    timestamp: datetime | None
    all: tuple[Entry, ...]
    by_address: Mapping[str, Entry]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def of_type(self, resource_type: str) -> tuple[Entry, ...]:
        """All entries of one resource type."""
        return tuple(
            [entry for entry in self.all if entry.resource["resourceType"] == resource_type]
        )

    def resolved(self, reference: Reference, within: Entry) -> Entry | None:
        """The entry or contained resource that `reference`, standing in `within`, points at.

        None when it points outside the Bundle or only by identifier: it is not followed.
        """
        if reference.reference is None:
            return None
        address, _, _ = reference.reference.partition("/_history/")
        if address.startswith("#"):
            return within if address == "#" else contained(within, address[1:])
        return self.by_address.get(address) or self.by_address.get(_beside(within, address))


def bundle_entries(body: object, path: str = "Bundle") -> Entries:
    """Read a Bundle.

    Raises:
        InvalidResource: It is none, an entry is no resource, or two entries have one address.
    """
    bundle = resource_from(body, "Bundle", path)
    identifier = element_at(bundle, "identifier", path)
    timestamp = moment_at(bundle, "timestamp", path)
    entries = tuple(_entries(bundle, path))
    return Entries(
        type=required(text_at(bundle, "type", path), "type", path),
        identifier=None
        if identifier is None
        else identifier_from(identifier, f"{path}.identifier"),
        timestamp=None if timestamp is None else timestamp.at,
        all=entries,
        by_address=_by_address(entries),
    )


def single_entry(resource: object, path: str = "") -> Entries:
    """A resource that was sent alone, as if it were the one entry of a collection."""
    whole = element_from(resource, path or "Resource")
    kind = required(text_at(whole, "resourceType", path or "Resource"), "resourceType", path)
    entry = Entry(path or kind, None, whole)
    return Entries("collection", None, None, (entry,), _by_address((entry,)))


def contained(within: Entry, name: str) -> Entry | None:
    """The contained resource of that id."""
    for place, resource in elements_at(within.resource, "contained", within.path):
        if resource.get("id") == name:
            return _entry_from(resource, place, None)
    return None


def _entries(bundle: Element, path: str) -> Iterator[Entry]:
    items = bundle.get("entry")
    if items is None:
        return
    if not isinstance(items, list) or len(items) > MOST_ENTRIES:
        raise InvalidResource(
            f"Expected a JSON array of at most {MOST_ENTRIES}.",
            expression=f"{path}.entry",
            code="too-many",
        )
    for position, item in enumerate(items):
        place = f"{path}.entry[{position}]"
        entry = element_from(item, place)
        resource = element_at(entry, "resource", place)
        if resource is not None:
            yield _entry_from(resource, f"{place}.resource", text_at(entry, "fullUrl", place))


def _entry_from(resource: Element, path: str, full_url: str | None) -> Entry:
    required(text_at(resource, "resourceType", path), "resourceType", path)
    return Entry(path, full_url, resource)


def _by_address(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """Entries by full URL and by `Type/id`; a `Type/id` that two entries share names neither."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.full_url is not None and found.setdefault(entry.full_url, entry) is not entry:
            raise InvalidResource(
                "Two entries have the same fullUrl.", expression=entry.path, code="duplicate"
            )
    named = [(name, entry) for entry in entries if (name := _name_of(entry)) is not None]
    times = Counter(name for name, _ in named) if named else {}
    for name, entry in named:
        if times[name] == 1:
            found.setdefault(name, entry)
    return found


def _name_of(entry: Entry) -> str | None:
    name = text_at(entry.resource, "id", entry.path)
    return None if name is None else f"{entry.type}/{name}"


def _beside(within: Entry, address: str) -> str:
    """A relative reference read against the web address of the entry that it stands in."""
    parts = (within.full_url or "").rsplit("/", 2)
    return f"{parts[0]}/{address}" if len(parts) == 3 else address
