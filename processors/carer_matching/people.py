"""Records of people: found by what their source calls them, each field register by its latest word."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from hub.decisions import Event
from hub.fhir.news import REGISTERS, PersonNews
from hub.fhir.record import person_record_id
from hub.identity import unnumbered_record_id
from hub.matching.names import whole_name
from hub.matching.words import folded, heard, word_of
from hub.records import PersonFacts, SourceRecord


def contact_record_id(source: str, patient_record: UUID, facts: PersonFacts, path: str) -> UUID:
    """The record of a contact: by their own identifier, else by name and birth date beside the patient."""
    if facts.identifiers or facts.nhs_number is not None:
        return person_record_id(source, facts, path)
    return unnumbered_record_id(patient_record, whole_name(facts.names), facts.birth_on)


def told_of(
    record: SourceRecord | None, record_id: UUID, news: PersonNews, event: Event, sequence: int = 0
) -> SourceRecord:
    """The record after what an event says of the person."""
    kept = record or unknown(record_id, event)
    facts, words = folded(
        kept.facts,
        kept.words,
        news.facts,
        REGISTERS,
        (word_of(event, register, sequence=sequence) for register in sorted(news.spoken)),
    )
    return replace(kept, facts=facts, words=words, as_of=max(kept.as_of, event.recorded_at))


def unknown(record_id: UUID, event: Event) -> SourceRecord:
    """A record of which nothing is known yet."""
    return SourceRecord(
        record_id=record_id, source=event.source, facts=PersonFacts(), as_of=event.recorded_at
    )


def merged(old: SourceRecord, into: UUID, event: Event) -> SourceRecord:
    """The old record of an A40, replaced by another unless a later word says otherwise."""
    words = heard(old.words, word_of(event, "merge"))
    return (
        old
        if words is None
        else replace(old, merged_into=into, words=words, as_of=max(old.as_of, event.recorded_at))
    )


def contacts_listed(record: SourceRecord, event: Event, sequence: int) -> SourceRecord:
    """The patient's record after a message that lists all contacts: contacts of an earlier list no longer count."""
    words = heard(record.words, word_of(event, "contacts", sequence=sequence))
    return record if words is None else replace(record, words=words)


def first_of(records: Iterable[SourceRecord]) -> SourceRecord:
    """The record that speaks for a person: the latest heard of, by id where two are equally late."""
    return max(records, key=lambda record: (record.as_of, record.record_id.int))
