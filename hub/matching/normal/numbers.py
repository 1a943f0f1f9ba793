"""NHS numbers, telephone numbers and e-mail addresses as they are compared."""

import re
from enum import IntEnum
from functools import lru_cache
from operator import mul
from typing import Final

NO_NUMBER: Final = 0
NHS_LENGTH: Final = 10
NHS_WEIGHTS: Final = range(10, 1, -1)
"""Modulus 11 (NHS Data Dictionary, NHS NUMBER)."""
NHS_PLACEHOLDERS: Final = frozenset(
    {digit * NHS_LENGTH for digit in "0123456789"} | {"0123456789", "1234567890", "9876543210"}
)


def nhs_number(text: str) -> int:
    """The ten digits as a number; 0 when the check digit is wrong or the number stands for nobody."""
    digits = text if text.isdigit() else text.translate(_BETWEEN)
    if len(digits) != NHS_LENGTH or not (digits.isascii() and digits.isdigit()):
        return NO_NUMBER
    total = sum(map(mul, map(int, digits), NHS_WEIGHTS))  # all digits but the last
    if "0123456789X"[-total % 11] != digits[-1] or digits in NHS_PLACEHOLDERS:
        return NO_NUMBER
    return int(digits)


_BETWEEN: Final = str.maketrans("", "", " -\u00a0")


class Line(IntEnum):
    """Whom a telephone number tells apart: a mobile one person, any other a household."""

    NONE = 0
    MOBILE = 1
    HOME = 2


_NOT_DIGITS: Final = re.compile(r"\D+")
_UK_ABROAD: Final = re.compile(r"(?:00|\+)\s*44\s*(?:\(?0\)?)?")
_UK_MOBILE: Final = re.compile(r"447[1-57-9]\d{8}")
"""Mobile ranges of the National Telephone Numbering Plan (Ofcom): 071 to 075 and 077 to 079."""
FEWEST_DIGITS: Final = 7
"""Shorter ones are extensions or fragments."""
MOST_DIGITS: Final = 15
"""E.164."""
FEWEST_DIFFERENT: Final = 3
"""Fewer different digits after the country code are a placeholder (07777 777777)."""


@lru_cache(maxsize=4096)
def telephone(text: str) -> tuple[Line, int]:
    """Whom it tells apart, and the number in E.164 without the plus; (NONE, 0) for what is none."""
    plain = text.strip()
    abroad = _UK_ABROAD.match(plain)
    if abroad:
        digits = "44" + _NOT_DIGITS.sub("", plain[abroad.end() :])
    else:
        digits = _NOT_DIGITS.sub("", plain)
        if digits.startswith("00"):
            digits = digits[2:]
        elif digits.startswith("0"):
            digits = "44" + digits[1:]
        elif len(digits) == NHS_LENGTH and digits.startswith("7"):
            digits = "44" + digits
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS or len(set(digits[2:])) < FEWEST_DIFFERENT:
        return Line.NONE, 0
    return (Line.MOBILE if _UK_MOBILE.fullmatch(digits) else Line.HOME), int(digits)


def email(text: str) -> str:
    """An e-mail address in lower case; empty for what is none."""
    plain = text.strip().casefold()
    return plain if "@" in plain[1:-1] else ""
