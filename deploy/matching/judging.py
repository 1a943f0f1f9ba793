"""How right decisions are, where the truth is known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from hub.matching.scoring.decision import Outcome

Z: Final = 1.959964
"""For intervals of 95 %."""
PER: Final = 10_000
PERCENTILES: Final = (50.0, 95.0, 99.0, 99.9)


@dataclass(frozen=True, slots=True)
class Judged:
    """One event: what was decided, whether it named the right record, and whether there was one.

    Attributes:
        right: Of AUTO and REVIEW: the record named is the true one.
        known: The truth names a record of the register.
    """

    outcome: Outcome
    right: bool
    known: bool


def summary(events: Sequence[Judged]) -> dict[str, object]:
    """Counts, precision, recall and F1 of AUTO, wrong AUTO per 10,000 events, and the share of REVIEW.

    Intervals are Wilson's, of 95 %. Precision and wrong AUTO are None where nothing was decided.
    """
    auto = [each for each in events if each.outcome is Outcome.AUTO]
    right = sum(each.right for each in auto)
    wrong = len(auto) - right
    known = sum(each.known for each in events)
    review = [each for each in events if each.outcome is Outcome.REVIEW]
    found = right + sum(each.right for each in review)
    precision, recall = _share(right, len(auto)), _share(right, known)
    return {
        "events": len(events),
        "with_match": known,
        "auto_right": right,
        "auto_wrong": wrong,
        "review": len(review),
        "none": len(events) - len(auto) - len(review),
        "precision": precision,
        "precision_95": wilson(right, len(auto)),
        "recall": recall,
        "recall_95": wilson(right, known),
        "f1": None
        if not precision or not recall
        else round(2 * precision * recall / (precision + recall), 6),
        "wrong_auto_per_10000": _share(wrong * PER, len(events)),
        "wrong_auto_per_10000_95": [round(PER * each, 3) for each in wilson(wrong, len(events))],
        "review_share": _share(len(review), len(events)),
        "auto_and_review_recall": _share(found, known),
        "auto_and_review_recall_95": wilson(found, known),
    }


def by_group(events: Iterable[tuple[str, Judged]]) -> Mapping[str, dict[str, object]]:
    """The summary of each group, in the order of their names."""
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for name, each in events:
        groups[name].append(each)
    return {name: summary(each) for name, each in sorted(groups.items())}


def wilson(hits: int, of: int) -> list[float]:
    """Lower and upper end of Wilson's interval of 95 % for a share."""
    if not of:
        return [0.0, 1.0]
    share = hits / of
    middle = share + Z * Z / (2 * of)
    width = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    under = 1 + Z * Z / of
    return [
        round(max(0.0, (middle - width) / under), 6),
        round(min(1.0, (middle + width) / under), 6),
    ]


def latencies(seconds: Sequence[float]) -> dict[str, float]:
    """Percentiles in milliseconds (nearest rank), and decisions a second."""
    ordered = sorted(seconds)
    if not ordered:
        return {}
    found = {
        f"p{percent:g}_ms": round(
            ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1e3, 4
        )
        for percent in PERCENTILES
    }
    return {**found, "per_second": round(len(ordered) / sum(ordered), 1)}


def _share(part: float, of: int) -> float | None:
    return round(part / of, 6) if of else None
