"""Postcodes and addresses as they are compared."""

import re
from functools import lru_cache
from typing import Final

from hub.matching.normal.words import words_of

MOST_KEPT: Final = 16_384
FEW_KEPT: Final = 1_024
"""Of a question that is asked of one postcode several times in a row and then no more."""

UK: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}")
"""Outward and inward code without a blank (BS 7666)."""
ALMOST_UK: Final = re.compile(r"([A-Z]{1,2})([\dOIL][A-Z\d]?)([\dOIL])([A-Z01]{2})")
"""The same with letters typed for digits and digits for letters."""
TO_DIGIT: Final = str.maketrans("OIL", "011")
TO_LETTER: Final = str.maketrans("01", "OI")
NOBODYS: Final = re.compile(r"ZZ99.*")
"""Pseudo-postcodes of the NHS: no fixed abode, abroad, not known."""
INWARD: Final = 3


@lru_cache(maxsize=MOST_KEPT)
def postcode(text: str) -> str:
    """A postcode in capitals without a blank, O and 0 put right; one of another country as it is; empty for none."""
    plain = "".join(character for character in text.upper() if character.isalnum())
    if NOBODYS.fullmatch(plain):
        return ""
    if UK.fullmatch(plain):
        return plain
    match = ALMOST_UK.fullmatch(plain)
    if match is None:
        return plain
    area, district, sector, unit = match.groups()
    mended = (
        area
        + district[0].translate(TO_DIGIT)
        + district[1:]
        + sector.translate(TO_DIGIT)
        + unit.translate(TO_LETTER)
    )
    return mended if UK.fullmatch(mended) else plain


def outcode(code: str) -> str:
    """The outward code of a postcode of this country; of any other, the whole."""
    return code[:-INWARD] if is_uk(code) else code


def sector(code: str) -> str:
    """Outward code and first digit of the inward code; of a postcode of another country, the whole."""
    return code[: 1 - INWARD] if is_uk(code) else code


@lru_cache(maxsize=FEW_KEPT)
def is_uk(code: str) -> bool:
    """Whether it is a postcode of this country."""
    return UK.fullmatch(code) is not None


SHORT: Final = {
    "rd": "road", "str": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "clo": "close",
    "dr": "drive",
    "ct": "court", "crt": "court", "cres": "crescent", "gdns": "gardens", "gdn": "garden", "gr": "grove",
    "grv": "grove",
    "pl": "place", "sq": "square", "tce": "terrace", "terr": "terrace", "pk": "park", "hse": "house",
    "bldg": "building",
    "bldgs": "buildings", "apt": "flat", "apartment": "flat", "unit": "flat", "flt": "flat",
    "nth": "north", "sth": "south",
    "cct": "circuit", "pde": "parade", "hwy": "highway", "wy": "way",
}  # fmt: skip
"""Short forms of words in addresses. Street and Saint share one, so that is decided by where it stands."""
SAINT_OR_STREET: Final = "st"


@lru_cache(maxsize=4096)
def address(text: str) -> str:
    """The lines of an address in folded words with short forms written out, the house number first where there is one.

    A flat is told apart from its house: "Flat 3, 12 High St" is `12 high street flat 3`.
    """
    words = [SHORT.get(word, word) for word in words_of(text)]
    if words and words[-1] == SAINT_OR_STREET:
        words[-1] = "street"
    flat: list[str] = []
    if "flat" in words[:-1]:
        at = words.index("flat")
        flat = words[at : at + 2]
        words = words[:at] + words[at + 2 :]
    number = next((place for place, word in enumerate(words) if word[0].isdigit()), 0)
    return " ".join(words[number:] + words[:number] + flat)
