"""Feed pieces through the doors' own mappings into the chain in memory, and tell what became of each."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

from connectors.fhir_api.mapping import taken_from
from connectors.fhir_api.settings import FhirSender
from connectors.gp_csv.mapping import rows_from
from connectors.gp_csv.settings import CsvSettings
from connectors.ward_mllp.hearing import NotForUs, Refusal, heard
from connectors.ward_mllp.senders import KnownSender
from deploy.trying.files import Piece
from deploy.trying.lines import ConsequenceLine, Line, MessageLine
from hub.errors import Rejected
from hub.fhir.task import link_resource, task_from
from hub.hl7v2.header import header_or_what_is_left
from hub.records import CarerFlagEvent, EncounterEvent, InvolvementAlert
from hub.testing.memory_hub import MemoryHub
from processors.carer_matching.standing import stands

FAR_AHEAD: Final = datetime(2199, 12, 31, tzinfo=UTC)
"""Receipt for reading only: no time in a file is ahead of it. Virtual time is the largest recorded time so far."""


AnyEvent: TypeAlias = CarerFlagEvent | EncounterEvent
Read: TypeAlias = tuple[MessageLine, list[AnyEvent]]


@dataclass
class Trial:
    """One dry run.

    Attributes:
        hub: The chain in memory.
        wards: Senders of HL7 v2; the last one takes any message.
        practice: The sender that FHIR bodies are read as.
        extracts: The sender that CSV files are read as.
    """

    hub: MemoryHub
    wards: Sequence[KnownSender]
    practice: FhirSender
    extracts: CsvSettings
    _told: int = 0
    _links: dict[UUID, bool] = field(default_factory=dict)

    def lines(self, pieces: Iterable[Piece]) -> Iterator[Line]:
        """What became of each piece, each followed by its consequences."""
        for piece in pieces:
            yield from self._one(piece)

    def until(self, moment: datetime) -> Iterator[Line]:
        """What deadlines up to a moment would bring."""
        self.hub.advance(moment)
        yield from self._consequences()

    def _one(self, piece: Piece) -> Iterator[Line]:
        line, events = self._read(piece)
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
                return self._read_body(piece)
            case "csv":
                return self._read_extract(piece)
            case "other":
                return no_message(piece), []

    def _read_body(self, piece: Piece) -> Read:
        line = MessageLine(file=piece.file, index=piece.index, outcome="accepted")
        try:
            taken = taken_from(piece.content, self.practice, FAR_AHEAD)
        except Rejected as error:
            return refused(line, error), []
        first = taken.events[0].event
        event = first.event if isinstance(first, EncounterEvent) else "carer-flag"
        return replace(line, control_id=first.source_event_id, event=event), [first]

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

    def _consequences(self) -> Iterator[ConsequenceLine]:
        yield from self._link_changes()
        alerts = self.hub.said(InvolvementAlert)
        for alert in alerts[self._told :]:
            yield ConsequenceLine(
                kind="alert", action=alert.action.value, resource=task_from(alert)
            )
        self._told = len(alerts)

    def _link_changes(self) -> Iterator[ConsequenceLine]:
        for evidence in sorted(
            self.hub.memory.evidence.values(), key=lambda each: each.evidence_id
        ):
            standing = stands(self.hub.memory, evidence)
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
            return replace(line, outcome="ignored", code="no-meaning", reason=what.reason), None
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
