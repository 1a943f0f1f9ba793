"""From a body to events: stays to hospital.encounter, agreements to person.decision, the rest to gp.carer-flag."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypedDict
from uuid import UUID

import orjson

from connectors.fhir_api.agreements import (
    Agreement,
    agreements_in,
    apart,
    facts_of,
    no_agreement,
)
from connectors.fhir_api.beside_a_stay import flags_beside, without_statements
from connectors.fhir_api.contents import ANSWERED_BY_ENTRIES, FLAGS, entries_of, refuse_other_shapes
from connectors.fhir_api.cuts import Cuts
from connectors.fhir_api.media import FHIR_XML
from connectors.fhir_api.minimising import (
    NOTHING,
    LeftOut,
    among,
    is_whole,
    minimal,
    refuse_no_carer_code,
    written,
)
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.stays import Stay, stays_in
from connectors.fhir_api.xml_body import Structures, json_from_xml
from hub.decisions import Frame
from hub.errors import InvalidResource, NotPermitted
from hub.fhir.body import strict_json_from
from hub.fhir.bundle import Entries, Entry
from hub.fhir.conformance import Shapes
from hub.fhir.consent import ConsentNews
from hub.fhir.encounter import encounter_news_from
from hub.fhir.reading import Element
from hub.fhir.record import (
    agreement_id,
    hospital_number_of,
    person_record_id,
    referred_record_id,
    stay_ids,
)
from hub.fhir.recorded import recorded_at_from
from hub.fhir.reference import Reference
from hub.fhir.related_person import related_person_news_from
from hub.fhir.statement import statement_from, statements_in
from hub.identity import derived, message_event_id
from hub.records import CarerFlagEvent, DecisionKind, EncounterEvent, PersonDecision

AHEAD: Final = timedelta(minutes=5)
"""How far a sender's clock may be ahead; a later time is taken as the time of receipt."""

Said: TypeAlias = CarerFlagEvent | EncounterEvent


@dataclass(frozen=True, slots=True)
class Keyed:
    """An event and the key that it is kept under."""

    key: UUID
    event: Said


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decision and the thing decided."""

    key: UUID
    event: PersonDecision


@dataclass(frozen=True, slots=True)
class Taken:
    """What a body comes to.

    Attributes:
        body: The body as it was taken.
        sent: The body as it was sent.
        events: What is said of stays, in one region, or of carers, in each region of the sender.
        decisions: Agreements of carers, given or withdrawn, in the region that refers.
        left_out: What of it nobody here reads, so that it is kept nowhere.
    """

    body: Element
    sent: Element
    events: tuple[Keyed, ...]
    decisions: tuple[Decided, ...] = ()
    left_out: LeftOut = NOTHING

    @property
    def all(self) -> tuple[Keyed | Decided, ...]:
        """Everything to make durable before the answer."""
        return (*self.events, *self.decisions)

    @property
    def answered_by_entries(self) -> bool:
        """Whether the answer has one entry for each of the body's entries."""
        return self.body.get("type") in ANSWERED_BY_ENTRIES


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """How a body came.

    Attributes:
        sender: Who sent it.
        received_at: When, UTC.
        resource_type: From the address; None for a Bundle at the root.
        correlation_id: The sender's own; None = the event's id.
        shapes: What FHIR R4 publishes; None = only the hub's own rules are asked.
        xml: How XML is written as JSON, when the body is XML.
    """

    sender: FhirSender
    received_at: datetime
    resource_type: str | None = None
    correlation_id: UUID | None = None
    shapes: Shapes | None = None
    xml: Structures | None = None


def heard_from(sent: bytes, post: Post) -> Taken:
    """Read a body: JSON in UTF-8 as it was sent, or XML, which then goes on as the JSON that says the same.

    What nobody here reads is taken out before anything is made of it; the ids of events follow from what was sent.

    Raises:
        Undecodable: It is no JSON or XML that is read here.
        OlderVersion: It is FHIR before R4.
        InvalidResource: A resource breaks a rule; the place is a FHIRPath.
        NotSupported: There is nothing in it that means anything here.
        NoCarerCode: The same, because the lists of carer codes know none of its codes.
        NotPermitted: The sender may not speak of stays.
    """
    body = sent if post.xml is None else json_from_xml(sent, post.xml)
    resource = strict_json_from(body)
    if post.shapes is not None:
        refuse_other_shapes(resource, post.shapes)
    if not isinstance(resource, dict):
        raise InvalidResource("Expected a JSON object.", expression="Resource", code="structure")
    canonical = orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)
    all_entries = entries_of(resource, post.resource_type)
    small = minimal(resource, all_entries, post.sender.knows)
    entries = small.entries
    if small.resource is not resource:
        body = orjson.dumps(small.resource)
    original = sent if post.xml is not None and is_whole(small, resource, sent) else None
    frame = frame_from(entries, canonical, post)
    reading = Reading(body, original, resource, canonical, entries, post.sender, frame)
    agreements = agreements_in(entries)
    events = tuple(events_of(reading, agreements))
    if not events and not agreements:
        refuse_no_carer_code(small.left_out)
        raise no_agreement(all_entries)
    decisions = tuple(decisions_of(reading, agreements))
    return Taken(small.resource, resource, events, decisions, small.left_out)


