"""What is seen of many records at one glance: 24 small numbers each, equal or not equal to what is asked.

The bits of a glance say what a pair may agree in at most. A bit may be set by chance, because the numbers are cut to 16
bits, but it is never missing where values are equal. The bits that only two of a kind can set (`EXACT`) are never wrong.
"""

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
        ("month and day", "day slipped"), ("year and month", "month slipped"), ("is whole", "yes"), ("is several", "yes"),
    ),
    (
        ("postcode", "postcode"), ("outcode", "outcode"), ("unit", "unit"), ("address", "address"),
        ("house", "house"), ("is uk", "yes"), ("is address", "yes"), ("nothing", "yes"),
    ),
)  # fmt: skip
"""For each bit of each of three bytes, the lowest first: what stands in the register, and what of the query it is held
against."""
EXACT: Final = ("sex", "is whole", "is several", "is uk", "is address")
WIDTH: Final = 24

_ALL: Final = [pair for byte in SEEN for pair in byte]
_KEPT: Final = np.array([PLACE_OF[kept] for kept, _ in _ALL])
_ASKED: Final = tuple(PLACE_OF.get(asked, -1) for _, asked in _ALL)
POSTCODE: Final = 16
ADDRESS: Final = 19
"""Where postcode and address stand among the 24."""
CUT: Final = 0xFFFF


def outlines(block: NDArray[np.uint64]) -> Outlines:
    """What is kept of records, from their lines of numbers."""
    return block[:, _KEPT].astype(np.uint16)  # the low 16 bits


def asked(line: Numbers) -> Outlines:
    """What the outlines are held against for a query."""
    return np.array([line[place] & CUT if place >= 0 else 1 for place in _ASKED], dtype=np.uint16)


def seen(some: Outlines, query: Outlines) -> Codes:
    """Three bytes for each of some outlines: which of the 24 are equal."""
    return np.packbits(some == query, axis=1, bitorder="little")
