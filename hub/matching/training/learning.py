"""Learn a model from a register and the records that are to be matched with it. Nobody says who is who.

Expectation and maximisation over the candidates that the index gives, which are the very pairs that decisions are made
of. A record has one match at most, so its candidates share one chance with nobody: the members of a household compete,
and one who agrees in all but given name and date of birth does not count as a match beside the one who agrees in all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.matching.candidates import Matcher, scored
from hub.matching.index.people import Index
from hub.matching.normal.record import Compared
from hub.matching.scoring.comparison import Comparison
from hub.matching.scoring.fields import (
    ADDRESSES,
    FAMILIES,
    FIELDS,
    HOME,
    LEVELS,
    NAME,
    SWAPPED_NAMES,
)
from hub.matching.scoring.model import Model, Policy, as_json, model_from
from hub.matching.scoring.weights import Weights
from hub.matching.training.chance import Shares, chances, frequencies, joint_shares
from hub.matching.training.households import household_bits
from hub.matching.training.start import start

ROUNDS: Final = 15
"""After so many the weights move by less than a hundredth of a bit on the sets measured."""
MOST_EVENTS: Final = 20_000
"""Records that are learned from, spread over all."""
PRIOR_PAIRS: Final = 50.0
"""Pairs of one person that the start counts as: a level hardly ever seen keeps near what was believed of it."""
WIDEST: Final = -40.0
"""Candidates with less evidence than this at the start are not looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a new model is called."""

    version: str
    source: str
    trained_on: str


KNOWN: Final = 0.5
"""Share of the records whose person stands in the register, at the start."""
KNOWN_BETWEEN: Final = (0.01, 0.99)
HIGHEST: Final = 300.0
"""Bits that still fit a number."""

Told = Callable[[int, int], None]


def train(
    index: Index[str],
    events: Sequence[Compared],
    label: Label,
    policy: Policy | None = None,
    told: Told = lambda done, total: None,
) -> Model:
    """A model of this register. The same people and events, in the same order, give the same model.

    Args:
        index: The register, all of it: how often values agree by chance is counted over everybody.
        events: Records as they come in; of many, `MOST_EVENTS` spread over all are learned from.
        label: What the model is called.
        policy: Where decisions are cut; else as usual.
        told: Hears how far it is.

    Raises:
        TooLittle: The register or the events are empty, or everybody in them is alike.
    """
    people = [record for _, record in sorted(index, key=lambda each: each[0])]
    tables = index.tables
    comparison = Comparison(tables)
    some = events[:: max(1, len(events) // MOST_EVENTS)][:MOST_EVENTS]
    believed = start()
    model = Model(
        version=label.version,
        source=label.source,
        trained_on=label.trained_on,
        people=len(people),
        tables=tables.version,
        same=_by_field(believed),
        chance=_by_field(chances(people, some, comparison)),
        frequencies=frequencies(people),
        policy=policy or Policy(),
    )
    table = _pairs(some, index, Matcher(model, tables), told)
    if len(table.owners):
        by_chance = [np.array(model.chance[name]) for name in FIELDS]
        households = _Households(*household_bits(people, by_chance, comparison))
        model = _with(model, _learned(table, model, believed, households))
    return model_from(as_json(model))  # exactly what is read again from its file


@dataclass(frozen=True, slots=True)
class _Pairs:
    """All pairs that are learned from: whose they are, their levels, and what rarity adds to each."""

    owners: NDArray[np.int64]
    levels: NDArray[np.int64]
    extra: Shares


def _pairs(events: Sequence[Compared], index: Index[str], matcher: Matcher, told: Told) -> _Pairs:
    owners: list[int] = []
    levels: list[tuple[int, ...]] = []
    extra: list[float] = []
    for number, event in enumerate(events):
        for each in scored(event, index, matcher):
            if each.bits >= WIDEST:
                owners.append(number)
                levels.append(each.levels)
                extra.append(
                    sum(
                        field.by_frequency
                        for field in matcher.weights.fields(event, each.record, each.levels)
                    )
                )
        told(number + 1, len(events))
    return _Pairs(
        np.array(owners, dtype=np.int64),
        np.array(levels, dtype=np.int64).reshape(-1, len(FIELDS)),
        np.array(extra),
    )


@dataclass(frozen=True, slots=True)
class _Households:
    """Bits for two people of one home: that they are, and of each level beside strangers."""

    together: float
    likelier: list[Shares]


def _learned(
    table: _Pairs, model: Model, believed: list[Shares], households: _Households
) -> list[Shares]:
    """The shares of levels among pairs of one person, after all rounds."""
    same, known = believed, KNOWN
    housemates = households.together + table.extra
    for field, likelier in enumerate(households.likelier):
        housemates = housemates + likelier[table.levels[:, field]]
    for _ in range(ROUNDS):
        weights = Weights(_with(model, same))
        bits = weights.prior + table.extra
        for field, by_level in enumerate(weights.by_field):
            bits = bits + np.array(by_level)[table.levels[:, field]]
        home = np.array(weights.by_field[HOME])[table.levels[:, HOME]]
        chance = np.exp2(np.clip(bits, None, HIGHEST))
        chance *= known / (1.0 - known) / (1.0 + np.exp2(np.clip(housemates + home, None, HIGHEST)))
        total = np.bincount(table.owners, weights=chance)
        shares = chance / (1.0 + total[table.owners])
        known = float(np.clip(shares.sum() / (table.owners[-1] + 1), *KNOWN_BETWEEN))
        same = [
            _reestimated(field, table.levels[:, field], shares, believed[field])
            for field in range(len(FIELDS))
        ]
    return same


def _reestimated(field: int, levels: NDArray[np.int64], shares: Shares, believed: Shares) -> Shares:
    seen: Shares = PRIOR_PAIRS * believed
    seen += np.bincount(levels, weights=shares, minlength=len(believed))
    if field == NAME:
        return joint_shares(seen, SWAPPED_NAMES, FAMILIES)
    if field == HOME:
        return joint_shares(seen, len(LEVELS[HOME]), ADDRESSES)
    seen[0] = 0.0
    return np.asarray(seen / seen.sum(), dtype=np.float64)


def _with(model: Model, same: list[Shares]) -> Model:
    """The model with other shares among pairs of one person."""
    return replace(model, same=_by_field(same))


def _by_field(shares: list[Shares]) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(float(each) for each in line) for name, line in zip(FIELDS, shares, strict=True)
    }
