"""Whether a piece of evidence counts now, as the region knows it."""

from typing import Final

from hub.identity import evidence_id
from hub.matching.region import RegionView
from hub.matching.words import order, word_on
from hub.records import EvidenceKind, LinkEvidence
from processors.carer_matching.links import counts
from processors.carer_matching.people import LISTED

FORMS: Final = frozenset({EvidenceKind.GP_FLAG, EvidenceKind.RELATED_PERSON})
"""The two forms in which a practice tells of a link: a RelatedPerson with a flag beside it, or alone."""


def stands(view: RegionView, evidence: LinkEvidence) -> bool:
    """Not ended, not missing from a later list, and no later word that its carer is none."""
    patient = view.records.get(evidence.patient_record)
    listed = word_on(patient.words, LISTED) if patient else None
    return (
        counts(evidence, listed)
        and not ended_another_way(view, evidence)
        and not no_longer_a_carer(view, evidence)
    )


def ended_another_way(view: RegionView, evidence: LinkEvidence) -> bool:
    """Whether the same sender ended the link later in its other form: with a flag beside it, or without."""
    if evidence.kind not in FORMS:
        return False
    others = (
        view.evidence.get(
            evidence_id(evidence.patient_record, evidence.carer_record, kind, evidence.source)
        )
        for kind in FORMS - {evidence.kind}
    )
    return any(
        other is not None
        and not other.active
        and order(other.last_said) > order(evidence.last_said)
        for other in others
    )


def no_longer_a_carer(view: RegionView, evidence: LinkEvidence) -> bool:
    """Whether a later word on the carer's own record says that they are none: it ends every older link."""
    said = [
        (order(word), member.carer_status.is_carer)
        for member in view.members(view.person(evidence.carer_record))
        if member.carer_status is not None and (word := word_on(member.words, "carer")) is not None
    ]
    if not said:
        return False
    latest, is_carer = max(said)
    return not is_carer and latest > order(evidence.last_said)
