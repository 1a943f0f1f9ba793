"""How far two values agree. Symmetric: which record asks does not matter."""

from typing import Final

from rapidfuzz.distance import OSA, JaroWinkler

from hub.matching.normal.names import sound
from hub.matching.normal.places import outcode, sector
from hub.matching.normal.tables import NameTables
from hub.matching.scoring.fields import Address, Born, Family, Given, Middle, Postcode

CLOSE: Final = 0.92
NEAR: Final = 0.85
"""Jaro-Winkler similarity of names; the steps that NHS England and Splink use, measured in the reference run."""
ADDRESS_SLIPS: Final = 2
"""Edits between two ways to type one address."""
TWO: Final = 2


def given_level(tables: NameTables, one: str, other: str) -> Given:
    """Two first given names, neither of them empty."""
    if one == other:
        return Given.EXACT
    if len(one) == 1 or len(other) == 1:
        return Given.INITIAL if one[0] == other[0] else Given.OTHER
    if one in tables.groups and tables.variants(one, other):
        return Given.VARIANT
    likeness = JaroWinkler.similarity(one, other, score_cutoff=NEAR)
    if likeness >= CLOSE:
        return Given.CLOSE
    if likeness >= NEAR or _one_slip(one, other):
        return Given.NEAR
    return Given.OTHER


def family_level(tables: NameTables, one: str, other: str) -> Family:
    """Two family names, neither of them empty. A title-like one beside another name says nothing."""
    if one == other:
        return Family.EXACT
    several = " " in one or " " in other
    title_like = tables.title_like
    if several:
        if title_like.issuperset(one.split()) or title_like.issuperset(other.split()):
            return Family.MISSING
    elif one in title_like or other in title_like:
        return Family.MISSING
    likeness = JaroWinkler.similarity(one, other, score_cutoff=NEAR)
    if likeness >= CLOSE:
        return Family.CLOSE
    if several and (set(one.split()) & set(other.split())) - title_like:
        return Family.TOKEN
    if likeness >= NEAR or _one_slip(one, other):
        return Family.NEAR
    return Family.OTHER


MAY_BE_LIKE: Final = 0.8
"""Below it no two names are near: one slip in four letters leaves 0.83."""


def may_be_like(one: str, other: str) -> bool:
    """Whether two family names, neither of them empty, may be more than different. Quick; never wrongly no."""
    return (
        JaroWinkler.similarity(one, other, score_cutoff=MAY_BE_LIKE) > 0.0
        or " " in one
        or " " in other
    )


SHORTEST_SLIPPED: Final = 4
"""In shorter names one letter makes another name ("Ian", "Ivan")."""


def is_slip_within(one: str, other: str) -> bool:
    """One letter more, less, other or swapped, in names that begin and end with one letter."""
    within = (one[0], one[-1]) == (other[0], other[-1])
    return within and OSA.distance(one, other, score_cutoff=1) <= 1


def is_swap_within(one: str, other: str) -> bool:
    """The same, by two letters that changed places or one that was typed twice: that makes no other name."""
    if not is_slip_within(one, other):
        return False
    return sorted(one) == sorted(other) or _typed_once(one) == _typed_once(other)


def _typed_once(word: str) -> list[str]:
    return [letter for letter, before in zip(word, " " + word, strict=False) if letter != before]


def _one_slip(one: str, other: str) -> bool:
    """One letter more, less, other or swapped, in names that sound or begin alike."""
    return (
        min(len(one), len(other)) >= SHORTEST_SLIPPED
        and OSA.distance(one, other, score_cutoff=1) <= 1
        and (one[0] == other[0] or sound(one)[1:] == sound(other)[1:])
    )


def swapped(given: str, family: str, others_given: str, others_family: str) -> bool:
    """Whether given and family name of the one are family and given name of the other; one may be misspelt.

    One of the two begins as it should: that is looked at first, for hardly any names do.
    """
    if not (given and family and others_given and others_family):
        return False
    if given[0] != others_family[0] and family[0] != others_given[0]:
        return False
    likenesses = (
        JaroWinkler.similarity(given, others_family, score_cutoff=NEAR),
        JaroWinkler.similarity(family, others_given, score_cutoff=NEAR),
    )
    return min(likenesses) >= NEAR and max(likenesses) >= CLOSE


def middle_level(one: str, other: str) -> Middle:
    """Two lots of middle names; an initial or one of several is part of them."""
    if not one or not other:
        return Middle.MISSING
    if one == other:
        return Middle.EXACT
    ones, others = one.split(), other.split()
    short, long = (ones, others) if len(ones) <= len(others) else (others, ones)
    if all(any(_begins(word, name) for name in long) for word in short):
        return Middle.PART
    return (
        Middle.PART
        if JaroWinkler.similarity(one, other, score_cutoff=CLOSE) >= CLOSE
        else Middle.OTHER
    )


def _begins(one: str, other: str) -> bool:
    return one == other or ((len(one) == 1 or len(other) == 1) and one[0] == other[0])


def born_level(one: int, other: int) -> Born:
    """Two dates YYYYMMDD, neither of them 0, with zeroes for unknown parts."""
    if one == other and one % 100:
        return Born.EXACT
    one_year, one_rest = divmod(one, 10_000)
    year, rest = divmod(other, 10_000)
    one_month, one_day = divmod(one_rest, 100)
    month, day = divmod(rest, 100)
    if not one_day or not day:
        agree = one_year == year and (one_month == month or not one_month or not month)
        return Born.YEAR if agree else Born.OTHER
    parts = (one_year == year) + (one_month == month) + (one_day == day)
    if not parts:
        return Born.OTHER  # one slip of the keys leaves one part as it is
    if one_year == year and one_month == day and one_day == month:
        return Born.SWAPPED
    if OSA.distance(str(one), str(other), score_cutoff=1) <= 1:
        return Born.SLIP
    return Born.TWO_PARTS if parts >= TWO else Born.OTHER


def postcode_level(one: str, other: str) -> Postcode:
    """Two postcodes, neither of them empty."""
    if one == other:
        return Postcode.EXACT
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return Postcode.SECTOR if sector(one) == sector(other) != one else Postcode.SLIP
    if sector(one) == sector(other):
        return Postcode.SECTOR
    return Postcode.OUTCODE if outcode(one) == outcode(other) else Postcode.OTHER


def address_level(one: str, other: str) -> Address:
    """Two folded addresses, neither of them empty."""
    if one == other:
        return Address.EXACT
    one_number, _, one_street = one.partition(" ")
    number, _, street = other.partition(" ")
    same_number = one_number == number
    if same_number and OSA.distance(one, other, score_cutoff=ADDRESS_SLIPS) <= ADDRESS_SLIPS:
        return Address.CLOSE
    ones, others = set(one.split()), set(other.split())
    short = min(len(ones), len(others))
    if same_number and short >= TWO and len(ones & others) == short:
        return Address.CLOSE
    if same_number and one_number[0].isdigit():
        return Address.PART
    if one_street and (one_street == street or JaroWinkler.similarity(one_street, street) >= CLOSE):
        return Address.PART
    return Address.OTHER
