"""Evidence that one record looks after another: kept for ever, active or ended by the latest word."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hub.decisions import Event, Remind
from hub.fhir.related_person import RelatedPersonNews, means_carer
from hub.identity import evidence_id
from hub.matching.region import Kept, RegionView
from hub.matching.words import order, word_of
from hub.records import EvidenceKind, LinkEvidence, ReminderDue, Word

ABOUT: Final = "link"
ENDS: Final = "link-ends"
"""The reminder of the end that a link was given from the start."""
RESOLUTION: Final = timedelta(milliseconds=1)
"""Of times in records: a deadline comes back without what is smaller."""
BY_ROLE: Final = frozenset({EvidenceKind.NK1, EvidenceKind.RELATED_PERSON, EvidenceKind.PROXY_ROLE})
"""Forms in which no flag stands beside a link."""


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
    is_carer = news.is_carer if carer is None else carer
    active = news.active is not False and not past(news.ends_at, event)
    return LinkEvidence(
        evidence_id=evidence_id(patient, contact, kind.value, event.source),
        patient_record=patient,
        carer_record=contact,
        kind=kind,
        source=event.source,
        is_carer=is_carer,
        relationships=news.relationships,
        active=active,
        ended_at=news.ends_at,
        first_said=word,
        last_said=word,
        first_carer_said=word if is_carer and active else None,
    )


def together(kept: LinkEvidence | None, said: LinkEvidence) -> LinkEvidence:
    """The evidence after another word on it: the first word stays the first, the latest decides."""
    if kept is None:
        return said
    later = said if order(said.last_said) > order(kept.last_said) else kept
    if kept.last_said == said.last_said:
        later = side_by_side(kept, said)
    return replace(
        later,
        first_said=min(kept.first_said, said.first_said, key=order),
        first_carer_said=min(
            [word for each in (kept, said) if (word := first_word_of_a_carer(each)) is not None],
            key=order,
            default=None,
        ),
    )


def side_by_side(kept: LinkEvidence, said: LinkEvidence) -> LinkEvidence:
    """Two segments of one message about the same contact: all roles are kept, and one that says carer is enough."""
    speaks = said if said.is_carer and said.active and not (kept.is_carer and kept.active) else kept
    return replace(
        speaks, relationships=tuple(dict.fromkeys((*kept.relationships, *said.relationships)))
    )


def first_word_of_a_carer(evidence: LinkEvidence) -> Word | None:
    """The first word that calls them a carer now. Rows of an older form keep only the first word of all."""
    if evidence.first_carer_said is None and evidence.is_carer and evidence.active:
        return evidence.first_said
    return evidence.first_carer_said


def counts(evidence: LinkEvidence, listed: Word | None) -> bool:
    """Whether the evidence stands: not ended, and not missing from a later list of the same sender."""
    if not evidence.active or not evidence.is_carer:
        return False
    in_lists = evidence.kind is EvidenceKind.NK1
    return not in_lists or listed is None or order(evidence.last_said) >= order(listed)


def reminders_of(view: RegionView, rows: Iterable[Kept]) -> Iterator[Remind]:
    """A reminder of the end that lies ahead of each of these links, in place of the one before. `view`: before them."""
    for row in rows:
        if isinstance(row, LinkEvidence):
            was, now = end_ahead(view.evidence.get(row.evidence_id)), end_ahead(row)
            if was is not None or now is not None:
                yield Remind(row.evidence_id, ENDS, now)


def end_ahead(evidence: LinkEvidence | None) -> datetime | None:
    """When a link that stands will end, UTC; None when nobody said so."""
    return evidence.ended_at if evidence is not None and evidence.active else None


def ended_by_time(view: RegionView, due: ReminderDue) -> Iterator[LinkEvidence]:
    """The link whose end has come, unless somebody has said another one since."""
    link = view.evidence.get(due.subject)
    ends_at = end_ahead(link)
    if link is not None and ends_at is not None and ends_at < due.due_at + RESOLUTION:
        yield replace(link, active=False)


def is_by_flag(evidence: LinkEvidence) -> bool:
    """Whether only a flag made a link one of caring: no role in it says so."""
    return evidence.kind not in BY_ROLE and not any(map(means_carer, evidence.relationships))


def past(ends_at: datetime | None, event: Event) -> bool:
    """Whether an end had come when it was written down or received: of one event both times stay what they are."""
    return ends_at is not None and ends_at <= max(event.recorded_at, event.received_at)
