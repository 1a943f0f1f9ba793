"""Names by where they are usual, and how one and the same name is written down by others."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType

import yaml

NAMES = Path(__file__).parent / "names.yaml"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one group.

    Attributes:
        given: Sex (`female`, `male`) -> given names, the most usual first.
        family: The most usual first.
        rare_share: Of families whose name hardly anybody else has.
        spelled: Name -> other ways to write it.
    """

    given: Mapping[str, tuple[str, ...]]
    family: tuple[str, ...]
    rare_share: float
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    spelled: Mapping[str, tuple[str, ...]]

    def a_given(self, chance: random.Random, sex: str) -> str:
        """A given name."""
        return drawn(chance, self.given[sex])

    def a_family(self, chance: random.Random) -> str:
        """A family name."""
        if chance.random() < self.rare_share:
            return chance.choice(self.starts) + chance.choice(self.ends)
        return drawn(chance, self.family)


def drawn(chance: random.Random, names: tuple[str, ...]) -> str:
    """One of them: the nth is n times as rare as the first (Zipf)."""
    return chance.choices(names, cum_weights=weights(len(names)))[0]


@cache
def weights(many: int) -> tuple[float, ...]:
    """Of ranks, added up."""
    return tuple(accumulate(1 / rank for rank in range(1, many + 1)))


@cache
def names_of() -> Mapping[str, Names]:
    """Group -> its names."""
    read = yaml.safe_load(NAMES.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            group: Names(
                given={sex: tuple(each[sex]) for sex in ("female", "male")},
                family=tuple(each["family"]),
                rare_share=each["rare"]["share"],
                starts=tuple(each["rare"]["starts"]),
                ends=tuple(each["rare"]["ends"]),
                spelled={name: tuple(others) for name, others in each["spelled"].items()},
            )
            for group, each in read.items()
        }
    )
