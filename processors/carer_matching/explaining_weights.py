"""Why two records are one person, or are asked about, with the weights of every pair, whatever decided about it."""

from dataclasses import replace
from uuid import UUID

from hub.matching.answers import unasked
from hub.matching.region import RegionView
from hub.matching.waterfall import EVIDENCE, OTHER_RECORDS, waterfall
from processors.carer_matching.explaining import NOT_JOINED, Because, NotNamed, why
from processors.carer_matching.reviews import asked_about, facts_of
from processors.carer_matching.weights import decided_by


def explained(view: RegionView, asked: UUID) -> list[Because | NotNamed] | None:
    """Everything that explains an id, with weights; None when nobody here has it."""
    found = why(view, asked)
    if found is None:
        return None
    return [with_weights(view, each) if isinstance(each, Because) else each for each in found]


def with_weights(view: RegionView, because: Because) -> Because:
    """Two records with what decides about them, and what the region's model makes of the two.

    Of somebody protected no weights: `Because.protected`.
    """
    one, other = because.records
    if one == other:
        return because
    item = unasked(one, other).item_id
    *_, reasons = asked_about(view, (one, other)).get(item, (one, other, ()))
    told = replace(because, reasons=reasons, decided_by=what_decides(view, because, reasons))
    if because.decision is not None or because.protected or view.weighs is None:
        return told
    weights = waterfall(facts_of(view, one), facts_of(view, other), view.weighs)
    return replace(told, weights=weights)


def what_decides(view: RegionView, because: Because, reasons: tuple[str, ...]) -> str | None:
    """What joins two, or parts or asks about them."""
    if because.decision is not None:
        return EVIDENCE
    if because.by == NOT_JOINED:
        pair = unasked(*because.records)
        return decided_by(view, view.reviews.get(pair.item_id) or pair, reasons)
    return OTHER_RECORDS if because.by == EVIDENCE else because.by
