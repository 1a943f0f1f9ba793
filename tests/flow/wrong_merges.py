"""Two people of one hospital, each with a carer whom somebody else than the hospital told of, merged by a slip."""

from dataclasses import replace

from hub.identity import derived
from hub.records import DecisionKind, PersonDecision, ReviewAnswer, ReviewItem, ReviewVerdict
from hub.testing.flags import carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, Person
from hub.testing.senders import TRUST, frame_of
from hub.testing.visits import encounter
from tests.flow.scenes import CARLA, STAY, after

SAME, DIFFERENT = ReviewVerdict.SAME, ReviewVerdict.DIFFERENT
CANNOT_TELL, REVOKED = ReviewVerdict.CANNOT_TELL, ReviewVerdict.REVOKED

SECOND = Person("George", "Marsh", "1938-01-09", "9990000042", "H200")
FIRST_STAY = replace(STAY, patient=ADA)
SECOND_STAY = replace(STAY, number="V2", patient=SECOND, ward="Ward 9", admitted="2026-11-21 09:20")
BOTH = (
    carer_flag(BEN, "2026-11-03 12:00", of=ADA),
    carer_flag(CARLA, "2026-11-03 12:10", of=SECOND),
    encounter("A01", "2026-11-22 09:30", FIRST_STAY),
    encounter("A01", "2026-11-22 09:40", SECOND_STAY),
)
MERGED = encounter("A40", "2026-11-23 10:00", replace(STAY, patient=ADA, replaces_number="H200"))


def item_in(hub: MemoryHub) -> ReviewItem:
    """The only question."""
    (item,) = hub.last(ReviewItem).values()
    return item


HELD = item_in(after(*BOTH, MERGED))


def answer_on(
    item: ReviewItem,
    verdict: ReviewVerdict,
    recorded: str,
    by: str = "1",
    evidence: str = "",
    *,
    of_two: bool = False,
) -> PersonDecision:
    """One reviewer's word on the pair of an item."""
    return PersonDecision(
        **frame_of("portal", f"{item.item_id} {verdict} {by} {recorded}", recorded),
        decision_key=derived("test-answer", item.item_id, by),
        kind=DecisionKind.REVIEW,
        by=by,
        organisation_ods=TRUST,
        review=ReviewAnswer(
            left=item.left,
            right=item.right,
            answer=verdict,
            evidence=evidence,
            asked_of_two=of_two,
        ),
    )