class AsSent(TypedDict):
    """What an event keeps of a body that was not JSON."""

    original: bytes | None
    original_type: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A body on its way to events. `original`: the bytes as they came, when they were XML and all of it is kept.

    `sent`: the body as sent; `entries`: what of it stays.
    """

    body: bytes
    original: bytes | None
    sent: Element
    canonical: bytes
    entries: Entries
    sender: FhirSender
    frame: Frame

    @property
    def as_sent(self) -> AsSent:
        """The bytes as they came, where the resource is not what came."""
        kind = None if self.original is None else FHIR_XML
        return AsSent(original=self.original, original_type=kind)

    def only(self, staying: tuple[Entry, ...]) -> "Reading":
        """The same of some of the entries alone."""
        if staying == self.entries.all:
            return self
        entries = among(self.entries, staying)
        body = orjson.dumps(written(self.sent, entries))
        return replace(self, body=body, original=None, entries=entries)

    def framed(self, region: int) -> Frame:
        """The frame of an event in one region."""
        return {**self.frame, "region": region}


def events_of(reading: Reading, agreements: Sequence[Agreement]) -> Iterator[Keyed]:
    """A stay in the sender's first region, or a carer flag in each; nothing when only agreements are spoken of.

    Carer flags beside a stay are events of their own, after that of the stay.
    """
    if reading.entries.of_type("Encounter"):
        yield from stay_events(reading, reading.sender.regions[0])
        yield from flags_beside_a_stay(reading)
        return
    kinds = {entry.type for entry in reading.entries}
    if kinds & FLAGS or ("Patient" in kinds and not agreements):
        for region in reading.sender.regions:
            yield flag_event(reading, region)


def flags_beside_a_stay(reading: Reading) -> tuple[Keyed, ...]:
    """The carer flags of a body that speaks of a stay; none where they name nobody: the stay is told all the same."""
    flags = flags_beside(reading.entries)
    if not flags:
        return ()
    event_id = derived("event", reading.frame["event_id"], "carer-flag")
    alone = replace(reading.only(flags), frame={**reading.frame, "event_id": event_id})
    try:
        return tuple(flag_event(alone, region) for region in reading.sender.regions)
    except InvalidResource:
        return ()


def frame_from(entries: Entries, canonical: bytes, post: Post) -> Frame:
    """The frame of the event; the region is filled in for each."""
    name = source_event_id(entries)
    event_id = message_event_id(post.sender.name, name, canonical)
    said = [moment for entry in entries if (moment := recorded_at_from(entry, entries)) is not None]
    recorded_at = max(said, default=post.received_at)
    if recorded_at > post.received_at + AHEAD:
        recorded_at = post.received_at
    return Frame(
        event_id=event_id,
        caused_by=None,
        correlation_id=post.correlation_id or event_id,
        source=post.sender.name,
        source_event_id=hashlib.sha256(name.encode()).hexdigest()[:32] if name else "",
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        received_at=post.received_at,
        region=0,
    )


def source_event_id(entries: Entries) -> str:
    """Bundle.identifier, else MessageHeader.id, else nothing."""
    if entries.identifier is not None:
        return f"{entries.identifier.system}|{entries.identifier.value}"
    header = next(iter(entries.of_type("MessageHeader")), None)
    return str(header.resource.get("id") or "") if header else ""


def stay_events(reading: Reading, region: int) -> Iterator[Keyed]:
    """A hospital event for each Encounter. The first has the body's id; those of others follow from it and their place.

    Raises:
        NotPermitted: The sender is no trust.
        InvalidResource: Nothing names a stay or its patient, or they come to very much.
    """
    if not reading.sender.is_trust:
        place = reading.entries.of_type("Encounter")[0].path
        raise NotPermitted("Only a trust may send an Encounter.", expression=place)
    told = among(reading.entries, without_statements(reading.entries))
    first, *others = stays_in(told)
    alone = reading.only(first.staying)
    yield encounter_event(alone, first, region)
    if not others:
        return
    cuts = Cuts(reading.sent, told, len(alone.body))
    for stay in others:
        body = cuts.part(stay.staying, stay.encounter.path)
        event_id = derived("event", reading.frame["event_id"], stay.encounter.path)
        frame: Frame = {**reading.frame, "event_id": event_id}
        alone = replace(reading, body=body, original=None, frame=frame)
        yield encounter_event(alone, stay, region)


def encounter_event(reading: Reading, stay: Stay, region: int) -> Keyed:
    """A hospital event, keyed by its stay.

    Raises:
        InvalidResource: Nothing names the stay.
    """
    sender, encounter, patient = reading.sender, stay.encounter, stay.patient
    facts = facts_of(patient, sender)
    news = encounter_news_from(encounter.resource, encounter.path)
    stays = stay_ids(sender.ods_code, news.facts, hospital_number_of(facts))
    if not stays:
        raise InvalidResource(
            "Nothing names the stay.", expression=f"{encounter.path}.identifier", code="required"
        )
    event = EncounterEvent(
        **reading.framed(region),
        trust_ods=sender.ods_code,
        event=news.facts.status,
        resource=reading.body,
        **reading.as_sent,
    )
    return Keyed(stays[0], event)


def flag_event(reading: Reading, region: int) -> Keyed:
    """A carer flag, keyed by the record of the source that it speaks of.

    Every resource is read here already, so that what can never be right is refused at the door.
    """
    sender, entries = reading.sender, reading.entries
    people = patient_records(reading)
    for each in entries.of_type("RelatedPerson"):
        contact = related_person_news_from(each.resource, each.path, sender.test_numbers)
        named_record(reading, each, contact.patient, people)
    named = [*flagged_records(reading, people), *reversed(people.values())]
    key = named[0] if named else reading.frame["event_id"]
    event = CarerFlagEvent(
        **reading.framed(region),
        source_record=key,
        resource=reading.body,
        **reading.as_sent,
    )
    return Keyed(key, event)


def flagged_records(reading: Reading, people: Mapping[str, UUID]) -> list[UUID]:
    """The records of those who are flagged. A flag that names nobody is passed by when another names somebody.

    Raises:
        InvalidResource: None of them names anybody.
    """
    found: list[UUID] = []
    refused: list[InvalidResource] = []
    for each in statements_in(reading.entries):
        subject = statement_from(each).subject
        try:
            found.append(named_record(reading, each, subject, people))
        except InvalidResource as refusal:
            refused.append(refusal)
    if refused and not found:
        raise refused[0]
    return found


def patient_records(reading: Reading) -> dict[str, UUID]:
    """The sender's record of each Patient, by its place."""
    sender = reading.sender
    return {
        each.path: person_record_id(sender.name, facts_of(each, sender), each.path)
        for each in reading.entries.of_type("Patient")
    }


