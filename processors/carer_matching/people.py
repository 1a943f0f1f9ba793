"""Records of people: found by what their source calls them, each field register by its latest word."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from hub.decisions import Event
from hub.fhir.news import REGISTERS, PersonNews
from hub.fhir.record import person_record_id
from hub.identity import unnumbered_record_id
from hub.matching.names import whole_name
from hub.matching.whose import FIRST_MERGE, MERGE, merged_first
from hub.matching.words import folded, heard, order, placed, word_of
from hub.records import PersonFacts, SourceRecord
from processors.carer_matching.told_apart import numbered


def contact_record_id(
    source: str, patient_record: UUID, facts: PersonFacts, path: str, told_apart_by: str
) -> UUID:
    """The record of a contact: by their own identifier, else by name and birth date beside the patient.

    `told_apart_by`: what tells them apart in their list from others of the name (`told_apart`).
    """
    if numbered(facts):
        return person_record_id(source, facts, path)
    return unnumbered_record_id(
        patient_record, whole_name(facts.names), facts.birth_on, told_apart_by
    )


LISTED: Final = "contacts"
"""Register without fields: when all contacts were last listed. Contacts of an earlier list no longer count."""
SPOKEN_OF: Final = {**REGISTERS, LISTED: ()}


def told_of(
    record: SourceRecord | None,
    record_id: UUID,
    news: PersonNews,
    event: Event,
    sequence: int = 0,
    *,
    lists_contacts: bool = False,
) -> SourceRecord:
    """The record after what an event says of the person, and perhaps of all their contacts."""
    spoken = (*news.spoken, LISTED) if lists_contacts else news.spoken
    kept = record or unknown(record_id, event)
    facts, words = folded(
        kept.facts,
        kept.words,
        partial(getattr, news.facts),
        SPOKEN_OF,
        word_of(event, " ".join(sorted(spoken)), sequence=sequence),
    )
    return replace(kept, facts=facts, words=words, as_of=max(kept.as_of, event.recorded_at))


def unknown(record_id: UUID, event: Event) -> SourceRecord:
    """A record of which nothing is known yet."""
    return SourceRecord(
        record_id=record_id, source=event.source, facts=PersonFacts(), as_of=event.recorded_at
    )


def merged(old: SourceRecord, into: UUID, event: Event) -> SourceRecord:
    """The old record of an A40, replaced by another unless a later word says otherwise."""
    word = word_of(event, MERGE)
    first = merged_first(old)
    words = heard(old.words, word)
    since = placed(words or old.words, FIRST_MERGE, min(first or word, word, key=order))
    if words is None:
        return old if since == old.words else replace(old, words=since)
    return replace(old, merged_into=into, words=since, as_of=max(old.as_of, event.recorded_at))


def first_of(records: Iterable[SourceRecord]) -> SourceRecord:
    """The record that speaks for a person: no notice, one with an NHS number, the latest heard of, then by id."""
    return max(records, key=precedence)


def precedence(record: SourceRecord) -> tuple[bool, bool, datetime, int]:
    """How far a record speaks before others of a person."""
    numbered = record.facts.nhs_number is not None
    return (record.notice_of is None, numbered, record.as_of, record.record_id.int)
