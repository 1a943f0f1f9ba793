"""How far the weights of one model lie from another's."""

from collections.abc import Iterator
from math import log2
from typing import Final, NamedTuple

from hub.matching.scoring.fields import FIELDS, LEVELS
from hub.matching.scoring.model import Model
from hub.matching.scoring.weights import Weights

MOST_MOVED: Final = 2.0
"""Bits that a weight may move before somebody looks at it (matching method 4.5)."""


class Move(NamedTuple):
    """A weight that moved too far: of a level, or the prior, which a register of another size has otherwise."""

    field: str
    level: str
    before: float
    after: float


def moves(before: Model, after: Model) -> tuple[Move, ...]:
    """The weights that moved by more than `MOST_MOVED` bits, farthest first."""
    found = [
        each
        for each in _pairs(Weights(before), Weights(after))
        if abs(each.before - each.after) > MOST_MOVED
    ]
    return tuple(sorted(found, key=lambda each: (-abs(each.before - each.after), each)))


def is_another_size(learned_from: int, people: int) -> bool:
    """Whether a register is so much larger or smaller than that of a model that its prior would move too far."""
    return people > 0 and abs(log2(people / learned_from)) > MOST_MOVED


def _pairs(before: Weights, after: Weights) -> Iterator[Move]:
    """Every weight of two models. A model of few people joins too readily among many."""
    yield Move("prior", "people", before.prior, after.prior)
    pairs = zip(before.by_field, after.by_field, strict=True)
    for field, (olds, news) in enumerate(pairs):
        for level, (old, new) in enumerate(zip(olds, news, strict=True)):
            yield Move(FIELDS[field], LEVELS[field][level], old, new)
