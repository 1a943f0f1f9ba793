"""How much is measured."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

RUNS: Final = 5
QUICK_RUNS: Final = 2
SEED: Final = 20261123
DAY_MESSAGES: Final = 220_000
"""A day of a big hospital; ours, from the sizes of English trusts' feeds."""
QUICK_DAY_MESSAGES: Final = 600

TAKEOVER_PEOPLE: Final = 100_000
QUICK_TAKEOVER_PEOPLE: Final = 1_000

EXTRACT_ROWS: Final = 200_000
QUICK_EXTRACT_ROWS: Final = 2_000

MATCH_PEOPLE: Final = 1_000_000
"""A region: an integrated care area of one million people."""
QUICK_MATCH_PEOPLE: Final = 3_000


@dataclass(frozen=True, slots=True)
class Dose:
    """What was asked for.

    Attributes:
        quick: Only so much that it is seen to work; its numbers mean little.
        runs: How often everything is measured.
        seed: Of all messages.
        day_messages: How many make a day.
        extract_rows: How many rows a register has.
        takeover_people: How many people a region has that is taken over.
        match_people: Among how many people records are looked up.
    """

    quick: bool
    runs: int
    seed: int
    day_messages: int
    extract_rows: int = EXTRACT_ROWS
    takeover_people: int = TAKEOVER_PEOPLE
    match_people: int = MATCH_PEOPLE

    def of(self, full: int, quick: int) -> int:
        """So many of something."""
        return quick if self.quick else full


def dose_for(  # noqa: PLR0913 - one for each option
    *,
    quick: bool,
    runs: int | None = None,
    seed: int | None = None,
    day: int | None = None,
    rows: int | None = None,
    people: int | None = None,
    register: int | None = None,
) -> Dose:
    """A dose; what is not said is as usual."""
    return Dose(
        quick=quick,
        runs=runs or (QUICK_RUNS if quick else RUNS),
        seed=SEED if seed is None else seed,
        day_messages=day or (QUICK_DAY_MESSAGES if quick else DAY_MESSAGES),
        extract_rows=rows or (QUICK_EXTRACT_ROWS if quick else EXTRACT_ROWS),
        takeover_people=people or (QUICK_TAKEOVER_PEOPLE if quick else TAKEOVER_PEOPLE),
        match_people=register or (QUICK_MATCH_PEOPLE if quick else MATCH_PEOPLE),
    )


Tell: TypeAlias = Callable[[str, int, int], None]
"""Hears how far a step is: its name, how much is done, of how much."""
