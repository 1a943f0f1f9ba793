"""Chance with a seed: the same seed gives the same day."""

from collections.abc import Iterable
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chance_from(seed: int, about: str) -> Random:
    """A source of chance of its own for each subject, so that a change of one does not move the others."""
    return Random(f"{about} {seed}")  # noqa: S311 - a made-up day, no secret


def weighed(chance: Random, shares: Iterable[tuple[T, float]]) -> T:
    """One of several, by its share."""
    of_all = tuple(shares)
    things = [thing for thing, _ in of_all]
    return chance.choices(things, weights=[share for _, share in of_all])[0]
