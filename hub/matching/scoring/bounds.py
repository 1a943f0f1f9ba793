"""The most that a candidate can be worth, by what is seen of it at a glance.

It is never less than what the full comparison finds, so whoever stays below the least that counts need not be compared.
Each of the three bytes of a glance has a table with a number of bits for each of its 256 values, and the names one by
what is seen of them; the bound is the sum.
A bit that is set says that two values may be equal, so a table takes the best of all levels that are still possible.
"""

from functools import lru_cache, partial
from itertools import product
from math import ceil
from typing import Final, TypeAlias

import numpy as np

from hub.matching.index.outline import SEEN
from hub.matching.normal.places import is_uk
from hub.matching.normal.record import Compared
from hub.matching.scoring.fields import (
    BORN,
    EMAIL,
    HOME,
    LANDLINE,
    MIDDLE,
    MOBILE,
    NAME,
    SEX,
    Middle,
    Same,
)
from hub.matching.scoring.possible import (
    ALWAYS,
    NEVER,
    PARTLY,
    SIZE,
    WHOLE,
    WITHOUT,
    Table,
    birth_bound,
    by_name_level,
    home_bounds,
    name_bounds,
)
from hub.matching.scoring.weights import Weights

MOST_KEPT: Final = 4_096

_, _, MIDDLE_BIT, OTHER_SEX_BIT, MOBILE_BIT, LANDLINE_BIT, EMAIL_BIT, NHS_BIT = (
    1 << place for place, _ in enumerate(SEEN[0])
)
Known: TypeAlias = tuple[int, ...]
"""Which fields of a query are known, what is known of its date of birth and home, and how rare its district is, rounded
up so that few tables are needed."""


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
        self._births = [
            np.array([weights.prior + birth_bound(by[BORN], code, kind) for code in range(SIZE)])
            for kind in (WITHOUT, PARTLY, WHOLE)
        ]
        self._homes = {
            known: home_bounds(by[HOME], *known) for known in product((False, True), repeat=3)
        }
        self._tables = lru_cache(MOST_KEPT)(self._tables_of)
        self._most = lru_cache(MOST_KEPT)(self._most_of)
        self._names = lru_cache(MOST_KEPT)(self._names_of)
        self._by_level = lru_cache(MOST_KEPT)(partial(by_name_level, by[NAME]))
        self._others = lru_cache(MOST_KEPT)(self._others_of)

    def of(self, query: Compared) -> tuple[Table, Table]:
        """The tables of a query of one name and one home: of a glance's three bytes, prior included; of its name."""
        given, family = self._rarity_of(query.given, query.family)
        names = self._names(query.given != "", query.family != "", given, family)
        return self._tables(*self._known_of(query, query.nhs != 0)), names

    def most_without_number(self, query: Compared) -> float:
        """The most that anybody is worth whose NHS number is not known to be the query's, prior included."""
        return max(self.by_name_level(query)) + self._most(*self._known_of(query, False))

    def _known_of(self, query: Compared, nhs: bool) -> Known:
        (_, middle, _, born, sex, postcode, address, mobile, landline, email, _, _, _) = query
        return (
            middle != "", sex != "", mobile != 0, landline != 0, email != "", nhs,
            WITHOUT if not born else WHOLE if born % 100 else PARTLY,
            postcode != "", address != "", *self._place_of(postcode),
        )  # fmt: skip

    def by_name_level(self, query: Compared) -> list[float]:
        """The most that each level of `name` is worth for a query."""
        return self._by_level(*self._rarity_of(query.given, query.family))

    def _rarity_of(self, given: str, family: str) -> tuple[int, int]:
        one, other = self._weights.rarity.of_name(given, family)
        return ceil(one), ceil(other)

    def _place_of(self, postcode: str) -> tuple[int, int, bool]:
        sector, outcode = self._weights.rarity.of_place(postcode)
        return ceil(sector), ceil(outcode), is_uk(postcode)

    def _names_of(self, given: bool, family: bool, rare_given: int, rare_family: int) -> Table:
        return name_bounds(self._by_level(rare_given, rare_family), given=given, family=family)

    def _most_of(self, *known: int) -> float:
        """The most that all but the name and the number is worth."""
        tables = self._tables(*known).reshape(-1, SIZE)
        return float(np.where(tables < ALWAYS / 2, tables, NEVER).max(axis=1).sum())

    def _tables_of(self, *known: int) -> Table:
        """The tables of the three bytes, one behind the other."""
        *others, born, postcode, address, sector, outcode, uk = known
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
