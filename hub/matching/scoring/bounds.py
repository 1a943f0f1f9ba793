"""The most that a candidate can be worth, by what is seen of it at a glance.

It is never less than what the full comparison finds, so whoever stays below the least that counts need not be compared.
Each of the three bytes of a glance has a table with a number of bits for each of its 256 values; the bound is the sum.
A bit that is set says that two values may be equal, so a table takes the best of all levels that are still possible.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from math import ceil
from typing import Final, TypeAlias

import numpy as np

from hub.matching.index.outline import SEEN, Codes
from hub.matching.normal.dates import is_whole
from hub.matching.normal.places import is_uk
from hub.matching.normal.record import Compared
from hub.matching.scoring.fields import (
    BORN,
    EMAIL,
    FAMILIES,
    HOME,
    LANDLINE,
    MIDDLE,
    MOBILE,
    NAME,
    SEX,
    SWAPPED_NAMES,
    Family,
    Given,
    Middle,
    Same,
)
from hub.matching.scoring.possible import (
    ALWAYS,
    HEAD_BIT,
    NEVER,
    PARTLY,
    SIZE,
    WHOLE,
    WITHOUT,
    Table,
    birth_bound,
    home_bounds,
)
from hub.matching.scoring.weights import HALF, Weights

MOST_KEPT: Final = 4_096

_NAMES: Final = tuple(1 << place for place, _ in enumerate(SEEN[0]))
GIVEN_BIT, FAMILY_BIT, MIDDLE_BIT, OTHER_SEX_BIT, MOBILE_BIT, LANDLINE_BIT, EMAIL_BIT, NHS_BIT = (
    _NAMES
)
BOTH_NAMES: Final = GIVEN_BIT | FAMILY_BIT
OFFSETS: Final = np.array([0, SIZE, 2 * SIZE], dtype=np.intp)
Known: TypeAlias = tuple[int, ...]
"""Which fields of a query are known, what is known of its date of birth and home, and how rare its district is, rounded
up so that few tables are needed."""

KINDS: Final = range(4)
ELSE, TOKEN, ALIKE, EQUAL = KINDS
"""A half of a name: nothing of what follows, alike by a middle name, alike by letters or by list, or equal; each may in
truth be one that stands before it. The rarity of an alike one counts by half, that of the first does not."""
GIVEN_KINDS: Final = {
    Given.EXACT: EQUAL,
    Given.VARIANT: ALIKE,
    Given.CLOSE: ALIKE,
    Given.NEAR: ALIKE,
    Given.TOKEN: TOKEN,
}
FAMILY_KINDS: Final = {
    Family.EXACT: EQUAL,
    Family.CLOSE: ALIKE,
    Family.NEAR: ALIKE,
    Family.TOKEN: ALIKE,
}
GIVEN_ALIKE, FAMILY_ALIKE, SWAPPED_ALIKE = 1 << 2, 1 << 3, 3 << 4
_CODES: Final = np.arange(SIZE)
GIVEN_KIND_OF: Final = np.where(
    _CODES & GIVEN_BIT, EQUAL, np.where(_CODES & (GIVEN_ALIKE | HEAD_BIT), ALIKE, TOKEN)
)
FAMILY_KIND_OF: Final = np.where(
    _CODES & FAMILY_BIT, EQUAL, np.where(_CODES & FAMILY_ALIKE, ALIKE, TOKEN)
)
MAY_BE_SWAPPED: Final = _CODES & SWAPPED_ALIKE == SWAPPED_ALIKE


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
        self._best_names = {
            known: _best_names(by[NAME], *known) for known in product((False, True), repeat=2)
        }
        self._births = [
            np.array([weights.prior + birth_bound(by[BORN], code, kind) for code in range(SIZE)])
            for kind in (WITHOUT, PARTLY, WHOLE)
        ]
        self._homes = {
            known: home_bounds(by[HOME], *known) for known in product((False, True), repeat=3)
        }
        self._tables = lru_cache(MOST_KEPT)(self._tables_of)
        self._names = lru_cache(MOST_KEPT)(self._names_of)
        self._rarity_of_place = lru_cache(MOST_KEPT)(weights.rarity_of_place)
        self._others = lru_cache(MOST_KEPT)(self._others_of)

    def beside_names(self, query: Compared, codes: Codes) -> Table:
        """The most that all but the name is worth, prior included, for a query of one name and one home.

        `codes`: how candidates were seen beside it.
        """
        (_, middle, _, born, sex, postcode, address, mobile, landline, email, nhs, _, _) = query
        sector, outcode = self._rarity_of_place(postcode)
        known = (
            middle != "", sex != "", mobile != 0, landline != 0, email != "", nhs != 0,
            WITHOUT if not born else WHOLE if is_whole(born) else PARTLY,
            postcode != "", is_uk(postcode), address != "", ceil(sector), ceil(outcode),
        )  # fmt: skip
        return np.asarray(np.add.reduce(self._tables(known).take(codes + OFFSETS), axis=1))

    def of_names(self, query: Compared, codes: Codes, alike: Codes) -> Table:
        """The most that the name is worth. `alike`: whose names may be like the query's."""
        given, family = self._weights.rarity_of_name(query.given, query.family)
        names = self._names(query.given != "", query.family != "", ceil(given), ceil(family))
        return names.take(codes[:, 0] & BOTH_NAMES | alike << 2 | codes[:, 2] & HEAD_BIT)

    def _names_of(self, given: bool, family: bool, rare_given: int, rare_family: int) -> Table:
        """The most for each of 256 codes: two bits for halves that may be equal, then the four of `alike`."""
        bits = self._best_names[given, family]
        bits = bits + np.array(_by_kind(rare_given))[:, None] + np.array(_by_kind(rare_family))
        most = np.maximum.accumulate(np.maximum.accumulate(bits, axis=0), axis=1)
        found = most[GIVEN_KIND_OF, FAMILY_KIND_OF]
        swapped = self._weights.by_field[NAME][SWAPPED_NAMES] if given and family else NEVER
        return np.asarray(np.where(MAY_BE_SWAPPED, np.maximum(found, swapped), found))

    def _tables_of(self, known: Known) -> Table:
        """The tables of the three bytes, one behind the other."""
        *others, born, postcode, uk, address, sector, outcode = known
        plain, by_sector, by_outcode = self._homes[bool(postcode), bool(uk), bool(address)]
        homes = np.maximum(plain, np.maximum(by_sector + sector, by_outcode + outcode))
        return np.concatenate((self._others(*map(bool, others)), self._births[born], homes))

    def _others_of(
        self, middle: bool, sex: bool, mobile: bool, landline: bool, email: bool, nhs: bool
    ) -> Table:
        """Whatever stands in the first byte beside the names."""
        by = self._weights.by_field
        reached = (
            (mobile, MOBILE_BIT, by[MOBILE]),
            (landline, LANDLINE_BIT, by[LANDLINE]),
            (email, EMAIL_BIT, by[EMAIL]),
        )
        found = np.zeros(SIZE)
        for code in range(SIZE):
            found[code] = self._middle[bool(code & MIDDLE_BIT)] if middle else 0.0
            found[code] += self._sex[bool(code & OTHER_SEX_BIT)] if sex else 0.0
            found[code] += sum(
                max(0.0, bits[Same.OTHER], bits[Same.EXACT] if code & bit else 0.0)
                for is_known, bit, bits in reached
                if is_known
            )
            found[code] += ALWAYS if nhs and code & NHS_BIT else 0.0
        return found


def _best_names(bits: Sequence[float], given: bool, family: bool) -> Table:
    """The best level of each kind of given name with each kind of family name."""
    best = np.full((len(KINDS), len(KINDS)), NEVER)
    for one in Given if given else (Given.MISSING,):
        for other in Family if family else (Family.MISSING,):
            place = GIVEN_KINDS.get(one, ELSE), FAMILY_KINDS.get(other, ELSE)
            best[place] = max(best[place], bits[one * FAMILIES + other])
    return best


def _by_kind(rare: float) -> tuple[float, float, float, float]:
    """What the rarity of a name adds for each kind of half."""
    by_half = rare if rare < 0.0 else HALF * rare
    return 0.0, by_half, by_half, rare
