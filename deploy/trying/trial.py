"""Feed pieces through the doors' own mappings into the chain in memory, and tell what became of each."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.media import XML_SETTING
from connectors.fhir_api.minimising import LeftOut
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.xml_body import Structures
from connectors.gp_csv.mapping.events import rows_from
from connectors.gp_csv.settings import CsvSettings
from connectors.national import mapping as national_mapping
from connectors.national.settings import NationalSender
from connectors.ward_mllp.hearing import NotForUs, Refusal, heard
from connectors.ward_mllp.senders import KnownSender
from deploy.trying.files import Piece
from deploy.trying.lines import ConsequenceLine, Line, MessageLine
from deploy.trying.quiet import why_quiet
from hub import codec
from hub.errors import Rejected
from hub.fhir.conformance import Shapes
from hub.fhir.offers import offer_of
from hub.fhir.proposals import offer_resource, review_resource
from hub.fhir.service_request import service_request_from
from hub.fhir.task import link_resource, task_from
from hub.hl7v2.header import header_or_what_is_left
from hub.matching.region import RegionView
from hub.records import (
    AlertStatus,
    CarerFlagEvent,
    CarerReferral,
    EncounterEvent,
    EvidenceKind,
    InvolvementAlert,
    LinkEvidence,
    PersonDecision,
    PersonNotice,
    ReviewItem,
    StayPicture,
)
from hub.records.registry import Record
from hub.runtime.redrive import NO_MEANING
from hub.testing.memory_hub import MemoryHub
from hub.topics import topic_of
from processors.carer_matching.notices import role_stands
from processors.carer_matching.standing import stands
from processors.discharge_involvement.policy import AlertPolicy

FAR_AHEAD: Final = datetime(2199, 12, 31, tzinfo=UTC)
"""Receipt for reading only: no time in a file is ahead of it. Virtual time is the largest recorded time so far."""
XML_IS_OFF: Final = f"XML of FHIR, which is read where {XML_SETTING} is true"

R = TypeVar("R", bound=Record)
AnyEvent: TypeAlias = CarerFlagEvent | EncounterEvent | PersonDecision | PersonNotice
Read: TypeAlias = tuple[MessageLine, list[AnyEvent]]


@dataclass
class Trial:
    """One dry run.

    Attributes:
        hub: The chain in memory.
        wards: Senders of HL7 v2; the last one takes any message.
        practice: The sender that FHIR bodies are read as.
        extracts: The sender that CSV files are read as.
        national: The sender that notices of the national services are read as.
        shapes: What FHIR R4 publishes; None = only the hub's own rules are asked.
        xml: How XML is written as JSON; None = the configuration has it switched off.
        alerts: The policy of the alerts, to say why there is none.
    """

    hub: MemoryHub
    wards: Sequence[KnownSender]
    practice: FhirSender
    extracts: CsvSettings
    national: NationalSender
    shapes: Shapes | None = None
    xml: Structures | None = None
    alerts: AlertPolicy = field(default_factory=AlertPolicy)
    _last: EncounterEvent | None = None
    _alerting: dict[UUID, bool] = field(default_factory=dict)
    _told: dict[type[Any], int] = field(default_factory=dict)
    _offered: set[tuple[UUID, str]] = field(default_factory=set)
    _links: dict[UUID, bool] = field(default_factory=dict)

    def lines(self, pieces: Iterable[Piece]) -> Iterator[Line]:
        """What became of each piece, each followed by its consequences."""
        for piece in pieces:
            yield from self._one(piece)

    def until(self, moment: datetime) -> Iterator[Line]:
        """What deadlines up to a moment would bring."""
        self.hub.advance(moment)
        yield from self._consequences()

    def why_quiet(self) -> Iterator[str]:
        """Why the stays that the last piece changed have no alert, a line for each."""
        for picture in self._new(StayPicture):
            if self._last is not None and not self._alerting.get(picture.stay_id, False):
                yield why_quiet(picture, self._last, self.alerts)

    def _one(self, piece: Piece) -> Iterator[Line]:
        line, events = self._read(piece)
        self._last = next((each for each in events if isinstance(each, EncounterEvent)), None)
        refused = len(self.hub.refusals)
        for event in events:
            heard_of = dated(event, self.hub.now)
            self.hub.advance(heard_of.received_at)
            self.hub.hear(heard_of)
        for refusal in self.hub.refusals[refused:]:
            line = replace(
                line,
                outcome="rejected",
                code=refusal.code,
                expression=refusal.expression or "Bundle",
                reason=refusal.reason,
            )
        yield line
        yield from self._consequences()

    def _read(self, piece: Piece) -> Read:
        match piece.kind:
            case "hl7v2":
                line, event = read_message(piece, self.wards)
                return line, [] if event is None else [event]
            case "fhir":
                return self._read_body(piece, None)
            case "fhir-xml" if self.xml is not None:
                return self._read_body(piece, self.xml)
            case "fhir-xml":
                return no_message(replace(piece, what=XML_IS_OFF)), []
            case "csv":
                return self._read_extract(piece)
            case "notice":
                return self._read_notice(piece)
            case "other":
                return no_message(piece), []

    def _read_body(self, piece: Piece, xml: Structures | None) -> Read:
        line = MessageLine(file=piece.file, index=piece.index, outcome="accepted")
        post = Post(sender=self.practice, received_at=FAR_AHEAD, shapes=self.shapes, xml=xml)
        try:
            taken = heard_from(piece.content, post)
        except Rejected as error:
            return refused(line, error), []
        events: list[AnyEvent] = [each.event for each in taken.all]
        line = replace(line, control_id=events[0].source_event_id, event=kind_of(events[0]))
        return replace(line, reason=words_for(taken.left_out)), events

    def _read_extract(self, piece: Piece) -> Read:
        line = MessageLine(
            file=piece.file, index=piece.index, event="carer-flags", outcome="accepted"
        )
        digest = hashlib.sha256(piece.content).hexdigest()
        try:
            keyed = rows_from(piece.content, self.extracts, FAR_AHEAD, digest)
        except Rejected as error:
            return refused(line, error), []
        return line, [each.event for each in keyed]

    def _read_notice(self, piece: Piece) -> Read:
        line = MessageLine(file=piece.file, index=piece.index, outcome="accepted")
        try:
            heard_of = national_mapping.heard_from(piece.content, self.national, FAR_AHEAD)
        except Rejected as error:
            return refused(line, error), []
        if isinstance(heard_of, national_mapping.NotForUs):
            line = replace(line, control_id=heard_of.id, event=heard_of.type)
            return replace(line, outcome="ignored", code=NO_MEANING, reason=heard_of.reason), []
        notice = heard_of[0].event
        line = replace(line, control_id=notice.source_event_id, event=notice.kind.value)
        return line, [notice]

    def _consequences(self) -> Iterator[ConsequenceLine]:
        yield from self._link_changes()
        for alert in self._new(InvolvementAlert):
            self._alerting[alert.stay_id] = alert.status is not AlertStatus.CANCELLED
            yield ConsequenceLine(
                kind="alert", action=alert.action.value, resource=task_from(alert)
            )
            yield from self._offers(alert)
        for referral in self._new(CarerReferral):
            resource = service_request_from(referral)
            yield ConsequenceLine(kind="referral", action=referral.action.value, resource=resource)
        for item in self._new(ReviewItem):
            action = "settled" if item.settled else "opened"
            yield ConsequenceLine(kind="review", action=action, resource=review_resource(item))

    def _new(self, record: type[R]) -> list[R]:
        """What was said of a type since it was last asked."""
        said = self.hub.topics.get(topic_of(record).name, [])
        before, self._told[record] = self._told.get(record, 0), len(said)
        return [codec.decode_as(record, each.value) for each in said[before:] if each.value]

    def _offers(self, alert: InvolvementAlert) -> Iterator[ConsequenceLine]:
        """The offers inside an alert, each once: that this carer could be referred to this service."""
        for each in alert.carers:
            link, offer = each.carer.link_id, offer_of(each)
            if offer is not None and (link, offer.service_ods) not in self._offered:
                self._offered.add((link, offer.service_ods))
                yield ConsequenceLine(
                    kind="referral", action="offered", resource=offer_resource(link, offer)
                )

    def _link_changes(self) -> Iterator[ConsequenceLine]:
        for evidence in sorted(
            self.hub.memory.evidence.values(), key=lambda each: each.evidence_id
        ):
            standing = stands(self.hub.memory, evidence) or is_role(self.hub.memory, evidence)
            if standing != self._links.get(evidence.evidence_id, False):
                self._links[evidence.evidence_id] = standing
                resource = link_resource(
                    evidence.patient_record,
                    evidence.evidence_id,
                    evidence.relationships,
                    active=standing,
                )
                yield ConsequenceLine(
                    kind="link", action="linked" if standing else "ended", resource=resource
                )


def words_for(left_out: LeftOut) -> str:
    """What the door would keep nowhere, by its places."""
    places = (*left_out.unknown, *left_out.unread)
    return f"Not kept: {', '.join(places)}." if places else ""


def kind_of(event: AnyEvent) -> str:
    """What an event is, in the column of the trigger."""
    match event:
        case EncounterEvent():
            return event.event
        case CarerFlagEvent():
            return "carer-flag"
        case PersonDecision() | PersonNotice():
            return event.kind.value


def is_role(memory: RegionView, evidence: LinkEvidence) -> bool:
    """Whether the evidence is a proxy role that stands."""
    return evidence.kind is EvidenceKind.PROXY_ROLE and role_stands(memory, evidence)


def read_message(
    piece: Piece, wards: Sequence[KnownSender]
) -> tuple[MessageLine, EncounterEvent | None]:
    """Read one HL7 v2 message as the door for wards does; no event unless it is accepted."""
    header = header_or_what_is_left(piece.content)
    line = MessageLine(
        file=piece.file,
        index=piece.index,
        control_id=header.text("MSH-10") or "",
        event=header.text("MSH-9.2") or "",
        outcome="accepted",
    )
    if piece.refusal is not None:
        return refused(line, piece.refusal), None
    what = heard(piece.content, wards, FAR_AHEAD)
    match what:
        case Refusal():
            return replace(
                line,
                outcome="rejected",
                code=what.code,
                expression=what.expression or "MSH",
                reason=what.reason,
            ), None
        case NotForUs():
            return replace(line, outcome="ignored", code=NO_MEANING, reason=what.reason), None
        case _:
            return line, what.event


def refused(line: MessageLine, error: Rejected) -> MessageLine:
    """The line of what a door refuses; what it has no use for is ignored."""
    return replace(
        line,
        outcome="ignored" if error.code == "not-supported" else "rejected",
        code=error.code,
        expression=error.expression,
        reason=error.reason,
    )


def dated(event: AnyEvent, now: datetime) -> AnyEvent:
    """An event as heard in virtual time; one that says no time was recorded when it is heard."""
    if event.recorded_at >= FAR_AHEAD:
        event = replace(event, recorded_at=now, occurred_at=min(event.occurred_at, now))
    return replace(event, received_at=max(now, event.recorded_at), region=0)


def no_message(piece: Piece) -> MessageLine:
    """A file that holds nothing for the hub."""
    return MessageLine(
        file=piece.file,
        index=piece.index,
        outcome="ignored",
        code="no-message",
        reason=f"This is {piece.what}.",
    )
