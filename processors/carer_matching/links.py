"""Evidence that one record looks after another: kept for ever, active or ended by the latest word."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from hub.decisions import Event
from hub.fhir.related_person import RelatedPersonNews
from hub.identity import evidence_id
from hub.matching.words import order, word_of
from hub.records import Coding, EvidenceKind, LinkEvidence, Word

ABOUT: Final = "link"


def evidence_from(
    news: RelatedPersonNews,
    ends: tuple[UUID, UUID],
    kind: EvidenceKind,
    event: Event,
    *,
    carer: bool | None = None,
    sequence: int = 0,
) -> LinkEvidence:
    """What one event says of a link. `ends`: the record of the patient, the record of the contact."""
    patient, contact = ends
    word = word_of(event, ABOUT, sequence=sequence)
    return LinkEvidence(
        evidence_id=evidence_id(patient, contact, kind.value, event.source),
        patient_record=patient,
        carer_record=contact,
        kind=kind,
        source=event.source,
        is_carer=news.is_carer if carer is None else carer,
        relationships=news.relationships,
        active=news.active is not False and not over(news, event),
        ended_at=news.ends_at,
        first_said=word,
        last_said=word,
    )


def together(kept: LinkEvidence | None, said: LinkEvidence) -> LinkEvidence:
    """The evidence after another word on it: the first word stays the first, the latest decides."""
    if kept is None:
        return said
    first = min(kept.first_said, said.first_said, key=order)
    later = said if order(said.last_said) > order(kept.last_said) else kept
    return replace(later, first_said=first, relationships=roles(kept, said, later))


def roles(kept: LinkEvidence, said: LinkEvidence, later: LinkEvidence) -> tuple[Coding, ...]:
    """Roles of two segments of one message are kept side by side; else the later message decides."""
    if kept.last_said != said.last_said:
        return later.relationships
    return tuple(dict.fromkeys((*kept.relationships, *said.relationships)))


def counts(evidence: LinkEvidence, listed: Word | None) -> bool:
    """Whether the evidence stands: not ended, and not missing from a later list of the same sender."""
    if not evidence.active or not evidence.is_carer:
        return False
    in_lists = evidence.kind is EvidenceKind.NK1
    return (
        not in_lists
        or listed is None
        or order(replace(evidence.last_said, about=listed.about)) >= order(listed)
    )


def over(news: RelatedPersonNews, event: Event) -> bool:
    """Whether the relationship had ended when this was written down."""
    return news.ends_at is not None and news.ends_at <= event.recorded_at
