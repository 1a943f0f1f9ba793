"""The levels of name, birth and home that are possible by what is seen at a glance, and the most they are worth."""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.glance import STATES
from hub.matching.index.outline import SEEN
from hub.matching.scoring.fields import (
    ADDRESSES,
    FAMILIES,
    SWAPPED_NAMES,
    Address,
    Born,
    Family,
    Given,
    Postcode,
)
from hub.matching.scoring.rarity import BY_NAME, added

Table: TypeAlias = NDArray[np.float64]
"""Bits for each of the 256 values of a byte."""

SIZE: Final = 256
ALWAYS: Final = 1e6
"""Bits of whoever is compared in any case: one with several names or homes, or with the same NHS number."""
NEVER: Final = -1e6
TWO: Final = 2
WITHOUT, PARTLY, WHOLE = range(3)
"""A date of birth: not known, without its day, known."""

_BIRTHS, _HOMES = (tuple(1 << place for place, _ in enumerate(byte)) for byte in SEEN[1:])
(
    YEAR_BIT,
    MONTH_BIT,
    DAY_BIT,
    SWAPPED_BIT,
    DAY_SLIPPED_BIT,
    MONTH_SLIPPED_BIT,
    WHOLE_BIT,
    SEVERAL_BIT,
) = _BIRTHS
POSTCODE_BIT, OUTCODE_BIT, UNIT_BIT, ADDRESS_BIT, HOUSE_BIT, UK_BIT, HAS_ADDRESS_BIT, _ = _HOMES


def by_name_level(bits: Sequence[float], rare_given: float, rare_family: float) -> list[float]:
    """The most that each level of `name` is worth, where equal names would add so much by their rarity."""
    return [
        each + added(rare_given, given) + added(rare_family, family)
        for each, (given, family) in zip(bits, BY_NAME, strict=True)
    ]


def name_bounds(most: Sequence[float], *, given: bool, family: bool) -> Table:
    """The most that a name is worth by what is seen of it (`glance.names_seen`).

    `most`: of each level. `given`, `family`: whether the query has one.
    """
    found = np.full((2, STATES, STATES), NEVER)
    for family_state, given_state in product(range(STATES), repeat=2):
        found[:, family_state, given_state] = max(
            most[one * FAMILIES + other]
            for one in (GIVEN_BY_STATE[given_state] if given else (Given.MISSING,))
            for other in (FAMILY_BY_STATE[family_state] if family else (Family.MISSING,))
        )
    found[1] = np.maximum(found[1], most[SWAPPED_NAMES])
    return found.reshape(-1)


GIVEN_BY_STATE: Final = (
    (Given.MISSING, Given.OTHER),
    tuple(each for each in Given if each != Given.EXACT),
    tuple(Given),
)
FAMILY_BY_STATE: Final = (
    (Family.MISSING, Family.OTHER),
    tuple(each for each in Family if each != Family.EXACT),
    tuple(Family),
)
"""The levels that are possible where names are others, may be alike, and may be equal."""


def birth_bound(bits: Sequence[float], code: int, kind: int) -> float:
    """The most that a date of birth is worth. `kind`: what is known of the query's."""
    if code & SEVERAL_BIT:
        return ALWAYS
    if kind == WITHOUT:
        return 0.0
    if kind == PARTLY or not code & WHOLE_BIT:
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


def home_bounds(
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
