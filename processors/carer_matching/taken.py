"""What one event with FHIR resources has come to so far: its people, found by what its source calls them."""

from dataclasses import dataclass, field
from uuid import UUID

from hub.decisions import Event
from hub.errors import InvalidResource
from hub.fhir.body import json_from
from hub.fhir.bundle import Entries, Entry, bundle_entries, single_entry
from hub.fhir.patient import patient_news_from
from hub.fhir.record import person_record_id, record_ids, referred_record_id
from hub.fhir.reference import Reference
from hub.fhir.systems import NHS_NUMBER
from hub.matching.region import RegionView
from hub.records import LinkEvidence, PersonFacts, SourceRecord
from processors.carer_matching import people
from processors.carer_matching.policy import MatchingPolicy


@dataclass
class Taken:
    """What one event has come to so far.

    Attributes:
        by_path: Place of a Patient -> their record.
        by_number: Record that a number alone would name -> the record of the person of this event who has it.
    """

    view: RegionView
    event: Event
    entries: Entries
    policy: MatchingPolicy
    by_path: dict[str, UUID] = field(default_factory=dict)
    by_number: dict[UUID, UUID] = field(default_factory=dict)
    records: dict[UUID, SourceRecord] = field(default_factory=dict)
    evidence: dict[UUID, LinkEvidence] = field(default_factory=dict)

    def record(self, record_id: UUID) -> SourceRecord | None:
        """A record as of this event."""
        return self.records.get(record_id) or self.view.records.get(record_id)


def entries_of(resource: bytes) -> Entries:
    """A Bundle's entries; a single resource as if it were the only one."""
    body = json_from(resource)
    is_bundle = isinstance(body, dict) and body.get("resourceType") == "Bundle"
    return bundle_entries(body) if is_bundle else single_entry(body)


def take_patient(taken: Taken, entry: Entry) -> None:
    """A person's record after what the event says of them."""
    news = patient_news_from(entry.resource, entry.path, taken.policy.test_numbers)
    record_id = person_record_id(taken.event.source, news.facts, entry.path)
    taken.by_path[entry.path] = record_id
    take_numbers(taken, news.facts, record_id)
    taken.records[record_id] = people.told_of(taken.record(record_id), record_id, news, taken.event)


def take_numbers(taken: Taken, facts: PersonFacts, record_id: UUID) -> None:
    """Whoever is named by any of these numbers in the same event is this person; the first who has it keeps it."""
    for alone in record_ids(taken.event.source, facts):
        taken.by_number.setdefault(alone, record_id)


def record_referred_to(taken: Taken, entry: Entry, reference: Reference) -> UUID:
    """The record that a reference means: a Patient of the same Bundle, or a person named by any identifier.

    Raises:
        InvalidResource: It is neither.
    """
    target = taken.entries.resolved(reference, entry)
    if target is not None and target.path in taken.by_path:
        return taken.by_path[target.path]
    named = referred_record_id(taken.event.source, reference)
    if named is not None:
        return taken.by_number.get(named, named)
    raise InvalidResource(
        "The reference names nobody: send the Patient in the same Bundle, or an identifier.",
        expression=reference.path,
        code="not-found",
    )


def record_agreed_for(taken: Taken, entry: Entry, reference: Reference) -> UUID:
    """The record of the carer whom an agreement names; by NHS number also where they have another number too.

    Raises:
        InvalidResource: The reference names nobody, or one of several.
    """
    named = record_referred_to(taken, entry, reference)
    identifier, view = reference.identifier, taken.view
    if named in taken.records or identifier is None or identifier.system != NHS_NUMBER:
        return named
    known = view.numbered(taken.event.source, identifier.value)
    if len({view.person(each) for each in known}) > 1:
        raise InvalidResource(
            "The NHS number is that of several people here: send the Patient in the same Bundle.",
            expression=reference.path,
            code="multiple-matches",
        )
    return named if not known or named in known else min(known)
