"""The keys under which a record is found. Whoever shares one key with a query is compared with it.

A key is a whole number below 2^63: its kind in the top bits, what it is made of below.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

import numpy as np

from hub.matching.index.loops import KIND_BIT, Counts, Keys, Rows, keys_of
from hub.matching.index.numbers import PLACE_OF, SHORT_TEXT_BITS, SOUND_BITS


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


def _parts(kinds: Iterable[Kind]) -> Keys:
    """What keys of some kinds are made of, as `keys_of` takes it."""
    allowed = frozenset(kinds)
    made = [
        (kind, PLACE_OF[one], shift, PLACE_OF[other], other == NOTHING)
        for kind, one, shift, other in MADE_OF
        if kind in allowed
    ]
    return np.array(made, dtype=np.uint64)


_PARTS: Final = _parts(Kind)
_HOME_PARTS: Final = _parts(HOME_KINDS)


def keys_from(lines: Keys, parts: Keys = _PARTS) -> Keys:
    """All keys of a record, each once, from its lines of numbers."""
    keys, _ = keys_of(lines, parts)
    return keys if len(lines) == 1 else np.unique(keys)  # those of one line differ by their kind


def home_keys_from(lines: Keys) -> Keys:
    """The keys under which those who live where somebody lives, with a like name, are found."""
    return keys_from(lines, _HOME_PARTS)


def keys_of_many(lines: Keys, first: int) -> tuple[Keys, Rows]:
    """The keys of records and their rows. `lines`: the numbers of each; `first`: the row of the first."""
    keys, rows = keys_of(lines, _PARTS)
    return keys, rows + np.uint32(first)
