"""Numbers that stand for nobody: NHS numbers, phones and postcodes that are never given to people."""

from collections.abc import Iterator
from random import Random
from typing import Final

TEST_RANGE: Final = "999"
"""NHS numbers that begin so stand for nobody."""
WEIGHTS: Final = range(10, 1, -1)
MODULUS: Final = 11
"""NHS Data Dictionary, NHS NUMBER: modulus 11; a number whose check digit would be 10 is not given."""

MOBILE: Final = "07700 900"
"""Ofcom's mobile numbers for drama: 07700 900000 to 900999."""

NEVER_INWARD: Final = "CIKMOV"
"""Letters that Royal Mail uses in no inward part, so that no such postcode is anybody's."""


def nhs_numbers(chance: Random) -> Iterator[str]:
    """Different NHS numbers of the test range, each with its check digit, in no order."""
    given: set[str] = set()
    while True:
        nine = f"{TEST_RANGE}{chance.randrange(10**6):06}"
        digit = check_digit(nine)
        if digit is not None and nine not in given:
            given.add(nine)
            yield f"{nine}{digit}"


def check_digit(nine: str) -> str | None:
    """The tenth digit; None where there is none."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, WEIGHTS, strict=True))
    check = -total % MODULUS
    return str(check) if check < MODULUS - 1 else None


def mobile(chance: Random) -> str:
    """A mobile number of nobody."""
    return f"{MOBILE}{chance.randrange(1000):03}"


def landline(chance: Random, dial: str) -> str:
    """A landline of nobody."""
    return f"{dial}{chance.randrange(1000):03}"


def postcode(chance: Random, district: str) -> str:
    """A postcode of nobody in a district."""
    inward = f"{chance.randrange(1, 10)}{''.join(chance.choices(NEVER_INWARD, k=2))}"
    return f"{district} {inward}"
