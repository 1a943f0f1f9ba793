"""What a model makes of two records, whatever decides what they are to each other: levels and bits, never values.

An NHS number, a hospital's merge, a notice or a person decides without any weight. What the weights come to is shown
beside it all the same, so that whoever looks sees what agrees. Where evidence decided, its own decision is shown, which
knows who else it may be (`hub.matching.evidence.weighing`). Source: matching method 4.6.
"""

from dataclasses import dataclass
from typing import Final

from hub.matching.candidates import Matcher
from hub.matching.normal.person import person_from
from hub.matching.normal.record import compared
from hub.matching.scoring.decision import Grade, lines_of, rounded
from hub.matching.scoring.weights import FieldBits
from hub.records import FieldWeight, PersonFacts

EVIDENCE: Final = "evidence"
NUMBER: Final = "nhs-number"
MERGE: Final = "merge"
NOTICE: Final = "notice"
ANSWER: Final = "answer"
OTHER_RECORDS: Final = "other-records"
"""Evidence of another pair of records of the same two people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """Two records weighed.

    Attributes:
        prior: Bits before anything is compared, log2.
        bits: Prior and all fields.
        fields: The fields that are compared; prior and their bits add up to `bits`.
        likely: Whether the bits are as many as it takes to join by evidence, were there nothing else to ask.
        model: Version and hash of the model.
    """

    prior: float
    bits: float
    fields: tuple[FieldBits, ...]
    likely: bool
    model: str

    def as_json(self) -> dict[str, object]:
        """As plain values, rounded as everywhere else."""
        return {
            "bits": rounded(self.bits),
            "prior": rounded(self.prior),
            "model": self.model,
            "fields": lines_of(self.fields),
        }


def waterfall(one: PersonFacts, other: PersonFacts, matcher: Matcher) -> Waterfall:
    """Two records side by side: a function of what they say and of the model. Symmetric."""
    left, right = (compared(person_from(each), matcher.tables) for each in (one, other))
    levels = matcher.comparison.levels(left, right)
    bits = matcher.weights.total(left, right, levels)
    return Waterfall(
        prior=matcher.weights.prior,
        bits=bits,
        fields=matcher.weights.fields(left, right, levels),
        likely=bits >= matcher.model.policy.auto_bits,
        model=matcher.digest,
    )


def grade_of(found: Waterfall | None, *, joined: bool, apart: bool) -> Grade:
    """FHIR's match-grade of two of whom something else than weights decides.

    Who is joined is certain, and who is kept apart is no match. What is asked is possible, or probable where the
    weights are enough. None: somebody is shielded, so the weights say nothing.
    """
    if joined:
        return Grade.CERTAIN
    if apart:
        return Grade.CERTAINLY_NOT
    return Grade.PROBABLE if found is not None and found.likely else Grade.POSSIBLE


def weights_from(fields: tuple[FieldBits, ...]) -> tuple[FieldWeight, ...]:
    """Lines of an explanation as records have them."""
    return tuple(
        FieldWeight(field=each.field, level=each.level, bits=each.bits, tf=each.by_frequency)
        for each in fields
    )
