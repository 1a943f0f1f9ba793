"""A question as a page shows it: both records side by side, and the weights of the comparison as bars."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from connectors.portal import words
from connectors.portal.jsonb import text_at
from connectors.portal.review_weights import (
    BarShown,
    bars_from,
    decided_in_words,
    rules_from,
    score_in_words,
)
from connectors.portal.review_words import (
    ANSWERS,
    CROWD,
    CROWD_ANSWERS,
    CROWD_QUESTION,
    FIELDS,
    HAVE_ANSWERED,
    LEVELS,
    OTHER_REASON,
    QUESTION,
    REASONS,
)
from hub.projection import Json
from hub.reviewing import ReviewRow, Seen, Told

WHOLE_DATE: Final = len("2026-11-25")


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One row of the comparison."""

    name: str
    left: str
    right: str
    level: str
    differs: bool


@dataclass(frozen=True, slots=True)
class ItemShown:
    """A question on a page."""

    item_id: str
    version: int
    question: str
    reasons: tuple[str, ...]
    marks: tuple[str, ...]
    waits: str
    fields: tuple[FieldShown, ...]
    bars: tuple[BarShown, ...]
    score: str
    decided: str
    rules: tuple[str, ...]
    is_pair: bool
    is_open: bool
    answer: str
    can_be_taken_back: bool
    choices: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """How a list names it: by names, else by its number."""
        names = dict.fromkeys(
            side
            for each in self.fields
            if each.name in (FIELDS["given-name"], FIELDS["family-name"])
            for side in (each.left, each.right)
            if side
        )
        return ", ".join(names) or "No name known"


def item_from(row: ReviewRow, now: datetime, seen: Seen | None = None) -> ItemShown:
    """A row in words, perhaps for the reviewer who has answered it."""
    is_pair = row.left_record != row.right_record
    answers = ANSWERS if is_pair else CROWD_ANSWERS
    return ItemShown(
        item_id=str(row.item_id),
        version=row.version,
        question=QUESTION if is_pair else CROWD_QUESTION,
        reasons=reasons_from(row),
        marks=marks_of(row, answered=seen is not None and seen.by in row.answered_by),
        waits=waits_for(row.asked_at, now),
        fields=tuple(field_from(each) for each in row.fields),
        bars=bars_from(row),
        score=score_in_words(row.score),
        decided=decided_in_words(row.score),
        rules=rules_from(row.score),
        is_pair=is_pair,
        is_open=not row.settled,
        answer=answers.get(row.answer or "", ""),
        can_be_taken_back=bool(row.heard) and row.answer in (Told.SAME, Told.DIFFERENT),
        choices=tuple((each.value, answers[each.value]) for each in Told if each.value in answers),
    )


def reasons_from(row: ReviewRow) -> tuple[str, ...]:
    """Why it is asked; a crowd is asked about alone."""
    found = [REASONS[each] for each in row.reasons if isinstance(each, str) and each in REASONS]
    if CROWD in row.reasons:
        return (REASONS[CROWD],)
    return tuple(dict.fromkeys(found)) or (OTHER_REASON,)


def marks_of(row: ReviewRow, *, answered: bool) -> tuple[str, ...]:
    """What makes a question urgent, or special."""
    marks = {
        HAVE_ANSWERED: answered and not row.settled,
        "In hospital now": row.in_hospital,
        "Somebody may be alone at home": row.alone,
        "Restricted: show nobody": row.restricted,
        "Reviewers disagree": row.disagreed and not row.settled,
        f"{row.answers} of {row.needs} answers": row.needs > 1 and not row.settled,
    }
    return tuple(text for text, holds in marks.items() if holds)


def waits_for(since: datetime | None, now: datetime) -> str:
    """How long a question has been open."""
    if since is None:
        return ""
    days = max((now - since).days, 0)
    if days:
        return f"Waiting for {days} day{'' if days == 1 else 's'}"
    hours = max(int((now - since).total_seconds()) // SECONDS_OF_AN_HOUR, 0)
    return f"Waiting for {hours} hour{'' if hours == 1 else 's'}"


SECONDS_OF_AN_HOUR: Final = 3600


def field_from(compared: Json) -> FieldShown:
    """A compared field in words."""
    name, level = text_at(compared, "field"), text_at(compared, "level")
    return FieldShown(
        name=FIELDS.get(name, name.replace("-", " ").capitalize()),
        left=value_in_words(name, text_at(compared, "left")),
        right=value_in_words(name, text_at(compared, "right")),
        level=LEVELS.get(level, level.replace("-", " ").replace("_", " ").capitalize()),
        differs=level == "different",
    )


def value_in_words(name: str, value: str) -> str:
    """NHS numbers in groups, dates as people write them."""
    if name == "nhs-number":
        return words.nhs_number(value)
    if name == "birth-date" and len(value) == WHOLE_DATE:
        try:
            return words.day(date.fromisoformat(value))
        except ValueError:
            return value
    return value
