# Generated from schemas/avro/ReviewKept.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from hub.records.person_decision import ReviewVerdict
from hub.records.word import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerAnswer:
    """The latest answer of one reviewer, or their latest revocation.

    Attributes:
        by: The reviewer's staff id in their organisation, never a name.
        organisation_ods: The organisation they act for.
        answer: What they said.
        evidence: Digest of what they were shown; empty = not said.
        why: Why, as a code; empty = not said.
        said: Its place in time.
        asked_of_two: True when it was asked of two reviewers, neither of whom sees what the other
            says (ADR-0026).
    """

    by: str
    organisation_ods: str
    answer: ReviewVerdict
    evidence: str = ""
    why: str = ""
    said: Word
    asked_of_two: bool = False

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "by": self.by,
            "organisation_ods": self.organisation_ods,
            "answer": self.answer,
            "evidence": self.evidence,
            "why": self.why,
            "said": self.said.datum(),
            "asked_of_two": self.asked_of_two,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            by=datum["by"],
            organisation_ods=datum["organisation_ods"],
            answer=ReviewVerdict(datum["answer"]),
            evidence=datum["evidence"],
            why=datum["why"],
            said=Word.from_datum(datum["said"]),
            asked_of_two=datum["asked_of_two"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewKept:
    """State of carer_matching: what people said of two records, and whether a join of theirs is
    held back until then.

    Attributes:
        item_id: Derived from the two records.
        left: One source record.
        right: The other.
        answers: The latest answer of each reviewer and their latest revocation (`answer` revoked),
            in order of time.
        held: True when their merge waits for an answer (ADR-0021).
    """

    item_id: UUID
    left: UUID
    right: UUID
    answers: tuple[ReviewerAnswer, ...] = ()
    held: bool = False

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "item_id": str(self.item_id),
            "left": str(self.left),
            "right": str(self.right),
            "answers": [each.datum() for each in self.answers],
            "held": self.held,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            item_id=UUID(datum["item_id"]),
            left=UUID(datum["left"]),
            right=UUID(datum["right"]),
            answers=tuple([ReviewerAnswer.from_datum(each) for each in datum["answers"]]),
            held=datum["held"],
        )