def named_record(
    reading: Reading, within: Entry, reference: Reference, people: Mapping[str, UUID]
) -> UUID:
    """The sender's record that a reference means: a Patient of the same Bundle, or a person by identifier.

    Raises:
        InvalidResource: It is neither. No address is ever followed out of the Bundle.
    """
    target = reading.entries.resolved(reference, within)
    found = people.get(target.path) if target is not None else None
    found = found or referred_record_id(reading.sender.name, reference)
    if found is None:
        raise InvalidResource(
            "The reference names nobody: send the Patient in the same Bundle, or an identifier.",
            expression=reference.path,
            code="not-found",
        )
    return found


def decisions_of(reading: Reading, agreements: Sequence[Agreement]) -> Iterator[Decided]:
    """The agreements, each with its own part of the body.

    Raises:
        InvalidResource: One names nobody, or they come to very much.
    """
    people = patient_records(reading) if agreements else {}
    if len(agreements) < 2:
        for entry, news in agreements:
            yield decision(reading, entry, news, people)
        return
    cuts = Cuts(reading.sent, reading.entries)
    for (entry, news), staying in apart(agreements, reading.entries, reading.sender):
        body = cuts.part(staying, entry.path)
        yield decision(replace(reading, body=body), entry, news, people)


def decision(
    reading: Reading, entry: Entry, news: ConsentNews, people: Mapping[str, UUID]
) -> Decided:
    """An agreement of a carer, keyed by itself: withdrawing it comes under the same key. `people`: of the body."""
    named_record(reading, entry, news.patient, people)
    key = agreement_id(reading.sender.name, news.identifier, reading.canonical)
    frame = reading.framed(reading.sender.regions[0])
    frame["event_id"] = derived("event", frame["event_id"], key)
    frame["occurred_at"] = min(news.said_at or frame["recorded_at"], frame["recorded_at"])
    event = PersonDecision(
        **frame,
        decision_key=key,
        kind=DecisionKind.CONSENT,
        by="",
        organisation_ods=reading.sender.ods_code,
        resource=reading.body,
    )
    return Decided(key, event)
