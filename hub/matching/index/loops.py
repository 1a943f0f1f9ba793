"""The loops of a look-up that touch many numbers: the rows under keys, and the glance at outlines."""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.compiled import compiled

Keys: TypeAlias = NDArray[np.uint64]
Rows: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]
Counts: TypeAlias = NDArray[np.int64]
Outlines: TypeAlias = NDArray[np.uint16]
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
BYTE: Final = 8
VALUES: Final = 256
HOME: Final = 0b1001
"""Bits of the last byte of a glance: the postcode, and the address."""


class Sorted(NamedTuple):
    """Rows by key, sorted (`postings`).

    Attributes:
        directory: Where the entries of each beginning of a spread key begin.
        entries: The rest of each spread key, and where its rows begin.
        rows: The rows of all keys, one key behind the other.
        start_bits: Of an entry those that say where its rows begin.
        rest_bits: Of a spread key those that the directory has not said.
    """

    directory: Rows
    entries: Keys
    rows: Rows
    start_bits: int
    rest_bits: int


@compiled
def rows_under(
    keys: Keys, most: Counts, beside: Counts, gone: Flags, under: Sorted
) -> tuple[Rows, Flags]:
    """The rows under keys, with doubles; and which keys are shared by no more than the `most` of their kind.

    `beside`: how many rows stand under each key elsewhere. `gone`: rows that stand nowhere any more; both may be empty.
    """
    limits = most[keys >> KIND_SHIFT]
    found = np.empty(limits.sum(), dtype=np.uint32)
    counts = np.zeros(len(keys), dtype=np.bool_)
    start_shift, rest_shift = np.uint64(under.start_bits), np.uint64(under.rest_bits)
    start_mask, rest_mask = (ONE << start_shift) - ONE, (ONE << rest_shift) - ONE
    size = 0
    for number in range(len(keys)):
        spread = keys[number] * SPREAD >> DROPPED
        bucket, rest = spread >> rest_shift, spread & rest_mask
        start = end = np.uint64(0)
        for place in range(under.directory[bucket], under.directory[bucket + ONE]):
            if under.entries[place] >> start_shift == rest:
                start, end = (
                    under.entries[place] & start_mask,
                    under.entries[place + 1] & start_mask,
                )
        room = limits[number] - (beside[number] if len(beside) else 0)
        first = size
        for row in under.rows[start:end]:
            if row >= len(gone) or not gone[row]:
                room -= 1
                if room < 0:
                    break
                found[size] = row
                size += 1
        counts[number] = room >= 0
        if room < 0:
            size = first
    return found[:size], counts


@compiled
def each_once(rows: Rows) -> Rows:
    """Rows rising and without doubles."""
    ordered = np.sort(rows)
    size = 0
    for row in ordered:
        if size == 0 or row != ordered[size - 1]:
            ordered[size] = row
            size += 1
    return ordered[:size]


@compiled
def glanced(
    rows: Rows, outlines: Outlines, asked: Outlines, tables: Table, names: Table, least: float
) -> tuple[Table, Rows]:
    """Who may be worth `least`, the likeliest first: the most that each is worth, its name's part of it, and the row.

    `tables`: the bits of each byte of a glance; `names`: those of the first byte's two lowest bits. Then who of all
    rows may live where the query does: who has one of the bits `HOME` of the last byte.
    """
    found = np.empty((len(rows), 3))
    home = np.empty(len(rows), dtype=np.uint32)
    near = at_home = 0
    for row in rows:
        worth, code, first = 0.0, 0, 0
        for byte in range(len(asked) // BYTE):
            code = 0
            for bit in range(BYTE):
                if outlines[row, byte * BYTE + bit] == asked[byte * BYTE + bit]:
                    code |= 1 << bit
            worth += tables[byte * VALUES + code]
            if byte == 0:
                first = code
        if code & HOME:
            home[at_home] = row
            at_home += 1
        of_name = names[first & (len(names) - 1)]
        if worth + of_name >= least:
            found[near, 0], found[near, 1], found[near, 2] = worth + of_name, of_name, row
            near += 1
    order = np.argsort(-found[:near, 0])
    return found[order], home[:at_home]
