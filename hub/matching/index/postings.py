"""Which rows stand under a key: sorted arrays for most, a dictionary for what came since.

The arrays take 8 to 16 bytes a key where a dictionary takes 90, and bisection in them is quick enough. What came since
is merged into them when it has grown to a share of them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

MERGED_FROM: Final = 1 << 16
"""Keys that may lie beside the arrays, whatever their size."""
MERGED_SHARE: Final = 16
"""And one in so many of them."""

Keys: TypeAlias = NDArray[np.uint64]
Rows: TypeAlias = NDArray[np.uint32]
NO_ROWS: Final[Rows] = np.zeros(0, dtype=np.uint32)


class Postings:
    """Rows by key. A row is put under a key once."""

    def __init__(self) -> None:
        self._keys: Keys = np.zeros(0, dtype=np.uint64)
        """Each key once, rising."""
        self._starts: Rows = np.zeros(1, dtype=np.uint32)
        """Where the rows of each key begin, and behind the last."""
        self._rows: Rows = NO_ROWS
        self._since: dict[int, list[int]] = {}
        self._since_count = 0
        self._gone: set[int] = set()

    def fill(self, keys: Keys, rows: Rows) -> None:
        """Put many rows under many keys into an empty one: one key and one row for each place; the keys rise."""
        first = np.ones(len(keys), dtype=np.bool_)
        np.not_equal(keys[1:], keys[:-1], out=first[1:])
        self._keys = keys[first]
        self._starts = np.append(np.flatnonzero(first), len(keys)).astype(np.uint32)
        self._rows = rows
        self._since, self._since_count, self._gone = {}, 0, set()

    def put(self, row: int, keys: Iterable[int]) -> None:
        """Put a row under keys. A row that was taken away may be put only after a merge (`free`)."""
        since = self._since
        for key in keys:
            since.setdefault(key, []).append(row)
            self._since_count += 1

    def take(self, row: int, keys: Iterable[int]) -> None:
        """Take a row away from the keys under which it was put."""
        since = self._since
        for key in keys:
            rows = since.get(key)
            if rows is not None and row in rows:
                rows.remove(row)
                self._since_count -= 1
                if not rows:
                    del since[key]
        self._gone.add(row)

    def under(self, keys: Sequence[int], most: Callable[[int], int]) -> Rows:
        """The rows under any of the keys, some of them several times.

        A key that more rows share than `most` says of it tells nobody apart.
        """
        if not keys:
            return NO_ROWS
        found = self._merged_under(keys, most)
        if self._since or self._gone:
            return self._with_since(found, keys, most)
        parts = [part for key, part in zip(keys, found, strict=True) if 0 < len(part) <= most(key)]
        return np.concatenate(parts) if parts else NO_ROWS

    def _merged_under(self, keys: Sequence[int], most: Callable[[int], int]) -> list[Rows]:
        """The rows in the arrays, key by key."""
        if not len(self._keys):
            return [NO_ROWS] * len(keys)
        asked = np.array(keys, dtype=np.uint64)
        places = self._keys.searchsorted(asked)
        there = self._keys.take(places, mode="clip") == asked
        starts = self._starts[places].tolist()
        ends = self._starts.take(places + 1, mode="clip").tolist()
        rows = self._rows
        return [
            rows[start:end] if found else NO_ROWS
            for start, end, found in zip(starts, ends, there.tolist(), strict=True)
        ]

    def _with_since(
        self, found: Sequence[Rows], keys: Sequence[int], most: Callable[[int], int]
    ) -> Rows:
        """The same with what came since, and without what is gone."""
        gone, since = self._gone, self._since
        rows: list[int] = []
        for key, part in zip(keys, found, strict=True):
            limit = most(key)
            if len(part) > limit + len(gone):
                continue
            here = [row for row in part.tolist() if row not in gone] if len(part) else []
            here += since.get(key, ())
            if len(here) <= limit:
                rows += here
        return np.array(rows, dtype=np.uint32)

    def merge_when_due(self) -> frozenset[int]:
        """Merge what came since when it is much; gives the rows that are free again."""
        many = max(MERGED_FROM, len(self._rows) // MERGED_SHARE)
        return self.merge() if self._since_count + len(self._gone) > many else frozenset()

    def merge(self) -> frozenset[int]:
        """Merge what came since into the arrays; gives the rows that are free again."""
        free = frozenset(self._gone)
        count = self._since_count
        keys = np.fromiter(
            (key for key, rows in self._since.items() for _ in rows), np.uint64, count
        )
        rows = np.fromiter((row for rows in self._since.values() for row in rows), np.uint32, count)
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows[order]
        old_keys, old_rows = np.repeat(self._keys, np.diff(self._starts)), self._rows
        if self._gone:
            kept = ~np.isin(old_rows, np.fromiter(self._gone, np.uint32, len(self._gone)))
            old_keys, old_rows = old_keys[kept], old_rows[kept]
        places = np.searchsorted(old_keys, keys)
        self.fill(np.insert(old_keys, places, keys), np.insert(old_rows, places, rows))
        return free
