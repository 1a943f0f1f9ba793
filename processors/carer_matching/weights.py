"""What a model makes of two records of whom something else than evidence decides, as a question has it."""

from collections.abc import Mapping
from typing import Final, TypedDict

from hub.matching.answers import Stands
from hub.matching.contradicted import REASON as TWO_NUMBERS
from hub.matching.decided import count_of
from hub.matching.region import MAY_BE_THE_SAME, RegionView
from hub.matching.waterfall import (
    ANSWER,
    MERGE,
    NOTICE,
    NUMBER,
    OTHER_RECORDS,
    grade_of,
    waterfall,
    weights_from,
)
from hub.records import FieldWeight, PersonFacts, ReviewKept
from processors.carer_matching import held

OF_REASON: Final[Mapping[str, str]] = {
    held.BY_MERGE: MERGE,
    held.UNLIKE: MERGE,
    held.BY_NUMBER: NOTICE,
    "superseded-number": NOTICE,
    "nhs-number": NUMBER,
    TWO_NUMBERS: NUMBER,
    MAY_BE_THE_SAME.reasons[0]: OTHER_RECORDS,
}
"""What asks, by why it is asked, the first of these. What is likely by these very two records evidence says itself."""


class Weights(TypedDict, total=False):
    """What a model said of a pair, as an item has it: levels and bits, never values."""

    decided_by: str
    prior: float
    total: float
    matchability: float
    perplexity: float
    alternatives: int
    grade: str
    model: str
    weights: tuple[FieldWeight, ...]
    margin: float | None
    rules: tuple[str, ...]
    rivals: tuple[float, ...]


def weights_beside(
    view: RegionView,
    kept: ReviewKept,
    reasons: tuple[str, ...],
    facts: tuple[PersonFacts, PersonFacts] | None,
) -> Weights:
    """The weights of two records beside what decides of them; nothing where no model is there, or nothing is asked.

    Args:
        view: The region.
        kept: The pair, with what people said of it.
        reasons: Why it is asked.
        facts: What the two say; None where somebody is shielded, of whom not one step is told.
    """
    matcher, by = view.weighs, decided_by(view, kept, reasons)
    if matcher is None or by is None or kept.left == kept.right:
        return {}
    found = None if facts is None else waterfall(*facts, matcher)
    stands = count_of(view, kept).stands
    grade = grade_of(found, joined=stands is Stands.SAME, apart=stands is Stands.DIFFERENT)
    told: Weights = {"decided_by": by, "grade": grade.value, "model": matcher.digest}
    if found is None:
        return told
    return {
        **told,
        "prior": found.prior,
        "total": found.bits,
        "weights": weights_from(found.fields),
    }


def decided_by(view: RegionView, kept: ReviewKept, reasons: tuple[str, ...]) -> str | None:
    """What settles a question, or asks it; None where nothing does."""
    if count_of(view, kept).stands in (Stands.SAME, Stands.DIFFERENT):
        return ANSWER
    if any(
        record is not None and record.notice_of is not None
        for record in (view.records.get(kept.left), view.records.get(kept.right))
    ):
        return NOTICE if reasons else None
    return next((by for reason, by in OF_REASON.items() if reason in reasons), None)
