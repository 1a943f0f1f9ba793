"""The fields that are compared and the levels of agreement of each, as small numbers.

Two fields are compared jointly, because their halves do not agree independently: `name` (given and family; NHS England
compares it so too) and `home` (postcode and address). A joint level is `half * NUMBER_OF_OTHER + other`.
"""

from enum import IntEnum
from typing import Final


class Given(IntEnum):
    """Two given names."""

    MISSING = 0
    EXACT = 1
    VARIANT = 2
    CLOSE = 3
    NEAR = 4
    TOKEN = 5
    INITIAL = 6
    OTHER = 7


class Family(IntEnum):
    """Two family names."""

    MISSING = 0
    EXACT = 1
    CLOSE = 2
    NEAR = 3
    TOKEN = 4
    OTHER = 5


class Middle(IntEnum):
    """Two lots of further given names."""

    MISSING = 0
    EXACT = 1
    PART = 2
    OTHER = 3


class Born(IntEnum):
    """Two dates of birth."""

    MISSING = 0
    EXACT = 1
    SWAPPED = 2
    SLIP = 3
    TWO_PARTS = 4
    YEAR = 5
    OTHER = 6


class Postcode(IntEnum):
    """Two postcodes."""

    MISSING = 0
    EXACT = 1
    SLIP = 2
    SECTOR = 3
    OUTCODE = 4
    OTHER = 5


class Address(IntEnum):
    """Two addresses without town and postcode."""

    MISSING = 0
    EXACT = 1
    CLOSE = 2
    PART = 3
    OTHER = 4


class Same(IntEnum):
    """Two values that are the same or not."""

    MISSING = 0
    EXACT = 1
    OTHER = 2


FAMILIES: Final = len(Family)
ADDRESSES: Final = len(Address)
SWAPPED_NAMES: Final = len(Given) * FAMILIES
"""Level of `name`: the given name stands in the place of the family name and the reverse."""

FIELDS: Final = ("name", "middle", "born", "sex", "home", "mobile", "landline", "email", "nhs")
"""In the order in which levels of a pair are listed and bits are added up."""
NAME, MIDDLE, BORN, SEX, HOME, MOBILE, LANDLINE, EMAIL, NHS = range(len(FIELDS))


def _words(level: IntEnum) -> str:
    return level.name.lower().replace("_", "-")


def _joint(halves: type[IntEnum], others: type[IntEnum]) -> tuple[str, ...]:
    return tuple(f"{_words(one)}/{_words(other)}" for one in halves for other in others)


LEVELS: Final[tuple[tuple[str, ...], ...]] = (
    (*_joint(Given, Family), "swapped"),
    tuple(map(_words, Middle)),
    tuple(map(_words, Born)),
    tuple(map(_words, Same)),
    _joint(Postcode, Address),
    tuple(map(_words, Same)),
    tuple(map(_words, Same)),
    tuple(map(_words, Same)),
    tuple(map(_words, Same)),
)
"""The names of all levels of each field, as they stand in models and explanations."""

GIVEN_OF: Final = (
    *(Given(level // FAMILIES) for level in range(SWAPPED_NAMES)),
    Given.EXACT,
)
"""The given half of a level of `name`; swapped names agree."""
FAMILY_OF: Final = (
    *(Family(level % FAMILIES) for level in range(SWAPPED_NAMES)),
    Family.EXACT,
)
POSTCODE_OF: Final = tuple(Postcode(level // ADDRESSES) for level in range(len(LEVELS[HOME])))
ADDRESS_OF: Final = tuple(Address(level % ADDRESSES) for level in range(len(LEVELS[HOME])))
