"""The loops of a look-up that hold the outlines of many rows against a query's."""

from typing import Final

import numpy as np

from hub.matching.index.compiled import compiled
from hub.matching.index.loops import Names, Outlines, Rows, Table

BYTE: Final = 8
VALUES: Final = 256
SEVERAL: Final = 15
POSTCODE: Final = 16
ADDRESS: Final = 19
LETTERS: Final = 24
MIDDLE_LETTERS: Final = 28
GROUPS: Final = 30
BEGIN: Final = 31
"""Where these stand in an outline: whether somebody has several names or homes, postcode, address; the letters of the
given, the family and the middle names, as halves of 32 bits, the lower first; the given name's groups of variants; and
how given and family name begin, a byte each."""
HALF: Final = 16
UNSURE: Final = 1 << 26
"""Of the letters of a name (`letters`): they do not say enough. Below it is a bit for each letter."""
ALL_LETTERS: Final = UNSURE - 1
LENGTH_SHIFT: Final = 27
NEAR: Final = 0.85 - 1e-9
"""Jaro-Winkler similarity from which names are near (`scoring/levels`)."""
BY_BEGINNING: Final = 0.1
LONGEST_BEGINNING: Final = 4
"""What each letter of a common beginning adds to it, and how many do at most (Winkler 1990)."""
STATES: Final = 3
"""Of a given or a family name: another, may be alike, may be equal."""
CROSSWISE: Final = STATES * STATES


@compiled
def names_seen(rows: Rows, outlines: Outlines, asked: Outlines) -> Names:
    """How far the names of rows may agree with the query's, by the letters that they have and the groups of variants.

    A state for the given name, `STATES` times one for the family name; and `CROSSWISE` more where given and family name
    may stand in each other's place. What is not known on a side is another.
    """
    found = np.empty(len(rows), dtype=np.uint8)
    ours, theirs = np.empty(3, dtype=np.int64), np.empty(3, dtype=np.int64)
    alike = np.empty(4, dtype=np.bool_)
    for half in range(3):
        place = LETTERS + 2 * half
        ours[half] = asked[place] | np.int64(asked[place + 1]) << HALF
    for number in range(len(rows)):
        row = rows[number]
        for half in range(3):
            place = LETTERS + 2 * half
            theirs[half] = outlines[row, place] | np.int64(outlines[row, place + 1]) << HALF
        for pair in range(4):  # given names, family names, and crosswise
            first, second = pair & 1, pair & 1 ^ pair >> 1
            one, other = ours[first], theirs[second]
            length, others_length = one >> LENGTH_SHIFT, other >> LENGTH_SHIFT
            shared = min(length, others_length)
            unsure = ((one | other) & UNSURE) > 0
            alike[pair] = shared > 0 or unsure
            if shared > 0 and not unsure:
                either = one & other & ALL_LETTERS
                for left, size in ((one & ~either, length), (other & ~either, others_length)):
                    left &= ALL_LETTERS
                    left -= left >> 1 & 0x55555555
                    left = (left & 0x33333333) + (left >> 2 & 0x33333333)
                    left = (left + (left >> 4) & 0x0F0F0F0F) * 0x01010101 >> 24 & 0xFF
                    shared = min(shared, size - left)
                likeness = (shared / length + shared / others_length + 1.0) / 3.0
                begin = asked[BEGIN] >> BYTE * first ^ outlines[row, BEGIN] >> BYTE * second
                if begin & (VALUES - 1) == 0:
                    likeness += BY_BEGINNING * LONGEST_BEGINNING * (1.0 - likeness)
                alike[pair] = likeness >= NEAR or shared >= max(length, others_length) - 1
        one, other, middle, others_middle = ours[0], theirs[0], ours[2], theirs[2]
        apart = (one | middle) ^ (other | others_middle)
        by_middle = (middle | others_middle) > 0 and (
            ALL_LETTERS & one & ~others_middle == 0
            or ALL_LETTERS & other & ~middle == 0
            or ALL_LETTERS & apart == 0
        )
        like = alike[0] or by_middle or outlines[row, GROUPS] & asked[GROUPS]
        given = 2 if outlines[row, 0] == asked[0] else 1 if like else 0
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
    """Those of some rows who may live where one does: whoever has several homes may.

    `of_like_name`: who by `seen` may be a namesake alone.
    """
    found = np.empty(len(rows), dtype=np.uint32)
    size = 0
    for number in range(len(rows)):
        other, names = rows[number], seen[number]
        there = (
            outlines[other, POSTCODE] == outlines[row, POSTCODE]
            or outlines[other, ADDRESS] == outlines[row, ADDRESS]
            or outlines[other, SEVERAL]
        )
        like = names >= CROSSWISE or (names % STATES and names // STATES)
        if there and (like or not of_like_name):
            found[size] = other
            size += 1
    return found[:size]
