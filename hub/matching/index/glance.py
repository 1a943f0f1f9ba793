"""The loops of a look-up that hold the outlines of many rows against a query's."""

from typing import Final

import numpy as np

from hub.matching.index.compiled import compiled
from hub.matching.index.loops import Counts, Keys, Names, Outlines, Rows, Table

BYTE: Final = 8
VALUES: Final = 256
LAST: Final = VALUES - 1
GIVEN: Final = 0
FAMILY: Final = 1
SEVERAL: Final = 15
POSTCODE: Final = 16
ADDRESS: Final = 19
GIVEN_LETTERS: Final = 24
FAMILY_LETTERS: Final = 26
MIDDLE_LETTERS: Final = 28
GROUPS: Final = 30
BEGIN: Final = 31
"""Where these stand in an outline: given and family name, whether somebody has several names or homes, postcode,
address; the letters of given, family and middle names, as halves of 32 bits, the lower first; the given name's groups
of variants; and how given and family name begin, a byte each."""
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
def may_be_like(one: int, other: int, same_beginning: bool) -> bool:
    """Whether two names may be alike, by their letters: within one slip, or near by the similarity of Jaro and Winkler.

    As many letters of each at least are not shared as it has kinds of letters that the other has not.
    """
    length, others_length = one >> LENGTH_SHIFT, other >> LENGTH_SHIFT
    shared = min(length, others_length)
    if (one | other) & UNSURE or shared == 0:
        return (one | other) & UNSURE > 0
    shared = min(length - kinds_in(one & ~other), others_length - kinds_in(other & ~one))
    likeness = (shared / length + shared / others_length + 1.0) / 3.0
    if same_beginning:
        likeness += BY_BEGINNING * LONGEST_BEGINNING * (1.0 - likeness)
    return likeness >= NEAR or shared >= max(length, others_length) - 1


@compiled
def kinds_in(letters: int) -> int:
    """How many kinds of letters there are: the bits that are set (Warren, Hacker's Delight 5-1)."""
    left = letters & ALL_LETTERS
    left -= left >> 1 & 0x55555555
    left = (left & 0x33333333) + (left >> 2 & 0x33333333)
    return (left + (left >> 4) & 0x0F0F0F0F) * 0x01010101 >> 24 & 0xFF


@compiled
def may_be_by_middle(given: int, middle: int, others_given: int, others_middle: int) -> bool:
    """Whether one may be known by the other's middle name, or one name was typed in two pieces."""
    apart = (given | middle) ^ (others_given | others_middle)
    return (middle | others_middle) > 0 and (
        ALL_LETTERS & given & ~others_middle == 0
        or ALL_LETTERS & others_given & ~middle == 0
        or ALL_LETTERS & apart == 0
    )


@compiled
def letters_in(outline: Outlines, place: int) -> int:
    """The letters of a name, put together."""
    return int(outline[place]) | int(outline[place + 1]) << HALF


@compiled
def names_seen(outlines: Outlines, asked: Outlines) -> Names:
    """How far the names of some may agree with the query's, by the letters that they have and the groups of variants.

    A state for the given name, `STATES` times one for the family name; and `CROSSWISE` more where given and family name
    may stand in each other's place. What is not known on a side is another.
    """
    found = np.empty(len(outlines), dtype=np.uint8)
    given, family = letters_in(asked, GIVEN_LETTERS), letters_in(asked, FAMILY_LETTERS)
    middle = letters_in(asked, MIDDLE_LETTERS)
    begin, family_begin = asked[BEGIN] & LAST, asked[BEGIN] >> BYTE
    for number in range(len(outlines)):
        other = outlines[number]
        given_2, family_2 = letters_in(other, GIVEN_LETTERS), letters_in(other, FAMILY_LETTERS)
        begin_2, family_begin_2 = other[BEGIN] & LAST, other[BEGIN] >> BYTE
        like = (
            other[GROUPS] & asked[GROUPS] > 0
            or may_be_like(given, given_2, begin == begin_2)
            or may_be_by_middle(given, middle, given_2, letters_in(other, MIDDLE_LETTERS))
        )
        family_like = may_be_like(family, family_2, family_begin == family_begin_2)
        crosswise = may_be_like(given, family_2, begin == family_begin_2) and may_be_like(
            family, given_2, family_begin == begin_2
        )
        state = 2 if other[GIVEN] == asked[GIVEN] else 1 if like else 0
        family_state = 2 if other[FAMILY] == asked[FAMILY] else 1 if family_like else 0
        found[number] = state + STATES * family_state + (CROSSWISE if crosswise else 0)
    return found


@compiled
def glanced(
    rows: Rows,
    outlines: Outlines,
    line: Keys,
    asked_for: Counts,
    bounds: tuple[Table, Table],
    least: float,
) -> tuple[Table, Names]:
    """Who may be worth `least`, the likeliest first: the most that each is worth, its name's part of it, and the row.

    And of all rows how far their names may agree with the query's (`names_seen`).
    `line`: the numbers of the query; `asked_for`: those of them that outlines are held against. `bounds`: the bits of
    each byte of a glance, and those of what is seen of names.
    """
    asked = line[asked_for].astype(np.uint16)
    here = outlines[rows]  # all at once: one wait for the memory
    seen = names_seen(here, asked)
    tables, names = bounds
    found = np.empty((len(rows), 3))
    near = 0
    for number in range(len(rows)):
        of_name = names[seen[number]]
        worth = of_name
        for byte in range(len(tables) // VALUES):
            code = 0
            for bit in range(BYTE):
                if here[number, byte * BYTE + bit] == asked[byte * BYTE + bit]:
                    code |= 1 << bit
            worth += tables[byte * VALUES + code]
        if worth >= least:
            found[near, 0], found[near, 1], found[near, 2] = worth, of_name, rows[number]
            near += 1
    order = np.argsort(-found[:near, 0])
    return found[order], seen


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


@compiled
def namesakes_with(
    row: int, rows: Rows, outlines: Outlines, line: Keys, asked_for: Counts, of_like_name: bool
) -> Rows:
    """The same of rows that were not glanced at yet."""
    names = names_seen(outlines[rows], line[asked_for].astype(np.uint16))
    return living_with(row, rows, outlines, names, of_like_name)
