"""A decision and its explanation: levels and bits, never values."""

from collections.abc import Iterable, Mapping
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


PARTS: Final = 10**10
"""Of a bit, to which is rounded: few enough to read, so many that the parts still add up to the whole within 1e-9."""
MOST_KEPT: Final = 1_024
"""Lines that are kept: of fields without names and districts there are few, and rounding costs more than all else."""


def rounded(bits: float) -> float:
    """As `round` to ten digits, but for ties, in half the time: there are many in an explanation."""
    return round(bits * PARTS) / PARTS


def lines_of(fields: Iterable[FieldBits]) -> list[dict[str, str | float]]:
    """Fields as plain values, each rounded once."""
    return [_line(each) if each.by_frequency else _kept_line(each).copy() for each in fields]


def _line(field: FieldBits) -> dict[str, str | float]:
    """A field as plain values."""
    return {
        "f": field.field,
        "level": field.level,
        "bits": rounded(field.bits),
        "tf": rounded(field.by_frequency),
    }


_kept_line = lru_cache(MOST_KEPT)(_line)


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
        "bits": rounded(decision.bits),
        "prior": rounded(decision.prior),
        "margin": None if decision.margin is None else rounded(decision.margin),
        "grade": str(decision.grade),
        "model": decision.model,
        "p_record": rounded(decision.posterior),
        "matchability": rounded(decision.matchability),
        "perplexity": rounded(decision.perplexity),
        "rules": rules,
        "fields": lines_of(decision.fields),
        "alternatives": [
            {"id": each, "bits": rounded(bits)} for each, bits in decision.alternatives
        ],
    }
