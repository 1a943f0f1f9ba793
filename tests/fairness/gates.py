"""When a difference between groups of names is too large.

Unequal errors of linkage by ethnicity are measured (PMC4550723); the two gaps are this project's own bar.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

SMALLEST: Final = 500
"""Events of a group, below which it is shown and not judged."""

RECALL_GAP: Final = 0.02
REVIEW_GAP: Final = 0.05


@dataclass(frozen=True, slots=True)
class Slice:
    """One group's events.

    Attributes:
        recall: Of events with somebody in the register: decided without a person, and right.
        found: The same, with those that a person is asked about.
        review: Of all events: a person is asked.
        wrong: Of all events: the wrong person, as an interval of 95 %.
    """

    group: str
    events: int
    recall: float
    found: float
    review: float
    wrong_many: int
    wrong: tuple[float, float]


def slices_from(summaries: Mapping[str, Mapping[str, object]]) -> tuple[Slice, ...]:
    """From what `hub match --truth --group` reports of each group."""

    def number(value: object) -> float:
        return float(value) if isinstance(value, int | float) else 0.0

    found = []
    for group, each in summaries.items():
        interval = each["wrong_auto_per_10000_95"]
        low, high = interval if isinstance(interval, list) else (0.0, 0.0)
        found.append(
            Slice(
                group,
                int(number(each["events"])),
                number(each["recall"]),
                number(each["auto_and_review_recall"]),
                number(each["review_share"]),
                int(number(each["auto_wrong"])),
                (low, high),
            )
        )
    return tuple(found)


def gaps_in(slices: tuple[Slice, ...]) -> Iterator[str]:
    """Each difference that is too large, in words."""
    large = [each for each in slices if each.events >= SMALLEST]
    for one, other in combinations(large, 2):
        pair = f"{one.group} and {other.group}"
        if abs(one.recall - other.recall) > RECALL_GAP:
            yield f"recall of {pair}: {one.recall:.3f} and {other.recall:.3f}"
        if abs(one.found - other.found) > RECALL_GAP:
            yield f"recall with review of {pair}: {one.found:.3f} and {other.found:.3f}"
        if abs(one.review - other.review) > REVIEW_GAP:
            yield f"share to review of {pair}: {one.review:.3f} and {other.review:.3f}"
        if one.wrong[0] > other.wrong[1] or other.wrong[0] > one.wrong[1]:
            yield f"wrong decisions of {pair}: {one.wrong_many} and {other.wrong_many}"
