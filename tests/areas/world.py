"""England as forty-two areas: who lives where, and where they fall ill."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Final

import yaml

ENGLAND: Final = Path(__file__).parent / "england.yaml"
THOUSAND: Final = 1_000

ELSEWHERE: Final = 0.07
"""Of admissions, those outside the area that somebody lives in. An assumption: less in Cornwall, more in London."""
FAR: Final = 0.15
"""Of those, in any area and not a neighbouring one: on holiday, or in a hospital for rare illnesses. An assumption."""
NEIGHBOURS: Final = 2
"""So many areas before and after in the list count as neighbours."""

ADMISSIONS_A_DAY: Final = 45_000
"""Of England, planned and unplanned (NHS England, monthly hospital activity, rounded)."""
FLAGS_A_DAY: Final = 8_000
"""Carer flags new or changed. An assumption: one in ten of 5.8 million carers, each once in ten weeks."""
NUMBERLESS: Final = {"admission": 0.017, "flag": 0.30}
"""Without an NHS number that can be used. Admissions: Person_ID handbook, table 7, of 2021/22; flags: an assumption."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question "who is this?": what asks, where, and in which area that person lives."""

    kind: str
    at: int
    home: int
    numbered: bool


class England:
    """The areas, and a day's questions in them, from a seed."""

    def __init__(self, seed: int) -> None:
        read = yaml.safe_load(ENGLAND.read_text(encoding="utf-8"))
        self.names = tuple(read)
        self.people = tuple(many * THOUSAND for many in read.values())
        self._weights = tuple(accumulate(self.people))
        self._chance = random.Random(f"england {seed}")

    @property
    def everybody(self) -> int:
        """How many people live there."""
        return sum(self.people)

    def day(self) -> Iterator[Asked]:
        """Every question of one day."""
        for kind, many in (("admission", ADMISSIONS_A_DAY), ("flag", FLAGS_A_DAY)):
            for home in self._chance.choices(
                range(len(self.names)), cum_weights=self._weights, k=many
            ):
                numbered = self._chance.random() >= NUMBERLESS[kind]
                at = self._where(home) if kind == "admission" else home  # a practice is near home
                yield Asked(kind, at, home, numbered)

    def _where(self, home: int) -> int:
        chance = self._chance
        if chance.random() >= ELSEWHERE:
            return home
        if chance.random() < FAR:
            return chance.choices(range(len(self.names)), cum_weights=self._weights)[0]
        step = chance.choice([each for each in range(-NEIGHBOURS, NEIGHBOURS + 1) if each])
        return (home + step) % len(self.names)
