"""A model turned into bits: what the levels of a pair are worth, added up or one by one."""

from itertools import repeat
from math import log2
from typing import Final, NamedTuple

from hub.matching.normal.record import NOT_VERIFIED, Compared
from hub.matching.scoring.comparison import Levels
from hub.matching.scoring.fields import FIELDS, HOME, LEVELS, NAME, NHS, Same
from hub.matching.scoring.model import Model
from hub.matching.scoring.rarity import COUNTS_FOR_HOME, Rarity
from hub.matching.scoring.worth import worth_of

SAME_NUMBER: Final = int(Same.EXACT)


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
        self.by_field = worth_of(model)
        self._lines = tuple(
            tuple(map(FieldBits, repeat(field), levels, bits, repeat(0.0)))
            for field, levels, bits in zip(FIELDS, LEVELS, self.by_field, strict=True)
        )
        self.rarity = Rarity(model)

    def total(self, one: Compared, other: Compared, levels: Levels) -> float:
        """Prior and all fields. Symmetric."""
        (name, middle, born, sex, home, mobile, landline, email, nhs) = levels
        names, middles, births, sexes, homes, mobiles, landlines, emails, numbers = self.by_field
        return (
            self.prior
            + (names[name] + self.rarity.by_name(one, other, name))
            + middles[middle]
            + births[born]
            + sexes[sex]
            + (
                homes[home]
                + (self.rarity.by_place(one, other, home) if COUNTS_FOR_HOME[home] else 0.0)
            )
            + mobiles[mobile]
            + landlines[landline]
            + emails[email]
            + (self._number(one, other) if nhs == SAME_NUMBER else numbers[nhs])
        )

    def fields(self, one: Compared, other: Compared, levels: Levels) -> tuple[FieldBits, ...]:
        """The total taken apart, field by field; those that are missing on a side are worth nothing and left out."""
        found = []
        for field, level in enumerate(levels):
            if not level:
                continue
            line = self._lines[field][level]
            if field == NAME:
                line = _with_rarity(line, self.rarity.by_name(one, other, level))
            elif field == HOME and COUNTS_FOR_HOME[level]:
                line = _with_rarity(line, self.rarity.by_place(one, other, level))
            elif field == NHS and level == SAME_NUMBER:
                line = line._replace(bits=self._number(one, other))
            found.append(line)
        return tuple(found)

    def _number(self, one: Compared, other: Compared) -> float:
        """An equal NHS number; one that nobody verified is evidence and no more."""
        bits = self.by_field[NHS][Same.EXACT]
        if (one.marks | other.marks) & NOT_VERIFIED:
            return min(bits, self.policy.unverified_bits)
        return bits


def _with_rarity(line: FieldBits, extra: float) -> FieldBits:
    return FieldBits(line.field, line.level, line.bits + extra, extra)
