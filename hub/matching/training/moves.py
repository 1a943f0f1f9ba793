"""How far the weights of one model lie from another's."""

from typing import Final, NamedTuple

from hub.matching.scoring.fields import FIELDS, LEVELS
from hub.matching.scoring.model import Model
from hub.matching.scoring.weights import Weights

MOST_MOVED: Final = 2.0
"""Bits that a weight may move before somebody looks at it (matching method 4.5)."""


class Move(NamedTuple):
    """A level whose weight moved too far."""

    field: str
    level: str
    before: float
    after: float


def moves(before: Model, after: Model) -> tuple[Move, ...]:
    """The levels whose weight moved by more than `MOST_MOVED` bits, farthest first."""
    pairs = zip(Weights(before).by_field, Weights(after).by_field, strict=True)
    found = [
        Move(FIELDS[field], LEVELS[field][level], old, new)
        for field, (olds, news) in enumerate(pairs)
        for level, (old, new) in enumerate(zip(olds, news, strict=True))
        if abs(old - new) > MOST_MOVED
    ]
    return tuple(sorted(found, key=lambda each: (-abs(each.before - each.after), each)))
