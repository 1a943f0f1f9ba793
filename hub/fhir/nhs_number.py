"""NHS numbers: ten digits, the last a check digit, and not one that stands for nobody.

Source: NHS Data Dictionary, NHS NUMBER (weights 10 to 2, modulus 11). See README for the traps.
"""

from enum import StrEnum
from typing import Final, Literal, NewType, TypeAlias

NhsNumber = NewType("NhsNumber", str)
"""Ten digits that passed `nhs_number_from`; nothing after it needs to ask."""

TestNumbers: TypeAlias = Literal["accept", "refuse"]
"""What to do with the range for tests: production refuses, demonstrations and tests accept."""

LENGTH: Final = 10
TEST_RANGE: Final = "999"
PLACEHOLDERS: Final = frozenset(
    {digit * LENGTH for digit in "0123456789"} | {"0123456789", "1234567890", "9876543210"}
)
"""Typed where a number is wanted and none is known. Most have a right check digit."""

_WRITTEN_BETWEEN: Final = str.maketrans("", "", " -\u00a0")


class Unusable(StrEnum):
    """Why a number that was sent is not used to tell who somebody is."""

    LENGTH = "length"
    PLACEHOLDER = "placeholder"
    CHECK_DIGIT = "check-digit"
    TEST_RANGE = "test-range"
    SEVERAL = "several"
    """More than one usable number on one record: neither is taken."""


def nhs_number_from(text: str, test_numbers: TestNumbers) -> NhsNumber | Unusable:
    """Read a number as written, in one piece or 3-3-4, or say why it cannot be used."""
    digits = text.translate(_WRITTEN_BETWEEN)
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        return Unusable.LENGTH
    if digits in PLACEHOLDERS:
        return Unusable.PLACEHOLDER
    if check_digit(digits[:9]) != digits[9]:
        return Unusable.CHECK_DIGIT
    if test_numbers == "refuse" and digits.startswith(TEST_RANGE):
        return Unusable.TEST_RANGE
    return NhsNumber(digits)


def check_digit(nine: str) -> str:
    """The tenth digit for the first nine; `X` where there is none: such numbers are not given."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True))
    return "0123456789X"[-total % 11]
