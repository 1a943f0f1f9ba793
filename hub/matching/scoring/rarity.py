"""What the rarity of names and districts adds to a level.

Frequencies count in full where values are equal, and half where they are only alike (NHS England's Splink pipeline)
unless they speak against.
"""

from collections.abc import Mapping
from math import log2
from typing import Final

from hub.matching.normal.places import outcode, sector
from hub.matching.normal.record import Compared
from hub.matching.scoring.fields import (
    FAMILY_OF,
    GIVEN_OF,
    POSTCODE_OF,
    SWAPPED_NAMES,
    Family,
    Given,
    Postcode,
)
from hub.matching.scoring.model import Frequencies, Model
from hub.matching.scoring.worth import LEAST_SHARE

HALF: Final = 0.5
AGREEING_GIVEN: Final = range(Given.EXACT, Given.INITIAL)
AGREEING_FAMILY: Final = range(Family.EXACT, Family.OTHER)
NOT_AT_ALL, BY_HALF, IN_FULL = range(3)
"""How much the rarity of a value counts."""


def _counts(half: int, agreeing: range) -> int:
    return NOT_AT_ALL if half not in agreeing else IN_FULL if half == agreeing[0] else BY_HALF


BY_NAME: Final = (
    *(
        (_counts(int(given), AGREEING_GIVEN), _counts(int(family), AGREEING_FAMILY))
        for given, family in zip(GIVEN_OF[:SWAPPED_NAMES], FAMILY_OF[:SWAPPED_NAMES], strict=True)
    ),
    (NOT_AT_ALL, NOT_AT_ALL),
)
"""For each level of `name`: of the given and of the family name."""
COUNTS_FOR_HOME: Final = tuple(code in (Postcode.SECTOR, Postcode.OUTCODE) for code in POSTCODE_OF)
"""Levels of `home` to which the rarity of a district adds something."""


def added(bits: float, counts: int) -> float:
    """What the rarity of a value adds where it counts so much."""
    if counts == BY_HALF and bits > 0.0:
        return HALF * bits
    return bits if counts else 0.0


class Rarity:
    """How rare the values of one model are, in bits."""

    def __init__(self, model: Model) -> None:
        self._given, self._rare_given = _rarity(model, "given")
        self._family, self._rare_family = _rarity(model, "family")
        self._sector, self._rare_sector = _rarity(model, "sector")
        self._outcode, self._rare_outcode = _rarity(model, "outcode")

    def of_name(self, given: str, family: str) -> tuple[float, float]:
        """Of a given and of a family name."""
        return (
            self._given.get(given, self._rare_given),
            self._family.get(family, self._rare_family),
        )

    def of_place(self, postcode: str) -> tuple[float, float]:
        """Of a sector and of an outward code."""
        return (
            self._sector.get(sector(postcode), self._rare_sector),
            self._outcode.get(outcode(postcode), self._rare_outcode),
        )

    def is_borne(self, given: str) -> bool:
        """Whether several people of the register bear a given name."""
        return given in self._given

    def by_name(self, one: Compared, other: Compared, level: int) -> float:
        """What the rarity of names adds. Of alike names the commoner one counts, by half."""
        given, family = BY_NAME[level]
        extra = 0.0
        if given:
            bits = self._given.get(one.given, self._rare_given)
            if one.given != other.given:
                bits = min(bits, self._given.get(other.given, self._rare_given))
            extra = bits if given == IN_FULL or bits < 0.0 else HALF * bits
        if family:
            bits = self._family.get(one.family, self._rare_family)
            if one.family != other.family:
                bits = min(bits, self._family.get(other.family, self._rare_family))
            extra += bits if family == IN_FULL or bits < 0.0 else HALF * bits
        return extra

    def by_place(self, one: Compared, other: Compared, level: int) -> float:
        """What the rarity of a shared district adds. Whole postcodes are all about as rare as each other."""
        code = POSTCODE_OF[level]
        if code == Postcode.SECTOR:
            return min(self.of_place(one.postcode)[0], self.of_place(other.postcode)[0])
        if code == Postcode.OUTCODE:
            return min(self.of_place(one.postcode)[1], self.of_place(other.postcode)[1])
        return 0.0


def _rarity(model: Model, name: str) -> tuple[Mapping[str, float], float]:
    """Of each listed value, and of any other."""
    each = model.frequencies[name]
    listed = {value: _extra(model, each, share) for value, share in each.shares.items()}
    return listed, _extra(model, each, each.rare)


def _extra(model: Model, each: Frequencies, share: float) -> float:
    most = model.policy.most_by_name
    bits = log2(max(each.agree, LEAST_SHARE)) - log2(max(share, model.policy.least_share))
    return min(most, max(-most, bits))
