"""Feed pieces through the doors' own mappings into the chain in memory, and tell what became of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

from connectors.fhir_api.mapping import taken_from
from connectors.fhir_api.settings import FhirSender
from connectors.ward_mllp.hearing import NotForUs, Refusal, heard
from connectors.ward_mllp.senders import KnownSender
from deploy.trying.files import Piece
from deploy.trying.lines import ConsequenceLine, Line, MessageLine, Outcome
from hub.errors import Rejected
from hub.fhir.task import coding_from, link_resource, task_from
from hub.hl7v2.header import header_or_what_is_left
from hub.records import CarerFlagEvent, EncounterEvent, InvolvementAlert
from hub.testing.memory_hub import MemoryHub
from processors.carer_matching.standing import stands

FAR_AHEAD: Final = datetime(2199, 12, 31, tzinfo=UTC)
"""Receipt for reading only: no time in a file is ahead of it. Virtual time is the largest recorded time so far."""


Read: TypeAlias = tuple[MessageLine, list[CarerFlagEvent | EncounterEvent]]


@dataclass
class Trial:
    """One dry run.

    Attributes:
        hub: The chain in memory.
        wards: Senders of HL7 v2; the last one takes any message.
        practice: The sender that FHIR bodies are read as.
    """

    hub: MemoryHub
    wards: Sequence[KnownSender]
    practice: FhirSender
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
            now = max(self.hub.now, event.recorded_at)
            self.hub.advance(now)
            self.hub.hear(replace(event, received_at=now, region=0))
        for refusal in self.hub.refusals[refused:]:
            line = replace(
                line,
                outcome="rejected",
                code=refusal.code,
                expression=refusal.expression,
                reason=refusal.reason,
            )
        yield line
        yield from self._consequences()

    def _read(self, piece: Piece) -> Read:
        if piece.kind == "hl7v2":
            return self._read_message(piece)
        return self._read_body(piece) if piece.kind == "fhir" else (no_message(piece), [])

    def _read_message(self, piece: Piece) -> Read:
        header = header_or_what_is_left(piece.content)
        line = MessageLine(
            file=piece.file,
            index=piece.index,
            control_id=header.text("MSH-10") or "",
            event=header.text("MSH-9.2") or "",
            outcome="accepted",
        )
        what = heard(piece.content, self.wards, FAR_AHEAD)
        match what:
            case Refusal():
                return replace(
                    line,
                    outcome="rejected",
                    code=what.code,
                    expression=what.expression,
                    reason=what.reason,
                ), []
            case NotForUs():
                return replace(line, outcome="ignored", code="no-meaning", reason=what.reason), []
            case _:
                return line, [what.event]

    def _read_body(self, piece: Piece) -> tuple[MessageLine, list[CarerFlagEvent | EncounterEvent]]:
        line = MessageLine(file=piece.file, index=piece.index, outcome="accepted")
        try:
            taken = taken_from(piece.content, self.practice, FAR_AHEAD)
        except Rejected as error:
            outcome: Outcome = "ignored" if error.code == "not-supported" else "rejected"
            return replace(
                line,
                outcome=outcome,
                code=error.code,
                expression=error.expression,
                reason=error.reason,
            ), []
        first = taken.events[0].event
        event = first.event if isinstance(first, EncounterEvent) else "carer-flag"
        return replace(line, control_id=first.source_event_id, event=event), [first]

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
                roles = [coding_from(role.system, role.code) for role in evidence.relationships]
                resource = link_resource(
                    evidence.patient_record, evidence.evidence_id, roles, active=standing
                )
                yield ConsequenceLine(
                    kind="link", action="linked" if standing else "ended", resource=resource
                )


def no_message(piece: Piece) -> MessageLine:
    """A file that holds nothing for the hub."""
    return MessageLine(
        file=piece.file,
        index=piece.index,
        outcome="ignored",
        code="no-message",
        reason=f"This is {piece.what}.",
    )
