"""A model turned into bits: what each level of a pair is worth, and what the rarity of its values adds.

Fellegi and Sunter (1969): the weight of a level is log2(m/u). A joint field that is missing on one half is worth what the
other half alone says. Frequencies count in full where values are equal and half where they are only alike (NHS England's
Splink pipeline).
"""

from collections.abc import Mapping, Sequence
from math import log2
from typing import Final, NamedTuple

from hub.matching.normal.places import outcode, sector
from hub.matching.normal.record import Compared, Mark
from hub.matching.scoring.comparison import Levels
from hub.matching.scoring.fields import (
    ADDRESSES,
    BORN,
    EMAIL,
    FAMILIES,
    FAMILY_OF,
    FIELDS,
    GIVEN_OF,
    HOME,
    LANDLINE,
    LEVELS,
    MIDDLE,
    MOBILE,
    NAME,
    NHS,
    POSTCODE_OF,
    SEX,
    SWAPPED_NAMES,
    Family,
    Given,
    Postcode,
    Same,
)
from hub.matching.scoring.model import Frequencies, Model

LEAST_BITS: Final = -12.0
MOST_BITS: Final = 24.0
"""No single field decides alone, however seldom a level was seen."""
LEAST_SHARE: Final = 1e-8
HALF: Final = 0.5
AGREEING_GIVEN: Final = range(Given.EXACT, Given.INITIAL)
AGREEING_FAMILY: Final = range(Family.EXACT, Family.OTHER)


class FieldBits(NamedTuple):
    """One line of an explanation: levels and bits, never values.

    Attributes:
        bits: What the field adds in all.
        by_frequency: The part of it that comes from how common the values are.
    """

    field: str
    level: str
    bits: float
    by_frequency: float


class Weights:
    """The bits of one model, ready to be added up. Nothing changes after it is made."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.policy = model.policy
        self.prior = -log2(model.people)
        """That a candidate is the one, before anything is compared: one in as many as the register holds."""
        by_field = [_bits(model.same[name], model.chance[name]) for name in FIELDS]
        by_field[NAME] = _joint_bits(model, "name", FAMILIES)
        by_field[HOME] = _joint_bits(model, "home", ADDRESSES)
        self.by_field = tuple(by_field)
        self._given = _rarity(model, "given")
        self._family = _rarity(model, "family")
        self._sector = _rarity(model, "sector")
        self._outcode = _rarity(model, "outcode")
        self._rare_given = _rare(model, "given")
        self._rare_family = _rare(model, "family")
        self._rare_sector = _rare(model, "sector")
        self._rare_outcode = _rare(model, "outcode")

    def total(self, one: Compared, other: Compared, levels: Levels) -> float:
        """Prior and all fields. Symmetric."""
        (name, middle, born, sex, home, mobile, landline, email, nhs) = levels
        by = self.by_field
        return (
            self.prior
            + (by[NAME][name] + self._by_name(one, other, name))
            + by[MIDDLE][middle]
            + by[BORN][born]
            + by[SEX][sex]
            + (by[HOME][home] + self._by_place(one, other, home))
            + by[MOBILE][mobile]
            + by[LANDLINE][landline]
            + by[EMAIL][email]
            + (self._number(one, other) if nhs == Same.EXACT else by[NHS][nhs])
        )

    def fields(self, one: Compared, other: Compared, levels: Levels) -> tuple[FieldBits, ...]:
        """The total taken apart, field by field; those that are missing on a side are worth nothing and left out."""
        return tuple(
            FieldBits(name, LEVELS[field][levels[field]], bits + extra, extra)
            for field, name in enumerate(FIELDS)
            if levels[field]
            for bits, extra in (self._worth(one, other, levels, field),)
        )

    def _worth(
        self, one: Compared, other: Compared, levels: Levels, field: int
    ) -> tuple[float, float]:
        level = levels[field]
        if field == NAME:
            return self.by_field[NAME][level], self._by_name(one, other, level)
        if field == HOME:
            return self.by_field[HOME][level], self._by_place(one, other, level)
        if field == NHS and level == Same.EXACT:
            return self._number(one, other), 0.0
        return self.by_field[field][level], 0.0

    def _by_name(self, one: Compared, other: Compared, level: int) -> float:
        """What the rarity of names adds. Of alike names the commoner one counts, by half."""
        if level == SWAPPED_NAMES:
            return 0.0
        given, family = GIVEN_OF[level], FAMILY_OF[level]
        extra = 0.0
        if given in AGREEING_GIVEN:
            bits = self._given.get(one.given, self._rare_given)
            if one.given != other.given:
                bits = min(bits, self._given.get(other.given, self._rare_given))
            extra = bits if given == Given.EXACT else HALF * bits
        if family in AGREEING_FAMILY:
            bits = self._family.get(one.family, self._rare_family)
            if one.family != other.family:
                bits = min(bits, self._family.get(other.family, self._rare_family))
            extra += bits if family == Family.EXACT else HALF * bits
        return extra

    def _by_place(self, one: Compared, other: Compared, level: int) -> float:
        """What the rarity of a shared district adds. Whole postcodes are all about as rare as each other."""
        code = POSTCODE_OF[level]
        if code == Postcode.SECTOR:
            return min(
                self._sector.get(sector(one.postcode), self._rare_sector),
                self._sector.get(sector(other.postcode), self._rare_sector),
            )
        if code == Postcode.OUTCODE:
            return min(
                self._outcode.get(outcode(one.postcode), self._rare_outcode),
                self._outcode.get(outcode(other.postcode), self._rare_outcode),
            )
        return 0.0

    def _number(self, one: Compared, other: Compared) -> float:
        """An equal NHS number; one that nobody verified is evidence and no more."""
        bits = self.by_field[NHS][Same.EXACT]
        if (one.marks | other.marks) & Mark.NUMBER_NOT_VERIFIED:
            return min(bits, self.policy.unverified_bits)
        return bits


def _weight(same: float, chance: float) -> float:
    bits = log2(max(same, LEAST_SHARE)) - log2(max(chance, LEAST_SHARE))
    return min(MOST_BITS, max(LEAST_BITS, bits))


def _bits(same: Sequence[float], chance: Sequence[float]) -> list[float]:
    """Bits of each level; level 0, missing, is worth nothing, as is a level that no model has seen."""
    return [
        0.0 if not number or not (m or u) else _weight(m, u)
        for number, (m, u) in enumerate(zip(same, chance, strict=True))
    ]


def _joint_bits(model: Model, name: str, others: int) -> list[float]:
    """Bits of a joint field: where a half is missing, the other half's sums over the missing one."""
    same, chance = model.same[name], model.chance[name]
    found = _bits(same, chance)
    halves = (len(same) // others) if name == "home" else SWAPPED_NAMES // others
    for half in range(1, halves):
        places = [half * others + other for other in range(1, others)]
        found[half * others] = _weight(sum(same[p] for p in places), sum(chance[p] for p in places))
    for other in range(1, others):
        places = [half * others + other for half in range(1, halves)]
        found[other] = _weight(sum(same[p] for p in places), sum(chance[p] for p in places))
    return found


def _rarity(model: Model, name: str) -> Mapping[str, float]:
    each = model.frequencies[name]
    return {value: _extra(model, each, share) for value, share in each.shares.items()}


def _rare(model: Model, name: str) -> float:
    each = model.frequencies[name]
    return _extra(model, each, each.rare)


def _extra(model: Model, each: Frequencies, share: float) -> float:
    most = model.policy.most_by_name
    bits = log2(max(each.agree, LEAST_SHARE)) - log2(max(share, model.policy.least_share))
    return min(most, max(-most, bits))
