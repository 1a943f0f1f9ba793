"""The loops of a look-up that touch many numbers: its keys, and the rows under them."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.compiled import compiled

Keys: TypeAlias = NDArray[np.uint64]
Rows: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int64]
Outlines: TypeAlias = NDArray[np.uint16]
Names: TypeAlias = NDArray[np.uint8]
"""What is seen of names (`names_seen`)."""
Table: TypeAlias = NDArray[np.float64]
"""Bits for each of the 256 values of a byte; or for each of several bytes, one behind the other."""

KIND_BIT: Final = 58
"""Of a key: below it what the key is made of, from it on the kind."""
KIND_SHIFT: Final = np.uint64(KIND_BIT)
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
"""Two to the 64 by the golden ratio, an odd number (Knuth, The Art of Computer Programming 6.4)."""
KEPT: Final = 56
"""Bits of a spread key that are kept. Of the 13 million keys of a million people two are then one with a chance of one
in a thousand; somebody is compared who need not be, and no more comes of it."""
DROPPED: Final = np.uint64(64 - KEPT)
ONE: Final = np.uint64(1)


Sorted: TypeAlias = tuple[Rows, Keys, Rows, int, int]
"""Rows by key, sorted (`postings`): where the entries of each beginning of a spread key begin; for each key its rest
and where its rows begin; the rows of all keys, one key behind the other; how many bits of an entry say where its rows
begin; and how many of a spread key the directory has not said. A plain tuple: a named one costs a look-up two
millionths of a second more."""


@compiled
def keys_of(line: Keys, parts: Keys) -> Keys:
    """The keys of a record, from its numbers. `parts`: for each kind what it is made of (`keys.MADE_OF`)."""
    keys = np.empty(len(parts), dtype=np.uint64)
    size = 0
    for number in range(len(parts)):
        kind, one, shift, other, needed = parts[number]
        first, second = line[one], line[other]
        if first and (second or not needed):
            keys[size] = kind | first << shift | second
            size += 1
    return keys[:size]


@compiled
def rows_under(
    keys: Keys, most: Counts, beside: Counts, more: Rows, gone: Flags, under: Sorted
) -> Rows:
    """The rows under keys, rising, each once; a key that more rows share than the `most` of its kind is passed over.

    `beside`: how many rows stand under each key elsewhere; `more`: those rows, key by key. `gone`: rows that stand
    nowhere any more. All three may be empty.
    """
    directory, entries, all_rows, start_bits, rest_bits = under
    limits = most[keys >> KIND_SHIFT]
    found = np.empty(limits.sum(), dtype=np.uint32)
    start_shift, rest_shift = np.uint64(start_bits), np.uint64(rest_bits)
    start_mask, rest_mask = (ONE << start_shift) - ONE, (ONE << rest_shift) - ONE
    spreads = keys * SPREAD >> DROPPED
    buckets = spreads >> rest_shift
    firsts, lasts = (
        directory[buckets],
        directory[buckets + ONE],
    )  # all at once: one wait for the memory
    nearest = entries[firsts]
    size = seen_beside = 0
    for number in range(len(keys)):
        rest = spreads[number] & rest_mask
        start = end = np.uint64(0)
        for place in range(firsts[number], lasts[number]):
            entry = nearest[number] if place == firsts[number] else entries[place]
            if entry >> start_shift == rest:
                start, end = entry & start_mask, entries[place + 1] & start_mask
        others = beside[number] if len(beside) else 0
        room = limits[number] - others
        first = size
        for row in all_rows[start:end]:
            if row >= len(gone) or not gone[row]:
                room -= 1
                if room < 0:
                    break
                found[size] = row
                size += 1
        if room < 0:
            size = first
        else:
            found[size : size + others] = more[seen_beside : seen_beside + others]
            size += others
        seen_beside += others
    ordered = np.sort(found[:size])
    once = np.ones(size, dtype=np.bool_)
    once[1:] = ordered[1:] != ordered[:-1]
    return ordered[once]


@compiled
def rows_of(
    line: Keys, parts: Keys, most: Counts, beside: Counts, gone: Flags, under: Sorted
) -> Rows:
    """The same under the keys of a record, where no rows stand elsewhere: `beside` is empty."""
    return rows_under(keys_of(line, parts), most, beside, np.zeros(0, np.uint32), gone, under)
