# Generated from schemas/avro/ReviewItem.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from hub.records.person_decision import ReviewVerdict

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedField:
    """One field of two records, as a comparison sees it.

    Attributes:
        field: nhs-number, family-name, given-name, birth-date, sex, postcode or another that a
            model compares.
        level: same, near, part, different, one-side (known of one alone) or none (known of
            neither); a model may say more.
        left: What the left record says, where it may be shown.
        right: What the right record says, where it may be shown.
        bits: Match weight of this level, log2; null when no model scored it.
        tf: The part of it that the frequency of the value gives, log2.
    """

    field: str
    level: str
    left: str | None = None
    right: str | None = None
    bits: float | None = None
    tf: float | None = None

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "field": self.field,
            "level": self.level,
            "left": self.left,
            "right": self.right,
            "bits": self.bits,
            "tf": self.tf,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            field=datum["field"],
            level=datum["level"],
            left=datum["left"],
            right=datum["right"],
            bits=datum["bits"],
            tf=datum["tf"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWeight:
    """What one field adds to the total: level and bits, never values.

    Attributes:
        field: name, middle, born, sex, home, mobile, landline, email or nhs; contact where somebody
            is listed beside both.
        level: How far it agrees, in the words of the model; of name and home both halves with a
            slash; of contact what of theirs agrees, with plus signs.
        bits: Match weight in all, log2.
        tf: The part of it that the frequency of the value gives, log2.
    """

    field: str
    level: str
    bits: float
    tf: float = 0.0

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "field": self.field,
            "level": self.level,
            "bits": self.bits,
            "tf": self.tf,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            field=datum["field"],
            level=datum["level"],
            bits=datum["bits"],
            tf=datum["tf"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOpinion:
    """What one reviewer says of it. Shown to no other reviewer while the question is open.

    Attributes:
        by: The reviewer: ODS code, a slash, staff id.
        answer: What they say.
        evidence: Digest of what they were shown; empty = not said.
    """

    by: str
    answer: ReviewVerdict
    evidence: str = ""

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "by": self.by,
            "answer": self.answer,
            "evidence": self.evidence,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            by=datum["by"],
            answer=ReviewVerdict(datum["answer"]),
            evidence=datum["evidence"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem:
    """Two records that may be one person: somebody must look.

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
        item_id: Derived from the two records, so the same question is asked once.
        version: Counts up with every change.
        left: One source record.
        right: The other.
        reasons: Why it was not decided, as codes.
        in_hospital: True when one of them is in hospital now: comes first.
        settled: True when there is nothing left to decide.
        answer: How it was settled.
        answers: How many reviewers have answered and count.
        needs: How many must agree before it is decided.
        heard: The events of the answers that are kept, and of the latest revocation: an answer that
            is sent again is known by it.
        disagreed: True when reviewers said both same and different.
        restricted: True when one of them is shielded: for cleared staff alone.
        alone: True when whoever is in hospital looks after somebody, who may be alone: comes first.
        evidence: Digest of what is compared; new evidence is another digest.
        asked_at: Since when the question has been open; null when it is settled.
        fields: What is compared, with how far it agrees. Nothing clinical.
        prior: Match weight before anything is compared, log2.
        total: Prior and all fields together, log2.
        matchability: The chance that one of them is the same person, 0 to 1.
        perplexity: The effective number of people who it may be, 1 or more.
        alternatives: How many other records it may be as well.
        grade: FHIR match grade: certain, probable, possible or certainly-not.
        model: The model that scored it.
        weights: The fields that a model compared: with the prior their bits add up to the total.
        margin: Bits more than the next other person; null without one.
        rules: Conditions for joining by itself that are not met, as codes.
        rivals: Match weights of the other people it may be as well, the likeliest first, log2.
        asked_of_two: True when it is asked of two reviewers, neither of whom sees what the other
            says (ADR-0026).
        opinions: The answers that nobody took back, in order of time.
        decided_by: What settles or asks it: nhs-number, merge, notice, answer, evidence or
            other-records (evidence of another pair of the same two). Where it is not evidence the
            weights decided nothing. Null where nothing was weighed.
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
    item_id: UUID
    version: int
    left: UUID
    right: UUID
    reasons: tuple[str, ...] = ()
    in_hospital: bool
    settled: bool
    answer: str | None = None
    answers: int = 0
    needs: int = 1
    heard: tuple[UUID, ...] = ()
    disagreed: bool = False
    restricted: bool = False
    alone: bool = False
    evidence: str = ""
    asked_at: datetime | None = None
    fields: tuple[ComparedField, ...] = ()
    prior: float | None = None
    total: float | None = None
    matchability: float | None = None
    perplexity: float | None = None
    alternatives: int = 0
    grade: str | None = None
    model: str | None = None
    weights: tuple[FieldWeight, ...] = ()
    margin: float | None = None
    rules: tuple[str, ...] = ()
    rivals: tuple[float, ...] = ()
    asked_of_two: bool = False
    opinions: tuple[ReviewOpinion, ...] = ()
    decided_by: str | None = None

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
            "item_id": str(self.item_id),
            "version": self.version,
            "left": str(self.left),
            "right": str(self.right),
            "reasons": list(self.reasons),
            "in_hospital": self.in_hospital,
            "settled": self.settled,
            "answer": self.answer,
            "answers": self.answers,
            "needs": self.needs,
            "heard": [str(each) for each in self.heard],
            "disagreed": self.disagreed,
            "restricted": self.restricted,
            "alone": self.alone,
            "evidence": self.evidence,
            "asked_at": None if self.asked_at is None else (self.asked_at - _EPOCH) // _MS,
            "fields": [each.datum() for each in self.fields],
            "prior": self.prior,
            "total": self.total,
            "matchability": self.matchability,
            "perplexity": self.perplexity,
            "alternatives": self.alternatives,
            "grade": self.grade,
            "model": self.model,
            "weights": [each.datum() for each in self.weights],
            "margin": self.margin,
            "rules": list(self.rules),
            "rivals": list(self.rivals),
            "asked_of_two": self.asked_of_two,
            "opinions": [each.datum() for each in self.opinions],
            "decided_by": self.decided_by,
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
            item_id=UUID(datum["item_id"]),
            version=datum["version"],
            left=UUID(datum["left"]),
            right=UUID(datum["right"]),
            reasons=tuple(datum["reasons"]),
            in_hospital=datum["in_hospital"],
            settled=datum["settled"],
            answer=datum["answer"],
            answers=datum["answers"],
            needs=datum["needs"],
            heard=tuple([UUID(each) for each in datum["heard"]]),
            disagreed=datum["disagreed"],
            restricted=datum["restricted"],
            alone=datum["alone"],
            evidence=datum["evidence"],
            asked_at=None if datum["asked_at"] is None else _EPOCH + datum["asked_at"] * _MS,
            fields=tuple([ComparedField.from_datum(each) for each in datum["fields"]]),
            prior=datum["prior"],
            total=datum["total"],
            matchability=datum["matchability"],
            perplexity=datum["perplexity"],
            alternatives=datum["alternatives"],
            grade=datum["grade"],
            model=datum["model"],
            weights=tuple([FieldWeight.from_datum(each) for each in datum["weights"]]),
            margin=datum["margin"],
            rules=tuple(datum["rules"]),
            rivals=tuple(datum["rivals"]),
            asked_of_two=datum["asked_of_two"],
            opinions=tuple([ReviewOpinion.from_datum(each) for each in datum["opinions"]]),
            decided_by=datum["decided_by"],
        )
