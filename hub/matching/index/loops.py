"""The loops of a look-up that touch many numbers: its keys, the rows under them, and the glance at outlines."""

from typing import Final, NamedTuple, TypeAlias

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
BYTE: Final = 8
VALUES: Final = 256
POSTCODE: Final = 16
ADDRESS: Final = 19
LETTERS: Final = 24
GROUPS: Final = 28
"""Where these stand in an outline: the last two as halves of 32 bits, the lower first; of letters the given name's,
then the family name's."""
HALF: Final = 16
UNSURE: Final = 1 << 26
"""Of the letters of a name (`letters`): they do not say enough. Below it is a bit for each letter."""
ALL_LETTERS: Final = UNSURE - 1
LENGTH_SHIFT: Final = 27
NEAR: Final = 0.85 - 1e-9
"""Jaro-Winkler similarity from which names are near (`scoring/levels`)."""
BY_BEGINNING: Final = 0.1
LONGEST_BEGINNING: Final = 4
"""What each letter of a common beginning adds to it (Winkler 1990)."""
STATES: Final = 3
"""Of a given or a family name: another, may be alike, may be equal."""
CROSSWISE: Final = STATES * STATES


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
    limits = most[keys >> KIND_SHIFT]
    found = np.empty(limits.sum(), dtype=np.uint32)
    start_shift, rest_shift = np.uint64(under.start_bits), np.uint64(under.rest_bits)
    start_mask, rest_mask = (ONE << start_shift) - ONE, (ONE << rest_shift) - ONE
    size = seen_beside = 0
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
        others = beside[number] if len(beside) else 0
        room = limits[number] - others
        first = size
        for row in under.rows[start:end]:
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
def names_seen(rows: Rows, outlines: Outlines, asked: Outlines) -> Names:
    """How far the names of rows may agree with the query's, by the letters that they have and the groups of variants.

    A state for the given name, `STATES` times one for the family name; and `CROSSWISE` more where given and family name
    may stand in each other's place. What is not known on a side is another.
    """
    found = np.empty(len(rows), dtype=np.uint8)
    ours, theirs = np.empty(2, dtype=np.int64), np.empty(2, dtype=np.int64)
    alike = np.empty(4, dtype=np.bool_)
    for half in range(2):
        place = LETTERS + 2 * half
        ours[half] = asked[place] | np.int64(asked[place + 1]) << HALF
    for number in range(len(rows)):
        row = rows[number]
        for half in range(2):
            place = LETTERS + 2 * half
            theirs[half] = outlines[row, place] | np.int64(outlines[row, place + 1]) << HALF
        for pair in range(4):  # given names, family names, and crosswise
            one, other = ours[pair & 1], theirs[pair & 1 ^ pair >> 1]
            length, others_length = one >> LENGTH_SHIFT, other >> LENGTH_SHIFT
            shared = min(length, others_length)
            alike[pair] = shared > 0
            if shared > 0 and not (one | other) & UNSURE:
                either = one & other & ALL_LETTERS
                for left, size in ((one & ~either, length), (other & ~either, others_length)):
                    left &= ALL_LETTERS
                    left -= left >> 1 & 0x55555555
                    left = (left & 0x33333333) + (left >> 2 & 0x33333333)
                    left = (left + (left >> 4) & 0x0F0F0F0F) * 0x01010101 >> 24 & 0xFF
                    shared = min(shared, size - left)
                likeness = (shared / length + shared / others_length + 1.0) / 3.0
                likeness += BY_BEGINNING * min(shared, LONGEST_BEGINNING) * (1.0 - likeness)
                alike[pair] = likeness >= NEAR or shared >= max(length, others_length) - 1
        variants = (outlines[row, GROUPS] & asked[GROUPS]) | (
            outlines[row, GROUPS + 1] & asked[GROUPS + 1]
        )
        given = 2 if outlines[row, 0] == asked[0] else 1 if alike[0] or variants else 0
        family = 2 if outlines[row, 1] == asked[1] else 1 if alike[1] else 0
        found[number] = given + STATES * family + (CROSSWISE if alike[2] and alike[3] else 0)
    return found


@compiled
def glanced(
    rows: Rows,
    outlines: Outlines,
    asked: Outlines,
    seen: Names,
    bounds: tuple[Table, Table],
    least: float,
) -> Table:
    """Who may be worth `least`, the likeliest first: the most that each is worth, its name's part of it, and the row.

    `seen`: of the names of each row. `bounds`: the bits of each byte of a glance, and those of what is seen of names.
    """
    tables, names = bounds
    found = np.empty((len(rows), 3))
    near = 0
    for number in range(len(rows)):
        row, of_name = rows[number], names[seen[number]]
        worth = of_name
        for byte in range(len(tables) // VALUES):
            code = 0
            for bit in range(BYTE):
                if outlines[row, byte * BYTE + bit] == asked[byte * BYTE + bit]:
                    code |= 1 << bit
            worth += tables[byte * VALUES + code]
        if worth >= least:
            found[near, 0], found[near, 1], found[near, 2] = worth, of_name, row
            near += 1
    order = np.argsort(-found[:near, 0])
    return found[order]


@compiled
def living_with(row: int, rows: Rows, outlines: Outlines, seen: Names, of_like_name: bool) -> Rows:
    """Those of some rows who may live where one does. `of_like_name`: who by `seen` may be a namesake alone."""
    found = np.empty(len(rows), dtype=np.uint32)
    size = 0
    for number in range(len(rows)):
        other, names = rows[number], seen[number]
        there = (
            outlines[other, POSTCODE] == outlines[row, POSTCODE]
            or outlines[other, ADDRESS] == outlines[row, ADDRESS]
        )
        like = names >= CROSSWISE or (names % STATES and names // STATES)
        if there and (like or not of_like_name):
            found[size] = other
            size += 1
    return found[:size]
