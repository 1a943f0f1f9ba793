"""What a notice of the national services changes: the record of a number, and the evidence of a proxy role.

It is kept whether or not anybody here has the number, so a notice that is heard first counts when they are heard of.
Whom it means is not decided here but by everybody who has the number (`hub.matching.national`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from hub.fhir.news import PersonNews
from hub.identity import national_record_id, role_end_id, role_evidence_id
from hub.matching import national
from hub.matching.region import Kept, RegionView
from hub.matching.words import heard, later, order, word_of, word_on
from hub.records import (
    EvidenceKind,
    LinkEvidence,
    NoticeKind,
    PatientOfStay,
    PersonFacts,
    PersonNotice,
    Precision,
    SourceRecord,
    Word,
)
from processors.carer_matching import links, people
from processors.carer_matching.withheld import is_withheld

ROLES: Final = frozenset(
    {NoticeKind.PROXY_ROLE_CREATED, NoticeKind.PROXY_ROLE_CHANGED, NoticeKind.PROXY_ROLE_DELETED}
)


def changes_from(view: RegionView, event: PersonNotice) -> Iterator[Kept]:
    """The rows of state as they stand after a notice; none after one of a kind that is not known."""
    match event.kind:
        case NoticeKind.DEATH:
            died = event.deceased is not False
            said = PersonFacts(deceased=died, died_at=event.died_at if died else None)
            yield told_of(view, event, said, "death")
        case NoticeKind.CHANGE_OF_GP if event.practice_ods is not None:
            said = PersonFacts(practice_ods=event.practice_ods)
            yield told_of(view, event, said, "practice")
        case NoticeKind.NHS_NUMBER_CHANGE if event.new_nhs_number is not None:
            yield from superseded(view, event.new_nhs_number, event)
        case kind if kind in ROLES:
            yield from role_changes(view, event)
        case _:
            return


def born_of(event: PersonNotice) -> PersonFacts:
    """The date of birth beside the number, if there is one."""
    return PersonFacts(birth_on=event.birth_on, birth_precision=Precision(event.birth_precision))


def record_of(view: RegionView, number: str) -> SourceRecord:
    """What was heard of a number so far."""
    return view.records.get(national_record_id(number)) or national.nothing_said_of(number)


def told_of(view: RegionView, event: PersonNotice, said: PersonFacts, about: str) -> SourceRecord:
    """The record of a number after another word on it, and on whose it is."""
    born = born_of(event)
    facts = replace(said, birth_on=born.birth_on, birth_precision=born.birth_precision)
    spoken = {about} if born.birth_on is None else {about, "birth"}
    record = record_of(view, event.nhs_number)
    return people.told_of(record, record.record_id, PersonNews(facts, frozenset(spoken)), event)


def superseded(view: RegionView, new_number: str, event: PersonNotice) -> Iterator[SourceRecord]:
    """The old number goes on as the new one; a number that replaces itself stands on its own again."""
    old, new = record_of(view, event.nhs_number), record_of(view, new_number)
    stands_alone = new.record_id == old.record_id
    if not stands_alone:
        yield new  # also after a late word: which numbers were named does not depend on the order
    words = heard(old.words, word_of(event, "merge"))
    if words is not None:
        yield replace(
            old,
            merged_into=None if stands_alone else new.record_id,
            words=words,
            as_of=max(old.as_of, event.recorded_at),
        )


def role_changes(view: RegionView, event: PersonNotice) -> Iterator[Kept]:
    """The evidence of a proxy role, and both numbers, so that it is found when either person is heard of.

    That it was given and that it ended are two rows: the end need not name the proxy, and may be heard first.
    """
    patient = record_of(view, event.nhs_number)
    yield patient
    if event.kind is NoticeKind.PROXY_ROLE_DELETED:
        yield latest(view, role_from(event, patient.record_id, patient.record_id))
    elif event.related_nhs_number is not None:
        proxy = record_of(view, event.related_nhs_number)
        yield proxy
        yield latest(view, role_from(event, patient.record_id, proxy.record_id))


def role_from(event: PersonNotice, patient: UUID, proxy: UUID) -> LinkEvidence:
    """What one notice says of a role. It says that somebody may act for a person, never that they look after them."""
    deleted = event.kind is NoticeKind.PROXY_ROLE_DELETED
    word = word_of(event, links.ABOUT, un_event=deleted)
    over = links.past(event.role_ends_at, event)
    active = not (deleted or over) and event.role_active is not False
    ended_at = event.role_ends_at if active or over else event.occurred_at
    named = national_record_id(event.related_nhs_number or "")
    role = role_evidence_id(event.role_id or "", patient, named)
    return LinkEvidence(
        evidence_id=role_end_id(role) if deleted else role,
        patient_record=patient,
        carer_record=proxy,
        kind=EvidenceKind.PROXY_ROLE,
        source=event.source,
        is_carer=False,
        relationships=event.relationships,
        active=active,
        ended_at=ended_at,
        first_said=word,
        last_said=word,
    )


def latest(view: RegionView, said: LinkEvidence) -> LinkEvidence:
    """What was said of a role after another word on it."""
    return links.together(view.evidence.get(said.evidence_id), said)


# What the pictures ask.


def roles_of(view: RegionView, person: UUID) -> Iterator[LinkEvidence]:
    """The proxy roles that stand and name somebody of whom more than a number is known here."""
    for evidence in view.links_of(person):
        if evidence.kind is EvidenceKind.PROXY_ROLE and role_stands(view, evidence):
            yield evidence


def role_stands(view: RegionView, role: LinkEvidence) -> bool:
    """Whether a proxy role was given, has not ended since, and names somebody of whom more than a number is known.

    It names nobody who does not want to be linked.
    """
    return role_is_given(view, role) and not is_withheld(view, role, role_is_given)


def role_is_given(view: RegionView, role: LinkEvidence) -> bool:
    """The same whether they want to be linked or not."""
    end = view.evidence.get(role_end_id(role.evidence_id))
    if not role.active or (end is not None and later(end.last_said, role.last_said)):
        return False
    proxy = view.members(view.person(role.carer_record))
    return any(each.notice_of is None for each in proxy)


def with_current_number(view: RegionView, patient: PatientOfStay) -> PatientOfStay:
    """The patient by the NHS number that a superseded one goes on as."""
    if patient.nhs_number is None:
        return patient
    return replace(
        patient, nhs_number=national.current(view, patient.nhs_number, patient.person_id)
    )


def practice_of(first: SourceRecord, members: Iterable[SourceRecord]) -> str | None:
    """The practice: as the register of registrations says, because all others repeat what they were told once."""
    records = tuple(members)
    registered = registered_by(records)
    in_turn = (first, *records) if registered is None else (registered, first, *records)
    return next((each.facts.practice_ods for each in in_turn if each.facts.practice_ods), None)


def registered_by(members: Iterable[SourceRecord]) -> SourceRecord | None:
    """The record with the latest notice of a change of GP, if there was one."""
    said = [(order(word), each) for each in members if (word := word_on_practice(each)) is not None]
    return max(said, key=lambda pair: pair[0])[1] if said else None


def word_on_practice(record: SourceRecord) -> Word | None:
    """The last notice of a change of GP, if this is what was heard of a number."""
    return None if record.notice_of is None else word_on(record.words, "practice")
