"""Reviewers and their queue in memory: rows as the projection makes them."""

import json
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from connectors.portal import review_queue
from connectors.portal.settings import Organisation, Reviewer
from deploy.generating.examples import record_from_example
from hub.disclosure import ReceiverKind
from hub.keys import Key, digest_of
from hub.records import PersonDecision, ReviewItem, ReviewOpinion
from hub.reviewing import Agreed, KnownAnswer, QueueSize, ReviewRow, Seen

EXAMPLES = Path(__file__).parents[3] / "schemas/examples/review.item.v1"
TOKEN = "a-token-of-a-reviewer"
CLEARED_TOKEN = "a-token-of-a-cleared-one"


def example(name: str) -> ReviewItem:
    return record_from_example(ReviewItem, json.loads((EXAMPLES / name).read_text()))


ITEM = example("same-name-and-birth-date.json")
HELD = example("merged-with-other-carers.json")


def row_from(item: ReviewItem) -> ReviewRow:
    """The row that the projection makes, as the pages read it."""
    (row,) = review_queue.rows_from(item)
    return ReviewRow(**{each.name: row[each.name] for each in fields(ReviewRow)})


@dataclass
class MemoryQueue:
    """See `hub.reviewing.ReviewQueue`."""

    items: dict[UUID, ReviewItem] = field(default_factory=dict)

    def waiting(self, seen, most):
        return sorted(
            (row for row in self._open(seen) if seen.by not in row.answered_by),
            key=lambda row: (
                not row.in_hospital,
                not row.alone,
                row.pressing is None,
                -(row.pressing or 0),
                row.asked_at,
                row.item_id,
            ),
        )[:most]

    def with_others(self, seen, most):
        return [row for row in self._open(seen) if seen.by in row.answered_by][:most]

    def agreement(self, ods_code):
        twos = [each.opinions[:2] for each in self.items.values() if len(each.opinions) > 1]
        found = [(each.by, len({one.answer for one in two}) == 1) for two in twos for each in two]
        return [
            Agreed(by.partition("/")[2], len(said), sum(said))
            for by in sorted({by for by, _ in found if by.startswith(f"{ods_code}/")})
            for said in ([alike for who, alike in found if who == by],)
        ]

    def size(self, seen):
        found = self.waiting(seen, 1_000)
        return QueueSize(len(found), min((row.asked_at for row in found), default=None))

    def one(self, seen, item_id):
        return next((row for row in self._shown(seen) if row.item_id == item_id), None)

    def _open(self, seen):
        return (row for row in self._shown(seen) if not row.settled)

    def _shown(self, seen):
        rows = (row_from(each) for each in self.items.values())
        return [
            row
            for row in rows
            if row.region in seen.regions and (seen.cleared or not row.restricted)
        ]

    def answered(self, decision: PersonDecision) -> None:
        """The item as the region tells it after an answer: one decides, or two alike where two are asked."""
        for item in self.items.values():
            if {item.left, item.right} == {decision.review.left, decision.review.right}:
                said = ReviewOpinion(
                    by=f"{decision.organisation_ods}/{decision.by}",
                    answer=decision.review.answer,
                    evidence=decision.review.evidence,
                )
                told, of_two = said.answer.value.replace("_", "-"), decision.review.asked_of_two
                alike = sum(each.answer is said.answer for each in item.opinions)
                settled = told != "revoked" and (not of_two or alike > 0)
                self.items[item.item_id] = replace(
                    item,
                    version=item.version + 1,
                    heard=(*item.heard, decision.event_id),
                    opinions=(*item.opinions, said),
                    asked_of_two=of_two,
                    answers=len(item.opinions) + 1,
                    needs=2 if of_two else 1,
                    disagreed=bool(item.opinions) and not alike,
                    settled=settled,
                    answer=told if settled else None,
                )
                return


@dataclass
class MemoryKnownAnswers:
    """See `hub.reviewing.KnownAnswers`."""

    said: dict[tuple[str, UUID], KnownAnswer] = field(default_factory=dict)

    def of(self, reviewer):
        return {pair: said for (by, pair), said in self.said.items() if by == reviewer}

    def keep(self, reviewer, pair, said):
        self.said.setdefault((reviewer, pair), said)

    def counts(self, ods_code):
        by = sorted({who for who, _ in self.said if who.startswith(f"{ods_code}/")})
        return [
            Agreed(
                each.partition("/")[2],
                len(self.of(each)),
                sum(said.agreed for said in self.of(each).values()),
            )
            for each in by
        ]


def reviewer(staff_id: str, token: str, *, cleared: bool, lead: bool = False) -> Organisation:
    return Organisation(
        ods_code="RWE",
        kind=ReceiverKind.TRUST,
        name="University Hospitals of Leicester NHS Trust",
        keys=(Key(digest_of(token), date(2027, 1, 31)),),
        reviewer=Reviewer(staff_id, Seen(frozenset({0}), cleared, f"RWE/{staff_id}"), lead=lead),
    )


THIRD_TOKEN = "a-token-of-a-third-one"

REVIEWERS = (
    reviewer("40123456", TOKEN, cleared=False),
    reviewer("40999999", CLEARED_TOKEN, cleared=True, lead=True),
    reviewer("40777777", THIRD_TOKEN, cleared=False),
)
