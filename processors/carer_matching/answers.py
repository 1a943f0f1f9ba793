"""What a person said of two records: the same person, another one, cannot tell, or an earlier answer taken back."""

from collections.abc import Iterator
from typing import Final

from hub.errors import InvalidResource
from hub.identity import review_item_id
from hub.matching.answers import answered, unasked
from hub.matching.region import Kept, RegionView
from hub.matching.words import word_of
from hub.records import DecisionKind, PersonDecision, ReviewerAnswer

ABOUT: Final = "review"


def is_asked_by(event: PersonDecision) -> bool:
    """Whether it answers a question about two records."""
    return event.kind is DecisionKind.REVIEW


def changes_from(view: RegionView, event: PersonDecision) -> Iterator[Kept]:
    """The pair as it stands after the answer; it need not have been asked about, nor its records be known.

    Raises:
        InvalidResource: It names no pair, or nobody who answers.
    """
    said = event.review
    if said is None:
        raise InvalidResource("The decision names no pair.", expression="review", code="required")
    if not event.by:
        raise InvalidResource("Say who answers, by a staff id.", expression="by", code="required")
    kept = view.reviews.get(review_item_id(said.left, said.right))
    kept = kept or unasked(said.left, said.right)
    yield answered(
        kept,
        ReviewerAnswer(
            by=event.by,
            organisation_ods=event.organisation_ods,
            answer=said.answer,
            evidence=said.evidence,
            why=said.why,
            said=word_of(event, ABOUT),
            asked_of_two=said.asked_of_two,
        ),
    )
