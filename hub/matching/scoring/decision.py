"""A decision and its explanation: levels and bits, never values."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final, Generic, NamedTuple, TypeVar

from hub.matching.scoring.weights import FieldBits

Id = TypeVar("Id")


class Outcome(StrEnum):
    """What is done with a record."""

    AUTO = "AUTO"
    REVIEW = "REVIEW"
    NONE = "NONE"


class Grade(StrEnum):
    """How sure a match is, in the codes of FHIR's match-grade."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    CERTAINLY_NOT = "certainly-not"


class Rule(StrEnum):
    """Conditions of AUTO (matching method 4.3), by what is said when one is not met. Any one makes it a REVIEW."""

    TOO_FEW_BITS = "TOO_FEW_BITS"
    CLOSE_RUNNER_UP = "CLOSE_RUNNER_UP"
    NOT_SURE_ENOUGH = "NOT_SURE_ENOUGH"
    GIVEN_NAME_DISAGREES = "GIVEN_NAME_DISAGREES"
    BIRTH_DATE_DISAGREES = "BIRTH_DATE_DISAGREES"
    NAMESAKE_AT_ADDRESS = "NAMESAKE_AT_ADDRESS"
    TWIN = "TWIN"
    SEX_CONFLICT = "SEX_CONFLICT"
    NUMBER_CONFLICT = "NUMBER_CONFLICT"
    DECEASED = "DECEASED"
    RESTRICTED = "RESTRICTED"
    WITHDRAWN = "WITHDRAWN"


RULES: Final = frozenset(Rule)
"""All of them; a test takes out one at a time."""

BY_NUMBER: Final = "NHS_NUMBER"
"""What is said of a match by the deterministic tier."""
MOST_ALTERNATIVES: Final = 5


class Decision(NamedTuple, Generic[Id]):
    """What is done with a record, and why.

    Attributes:
        match: Who it is, or may be; None when nobody comes near.
        bits: Evidence for the best candidate: prior and all fields, log2.
        prior: Part of it before anything was compared.
        margin: Bits more than the runner-up; None without one.
        posterior: Chance that the best candidate is the one, among all candidates and nobody.
        matchability: Chance that it is any of them.
        perplexity: How many candidates are plausible, in effect; 1 when it is one alone, 0 without any.
        by_number: Decided by the NHS number and a second agreement.
        rules: Conditions of AUTO that are not met, in alphabetical order.
        fields: The fields that were compared; prior and their bits add up to `bits`.
        alternatives: The next best, with their bits.
        model: Version and hash of the model.
        beside_shielded: Somebody else of whom the conditions and the alternatives speak is shielded.
    """

    outcome: Outcome
    grade: Grade
    match: Id | None
    bits: float
    prior: float
    margin: float | None
    posterior: float
    matchability: float
    perplexity: float
    by_number: bool
    rules: tuple[Rule, ...]
    fields: tuple[FieldBits, ...]
    alternatives: tuple[tuple[Id, float], ...]
    model: str
    beside_shielded: bool = False


DIGITS: Final = 10
"""After the point: few enough to read, so many that the parts still add up to the whole within 1e-9."""
MOST_KEPT: Final = 4_096
"""Lines that are kept rounded: most fields have few levels, and rounding costs more than all else of a line."""


@lru_cache(MOST_KEPT)
def _line(field: FieldBits) -> dict[str, str | float]:
    """A field as plain values."""
    return {
        "f": field.field,
        "level": field.level,
        "bits": round(field.bits, DIGITS),
        "tf": round(field.by_frequency, DIGITS),
    }


def explained(decision: "Decision[Id]") -> Mapping[str, object]:
    """The decision as plain values for a log or a program. Bits are rounded here and nowhere before."""
    rules: list[Mapping[str, str]] = [
        {"id": str(rule), "effect": "REVIEW"} for rule in decision.rules
    ]
    if decision.by_number:
        rules.insert(0, {"id": BY_NUMBER, "effect": "AUTO"})
    return {
        "decision": str(decision.outcome),
        "match_id": decision.match,
        "bits": round(decision.bits, DIGITS),
        "prior": round(decision.prior, DIGITS),
        "margin": None if decision.margin is None else round(decision.margin, DIGITS),
        "grade": str(decision.grade),
        "model": decision.model,
        "p_record": round(decision.posterior, DIGITS),
        "matchability": round(decision.matchability, DIGITS),
        "perplexity": round(decision.perplexity, DIGITS),
        "rules": rules,
        "fields": [_line(each).copy() for each in decision.fields],
        "alternatives": [
            {"id": each, "bits": round(bits, DIGITS)} for each, bits in decision.alternatives
        ],
    }
