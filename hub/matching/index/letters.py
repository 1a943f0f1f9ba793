"""The letters of a name as a number: two names that share few of them are not alike, and need not be compared.

What is said of them is a bound: they may be held for alike that are not (`glance.names_seen`), never the reverse.
"""

from collections.abc import Iterable
from typing import Final

from hub.matching.index.glance import LENGTH_SHIFT, UNSURE

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
LONGEST: Final = 31
"""Letters that are counted; longer names are always compared."""
GROUPS: Final = 16
HALF: Final = 16
HALF_MASK: Final = (1 << HALF) - 1


def letters_of(name: str) -> int:
    """A bit for each letter that a name has, whether that does not say enough of it, and its length, as 32 bits.

    It does not where a name has several words or other signs, is one letter alone, or is very long.
    """
    found = 0
    for letter in name:
        place = LETTERS.find(letter)
        found |= UNSURE if place < 0 else 1 << place
    if len(name) == 1 or len(name) > LONGEST:
        found |= UNSURE
    return found | min(len(name), LONGEST) << LENGTH_SHIFT


def first_of(name: str) -> int:
    """The first letter of a name as a number below 256; another sign is as good as any other."""
    return LETTERS.find(name[0]) + 1 if name else 0


def groups_of(numbers: Iterable[int]) -> int:
    """A bit for each group of variants that a name stands in, as 16 bits; groups share bits."""
    found = 0
    for number in numbers:
        found |= 1 << number % GROUPS
    return found


def halves(number: int) -> tuple[int, int]:
    """32 bits as twice 16."""
    return number & HALF_MASK, number >> HALF
