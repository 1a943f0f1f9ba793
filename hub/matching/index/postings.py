"""Which rows stand under a key: one sorted array for most, a dictionary for what came since.

A sorted array takes 12 bytes a key where a dictionary takes 90, and bisection in it is quick enough. What came since is
merged into it when it has grown to a share of it.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

MERGED_FROM: Final = 1 << 16
"""Keys that may lie beside the array, whatever its size."""
MERGED_SHARE: Final = 16
"""And one in so many of it."""
KEY: Final = "Q"
ROW: Final = "I"


class Postings:
    """Rows by key. A row is put under a key once."""

    def __init__(self) -> None:
        self._keys = np.zeros(0, dtype=np.uint64)
        self._rows = array(ROW)
        self._since: dict[int, list[int]] = {}
        self._since_count = 0
        self._gone: set[int] = set()

    def fill(self, keys: "array[int]", rows: "array[int]") -> None:
        """Put many rows under many keys into an empty one: one key and one row for each place of the two arrays."""
        self._merge(np.frombuffer(keys, dtype=np.uint64), np.frombuffer(rows, dtype=np.uint32))

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

    def under(self, keys: Sequence[int], most: Callable[[int], int]) -> set[int]:
        """The rows under any of the keys; a key that more rows share than `most` says of it tells nobody apart."""
        found: set[int] = set()
        rows, since, gone = self._rows, self._since, self._gone
        asked = np.array(keys, dtype=np.uint64)
        starts = self._keys.searchsorted(asked, "left").tolist()
        ends = self._keys.searchsorted(asked, "right").tolist()
        for key, start, end in zip(keys, starts, ends, strict=True):
            if end - start > 1 or gone or since:
                limit = most(key)
                if end - start > limit + len(gone):
                    continue
                here = [row for row in rows[start:end] if row not in gone]
                here += since.get(key, ())
                if len(here) <= limit:
                    found.update(here)
            elif end > start:
                found.add(rows[start])
        return found

    def merge_when_due(self) -> frozenset[int]:
        """Merge what came since when it is much; gives the rows that are free again."""
        many = max(MERGED_FROM, len(self._keys) // MERGED_SHARE)
        return self.merge() if self._since_count + len(self._gone) > many else frozenset()

    def merge(self) -> frozenset[int]:
        """Merge what came since into the array; gives the rows that are free again."""
        free = frozenset(self._gone)
        count = self._since_count
        keys = np.fromiter(
            (key for key, rows in self._since.items() for _ in rows), np.uint64, count
        )
        rows = np.fromiter((row for rows in self._since.values() for row in rows), np.uint32, count)
        self._merge(keys, rows)
        return free

    def _merge(self, keys: NDArray[np.uint64], rows: NDArray[np.uint32]) -> None:
        old_keys, old_rows = self._keys, np.frombuffer(self._rows, dtype=np.uint32)
        if self._gone:
            kept = ~np.isin(old_rows, np.fromiter(self._gone, np.uint32, len(self._gone)))
            old_keys, old_rows = old_keys[kept], old_rows[kept]
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows[order]
        if len(old_keys):
            places = np.searchsorted(old_keys, keys)
            keys, rows = np.insert(old_keys, places, keys), np.insert(old_rows, places, rows)
        self._keys, self._rows = keys, _array(rows)
        self._since, self._since_count, self._gone = {}, 0, set()


def _array(rows: NDArray[np.uint32]) -> "array[int]":
    """Plain Python numbers are read from it much quicker than from numpy's array."""
    made = array(ROW)
    made.frombytes(rows.view(np.uint8).data)
    return made
