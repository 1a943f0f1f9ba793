"""What is believed of one person's records before anything is learned: the beginning of the learning, and its floor.

The shares are ours, near to what census and hospital linkage publish of disagreement within a person (ALSPAC: family
name 18 %, given name 12 %, over years). Learning moves them; where a register says nothing of a level, they stay.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final, TypeVar

import numpy as np

from hub.matching.scoring.fields import (
    ADDRESSES,
    FAMILIES,
    LEVELS,
    SWAPPED_NAMES,
    Address,
    Born,
    Family,
    Given,
    Middle,
    Postcode,
    Same,
)
from hub.matching.training.chance import Shares

GIVEN: Final = {
    Given.EXACT: 0.82, Given.VARIANT: 0.04, Given.CLOSE: 0.05, Given.NEAR: 0.03, Given.TOKEN: 0.02, Given.INITIAL: 0.02,
    Given.OTHER: 0.02,
}  # fmt: skip
FAMILY: Final = {
    Family.EXACT: 0.86, Family.CLOSE: 0.04, Family.NEAR: 0.02, Family.TOKEN: 0.03, Family.OTHER: 0.05,
}  # fmt: skip
SWAPPED: Final = 0.01
MIDDLE: Final = {Middle.EXACT: 0.75, Middle.PART: 0.17, Middle.OTHER: 0.08}
BORN: Final = {
    Born.EXACT: 0.92, Born.SWAPPED: 0.01, Born.SLIP: 0.035, Born.TWO_PARTS: 0.015, Born.YEAR: 0.01, Born.OTHER: 0.01,
}  # fmt: skip
SEX: Final = {Same.EXACT: 0.985, Same.OTHER: 0.015}
POSTCODE: Final = {
    Postcode.EXACT: 0.80, Postcode.SLIP: 0.03, Postcode.SECTOR: 0.02, Postcode.OUTCODE: 0.04, Postcode.OTHER: 0.11,
}  # fmt: skip
ADDRESS: Final = {
    Address.EXACT: 0.68, Address.CLOSE: 0.10, Address.PART: 0.07, Address.OTHER: 0.15,
}  # fmt: skip
MOBILE: Final = {Same.EXACT: 0.75, Same.OTHER: 0.25}
LANDLINE: Final = {Same.EXACT: 0.75, Same.OTHER: 0.25}
EMAIL: Final = {Same.EXACT: 0.70, Same.OTHER: 0.30}
NHS: Final = {Same.EXACT: 0.998, Same.OTHER: 0.002}


def start() -> list[Shares]:
    """The share of each level among pairs of one person, field by field in the order of `FIELDS`."""
    name = np.zeros(len(LEVELS[0]))
    name[:SWAPPED_NAMES] = _product(GIVEN, Given, FAMILY, Family, FAMILIES) * (1.0 - SWAPPED)
    name[SWAPPED_NAMES] = SWAPPED
    return [
        name,
        _line(MIDDLE, Middle),
        _line(BORN, Born),
        _line(SEX, Same),
        _product(POSTCODE, Postcode, ADDRESS, Address, ADDRESSES),
        _line(MOBILE, Same),
        _line(LANDLINE, Same),
        _line(EMAIL, Same),
        _line(NHS, Same),
    ]


Level = TypeVar("Level", bound=IntEnum)
Other = TypeVar("Other", bound=IntEnum)


def _line(shares: Mapping[Level, float], levels: type[Level]) -> Shares:
    return np.array([shares.get(level, 0.0) for level in levels])


def _product(
    halves: Mapping[Level, float],
    half: type[Level],
    others: Mapping[Other, float],
    other: type[Other],
    size: int,
) -> Shares:
    grid = np.outer(_line(halves, half), _line(others, other))
    return grid.reshape(len(half) * size)
