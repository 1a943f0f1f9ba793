"""What is seen of many records at one glance.

24 small numbers each, equal or not equal to what is asked. The bits of a glance say what a pair may agree in at most. A
bit may be set by chance, because the numbers are cut to 16 bits, but it is never missing where values are equal. The
bits that take something away (`EXACT`) are never wrong. Behind them stand the letters of the names and the groups of
variants, which say what names may be alike. An outline is one line of the processor's cache, and begins with it.
"""

from typing import Final

import numpy as np

from hub.matching.index.loops import Keys, Outlines
from hub.matching.index.numbers import PLACE_OF

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
        ("house", "house"), ("is uk", "yes"), ("is address", "yes"), ("nothing", "yes"),
    ),
)  # fmt: skip
"""For each bit of each of three bytes, the lowest first: what stands in the register, and what of the query it is held
against. The last is free."""
EXACT: Final = ("sex", "is whole", "is several", "is uk", "is address")

NAMES: Final = (
    "given letters", "given letters above", "family letters", "family letters above",
    "middle letters", "middle letters above", "groups", "begin",
)  # fmt: skip
"""The same on both sides."""

_ALL: Final = [*(pair for part in SEEN for pair in part), *zip(NAMES, NAMES, strict=True)]
_KEPT: Final = np.array([PLACE_OF[kept] for kept, _ in _ALL])
ASKED: Final = np.array([PLACE_OF[asked] for _, asked in _ALL])
"""Which numbers of a query the outlines are held against."""
WIDTH: Final = len(_ALL)
LINE: Final = 64
"""Bytes of a line of the cache, and of an outline."""


def nobody(size: int) -> Outlines:
    """Room for so many outlines."""
    room = np.zeros(size * LINE + LINE, dtype=np.uint8)
    first = -room.ctypes.data % LINE
    return room[first : first + size * LINE].view(np.uint16).reshape(size, WIDTH)


def outlines(numbers: Keys) -> Outlines:
    """What is kept of records. `numbers`: for each column those of all records."""
    return numbers.take(_KEPT, axis=0).astype(np.uint16).T  # the low 16 bits
