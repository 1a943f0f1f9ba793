"""What one event with FHIR resources has come to so far: its people, found by what its source calls them."""

from dataclasses import dataclass, field
from uuid import UUID

from hub.decisions import Event
from hub.errors import InvalidResource
from hub.fhir.body import json_from
from hub.fhir.bundle import Entries, Entry, bundle_entries, single_entry
from hub.fhir.patient import patient_news_from
from hub.fhir.record import person_record_id
from hub.fhir.reference import Reference
from hub.fhir.systems import NHS_NUMBER, authority_in
from hub.identity import source_record_id
from hub.matching.region import RegionView
from hub.records import LinkEvidence, SourceRecord
from processors.carer_matching import people
from processors.carer_matching.policy import MatchingPolicy


@dataclass
class Taken:
    """What one event has come to so far."""

    view: RegionView
    event: Event
    entries: Entries
    policy: MatchingPolicy
    by_path: dict[str, UUID] = field(default_factory=dict)
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
    taken.records[record_id] = people.told_of(taken.record(record_id), record_id, news, taken.event)


def record_referred_to(taken: Taken, entry: Entry, reference: Reference) -> UUID:
    """The record that a reference means: a Patient of the same Bundle, or a person named by identifier.

    Raises:
        InvalidResource: It is neither.
    """
    target = taken.entries.resolved(reference, entry)
    if target is not None and target.path in taken.by_path:
        return taken.by_path[target.path]
    if reference.identifier is not None:
        system = reference.identifier.system
        authority = NHS_NUMBER if system == NHS_NUMBER else authority_in(system)
        return source_record_id(taken.event.source, authority, reference.identifier.value)
    raise InvalidResource(
        "The reference names nobody: send the Patient in the same Bundle, or an identifier.",
        expression=reference.path,
        code="not-found",
    )
