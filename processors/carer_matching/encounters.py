"""What a hospital's event changes: the patient's record, the contacts' records, the links and the stay.

One message may tell of two patients (A17) or of several visits (A40, A45): each group is taken in upon the one before.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from hub.fhir.hospital_message import Contact, HospitalNews, hospital_news_from
from hub.fhir.news import EncounterNews
from hub.fhir.record import first_stay_id, hospital_number_of, person_record_id
from hub.fhir.systems import authority_in
from hub.identity import source_record_id
from hub.matching.region import Kept, RegionView
from hub.records import (
    EncounterEvent,
    EvidenceKind,
    Identifier,
    LinkEvidence,
    SourceRecord,
    StayFacts,
)
from processors.carer_matching import links, people, stays
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.rows import key_of
from processors.carer_matching.told_apart import told_apart


def changes_from(view: RegionView, event: EncounterEvent, policy: MatchingPolicy) -> Iterator[Kept]:
    """The rows of state as they stand after the event, each row once.

    Raises:
        Undecodable: The resource is no JSON.
        InvalidResource: It holds no Patient, or one without an identifier, or breaks another rule.
    """
    several = hospital_news_from(event.resource, policy.test_numbers)
    if len(several) == 1:
        yield from group_changes(view, event, several[0])
        return
    seen = view.overlay()
    rows: dict[UUID, Kept] = {}
    for news in several:
        for row in tuple(group_changes(seen, event, news)):
            seen.put(row)
            rows[key_of(row)] = row
    yield from rows.values()


def group_changes(view: RegionView, event: EncounterEvent, news: HospitalNews) -> Iterator[Kept]:
    """What an event says of one patient."""
    patient = patient_after(view, event, news)
    yield patient
    yield from contact_changes(view, event, patient, news.contacts)
    yield from merges(view, event, patient, news.replaced)
    if news.visit is not None:
        yield from stay_changes(view, event, patient, news.visit)


def patient_after(view: RegionView, event: EncounterEvent, news: HospitalNews) -> SourceRecord:
    """The patient's record after the event; a list of contacts leaves its place in time on it."""
    facts, visit = news.patient.facts, news.visit
    stay = first_stay_id(event.trust_ods, visit.facts, hospital_number_of(facts)) if visit else None
    record_id = person_record_id(event.source, facts, news.path, stay)
    return people.told_of(
        view.records.get(record_id),
        record_id,
        news.patient,
        event,
        event.sequence,
        lists_contacts=news.lists_contacts,
    )


def contact_changes(
    view: RegionView, event: EncounterEvent, patient: SourceRecord, contacts: Sequence[Contact]
) -> Iterator[Kept]:
    """Records and links of the contacts of one message. The same contact twice keeps all roles.

    A contact under the patient's own number is passed by: nobody is their own contact, and what is typed there would
    speak for the patient.
    """
    records: dict[UUID, SourceRecord] = {}
    evidence: dict[UUID, LinkEvidence] = {}
    words = told_apart([each.news.person.facts for each in contacts])
    for each, word in zip(contacts, words, strict=True):
        news = each.news
        contact = people.contact_record_id(
            event.source, patient.record_id, news.person.facts, each.path, word
        )
        if contact == patient.record_id:
            continue
        standing = records.get(contact) or view.records.get(contact)
        records[contact] = people.told_of(standing, contact, news.person, event, event.sequence)
        ends = (patient.record_id, contact)
        said = links.evidence_from(news, ends, EvidenceKind.NK1, event, sequence=event.sequence)
        kept = evidence.get(said.evidence_id) or view.evidence.get(said.evidence_id)
        evidence[said.evidence_id] = links.together(kept, said)
    yield from records.values()
    yield from evidence.values()


def merges(
    view: RegionView, event: EncounterEvent, patient: SourceRecord, replaced: Iterable[Identifier]
) -> Iterator[SourceRecord]:
    """The records that this patient's record takes the place of (A40)."""
    for identifier in replaced:
        old_id = source_record_id(event.source, authority_in(identifier.system), identifier.value)
        if old_id != patient.record_id:
            yield people.merged(
                view.records.get(old_id) or people.unknown(old_id, event), patient.record_id, event
            )


def stay_changes(
    view: RegionView, event: EncounterEvent, patient: SourceRecord, news: EncounterNews
) -> Iterator[StayFacts]:
    """The stay, and the stay that it goes on for under another number (A42, A45, A47, A50)."""
    stay = first_stay_id(event.trust_ods, news.facts, hospital_number_of(patient.facts))
    if stay is None:
        return
    told = stays.told_of(view.stays.get(stay), stay, patient, news, event)
    replaced = news.facts.replaces_visit
    old_id = stay if replaced is None else stays.numbered(event.trust_ods, replaced)
    if old_id == stay:
        yield told
        return
    yield stays.superseded(told, None, patient, event)
    old = view.stays.get(old_id) or stays.unknown(old_id, patient, event)
    yield stays.superseded(old, stay, patient, event)
