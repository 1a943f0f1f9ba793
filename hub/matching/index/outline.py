"""What is seen of many records at one glance.

24 small numbers each, equal or not equal to what is asked. The bits of a glance say what a pair may agree in at most. A
bit may be set by chance, because the numbers are cut to 16 bits, but it is never missing where values are equal. The
bits that take something away (`EXACT`) are never wrong.
"""

from array import array
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.loops import Flags, Outlines
from hub.matching.index.numbers import PLACE_OF, Numbers

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

_ALL: Final = [pair for part in SEEN for pair in part]
_KEPT: Final = np.array([PLACE_OF[kept] for kept, _ in _ALL])
_ASKED: Final = np.array([PLACE_OF[asked] for _, asked in _ALL])
WIDTH: Final = len(_ALL)
POSTCODE: Final = 16
ADDRESS: Final = 19
"""Where postcode and address stand among the 24."""


def outlines(block: NDArray[np.uint64]) -> Outlines:
    """What is kept of records, from their lines of numbers."""
    return block.take(_KEPT, axis=1).astype(np.uint16)  # the low 16 bits


def asked(line: Numbers) -> Outlines:
    """What the outlines are held against for a query of these numbers."""
    return np.frombuffer(array("Q", line), dtype=np.uint64).take(_ASKED).astype(np.uint16)


def may_live_there(some: Outlines, one: Outlines) -> Flags:
    """Which of some outlines may have the postcode or the address of one."""
    there = some[:, POSTCODE] == one[POSTCODE]
    there |= some[:, ADDRESS] == one[ADDRESS]
    return np.asarray(there)
