"""Whether a piece of evidence counts now, as the region knows it."""

from hub.matching.region import RegionView
from hub.matching.words import order, word_on
from hub.records import LinkEvidence
from processors.carer_matching.links import counts


def stands(view: RegionView, evidence: LinkEvidence) -> bool:
    """Not ended, not missing from a later list, and no later word that its carer is none."""
    patient = view.records.get(evidence.patient_record)
    listed = word_on(patient.words, "contacts") if patient else None
    return counts(evidence, listed) and not no_longer_a_carer(view, evidence)


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
