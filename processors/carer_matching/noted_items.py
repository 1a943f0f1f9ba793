"""What a number, a merge, a notice or an answer makes of two records that are asked about, for the log.

Once for each question that came to something else. Levels and bits as the item has them, so nothing of whoever is
shielded. Two who are joined by a number without a question are not said: that is nearly every event, and `hub explain`
has their weights.
"""

from collections.abc import Iterator
from typing import Final

from hub.decisions import Note
from hub.matching.noted import ASKED, NOTHING, SETTLED
from hub.matching.region import RegionView
from hub.matching.scoring.decision import Outcome
from hub.matching.waterfall import ANSWER, MERGE, NOTICE, NUMBER
from hub.records import ReviewItem

BESIDE: Final = frozenset({ANSWER, MERGE, NOTICE, NUMBER})
"""What decides without weights; of what evidence decides `hub.matching.noted` speaks."""
DECISION: Final = {ASKED: Outcome.REVIEW, SETTLED: Outcome.AUTO, NOTHING: Outcome.NONE}


def note_on(before: RegionView, after: RegionView, item: ReviewItem) -> Iterator[Note]:
    """A line on a question that was asked or settled just now; none where it only reads otherwise."""
    if item.decided_by not in BESIDE or item.model is None:
        return
    was, outcome = was_of(before, item), comes_to(after, item, asked=not item.settled)
    if was == outcome:
        return
    yield Note(
        one=item.left,
        other=item.right,
        outcome=outcome,
        was=was,
        decision=DECISION[outcome].value,
        model=item.model,
        grade=None if item.total is None else item.grade,
        prior=item.prior,
        bits=item.total,
        fields=item.weights,
        by=item.decided_by,
    )


def was_of(before: RegionView, item: ReviewItem) -> str:
    """What the two were: a question that is open has a time since which it is."""
    told = before.told.get(item.item_id)
    return comes_to(before, item, asked=told is not None and told.asked_at is not None)


def comes_to(view: RegionView, item: ReviewItem, *, asked: bool) -> str:
    """What two records are to each other."""
    if asked:
        return ASKED
    return SETTLED if view.person(item.left) == view.person(item.right) else NOTHING
