"""How well questions about two records are answered: made-up pairs with a known answer among them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from connectors.portal.known_pairs import MOST_SHARE
from deploy.configuration.section import Name, Section

MOST_DOUBLE_SHARE = 100
"""Per cent: a region may ask everything of two."""

ComparedName = Literal[
    "nhs-number", "family-name", "given-name", "birth-date", "sex", "postcode", "address", "phone"
]
Level = Literal["same", "near", "part", "different", "one-side", "none"]
Reason = Literal[
    "nhs-number", "number-conflict", "birth-date-unknown", "status-not-verified", "may-be-the-same"
]
Value = Annotated[str, StringConstraints(max_length=120)]


class KnownField(Section):
    """One field of a made-up pair."""

    field: ComparedName = Field(description="Which field.")
    level: Level = Field(description="How far it agrees.")
    left: Value | None = Field(default=None, description="What the first record says.")
    right: Value | None = Field(default=None, description="What the second record says.")


class KnownPair(Section):
    """A made-up pair of records. Use nobody's data: NHS numbers of the 999 range, names from a list."""

    name: Name = Field(description="What it is called; never changes.")
    truth: Literal["same", "different"] = Field(description="What it is.")
    reasons: tuple[Reason, ...] = Field(
        default=("nhs-number", "number-conflict"), description="Why it seems to be asked."
    )
    fields: Annotated[tuple[KnownField, ...], Field(min_length=1)] = Field(
        description="What a reviewer sees."
    )


class Reviews(Section):
    """Questions about two records."""

    known_share: Annotated[int, Field(ge=0, le=MOST_SHARE)] = Field(
        default=2, description="Per cent of questions before which a made-up pair is shown."
    )
    known_pairs: tuple[KnownPair, ...] = Field(
        default=(),
        description="Made-up pairs with a known answer, shown among the questions. They touch nobody's records. "
        "Empty = ten of the hub's own, in regions with three reviewers; `known_share: 0` = none are shown.",
    )
    double_share: Annotated[int, Field(ge=0, le=MOST_DOUBLE_SHARE)] = Field(
        default=2,
        description="Per cent of questions that two reviewers answer, neither of whom sees what the other says; "
        "nothing is joined until two agree. Only in a region with three reviewers: where two disagree a third answers.",
    )
