"""What is seen of many records at one glance.

24 small numbers each, equal or not equal to what is asked, and the letters of names. The bits of a glance say what a
pair may agree in at most. A bit may be set by chance, because the numbers are cut to 16 bits, but it is never missing
where values are equal. The bits that take something away (`EXACT`) are never wrong.
"""

from array import array
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.numbers import PLACE_OF, Numbers

Outlines: TypeAlias = NDArray[np.uint16]
Codes: TypeAlias = NDArray[np.uint8]

SEEN: Final = (
    (
        ("given", "given"), ("family", "family"), ("middle", "middle"), ("sex", "other sex"),
        ("mobile", "mobile"), ("landline", "landline"), ("email", "email"), ("nhs", "nhs"),
    ),
    (
        ("year", "year"), ("month", "month"), ("day of month", "day of month"), ("month and day", "day and month"),
        ("month and day", "day slipped"), ("year and month", "month slipped"), ("is whole", "yes"),
        ("is several", "yes"),
    ),
    (
        ("postcode", "postcode"), ("outcode", "outcode"), ("unit", "unit"), ("address", "address"),
        ("house", "house"), ("is uk", "yes"), ("is address", "yes"), ("head", "head"),
    ),
)  # fmt: skip
"""For each bit of each of three bytes, the lowest first: what stands in the register, and what of the query it is held
against."""
EXACT: Final = ("sex", "is whole", "is several", "is uk", "is address")
LETTERS: Final = (
    ("given letters", "given letters"), ("family letters", "family letters"),
    ("given letters", "family letters"), ("family letters", "given letters"),
    ("given length", "given length"), ("family length", "family length"),
    ("given length", "family length"), ("family length", "given length"),
)  # fmt: skip
"""The letters of each name and of the other, in case they were swapped."""

_ALL: Final = [pair for part in (*SEEN, LETTERS) for pair in part]
_KEPT: Final = np.array([PLACE_OF[kept] for kept, _ in _ALL])
_ASKED: Final = np.array([PLACE_OF[asked] for _, asked in _ALL])
WIDTH: Final = len(_ALL)
BITS: Final = WIDTH - len(LETTERS)
NAMES: Final = BITS + len(LETTERS) // 2
POSTCODE: Final = 16
ADDRESS: Final = 19
"""Where postcode and address stand among the 24."""
NOBODY: Final[Outlines] = np.zeros((0, WIDTH), dtype=np.uint16)


def outlines(block: NDArray[np.uint64]) -> Outlines:
    """What is kept of records, from their lines of numbers."""
    return block.take(_KEPT, axis=1).astype(np.uint16)  # the low 16 bits


def asked(line: Numbers) -> Outlines:
    """What the outlines are held against for a query."""
    return np.frombuffer(array("Q", line), dtype=np.uint64).take(_ASKED).astype(np.uint16)


def seen(some: Outlines, query: Outlines) -> Codes:
    """Three bytes for each of some outlines: which of the 24 are equal."""
    return np.packbits(some[:, :BITS] == query[:BITS], axis=1, bitorder="little")


MOST_ABSENT: Final = 0.75 + 1e-6
"""Letters of each name that the other lacks, as shares, added up: two names that are `NEAR` lack no more.

Jaro-Winkler is at most 0.6 times Jaro's similarity plus 0.4, so from 0.85 Jaro's is 0.75; and that is at most a
third of one and of the shares of each name that match."""


def alike(some: Outlines, query: Outlines) -> Codes:
    """Four bits for each of some outlines: given names, family names, and each with the other, may be alike."""
    theirs, ours = some[:, BITS:NAMES], query[BITS:NAMES]
    absent = np.bitwise_count(ours & ~theirs) / query[NAMES:]
    absent += np.bitwise_count(theirs & ~ours) / some[:, NAMES:]
    return np.packbits(absent <= MOST_ABSENT, axis=1, bitorder="little")[:, 0]


def may_live_there(some: Outlines, one: Outlines) -> NDArray[np.bool_]:
    """Which of some outlines may have the postcode or the address of one."""
    same = some[:, POSTCODE : ADDRESS + 1] == one[POSTCODE : ADDRESS + 1]
    return np.asarray(same[:, 0] | same[:, -1])
