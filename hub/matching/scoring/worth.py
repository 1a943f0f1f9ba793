"""What each level of each field is worth in bits, by a model.

Fellegi and Sunter (1969): the weight of a level is log2(m/u). A joint field that is missing on one half is worth what
the other half alone says.
"""

from collections.abc import Mapping, Sequence
from math import log2
from typing import Final

from hub.matching.scoring.better import (
    BETTER_ADDRESS,
    BETTER_BORN,
    BETTER_FAMILY,
    BETTER_GIVEN,
    BETTER_POSTCODE,
)
from hub.matching.scoring.comparison import BOTH_EXACT
from hub.matching.scoring.fields import (
    BORN,
    EMAIL,
    FIELDS,
    HOME,
    LANDLINE,
    MIDDLE,
    MOBILE,
    NAME,
    NHS,
    SEX,
    SWAPPED_NAMES,
    Born,
    Middle,
    Same,
)
from hub.matching.scoring.model import Model

LEAST_BITS: Final = -12.0
MOST_BITS: Final = 24.0
"""No single field decides alone, however seldom a level was seen."""
LEAST_SHARE: Final = 1e-8


def worth_of(model: Model) -> tuple[list[float], ...]:
    """Bits of each level of each of `FIELDS`."""
    found = [_bits(model.same[name], model.chance[name]) for name in FIELDS]
    found[NAME] = _joint_bits(model, "name", BETTER_GIVEN, BETTER_FAMILY)
    found[HOME] = _joint_bits(model, "home", BETTER_POSTCODE, BETTER_ADDRESS)
    found[NAME][SWAPPED_NAMES] = min(found[NAME][SWAPPED_NAMES], found[NAME][BOTH_EXACT])
    _no_better_than(found[BORN], BETTER_BORN, Born.OTHER)
    _no_better_than(found[MIDDLE], {Middle.PART: (Middle.EXACT,)}, Middle.OTHER)
    for field in (SEX, MOBILE, LANDLINE, EMAIL, NHS):
        _no_better_than(found[field], {}, Same.OTHER)
    return tuple(found)


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
