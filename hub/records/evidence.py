# Generated from schemas/avro/Evidence.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class EvidenceKind(StrEnum):
    """Where a link between two people was said."""

    UNKNOWN = "unknown"
    GP_FLAG = "gp_flag"
    RELATED_PERSON = "related_person"
    NK1 = "nk1"
    PROXY_ROLE = "proxy_role"
    PASSPORT = "passport"
    REGISTER = "register"
    SELF_DECLARED = "self_declared"
    STAFF_CONFIRMED = "staff_confirmed"


class Confidence(StrEnum):
    """How sure the hub is, in a word."""

    CHECK = "check"
    PROBABLE = "probable"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why the hub thinks that somebody looks after somebody.

    Attributes:
        evidence_id: This piece of evidence; outcomes may name it for ever.
        kind: Where it was said.
        source: The sender, by its name in the configuration.
        event_id: The first event that said it.
        at: The recorded_at of that event.
        confidence: How sure it makes the link by itself; rows of an older form do not say, and then
            it counts as probable.
    """

    evidence_id: UUID
    kind: EvidenceKind
    source: str
    event_id: UUID
    at: datetime
    confidence: Confidence = Confidence.PROBABLE

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "evidence_id": str(self.evidence_id),
            "kind": self.kind,
            "source": self.source,
            "event_id": str(self.event_id),
            "at": (self.at - _EPOCH) // _MS,
            "confidence": self.confidence,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            evidence_id=UUID(datum["evidence_id"]),
            kind=EvidenceKind(datum["kind"]),
            source=datum["source"],
            event_id=UUID(datum["event_id"]),
            at=_EPOCH + datum["at"] * _MS,
            confidence=Confidence(datum["confidence"]),
        )
