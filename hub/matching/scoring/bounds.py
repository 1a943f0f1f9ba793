"""The most that a candidate can be worth, by what is seen of it at a glance.

It is never less than what the full comparison finds, so whoever stays below the least that counts need not be compared.
Each of the three bytes of a glance has a table with a number of bits for each of its 256 values; the bound is the sum.
A bit that is set says that two values may be equal, so a table takes the best of all levels that are still possible.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.outline import SEEN, Codes
from hub.matching.normal.dates import is_whole
from hub.matching.normal.places import is_uk
from hub.matching.normal.record import Compared
from hub.matching.scoring.fields import (
    ADDRESSES,
    BORN,
    EMAIL,
    FAMILIES,
    HOME,
    LANDLINE,
    MIDDLE,
    MOBILE,
    NAME,
    NHS,
    SEX,
    SWAPPED_NAMES,
    Address,
    Born,
    Family,
    Given,
    Middle,
    Postcode,
    Same,
)
from hub.matching.scoring.weights import AGREEING_FAMILY, AGREEING_GIVEN, HALF, Weights

Table: TypeAlias = NDArray[np.float64]

ALWAYS: Final = 1e6
"""Bits of whoever is compared in any case: one with several names or homes, or with the same NHS number."""
NEVER: Final = -1e6
SIZE: Final = 256
TWO: Final = 2
MOST_KEPT: Final = 4_096

_NAMES, _BIRTHS, _HOMES = (
    tuple(1 << place for place, _ in enumerate(byte)) for byte in SEEN
)
GIVEN_BIT, FAMILY_BIT, MIDDLE_BIT, OTHER_SEX_BIT, MOBILE_BIT, LANDLINE_BIT, EMAIL_BIT, NHS_BIT = _NAMES
YEAR_BIT, MONTH_BIT, DAY_BIT, SWAPPED_BIT, DAY_SLIPPED_BIT, MONTH_SLIPPED_BIT, WHOLE_BIT, SEVERAL_BIT = _BIRTHS
POSTCODE_BIT, OUTCODE_BIT, UNIT_BIT, ADDRESS_BIT, HOUSE_BIT, UK_BIT, HAS_ADDRESS_BIT, _ = _HOMES

EQUAL, ALIKE, ELSE = range(3)
"""A half of a name: equal, alike so that its rarity counts by half, or neither."""


class Bounds:
    """The bounds of one set of weights. What it remembers changes no bound."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        by = weights.by_field
        self._middle = (
            max(0.0, by[MIDDLE][Middle.PART], by[MIDDLE][Middle.OTHER]),
            max(0.0, *by[MIDDLE]),
        )
        self._sex = (max(0.0, by[SEX][Same.EXACT]), by[SEX][Same.OTHER])
        self._names = {
            known: _best_names(by[NAME], *known) for known in product((False, True), repeat=2)
        }
        self._births = [
            np.array([weights.prior + _birth_bound(by[BORN], code, kind) for code in range(SIZE)])
            for kind in range(3)
        ]
        self._homes = {
            known: _home_bounds(by[HOME], *known) for known in product((False, True), repeat=3)
        }
        self._others = lru_cache(MOST_KEPT)(self._others_of)
        self._home_table = lru_cache(MOST_KEPT)(self._home_table_of)

    def of(self, query: Compared, codes: Codes) -> Table:
        """The most bits, prior included, of candidates that were seen so beside a query of one name and one home."""
        tables = self._tables(query)
        first = tables[0].take(codes[:, 0])
        first += tables[1].take(codes[:, 1])
        first += tables[2].take(codes[:, 2])
        return first

    def _tables(self, query: Compared) -> tuple[Table, Table, Table]:
        others = self._others(query.middle != "", query.sex != "", query.mobile != 0, query.landline != 0, query.email != "", query.nhs != 0)
        names = np.array(self._names_of(query.given, query.family))
        born = query.born
        return (
            np.add.outer(others, names).ravel(),
            self._births[0 if not born else 2 if is_whole(born) else 1],
            self._home_table(
                bool(query.postcode), is_uk(query.postcode), bool(query.address),
                *self._weights.rarity_of_place(query.postcode),
            ),
        )

    def _names_of(self, given: str, family: str) -> tuple[float, float, float, float]:
        """The most that the name is worth when neither half, the given one, the family one, or both may be equal."""
        best = self._names[given != "", family != ""]
        rare_given, rare_family = self._weights.rarity_of_name(given, family)
        alike_given = rare_given if rare_given < 0.0 else HALF * rare_given
        alike_family = rare_family if rare_family < 0.0 else HALF * rare_family
        neither = max(
            best[ALIKE][ALIKE] + alike_given + alike_family,
            best[ALIKE][ELSE] + alike_given,
            best[ELSE][ALIKE] + alike_family,
            best[ELSE][ELSE],
        )
        one = max(
            neither,
            best[EQUAL][ALIKE] + rare_given + alike_family,
            best[EQUAL][ELSE] + rare_given,
        )
        other = max(
            neither,
            best[ALIKE][EQUAL] + alike_given + rare_family,
            best[ELSE][EQUAL] + rare_family,
        )
        return neither, one, other, max(one, other, best[EQUAL][EQUAL] + rare_given + rare_family)

    def _others_of(
        self, middle: bool, sex: bool, mobile: bool, landline: bool, email: bool, nhs: bool
    ) -> Table:
        """Whatever stands in the first byte beside the names: the upper six of its bits."""
        by = self._weights.by_field
        found = []
        for code in range(0, SIZE, 4):
            bits = self._middle[bool(code & MIDDLE_BIT)] if middle else 0.0
            bits += self._sex[bool(code & OTHER_SEX_BIT)] if sex else 0.0
            for asked, bit, field in ((mobile, MOBILE_BIT, MOBILE), (landline, LANDLINE_BIT, LANDLINE), (email, EMAIL_BIT, EMAIL)):
                if asked:
                    bits += max(0.0, by[field][Same.OTHER], by[field][Same.EXACT] if code & bit else 0.0)
            found.append(bits + (ALWAYS if nhs and code & NHS_BIT else 0.0))
        return np.array(found)

    def _home_table_of(
        self, postcode: bool, uk: bool, address: bool, sector: float, outcode: float
    ) -> Table:
        plain, by_sector, by_outcode = self._homes[postcode, uk, address]
        return np.maximum(plain, np.maximum(by_sector + sector, by_outcode + outcode))


