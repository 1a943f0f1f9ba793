"""Forty-two areas and sixty million people: what moves, what it costs and where it breaks.

python -m tests.areas.run --seed 42
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from math import log2

from tests.areas.ways import WAYS, Cost
from tests.areas.world import England

SEED = 42
GIGA = 1e9
COLUMNS = (
    "way",
    "questions a day between areas",
    "MB a day",
    "people known outside their area",
    "largest index, GB",
    "busiest place",
    "strangers not found",
    "more wait, ms",
    "not answered while one place is down",
)
HEADING = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
KEYS = (
    "people in one index",
    "bits before any field",
    "of one date of birth",
    "and one initial",
    "of one postcode",
)
KEYS_HEADING = f"| {' | '.join(KEYS)} |\n|{'---|' * len(KEYS)}"
BIRTHS, INITIALS, POSTCODES = 33_000, 14, 1_700_000
"""Dates of birth of the living and initials, as if all were equally usual; postcodes of England in use. Rounded."""


def row(name: str, cost: Cost) -> str:
    """One way."""
    outside = (
        f"{cost.outside:,} ({'names and addresses' if cost.personal else 'hashes'})"
        if cost.outside
        else "none"
    )
    busiest = f"{cost.busiest:.1f} times the mean" if cost.busiest else "-"
    return (
        f"| {name} | {cost.questions:,} | {cost.megabytes:,.1f} | {outside} | {cost.largest / GIGA:.1f} | {busiest} "
        f"| {cost.missed:,} | {cost.wait_ms:.0f} | {cost.lost:,.0f} |"
    )


def lines(seed: int) -> Iterator[str]:
    """The table of one simulated day."""
    england = England(seed)
    day = list(england.day())
    strangers = sum(each.at != each.home for each in day)
    numberless = sum(not each.numbered for each in day)
    yield f"{len(england.names)} areas, {england.everybody:,} people; a day with {len(day):,} questions,"
    yield f"{strangers:,} about somebody who lives in another area, {numberless:,} without an NHS number; seed {seed}"
    yield HEADING
    for name, way in WAYS.items():
        yield row(name, way(england, day))
    yield ""
    yield from keys_in((1_000_000, max(england.people), england.everybody))


def keys_in(sizes: Iterable[int]) -> Iterator[str]:
    """What grows with an index: how much evidence it takes to name one of so many, and how many share a key."""
    yield KEYS_HEADING
    for people in sizes:
        born = people / BIRTHS
        shared = f"{born:,.0f} | {born / INITIALS:,.0f} | {people / POSTCODES:,.1f}"
        yield f"| {people:,} | {-log2(people):.1f} | {shared} |"


def main() -> int:
    """Print the table."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--seed", type=int, default=SEED)
    for line in lines(ask.parse_args().seed):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
