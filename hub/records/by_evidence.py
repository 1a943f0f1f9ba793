# Generated from schemas/avro/ByEvidence.avsc; do not edit.
# Change the source and run `python -m deploy.generate`.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class ByEvidence:
    """That an end of a link is known by evidence: records were joined as a model weighs them, not
    by an NHS number, a merge or an answer.

    Attributes:
        ends: Which ends of the link, at least one: patient, carer.
        agreed: The fields of the model that speak for it in each pair of records that was joined:
            name, middle, born, sex, home, mobile, landline, email, nhs. Never values. Around
            somebody shielded nothing of homes, telephones and numbers.
        grade: FHIR match grade: certain is what meets the criteria to be joined without a person.
        model: Version and hash of the model that weighed it. Another hash alone makes no new
            version of a picture.
    """

    ends: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    grade: str = "certain"
    model: str = ""

    def datum(self) -> dict[str, Any]:
        """The plain values that Avro writes; an optional record beside its name."""
        return {
            "ends": list(self.ends),
            "agreed": list(self.agreed),
            "grade": self.grade,
            "model": self.model,
        }

    @classmethod
    def from_datum(cls, datum: Mapping[str, Any]) -> Self:
        """The record from the plain values that Avro reads."""
        return cls(
            ends=tuple(datum["ends"]),
            agreed=tuple(datum["agreed"]),
            grade=datum["grade"],
            model=datum["model"],
        )