def _best_names(bits: Sequence[float], given: bool, family: bool) -> list[list[float]]:
    """The best level of each of three kinds of given name with each of three kinds of family name."""
    best = [[NEVER] * 3 for _ in range(3)]
    for one in Given if given else (Given.MISSING,):
        for other in Family if family else (Family.MISSING,):
            half = EQUAL if one == Given.EXACT else ALIKE if one in AGREEING_GIVEN else ELSE
            rest = EQUAL if other == Family.EXACT else ALIKE if other in AGREEING_FAMILY else ELSE
            best[half][rest] = max(best[half][rest], bits[one * FAMILIES + other])
    if given and family:
        best[ELSE][ELSE] = max(best[ELSE][ELSE], bits[SWAPPED_NAMES])
    return best


def _birth_bound(bits: Sequence[float], code: int, kind: int) -> float:
    """The most that a date of birth is worth. `kind` of the query: 0 without one, 1 without a day, 2 whole."""
    if code & SEVERAL_BIT:
        return ALWAYS
    if not kind:
        return 0.0
    if kind == 1 or not code & WHOLE_BIT:
        return max(0.0, bits[Born.YEAR], bits[Born.OTHER])
    levels = [Born.OTHER]
    equal = bool(code & YEAR_BIT) + bool(code & MONTH_BIT) + bool(code & DAY_BIT)
    if equal > TWO:
        levels.append(Born.EXACT)
    if equal >= TWO:
        levels += [Born.TWO_PARTS, Born.SLIP]
    if code & YEAR_BIT and code & SWAPPED_BIT:
        levels.append(Born.SWAPPED)
    if (code & YEAR_BIT and code & DAY_SLIPPED_BIT) or (
        code & DAY_BIT and code & MONTH_SLIPPED_BIT
    ):
        levels.append(Born.SLIP)
    return max(bits[level] for level in levels)


def _home_bounds(
    bits: Sequence[float], postcode: bool, uk: bool, address: bool
) -> tuple[Table, Table, Table]:
    """The most that a home is worth: without, with an equal sector, with an equal outward code; their rarity apart."""
    rare = (Postcode.SECTOR, Postcode.OUTCODE)
    found = np.full((3, SIZE), NEVER)
    for code in range(SIZE):
        codes = _postcodes(code, uk=uk) if postcode else {Postcode.MISSING}
        lines = _addresses(code) if address else {Address.MISSING}
        for place, some in enumerate((codes.difference(rare), *({each} & codes for each in rare))):
            if some:
                found[place, code] = max(_joint(bits, some, lines))
    return found[0], found[1], found[2]


def _joint(
    bits: Sequence[float], codes: Iterable[Postcode], lines: Iterable[Address]
) -> Iterable[float]:
    return (bits[one * ADDRESSES + other] for one in codes for other in lines)


def _postcodes(code: int, *, uk: bool) -> set[Postcode]:
    """The levels that are possible. One slip in a postcode of this country leaves its outward code or its unit."""
    if not (uk and code & UK_BIT):
        return set(Postcode)
    levels = {Postcode.OTHER}
    if code & POSTCODE_BIT:
        levels.add(Postcode.EXACT)
    if code & OUTCODE_BIT:
        levels |= {Postcode.SECTOR, Postcode.OUTCODE}
    if code & (OUTCODE_BIT | UNIT_BIT):
        levels.add(Postcode.SLIP)
    return levels


def _addresses(code: int) -> set[Address]:
    if not code & HAS_ADDRESS_BIT:
        return {Address.MISSING}
    levels = {Address.PART, Address.OTHER}
    if code & HOUSE_BIT:
        levels.add(Address.CLOSE)
    if code & ADDRESS_BIT:
        levels.add(Address.EXACT)
    return levels
