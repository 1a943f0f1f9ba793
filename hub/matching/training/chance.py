"""How often two people agree by chance (u), from the whole register.

Equal values are counted, not sampled: over all people, the pairs that share one. What is alike but not equal is seen in
pairs of people that lie a fixed stride apart, so the same register gives the same numbers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.matching.normal.places import outcode, sector
from hub.matching.normal.record import Compared
from hub.matching.scoring.comparison import Comparison, Levels
from hub.matching.scoring.fields import (
    ADDRESSES,
    BORN,
    EMAIL,
    FAMILIES,
    FAMILY_OF,
    GIVEN_OF,
    HOME,
    LANDLINE,
    LEVELS,
    MIDDLE,
    MOBILE,
    NAME,
    NHS,
    SWAPPED_NAMES,
    Address,
    Born,
    Family,
    Given,
    Postcode,
)
from hub.matching.scoring.model import FEWEST_BEARERS, Frequencies

Shares = NDArray[np.float64]

PAIRS: Final = 100_000
"""Pairs of people that are looked at for what is alike."""
STRIDES: Final = (7_919, 104_729)
"""Primes, so that pairs do not repeat before all were seen."""
UNSEEN: Final = 0.5
"""Pairs that count as seen for a level that was not: the Krichevsky-Trofimov share."""
WHOLE: Final = 1


class TooLittle(ValueError):
    """No pair of people says what two agree in by chance: there are none, or all seem to be one person's."""


def chances(
    people: Sequence[Compared], events: Sequence[Compared], comparison: Comparison
) -> list[Shares]:
    """The share of each level among pairs of two people, field by field in the order of `FIELDS`; level 0 stays 0.

    Raises:
        TooLittle: There is no pair.
    """
    seen = [np.zeros(len(levels)) for levels in LEVELS]
    for one, other in pairs(people, events):
        levels = comparison.levels(one, other)
        if not _is_hardly_chance(levels):
            for field, level in enumerate(levels):
                seen[field][level] += 1
    if not seen[NAME].any():
        raise TooLittle("The register or the events are empty, or everybody in them is alike.")
    found = [_shares(each) for each in seen]
    found[NAME] = joint_shares(seen[NAME], SWAPPED_NAMES, FAMILIES)
    found[HOME] = joint_shares(seen[HOME], len(LEVELS[HOME]), ADDRESSES)
    _set_equal_names(found[NAME], people)
    _set_equal_homes(found[HOME], people)
    for field, values in (
        (MIDDLE, (each.middle for each in people)),
        (BORN, (each.born for each in people if each.born % 100)),
        (MOBILE, (each.mobile for each in people)),
        (LANDLINE, (each.landline for each in people)),
        (EMAIL, (each.email for each in people)),
        (NHS, (each.nhs for each in people)),
    ):
        _set(found[field], WHOLE, agreeing(values))
    return found


