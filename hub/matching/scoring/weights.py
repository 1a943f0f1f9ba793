"""A model turned into bits: what each level of a pair is worth, and what the rarity of its values adds.

Fellegi and Sunter (1969): the weight of a level is log2(m/u). A joint field that is missing on one half is worth what
the other half alone says. Frequencies count in full where values are equal, and half where they are only alike (NHS
England's Splink pipeline) unless they speak against.
"""

from collections.abc import Mapping, Sequence
from math import log2
from typing import Final, NamedTuple

from hub.matching.normal.places import outcode, sector
from hub.matching.normal.record import NOT_VERIFIED, Compared
from hub.matching.scoring.better import (
    BETTER_ADDRESS,
    BETTER_BORN,
    BETTER_FAMILY,
    BETTER_GIVEN,
    BETTER_POSTCODE,
)
from hub.matching.scoring.comparison import BOTH_EXACT, Levels
from hub.matching.scoring.fields import (
    BORN,
    EMAIL,
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
    Born,
    Family,
    Given,
    Middle,
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


RARITY_COUNTS: Final = (
    *(
        given in AGREEING_GIVEN or family in AGREEING_FAMILY
        for given, family in zip(GIVEN_OF[:-1], FAMILY_OF[:-1], strict=True)
    ),
    False,
)
PLACE_COUNTS: Final = tuple(code in (Postcode.SECTOR, Postcode.OUTCODE) for code in POSTCODE_OF)
"""Levels to which the rarity of values adds something."""


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
        by_field[NAME] = _joint_bits(model, "name", BETTER_GIVEN, BETTER_FAMILY)
        by_field[HOME] = _joint_bits(model, "home", BETTER_POSTCODE, BETTER_ADDRESS)
        by_field[NAME][SWAPPED_NAMES] = min(
            by_field[NAME][SWAPPED_NAMES], by_field[NAME][BOTH_EXACT]
        )
        _no_better_than(by_field[BORN], BETTER_BORN, Born.OTHER)
        _no_better_than(by_field[MIDDLE], {Middle.PART: (Middle.EXACT,)}, Middle.OTHER)
        for field in (SEX, MOBILE, LANDLINE, EMAIL, NHS):
            _no_better_than(by_field[field], {}, Same.OTHER)
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
            + (by[NAME][name] + (self._by_name(one, other, name) if RARITY_COUNTS[name] else 0.0))
            + by[MIDDLE][middle]
            + by[BORN][born]
            + by[SEX][sex]
            + (by[HOME][home] + (self._by_place(one, other, home) if PLACE_COUNTS[home] else 0.0))
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

    def name_bits(self, one: Compared, other: Compared, level: int) -> float:
        """What a name of this level is worth."""
        extra = self._by_name(one, other, level) if RARITY_COUNTS[level] else 0.0
        return self.by_field[NAME][level] + extra

    def rarity_of_name(self, given: str, family: str) -> tuple[float, float]:
        """What the rarity of a given and of a family name adds where another is equal to it."""
        return (
            self._given.get(given, self._rare_given),
            self._family.get(family, self._rare_family),
        )

    def is_borne(self, given: str) -> bool:
        """Whether several people of the register bear a given name."""
        return given in self._given

    def rarity_of_place(self, postcode: str) -> tuple[float, float]:
        """What the rarity of a sector and of an outward code adds where another is equal to it."""
        return (
            self._sector.get(sector(postcode), self._rare_sector),
            self._outcode.get(outcode(postcode), self._rare_outcode),
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
            extra = bits if given == Given.EXACT or bits < 0.0 else HALF * bits
        if family in AGREEING_FAMILY:
            bits = self._family.get(one.family, self._rare_family)
            if one.family != other.family:
                bits = min(bits, self._family.get(other.family, self._rare_family))
            extra += bits if family == Family.EXACT or bits < 0.0 else HALF * bits
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
        if (one.marks | other.marks) & NOT_VERIFIED:
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


def _no_better_than(found: list[float], better: Mapping[int, tuple[int, ...]], last: int) -> None:
    """Hold a single field to the order of its levels; the last, disagreement, never speaks for a match."""
    for level, above in better.items():
        found[level] = min(found[level], *(found[each] for each in above))
    found[last] = min(found[last], 0.0)


def _joint_bits(
    model: Model,
    name: str,
    halves: Mapping[int, tuple[int, ...]],
    others: Mapping[int, tuple[int, ...]],
) -> list[float]:
    """Bits of a joint field: where a half is missing, the other half's sums over the missing one."""
    same, chance = model.same[name], model.chance[name]
    found = _bits(same, chance)
    size, last = max(others) + 1, max(halves)

    def summed(places: Sequence[int]) -> float:
        return _weight(sum(same[place] for place in places), sum(chance[place] for place in places))

    for half in range(1, last + 1):
        found[half * size] = summed([half * size + other for other in range(1, size)])
    for other in range(1, size):
        found[other] = summed([half * size + other for half in range(1, last + 1)])
    for half in range(last + 1):
        for other in range(size):
            above = [each * size + other for each in halves.get(half, ())]
            above += [half * size + each for each in others.get(other, ())]
            place = half * size + other
            found[place] = min(found[place], *(found[each] for each in above), MOST_BITS)
    for place in (last * size + size - 1, last * size, size - 1):
        found[place] = min(found[place], 0.0)
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
