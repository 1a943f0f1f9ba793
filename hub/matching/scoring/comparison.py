"""Two records side by side: the level of every field. No weights, so no opinion on what the levels are worth."""

from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import lru_cache, partial
from typing import Final, TypeAlias, TypeVar

from hub.matching.normal.names import ComparedName
from hub.matching.normal.record import Compared, ComparedHome, homes_of, names_of
from hub.matching.normal.tables import NameTables
from hub.matching.scoring.fields import (
    ADDRESSES,
    FAMILIES,
    SWAPPED_NAMES,
    Born,
    Given,
    Middle,
    Same,
)
from hub.matching.scoring.levels import (
    address_level,
    born_level,
    family_level,
    given_level,
    middle_level,
    postcode_level,
    swapped,
)

Levels: TypeAlias = tuple[int, ...]
"""One level for each of `FIELDS`, in that order; 0 is missing on a side."""

MOST_KEPT: Final = 16_384
"""Pairs of names whose level is kept: they meet again and again, which days, postcodes and addresses do not."""
EXACT: Final = int(Given.EXACT)
TOKEN: Final = int(Given.TOKEN)
INITIAL: Final = int(Given.INITIAL)
DIFFERENT: Final = int(Given.OTHER)


class Comparison:
    """Compares records by one set of name tables. What it remembers changes no answer."""

    def __init__(self, tables: NameTables) -> None:
        self.tables = tables
        self._given = _kept(partial(given_level, tables))
        self._family = _kept(partial(family_level, tables))
        self._middle = _kept(middle_level)

    def levels(self, one: Compared, other: Compared) -> Levels:
        """The level of every field. Symmetric. Of several names, homes and numbers the best pair counts."""
        return self.with_name(self.name_level(one, other), one, other)

    def with_name(self, name: int, one: Compared, other: Compared) -> Levels:
        """The level of every field, where that of the name is known."""
        if one.more is not None or other.more is not None:
            return (name, *self._levels_of_several(one, other))
        (_, middle, _, born, sex, postcode, address, mobile, landline, email, nhs, _, _) = one
        (
            _, middle_2, _, born_2, sex_2, postcode_2, address_2, mobile_2, landline_2, email_2, nhs_2, _, _,
        ) = other  # fmt: skip
        return (
            name,
            self._middle(middle, middle_2) if middle and middle_2 else 0,
            int(born_level(born, born_2)) if born and born_2 else 0,
            (1 if sex == sex_2 else 2) if sex and sex_2 else 0,
            self._home(postcode, address, postcode_2, address_2),
            (1 if mobile == mobile_2 else 2) if mobile and mobile_2 else 0,
            (1 if landline == landline_2 else 2) if landline and landline_2 else 0,
            (1 if email == email_2 else 2) if email and email_2 else 0,
            (1 if nhs == nhs_2 else 2) if nhs and nhs_2 else 0,
        )

    def name_level(self, one: Compared, other: Compared) -> int:
        """The level of the name alone."""
        if one.more is not None or other.more is not None:
            return self._best_name(one, other)[0]
        return self._name(one[:3], other[:3])  # a record begins with the parts of its name

    def named_at(
        self, name: int, one: Compared, other: Compared
    ) -> Iterator[tuple[ComparedName, ComparedName]]:
        """Of all names of two records the pairs that are of this level."""
        for left in names_of(one):
            for right in names_of(other):
                if self._name(left, right) == name:
                    yield left, right

    def _name(self, one: tuple[str, str, str], other: tuple[str, str, str]) -> int:
        given, middle, family = one
        given_2, middle_2, family_2 = other
        if family == family_2:
            same = EXACT if family else 0
        else:
            same = self._family(family, family_2) if family and family_2 else 0
        if given == given_2:
            return (EXACT if given else 0) * FAMILIES + same
        level = self._given(given, given_2) if given and given_2 else 0
        if level == DIFFERENT and (middle or middle_2):
            level = _by_middle(given, middle, given_2, middle_2)
        if level >= INITIAL and swapped(given, family, given_2, family_2):
            return SWAPPED_NAMES
        return level * FAMILIES + same

    def _home(self, postcode: str, address: str, postcode_2: str, address_2: str) -> int:
        code = line = 0
        if postcode and postcode_2:
            code = 1 if postcode == postcode_2 else int(postcode_level(postcode, postcode_2))
        if address and address_2:
            line = 1 if address == address_2 else int(address_level(address, address_2))
        return code * ADDRESSES + line

    def _levels_of_several(self, one: Compared, other: Compared) -> Levels:
        """All but the name."""
        return (
            self._best_name(one, other)[1],
            int(born_level(one.born, other.born)) if one.born and other.born else Born.MISSING,
            _same({one.sex} - {""}, {other.sex} - {""}),
            self._best_home(homes_of(one), homes_of(other)),
            _same(_all(one, "mobile"), _all(other, "mobile")),
            _same(_all(one, "landline"), _all(other, "landline")),
            _same(_all(one, "email"), _all(other, "email")),
            _same({one.nhs} - {0}, {other.nhs} - {0}),
        )

    def _best_name(self, one: Compared, other: Compared) -> tuple[int, int]:
        found = [
            (self._name(left, right), middle_level(left.middle, right.middle))
            for left in names_of(one)
            for right in names_of(other)
        ]
        name, middle = min(found, key=lambda each: (_rank(each[0], FAMILIES), each), default=(0, 0))
        return name, int(middle or Middle.MISSING)

    def _best_home(self, ones: tuple[ComparedHome, ...], others: tuple[ComparedHome, ...]) -> int:
        found = [self._home(*left, *right) for left in ones for right in others]
        return min(found, key=lambda level: (_rank(level, ADDRESSES), level), default=0)


Value = TypeVar("Value", str, int)


def _kept(level: Callable[[Value, Value], IntEnum]) -> Callable[[Value, Value], int]:
    """The level of two values, remembered, as a plain number: Python reckons much slower with members of an enum."""
    return lru_cache(MOST_KEPT)(lambda one, other: int(level(one, other)))


def _by_middle(given: str, middle: str, given_2: str, middle_2: str) -> int:
    """Different first names: known by a middle name, or one name typed in two pieces."""
    if (given_2 in middle and given_2 in middle.split()) or (
        given in middle_2 and given in middle_2.split()
    ):
        return TOKEN
    if given[0] != given_2[0]:
        return DIFFERENT
    pieces = (given + middle.replace(" ", ""), given_2 + middle_2.replace(" ", ""))
    return TOKEN if pieces[0] == pieces[1] else DIFFERENT


BOTH_EXACT: Final = int(Given.EXACT) * FAMILIES + int(Given.EXACT)
WORST: Final = 7
"""Rank of a half that is missing: behind every agreement, beside the disagreement."""


def _rank(level: int, others: int) -> int:
    """How far from full agreement a joint level is; small is near."""
    if level == SWAPPED_NAMES:
        return 3
    half, other = divmod(level, others)
    return (half or WORST) + (other or WORST)


def _same(ones: set[str] | set[int], others: set[str] | set[int]) -> int:
    if not ones or not others:
        return Same.MISSING
    return Same.OTHER if ones.isdisjoint(others) else Same.EXACT


def _all(record: Compared, which: str) -> set[str] | set[int]:
    """All numbers or addresses of one kind."""
    more = record.more
    if which == "email":
        return {record.email, *(more.emails if more else ())} - {""}
    if which == "mobile":
        return {record.mobile, *(more.mobiles if more else ())} - {0}
    return {record.landline, *(more.landlines if more else ())} - {0}