def pairs(
    people: Sequence[Compared], events: Sequence[Compared]
) -> Iterable[tuple[Compared, Compared]]:
    """Pairs of a person and an event, spread over both: an event has forms, such as initials, that a register lacks."""
    if len(people) > 1 and events:
        for number in range(min(PAIRS, len(people) * len(events))):
            yield (
                people[number * STRIDES[0] % len(people)],
                events[(number + number // len(events)) * STRIDES[1] % len(events)],
            )


def _is_hardly_chance(levels: Levels) -> bool:
    """Whether two of name, date of birth and home agree whole: then it is no pair of two people drawn at random."""
    name = FAMILY_OF[levels[NAME]] == Family.EXACT and GIVEN_OF[levels[NAME]] == Given.EXACT
    home = levels[HOME] == Postcode.EXACT * ADDRESSES + Address.EXACT
    return name + home + (levels[BORN] == Born.EXACT) > 1


def agreeing(values: Iterable[str | int | tuple[str, str]]) -> float:
    """The chance that two people who have a value share it; where none do, the least that the register can tell."""
    counts = Counter(value for value in values if value)
    total = sum(counts.values())
    if total < 2:  # one value makes no pair
        return 1.0
    alike = sum(count * (count - 1) for count in counts.values())
    return max(alike, UNSEEN) / (total * (total - 1))


def frequencies(people: Sequence[Compared]) -> Mapping[str, Frequencies]:
    """How common given names, family names and districts are. What few bear is not listed."""
    return {
        "given": _frequencies(each.given for each in people),
        "family": _frequencies(each.family for each in people),
        "sector": _frequencies(sector(each.postcode) for each in people),
        "outcode": _frequencies(outcode(each.postcode) for each in people),
    }


def _frequencies(values: Iterable[str]) -> Frequencies:
    counts = Counter(value for value in values if value)
    total = sum(counts.values())
    if not total:
        return Frequencies()
    rare = [count for count in counts.values() if count < FEWEST_BEARERS]
    return Frequencies(
        agree=sum(count * count for count in counts.values()) / total**2,
        rare=(sum(rare) / len(rare) if rare else 1.0) / total,
        shares={
            value: count / total
            for value, count in sorted(counts.items())
            if count >= FEWEST_BEARERS
        },
    )


def _shares(seen: Shares) -> Shares:
    """Counts as shares, level 0 apart; a field that nobody has stays at nothing."""
    total = seen[1:].sum()
    if not total:
        return np.zeros(len(seen))
    smoothed = seen + UNSEEN
    smoothed[0] = 0.0
    return np.asarray(smoothed / smoothed.sum(), dtype=np.float64)


STRENGTH: Final = 5.0
"""Pairs, seen as often as the product of the halves expects, that are added to what was seen of the two together."""


def joint_shares(seen: Shares, size: int, others: int) -> Shares:
    """Shares of a joint field: what was seen of both halves, drawn towards their product where that is little.

    Args:
        seen: Counts or weights of all levels.
        size: How many levels are joint; what lies behind them (swapped names) stands for itself.
        others: How many levels the second half has.
    """
    grid = seen[:size].reshape(-1, others)
    if not seen.sum():
        return np.zeros(len(seen))
    half, other = grid[1:].sum(axis=1) + UNSEEN, grid[:, 1:].sum(axis=0) + UNSEEN
    product = np.outer(half / half.sum(), other / other.sum())
    both = grid[1:, 1:]
    lift = (both + STRENGTH) / (both.sum() * product + STRENGTH)
    pairs = (
        both.sum() or grid.sum()
    )  # one half is known of nobody: then the halves stand for themselves
    inner = pairs * product * lift
    extra = seen[size:] + UNSEEN
    total = inner.sum() + extra.sum()
    result = np.zeros(len(seen))
    result[:size].reshape(-1, others)[1:, 1:] = inner / total
    result[size:] = extra / total
    return result


def _set(shares: Shares, level: int, value: float) -> None:
    """Give one level its counted share and let the others share the rest as before."""
    rest = shares.sum() - shares[level]
    if rest <= 0.0:
        return
    shares *= (1.0 - value) / rest
    shares[level] = value


def _set_equal_names(shares: Shares, people: Sequence[Compared]) -> None:
    """Equal names are counted: whole ones, then given and family names by themselves."""
    grid = shares[:SWAPPED_NAMES].reshape(-1, FAMILIES)
    _set_equal(
        grid, int(Given.EXACT), int(Family.EXACT), [(each.given, each.family) for each in people]
    )
    shares[:] /= shares.sum()


def _set_equal_homes(shares: Shares, people: Sequence[Compared]) -> None:
    grid = shares.reshape(-1, ADDRESSES)
    homes = [(each.postcode, each.address) for each in people]
    _set_equal(grid, int(Postcode.EXACT), int(Address.EXACT), homes)
    if shares.sum() > 0.0:
        shares[:] /= shares.sum()


def _set_equal(grid: Shares, row: int, column: int, values: Sequence[tuple[str, str]]) -> None:
    """The counted shares of both halves and of the whole; of a half that nobody has there is nothing to count."""
    whole = [both for both in values if all(both)]
    for line, at, half in ((grid[row], column, 0), (grid[:, column], row, 1)):
        known = [both[half] for both in values if both[half]]
        if len(whole) > 1:
            _set_half(line, agreeing(known), at, agreeing(whole))
        elif len(known) > 1 and line.sum() > 0.0:
            line *= agreeing(known) / line.sum()


def _set_half(line: Shares, half: float, at: int, whole: float) -> None:
    """A line of a joint field: its sum is the half's counted share, one place of it the counted share of the whole."""
    if line.sum() <= 0.0:
        return
    rest = line.sum() - line[at]
    left = max(half - whole, LEAST)
    if rest > 0.0:
        line *= left / rest
    line[at] = whole


LEAST: Final = 1e-9
