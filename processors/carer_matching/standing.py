"""Whether a piece of evidence counts now, as the region knows it."""

from typing import Final

from hub.identity import evidence_id
from hub.matching.region import RegionView
from hub.matching.words import later, order, word_on
from hub.records import EvidenceKind, LinkEvidence, Word
from processors.carer_matching.contacts import contact_at
from processors.carer_matching.links import counts
from processors.carer_matching.people import LISTED
from processors.carer_matching.succession import goes_on_as

FORMS: Final = frozenset({EvidenceKind.GP_FLAG, EvidenceKind.RELATED_PERSON})
"""The two forms in which a practice tells of a link: a RelatedPerson with a flag beside it, or alone."""


def stands(view: RegionView, evidence: LinkEvidence) -> bool:
    """Not ended, not missing from a later list, and no later word that its carer is none."""
    said, listed = latest_on(view, evidence)
    return (
        counts(said, listed)
        and not ended_another_way(view, said)
        and not no_longer_a_carer(view, said)
    )


def latest_on(view: RegionView, evidence: LinkEvidence) -> tuple[LinkEvidence, Word | None]:
    """The latest word on a contact, and when all contacts were last listed.

    After a merge its sender speaks of the record that goes on: what it says there of the same contact, and which
    contacts it lists, is said of this one.
    """
    patient = view.records.get(evidence.patient_record)
    if patient is None:
        return evidence, None
    said, listed = evidence, word_on(patient.words, LISTED)
    for heir, merge in goes_on_as(view, patient):
        contact = contact_at(view, evidence, heir.record_id)
        there = view.evidence.get(
            evidence_id(heir.record_id, contact, evidence.kind.value, evidence.source)
        )
        if there is not None and later(there.last_said, max(merge, said.last_said, key=order)):
            said = there
        list_there = word_on(heir.words, LISTED) if heir.source == evidence.source else None
        if list_there is not None and later(list_there, merge):
            listed = max(listed or list_there, list_there, key=order)
    return said, listed


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
    """Whether a later word on the carer's own record says that they are none: it ends every older link.

    That a source ceased to list somebody says nothing of what other records say.
    """
    said = [
        (order(word), member.carer_status.is_carer)
        for member in view.members(view.person(evidence.carer_record))
        if member.carer_status is not None
        and (not member.carer_status.withdrawn or member.record_id == evidence.carer_record)
        and (word := word_on(member.words, "carer")) is not None
    ]
    if not said:
        return False
    latest, is_carer = max(said)
    return not is_carer and latest > order(evidence.last_said)
