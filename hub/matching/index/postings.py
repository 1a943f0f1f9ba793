"""Which rows stand under a key: sorted arrays for most, a dictionary for what came since.

A key takes 8 bytes in the arrays, and 4 for each of its rows, where a dictionary takes 90. Keys are spread evenly, so a
directory of their first bits leads next to a key, where bisection would wait for the memory twenty times. What the
directory has said of a key is not kept again; beside the rest of its bits stands where its rows begin. What came since
is merged into the arrays when it has grown to a share of them.

Numpy makes the arrays and asks for large pages for them: then a look-up waits less for the memory. A compiled loop
looks under many keys (`loops.rows_under`); Python under one, as quickly.
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain
from typing import Final

import numpy as np

from hub.matching.index.loops import (
    DROPPED,
    KEPT,
    SPREAD,
    Counts,
    Flags,
    Keys,
    Rows,
    Sorted,
    keys_of,
    rows_of,
    rows_under,
)

MERGED_FROM: Final = 1 << 16
"""Keys that may lie beside the arrays, whatever their size."""
MERGED_SHARE: Final = 16
"""And one in so many of them."""

WORD_MASK: Final = (1 << 64) - 1
TOGETHER: Final = 2
"""Keys to which one place of the directory leads, in the mean."""

NOBODY: Final[Flags] = np.zeros(0, dtype=np.bool_)
NONE_BESIDE: Final[Counts] = np.zeros(0, dtype=np.int64)
NO_ROWS: Final[Rows] = np.zeros(0, dtype=np.uint32)


class Postings:
    """Rows by key. A row is put under a key once."""

    def __init__(self) -> None:
        self._fill(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32))

    def fill(self, keys: Keys, rows: Rows) -> None:
        """Put many rows under many keys into an empty one: one key and one row for each place."""
        spread = _spread(keys)
        order = np.argsort(spread)
        self._fill(spread[order], rows[order])

    def _fill(self, spread: Keys, rows: Rows) -> None:
        """The directory, the entries (each key once, rising, and where its rows begin), and the rows."""
        first = np.ones(len(spread), dtype=np.bool_)
        np.not_equal(spread[1:], spread[:-1], out=first[1:])
        keys, starts = spread[first], np.flatnonzero(first).astype(np.uint64)
        self._start_bits = len(rows).bit_length()
        bits = max(1, (len(keys) // TOGETHER).bit_length(), self._start_bits - int(DROPPED))
        self._rest_bits = KEPT - bits
        counts = np.bincount(
            (keys >> np.uint64(self._rest_bits)).astype(np.intp), minlength=1 << bits
        )
        directory = np.append(0, np.cumsum(counts)).astype(np.uint32)
        rest = keys & np.uint64((1 << self._rest_bits) - 1)
        entries = rest << np.uint64(self._start_bits) | starts
        entries = np.append(entries, np.full(2, len(rows), dtype=np.uint64))
        self._sorted: Sorted = (directory, entries, rows, self._start_bits, self._rest_bits)
        self._directory: memoryview[int] = directory.data
        self._entries: memoryview[int] = entries.data
        self._rows: memoryview[int] = rows.data
        self._since: dict[int, list[int]] = {}
        self._since_count = 0
        self._gone: set[int] = set()
        self._is_gone = NOBODY

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
        if row >= len(self._is_gone):
            longer = np.zeros(row + row // 2 + 64, dtype=np.bool_)
            longer[: len(self._is_gone)] = self._is_gone
            self._is_gone = longer
        self._is_gone[row] = True

    def under_those_of(self, line: Keys, parts: Keys, most: Counts) -> Rows:
        """The same for the keys of a record, from its numbers (`loops.keys_of`)."""
        if self._since:
            return self.under(keys_of(line, parts), most)
        return rows_of(line, parts, most, NONE_BESIDE, self._is_gone, self._sorted)

    def under(self, keys: Keys, most: Counts) -> Rows:
        """The rows under any of the keys, rising; a key that more share than its kind may tells nobody apart."""
        beside, more = NONE_BESIDE, NO_ROWS
        if self._since:
            since = [self._since.get(key, []) for key in keys.tolist()]
            beside = np.array(list(map(len, since)), dtype=np.int64)
            more = np.array(list(chain.from_iterable(since)), dtype=np.uint32)
        return rows_under(keys, most, beside, more, self._is_gone, self._sorted)

    def rows_under(self, key: int, most: int) -> list[int] | None:
        """The rows under one key; None if they are more than `most`."""
        start_bits, rest_bits = self._start_bits, self._rest_bits
        spread = (key * int(SPREAD) & WORD_MASK) >> int(DROPPED)
        bucket, rest = spread >> rest_bits, spread & (1 << rest_bits) - 1
        entries, last = self._entries, self._directory[bucket + 1]
        place = bisect_left(entries, rest << start_bits, self._directory[bucket], last)
        start = end = 0
        if place < last and (entry := entries[place]) >> start_bits == rest:
            mask = (1 << start_bits) - 1
            start, end = entry & mask, entries[place + 1] & mask
        return self._with_since(key, start, end, most)

    def _with_since(self, key: int, start: int, end: int, limit: int) -> list[int] | None:
        """The rows in the arrays and those that came since, without what is gone; None if they are too many."""
        gone = self._gone
        if end - start > limit + len(gone):
            return None
        here = self._rows[start:end].tolist()
        if gone:
            here = [row for row in here if row not in gone]
        here += self._since.get(key, ())
        return here if len(here) <= limit else None

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
        old_rows = self._sorted[2]
        old_keys = self._keys_of_rows()
        if self._gone:
            kept = ~np.isin(old_rows, np.fromiter(self._gone, np.uint32, len(self._gone)))
            old_keys, old_rows = old_keys[kept], old_rows[kept]
        spread = _spread(keys)
        order = np.argsort(spread)
        spread, rows = spread[order], rows[order]
        places = np.searchsorted(old_keys, spread)
        self._fill(np.insert(old_keys, places, spread), np.insert(old_rows, places, rows))
        return free

    def _keys_of_rows(self) -> Keys:
        """For each place of the rows its spread key."""
        directory, entries = self._sorted[0].astype(np.intp), self._sorted[1]
        in_bucket = directory[1:] - directory[:-1]
        buckets = np.repeat(np.arange(len(in_bucket), dtype=np.uint64), in_bucket)
        rest = entries[: len(buckets)] >> np.uint64(self._start_bits)
        starts = (entries[: len(buckets) + 1] & np.uint64((1 << self._start_bits) - 1)).astype(
            np.intp
        )
        return np.repeat(buckets << np.uint64(self._rest_bits) | rest, starts[1:] - starts[:-1])


def _spread(keys: Keys) -> Keys:
    """Keys spread evenly over `KEPT` bits."""
    return keys * SPREAD >> DROPPED
