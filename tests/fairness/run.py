"""Whether the matcher treats people alike whatever their names are: three areas, unequal noise, slices and gates.

python -m tests.fairness.run --people 20000 --events 20000
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.matching.lists import name_tables
from deploy.matching.running import Task, run
from hub.matching.training.learning import Label
from tests.fairness.files import COLUMNS, written_to
from tests.fairness.gates import Slice, gaps_in, slices_from
from tests.fairness.mixes import EQUAL, MIXES, NOISE, Noise
from tests.fairness.names import names_of

SEED = 4_100
HEADING = (
    "| area | events | group of names | many | recall | with review | review | wrong (per 10,000, 95 %) |\n"
    "|---|---|---|---|---|---|---|---|"
)
LABEL = Label(version="fairness", source="made-up people of one area", trained_on="2026-11-25")


@dataclass(frozen=True, slots=True)
class Area:
    """What came out for one area: all events of each group, and those that had no NHS number."""

    name: str
    whole: tuple[Slice, ...]
    numberless: tuple[Slice, ...]

    @property
    def gaps(self) -> list[str]:
        """Differences that are too large."""
        return [
            *gaps_in(self.whole),
            *(f"without a number: {gap}" for gap in gaps_in(self.numberless)),
        ]

    @property
    def wrong(self) -> int:
        """How many events were given the wrong person without anybody being asked."""
        return sum(each.wrong_many for each in self.whole)


def measured(
    area: str, people: int, events: int, seed: int, noise: Mapping[str, Noise] = NOISE
) -> Area:
    """Learn from one area's files without being told the truth, decide, and hold it against the truth."""
    with tempfile.TemporaryDirectory() as folder:
        files = written_to(Path(folder), area, people, events, seed, noise)
        task = Task(
            people=files.people,
            events=files.events,
            learn=True,
            truth=files.truth,
            groups=COLUMNS,
        )
        result = run(task, LABEL, [], lambda *_: None)
    whole, numberless = (slices_from(result["groups"][column]) for column in COLUMNS)
    return Area(area, whole, tuple(each for each in numberless if each.group))


def table(area: Area) -> Iterator[str]:
    """Markdown: a row for each group."""
    for title, slices in (("all", area.whole), ("without a number", area.numberless)):
        for each in slices:
            low, high = each.wrong
            yield (
                f"| {area.name} | {title} | {each.group.replace('_', ' ')} | {each.events:,} | {each.recall:.3f} "
                f"| {each.found:.3f} | {each.review:.3f} | {each.wrong_many} ({low:.1f}-{high:.1f}) |"
            )


def overlap() -> tuple[int, int]:
    """How many other spellings there are here, and how many of them the matcher's own table happens to know."""
    tables = name_tables()
    pairs = [
        (name, other)
        for names in names_of().values()
        for name, others in names.spelled.items()
        for other in others
    ]
    known = sum(tables.variants(name.lower(), other.lower()) for name, other in pairs)
    return len(pairs), known


def main() -> int:
    """Measure each area and say where groups differ too much."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--people", type=int, default=20_000)
    ask.add_argument("--events", type=int, default=20_000)
    ask.add_argument("--seed", type=int, default=SEED)
    ask.add_argument(
        "--area", choices=sorted(MIXES), action="append", help="several may be named; absent = all"
    )
    ask.add_argument(
        "--equal", action="store_true", help="the same noise for all groups, to see what it adds"
    )
    given = ask.parse_args()
    print("spellings, of them known to the matcher: {}, {}".format(*overlap()))
    print(HEADING)
    gaps = []
    for name in given.area or MIXES:
        area = measured(
            name, given.people, given.events, given.seed, EQUAL if given.equal else NOISE
        )
        print("\n".join(table(area)))
        gaps += [f"{name}: {gap}" for gap in area.gaps]
    print("\n".join(gaps) or "No gap between groups of names is too large.")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
