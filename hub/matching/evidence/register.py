"""The compared records of a region, in layers like the rest of its memory: a big index below, few changes above.

Who is found by a key depends on all layers together, so a batch that is rolled back has changed nobody's candidates.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from hub.matching.index.keys import most_under
from hub.matching.index.people import Index
from hub.matching.normal.person import Person
from hub.matching.normal.record import Compared, compared
from hub.matching.normal.tables import NameTables

NOTHING: Final = compared(Person(), NameTables())
"""A record that says nothing."""


class Register:
    """Compared records by id. Changes stay in the upper layer until they are joined."""

    __slots__ = ("_index", "_keys", "_under", "own")

    def __init__(self, tables: NameTables, under: "Register | None" = None) -> None:
        self._under = under
        self._index: Index[UUID] = under._index if under is not None else Index(tables)
        self.own: dict[UUID, Compared | None] = {}
        self._keys: dict[int, set[UUID]] = {}

    def __len__(self) -> int:
        """How many records lie in the index at the bottom."""
        return len(self._index)

    def get(self, record_id: UUID) -> Compared | None:
        """A record as it is compared; None when there is none."""
        layer: Register | None = self
        while layer is not None:
            if record_id in layer.own:
                return layer.own[record_id]
            layer = layer._under
        return self._index.get(record_id)

    def put(self, record_id: UUID, record: Compared | None) -> None:
        """Set a record in the upper layer; None takes it away."""
        before = self.own.get(record_id)
        if before is not None:
            for key in self._index.keys_of(before):
                self._keys[key].discard(record_id)
        self.own[record_id] = record
        if record is not None:
            for key in self._index.keys_of(record):
                self._keys.setdefault(key, set()).add(record_id)

    def load(self, records: Iterable[tuple[UUID, Compared]]) -> None:
        """Fill an empty bottom layer with many at once."""
        self._index = Index.of(self._index.tables, records)

    def items(self) -> Iterator[tuple[UUID, Compared]]:
        """Everybody in the index at the bottom."""
        return iter(self._index)

    def near(self, record: Compared) -> set[UUID]:
        """Who shares a key with a record that few enough share."""
        found: set[UUID] = set()
        for most, here in self._under_keys(self._index.keys_of(record)):
            if len(here) <= most:
                found.update(here)
        return found

    def is_busy(self, way: int | str) -> bool:
        """Whether so many have a mobile number or an e-mail address that nobody is found by it."""
        alone = (
            NOTHING._replace(email=way) if isinstance(way, str) else NOTHING._replace(mobile=way)
        )
        found = list(self._under_keys(self._index.keys_of(alone)))
        return any(len(here) > most for most, here in found) or not found

    def near_and_at_edge(
        self, record: Compared, changed: frozenset[UUID]
    ) -> tuple[set[UUID], set[UUID]]:
        """The same; and who shares a key that without the changed records counts, and with them does not."""
        found, edge = set[UUID](), set[UUID]()
        for most, here in self._under_keys(self._index.keys_of(record)):
            if len(here) <= most:
                found.update(here)
            elif len(here) - len(changed.intersection(here)) <= most:
                edge.update(here)
        return found, edge

    def at_home_of(self, record: Compared, changed: frozenset[UUID] = frozenset()) -> set[UUID]:
        """Who lives where somebody lives, with a like name or where few live, be it without the changed records."""
        found: set[UUID] = set()
        for most, here in self._under_keys(self._index.home_keys_of(record)):
            if len(here) <= most or len(here) - len(changed.intersection(here)) <= most:
                found.update(here)
        return found

    def _under_keys(self, keys: Iterable[int]) -> Iterator[tuple[int, list[UUID]]]:
        """For each key how many may share it, and who does, but for keys that far too many share."""
        layers: list[Register] = []
        layer: Register | None = self
        while layer is not None:
            if layer.own:
                layers.append(layer)
            layer = layer._under
        changed = sum(len(each.own) for each in layers) + 1
        for key in keys:
            most = most_under(key)
            below = self._index.ids_under(key, most + changed)
            if below is None:
                continue  # whatever the layers above take away, too many are left
            here = below
            for each in reversed(layers):
                own = each.own
                here = [one for one in here if one not in own]
                here += each._keys.get(key, ())
            yield most, here

    def join(self) -> None:
        """Move the own changes into what lies under; the bottom layer moves them into its index."""
        under = self._under
        for record_id, record in self.own.items():
            if under is not None:
                under.put(record_id, record)
            elif record is not None:
                self._index.add(record_id, record)
            elif self._index.get(record_id) is not None:
                self._index.remove(record_id)
        self.own, self._keys = {}, {}
