# Generated from schemas/avro/PersonDecision.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class DecisionKind(StrEnum):
    """What sort of decision it is."""

    UNKNOWN = "unknown"
    REVIEW = "review"
    CONSENT = "consent"
    LOOKS_AFTER = "looks_after"
    COMMAND = "command"


class ReviewVerdict(StrEnum):
    """A reviewer's answer."""

    CANNOT_TELL = "cannot_tell"
    SAME = "same"
    DIFFERENT = "different"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnswer:
    """Two records: the same person or not.

    Attributes:
        left: One source record.
        right: The other.
        answer: The answer.
        evidence: Digest of what the reviewer was shown; a cannot-tell counts as long as that is
            what is known. Empty = not said.
        why: Why, as a code; words of people may name people. Empty = not said.
        asked_of_two: True when it was asked of two reviewers, neither of whom sees what the other
            says (ADR-0026): two must agree.
    """

    left: UUID
    right: UUID
    answer: ReviewVerdict
    evidence: str = ""
    why: str = ""
    asked_of_two: bool = False

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "left": str(self.left),
            "right": str(self.right),
            "answer": self.answer,
            "evidence": self.evidence,
            "why": self.why,
            "asked_of_two": self.asked_of_two,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            left=UUID(datum["left"]),
            right=UUID(datum["right"]),
            answer=ReviewVerdict(datum["answer"]),
            evidence=datum["evidence"],
            why=datum["why"],
            asked_of_two=datum["asked_of_two"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HubCommand:
    """An operator's command to the owner of a region.

    Attributes:
        name: redrive, settle, codes (decide by changed code lists), erase or rebuild.
        argument: What it applies to, an id of the hub; for settle also, after a blank, why: a word
            of a list.
    """

    name: str
    argument: str

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "name": self.name,
            "argument": self.argument,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            name=datum["name"],
            argument=datum["argument"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDecision:
    """A person decided something: who is who, who agreed, who looks after whom, or what the hub
    shall do.

    Attributes:
        event_id: This event. Derived from its cause, so a redelivery is the same event.
        caused_by: The event that led to this one; null when it came from outside.
        correlation_id: Shared by everything that follows from one message.
        source: The sender, by its name in the configuration, or the processor that said it.
        source_event_id: The sender's own id of the message (MSH-10, Bundle.identifier, row), or
            empty.
        occurred_at: When it was true in the world (EVN-6).
        recorded_at: When the sender wrote it down (EVN-2, Provenance.recorded). Order is built on
            this.
        received_at: When the hub had it in hand.
        region: The region, which is the partition of every in-topic.
        decision_key: The thing decided; the topic is compacted by it.
        kind: What sort of decision it is.
        by: Who decided: a staff id of the organisation, never a name.
        organisation_ods: The organisation they act for.
        resource: FHIR R4 Consent or RelatedPerson as JSON, where the kind carries one.
        review: For kind review.
        command: For kind command.
        key_id: The key that resource is encrypted with.
    """

    event_id: UUID
    caused_by: UUID | None = None
    correlation_id: UUID
    source: str
    source_event_id: str
    occurred_at: datetime
    recorded_at: datetime
    received_at: datetime
    region: int
    decision_key: UUID
    kind: DecisionKind
    by: str
    organisation_ods: str
    resource: bytes | None = None
    review: ReviewAnswer | None = None
    command: HubCommand | None = None
    key_id: str | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "event_id": str(self.event_id),
            "caused_by": None if self.caused_by is None else str(self.caused_by),
            "correlation_id": str(self.correlation_id),
            "source": self.source,
            "source_event_id": self.source_event_id,
            "occurred_at": (self.occurred_at - _EPOCH) // _MS,
            "recorded_at": (self.recorded_at - _EPOCH) // _MS,
            "received_at": (self.received_at - _EPOCH) // _MS,
            "region": self.region,
            "decision_key": str(self.decision_key),
            "kind": self.kind,
            "by": self.by,
            "organisation_ods": self.organisation_ods,
            "resource": self.resource,
            "review": None if self.review is None else ("hub.ReviewAnswer", self.review.datum()),
            "command": None if self.command is None else ("hub.HubCommand", self.command.datum()),
            "key_id": self.key_id,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            event_id=UUID(datum["event_id"]),
            caused_by=None if datum["caused_by"] is None else UUID(datum["caused_by"]),
            correlation_id=UUID(datum["correlation_id"]),
            source=datum["source"],
            source_event_id=datum["source_event_id"],
            occurred_at=_EPOCH + datum["occurred_at"] * _MS,
            recorded_at=_EPOCH + datum["recorded_at"] * _MS,
            received_at=_EPOCH + datum["received_at"] * _MS,
            region=datum["region"],
            decision_key=UUID(datum["decision_key"]),
            kind=DecisionKind(datum["kind"]),
            by=datum["by"],
            organisation_ods=datum["organisation_ods"],
            resource=datum["resource"],
            review=None if datum["review"] is None else ReviewAnswer.from_datum(datum["review"]),
            command=None if datum["command"] is None else HubCommand.from_datum(datum["command"]),
            key_id=datum["key_id"],
        )
