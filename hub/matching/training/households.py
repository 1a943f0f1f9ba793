"""How people of one household agree who are not one person: what learning must not take for a match.

Household, family name and landline come together. By fields alone, the wife looks like the husband with a new given
name and another birthday; where his own record is missing, learning would believe it. So there is a third kind of pair
beside one person and two strangers: two people of one home. It is counted in the register itself, which says who lives
together, and used in learning only; decisions have their conditions for it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from hub.matching.normal.record import Compared
from hub.matching.scoring.comparison import Comparison
from hub.matching.scoring.fields import FIELDS, HOME, LEVELS
from hub.matching.training.chance import Shares, agreeing

MOST_PAIRS: Final = 50_000
FEWEST_PAIRS: Final = 50
"""Fewer say nothing of households: then there is no third kind."""
BIGGEST_HOME: Final = 8
"""More people at one address are a care home, not a household."""
SMOOTHED: Final = 0.5
NEVER: Final = -60.0
"""Bits of what does not happen."""


def household_bits(
    people: Sequence[Compared], chance: Sequence[Shares], comparison: Comparison
) -> tuple[float, list[Shares]]:
    """That two people drawn at random live together, in bits; and for each level, how much likelier it is if they do.

    Of the home itself nothing is said: a record of a housemate has the same errors in it as one of the person.
    """
    seen = [np.zeros(len(levels)) for levels in LEVELS]
    number = 0
    for one, other in housemates(people):
        number += 1
        for field, level in enumerate(comparison.levels(one, other)):
            seen[field][level] += 1
    nothing = [np.zeros(len(levels)) for levels in LEVELS]
    if number < FEWEST_PAIRS:
        return NEVER, nothing
    together = agreeing(
        (each.postcode, each.address) for each in people if each.postcode and each.address
    )
    return float(np.log2(together)), [
        nothing[field] if field == HOME else _likelier(seen[field], chance[field])
        for field in range(len(FIELDS))
    ]


def housemates(people: Sequence[Compared]) -> Iterator[tuple[Compared, Compared]]:
    """Pairs who share postcode and address, up to `MOST_PAIRS`."""
    homes: defaultdict[tuple[str, str], list[Compared]] = defaultdict(list)
    left = MOST_PAIRS
    for each in people:
        if not each.postcode or not each.address:
            continue
        before = homes[each.postcode, each.address]
        if len(before) < BIGGEST_HOME and left > 0:
            for other in before:
                yield other, each
                left -= 1
            before.append(each)


def _likelier(seen: Shares, chance: Shares) -> Shares:
    """Log2 of how much likelier each level is between housemates than between strangers; missing says nothing."""
    total = seen[1:].sum()
    known = chance > 0.0
    result = np.zeros(len(seen))
    if total:
        # drawn towards strangers where housemates were hardly seen, so that a level never seen is no proof
        share = (seen + SMOOTHED * chance * len(seen)) / (total + SMOOTHED * len(seen))
        result[known] = np.log2(np.maximum(share[known], 1e-9)) - np.log2(chance[known])
    result[0] = 0.0
    return result
