"""What agrees better than each level of a field, or of a half of one.

A level is worth no more than a better one: a slip of the keys in an address that a household shares, or in a common
name, is no better evidence than the address or the name itself.
"""

from collections.abc import Mapping
from typing import Final

from hub.matching.scoring.fields import Address, Born, Family, Given, Postcode

BETTER_GIVEN: Final[Mapping[int, tuple[int, ...]]] = {
    Given.VARIANT: (Given.EXACT,),
    Given.CLOSE: (Given.EXACT,),
    Given.NEAR: (Given.CLOSE,),
    Given.TOKEN: (Given.EXACT,),
    Given.INITIAL: (Given.EXACT,),
    Given.OTHER: (Given.NEAR, Given.TOKEN, Given.INITIAL),
}
BETTER_FAMILY: Final[Mapping[int, tuple[int, ...]]] = {
    Family.CLOSE: (Family.EXACT,),
    Family.NEAR: (Family.CLOSE,),
    Family.TOKEN: (Family.EXACT,),
    Family.OTHER: (Family.NEAR, Family.TOKEN),
}
BETTER_POSTCODE: Final[Mapping[int, tuple[int, ...]]] = {
    Postcode.SLIP: (Postcode.EXACT,),
    Postcode.SECTOR: (Postcode.EXACT,),
    Postcode.OUTCODE: (Postcode.SECTOR,),
    Postcode.OTHER: (Postcode.SLIP, Postcode.OUTCODE),
}
BETTER_ADDRESS: Final[Mapping[int, tuple[int, ...]]] = {
    Address.CLOSE: (Address.EXACT,),
    Address.PART: (Address.CLOSE,),
    Address.OTHER: (Address.PART,),
}
BETTER_BORN: Final[Mapping[int, tuple[int, ...]]] = {
    Born.SWAPPED: (Born.EXACT,),
    Born.SLIP: (Born.EXACT,),
    Born.TWO_PARTS: (Born.EXACT,),
    Born.YEAR: (Born.EXACT,),
    Born.OTHER: (Born.TWO_PARTS, Born.YEAR),
}
