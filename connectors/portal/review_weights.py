"""How a model weighs two records, as a page shows it: the weights of the comparison as bars, and what it waits for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.portal.jsonb import each_at, text_at, value_at
from connectors.portal.review_words import (
    AGREEMENT,
    DECIDED,
    FIELDS,
    GRADES,
    HALVES,
    RULES,
    WEIGHED,
)
from hub.projection import Json
from hub.reviewing import ReviewRow

WIDTH: Final = 100
"""Units of a bar's picture from its smallest to its largest weight."""
NEARLY_ALL: Final = 0.995
"""Rounded, it would be 100%."""
DIGITS: Final = 1
"""Of a weight, after the point."""
CONTACT: Final = "contact"
"""The field that says what a contact of both adds."""
LEAST_TOLD: Final = 0.05
"""Bits by frequency that are worth a word: less is nothing when one digit is shown."""


@dataclass(frozen=True, slots=True)
class BarShown:
    """One step of the weights: what it is of, how much in words, and where it stands in the picture (0 to `WIDTH`)."""

    name: str
    bits: str
    start: float
    width: float
    kind: str


def bars_from(row: ReviewRow) -> tuple[BarShown, ...]:
    """The weights one after the other, from the prior to the total; none where no model scored the pair."""
    total = number_at(row.score, "total")
    if total is None:
        return ()
    prior = number_at(row.score, "prior") or 0.0
    steps: list[tuple[str, float, float]] = [("Before anything is compared", 0.0, prior)]
    for name, bits in weighed(row):
        at = steps[-1][2]
        steps.append((name, at, at + bits))
    steps.append(("Together", 0.0, total))
    return placed(steps)


def weighed(row: ReviewRow) -> Iterator[tuple[str, float]]:
    """Each field that a model weighed, in words, with its bits."""
    weights = list(each_at(row.score, "weights"))
    for each in weights or row.fields:
        bits = number_at(each, "bits")
        if bits is not None:
            yield weight_in_words(each) if weights else name_of(text_at(each, "field")), bits


def name_of(field: str) -> str:
    """A compared field in words."""
    return FIELDS.get(field, field.replace("-", " ").capitalize())


def weight_in_words(weight: Json) -> str:
    """A field with how far it agrees, and how much of it is because its values are common or rare."""
    field, level = text_at(weight, "field"), text_at(weight, "level")
    name = WEIGHED.get(field, field.capitalize())
    said = f"{name}: {level_in_words(field, level)}"
    by_frequency = number_at(weight, "tf") or 0.0
    if abs(by_frequency) < LEAST_TOLD:
        return said
    why = "uncommon" if by_frequency > 0 else "common"
    return f"{said} ({by_frequency:+.1f} because {why})"


def level_in_words(field: str, level: str) -> str:
    """How far a field agrees; of a field of two halves each of them; of a contact what of theirs agrees."""
    if field == CONTACT:
        return ", ".join(WEIGHED.get(each, each) for each in level.split("+"))
    halves = level.split("/")
    if len(halves) == 1 or field not in HALVES:
        return AGREEMENT.get(level, level.replace("-", " "))
    return ", ".join(
        f"{half} {AGREEMENT.get(each, each)}"
        for half, each in zip(HALVES[field], halves, strict=False)
    )


def placed(steps: Sequence[tuple[str, float, float]]) -> tuple[BarShown, ...]:
    """Steps on one scale, from the lowest point to the highest.

    Where a step begins and ends is rounded, not how long it is: so the numbers add up to the total as they are shown.
    """
    points = [point for _, start, end in steps for point in (start, end)]
    low = min(points)
    unit = WIDTH / ((max(points) - low) or 1.0)
    return tuple(
        BarShown(
            name=name,
            bits=as_shown(start, end),
            start=round((min(start, end) - low) * unit, 1),
            width=round(max(abs(end - start) * unit, 0.5), 1),
            kind="sum" if number == len(steps) - 1 else "for" if end >= start else "against",
        )
        for number, (name, start, end) in enumerate(steps)
    )


def as_shown(start: float, end: float) -> str:
    """How long a step between two rounded points is; nothing at all has no minus."""
    length = round(round(end, DIGITS) - round(start, DIGITS), DIGITS) + 0.0
    return f"{length:+.{DIGITS}f}"


def rules_from(score: Json) -> tuple[str, ...]:
    """Why the hub does not decide by itself."""
    found = (RULES.get(each) for each in each_at(score, "rules") if isinstance(each, str))
    return tuple(each for each in found if each)


def decided_in_words(score: Json) -> str:
    """That the weights decided nothing, and what did; empty where they did."""
    return DECIDED.get(text_at(score, "decided_by"), "")


def score_in_words(score: Json) -> str:
    """What a model says of the pair."""
    likely, alternatives = number_at(score, "matchability"), number_at(score, "alternatives")
    parts = [
        GRADES.get(text_at(score, "grade"), ""),
        f"how likely it is that there is one: {share_in_words(likely)}"
        if likely is not None
        else "",
        f"other people it may be: {alternatives:.0f}" if alternatives else "",
    ]
    said = "; ".join(each for each in parts if each)
    return f"{said}." if said else ""


def share_in_words(share: float) -> str:
    """A share in per cent: what is nearly certain is not called certain."""
    return "over 99%" if NEARLY_ALL <= share < 1 else f"{share:.0%}"


def number_at(value: Json, name: str) -> float | None:
    """A number of an object."""
    found = value_at(value, name)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None
