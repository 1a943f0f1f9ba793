"""The keys under which a record is found. Whoever shares one key with a query is compared with it.

A key is a whole number below 2^63: its kind in the top bits, what it is made of below.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np

from hub.matching.index.loops import KIND_BIT, Counts, Keys, Rows
from hub.matching.index.numbers import PLACE_OF, SHORT_TEXT_BITS, SOUND_BITS, Numbers


class Kind(IntEnum):
    """What a key is made of. Those from `BORN` on are coarse: they count only where few share them."""

    NHS = 0 << KIND_BIT
    MOBILE = 1 << KIND_BIT
    LANDLINE = 2 << KIND_BIT
    EMAIL = 3 << KIND_BIT
    BORN_FAMILY = 4 << KIND_BIT
    BORN_INITIAL = 5 << KIND_BIT
    BORN_OUTCODE = 6 << KIND_BIT
    YEAR_NAMES = 7 << KIND_BIT
    DAY_NAMES = 8 << KIND_BIT
    POSTCODE_INITIAL = 9 << KIND_BIT
    POSTCODE_FAMILY = 10 << KIND_BIT
    ADDRESS_INITIAL = 11 << KIND_BIT
    ADDRESS_FAMILY = 12 << KIND_BIT
    OUTCODE_NAMES = 13 << KIND_BIT
    BORN_NAMES = 14 << KIND_BIT
    WHOLE_NAME = 15 << KIND_BIT
    BORN = 16 << KIND_BIT
    POSTCODE = 17 << KIND_BIT
    ADDRESS = 18 << KIND_BIT
    NAMES = 19 << KIND_BIT


MOST_FINE: Final = 64
"""People who share a fine key; more, and the key tells nobody apart and is passed over."""
MOST_COARSE: Final = 8
"""The same for a coarse key: in a small register it finds who differs in all else, in a big one it costs too much."""
FIRST_COARSE: Final = int(Kind.BORN)


def most_under(key: int) -> int:
    """How many may share a key."""
    return MOST_FINE if key < FIRST_COARSE else MOST_COARSE


MOST: Final[Counts] = np.array([most_under(kind) for kind in Kind])
"""The same by kind."""

PAIR_BITS: Final = 2 * SOUND_BITS
NOTHING: Final = "nothing"

MADE_OF: Final = (
    (Kind.NHS, "nhs", 0, NOTHING),
    (Kind.MOBILE, "mobile", 0, NOTHING),
    (Kind.LANDLINE, "landline", 0, NOTHING),
    (Kind.EMAIL, "email", 0, NOTHING),
    (Kind.BORN_FAMILY, "day", SOUND_BITS, "family sound"),
    (Kind.BORN_INITIAL, "day", SOUND_BITS, "initial"),
    (Kind.BORN_OUTCODE, "day", SHORT_TEXT_BITS, "outcode"),
    (Kind.YEAR_NAMES, "year", PAIR_BITS, "pair"),
    (Kind.DAY_NAMES, "month and day", PAIR_BITS, "pair"),
    (Kind.POSTCODE_INITIAL, "postcode", SOUND_BITS, "initial"),
    (Kind.POSTCODE_FAMILY, "postcode", SOUND_BITS, "family sound"),
    (Kind.ADDRESS_INITIAL, "address", SOUND_BITS, "initial"),
    (Kind.ADDRESS_FAMILY, "address", SOUND_BITS, "family sound"),
    (Kind.OUTCODE_NAMES, "outcode", PAIR_BITS, "pair"),
    (Kind.BORN_NAMES, "day", PAIR_BITS, "pair"),
    (Kind.WHOLE_NAME, "whole name", 0, NOTHING),
    (Kind.BORN, "day", 0, NOTHING),
    (Kind.POSTCODE, "postcode", 0, NOTHING),
    (Kind.ADDRESS, "address", 0, NOTHING),
    (Kind.NAMES, "pair", 0, NOTHING),
)
"""Each kind with the one or two numbers that it is made of, and how far the first is shifted; both must be known."""

Part: TypeAlias = tuple[int, int, int, int]
_PARTS: Final[tuple[Part, ...]] = tuple(
    (int(kind), PLACE_OF[one], shift, PLACE_OF[other]) for kind, one, shift, other in MADE_OF
)
_NOTHING: Final = PLACE_OF[NOTHING]
_SEVERAL: Final = PLACE_OF["is several"]
HOME_KINDS: Final = frozenset(
    {
        Kind.POSTCODE,
        Kind.ADDRESS,
        Kind.POSTCODE_INITIAL,
        Kind.POSTCODE_FAMILY,
        Kind.ADDRESS_INITIAL,
        Kind.ADDRESS_FAMILY,
    }
)
_HOME_PARTS: Final = tuple(part for part in _PARTS if part[0] in HOME_KINDS)


def _for_the_loop(parts: Iterable[Part]) -> Keys:
    return np.array([(*part, part[-1] != _NOTHING) for part in parts], dtype=np.uint64)


PARTS: Final = _for_the_loop(_PARTS)
HOME_PARTS: Final = _for_the_loop(_HOME_PARTS)
"""The same for `loops.keys_of`, and whether both numbers must be known."""


def keys_from(lines: Iterable[Numbers], parts: tuple[Part, ...] = _PARTS) -> list[int]:
    """All keys of a record, each once, from its numbers."""
    keys = []
    several = tuple(lines)
    for line in several:
        for kind, one, shift, other in parts:
            first, second = line[one], line[other]
            if first and (second or other == _NOTHING):
                keys.append(kind | first << shift | second)
    return keys if len(several) == 1 else list(dict.fromkeys(keys))  # of one line: by their kind


def home_keys_from(lines: Iterable[Numbers]) -> list[int]:
    """The keys under which those who live where somebody lives, with a like name, are found."""
    return keys_from(lines, _HOME_PARTS)


def keys_of_many(numbers: Keys, first: int) -> list[tuple[Keys, Rows]]:
    """For each kind the keys of records of one name and one home, and their rows.

    `numbers`: for each column those of all records; `first`: the row of the first record.
    """
    found = []
    alone = numbers[_SEVERAL] == 0
    for kind, one, shift, other in _PARTS:
        left, right = numbers[one], numbers[other]
        known = alone & (left != 0)
        if other != _NOTHING:
            known &= right != 0
        places = np.flatnonzero(known)
        keys = left[places] << np.uint64(shift) | right[places] | np.uint64(kind)
        found.append((keys, (places + first).astype(np.uint32)))
    return found
