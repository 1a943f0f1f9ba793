"""A referral of the inbox as a page shows it. Pure: a row and the time of looking in, words out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from connectors.portal import referral_words, words
from connectors.portal.person import (
    ContactShown,
    contacts_from,
    needs_in_words,
    relationship_in_words,
)
from hub.ports.pages import ReferralRow
from hub.records import ReferralAction, ReferralOutcomeKind

OPEN: Final = frozenset({ReferralAction.RAISED, ReferralAction.CORRECTED, ReferralAction.ACCEPTED})
ONCE_ACCEPTED: Final = frozenset(
    {ReferralOutcomeKind.ASSESSMENT_OFFERED, ReferralOutcomeKind.ASSESSMENT_DONE}
)
"""Answers that make sense only after the service has accepted."""

NOT_NAMED: Final = "A closed referral"
"""Once a referral has ended, nobody is named in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralShown:
    """A referral.

    Attributes:
        last: What the service said last, and when; empty while it has said nothing.
        answers: What the service may say now: outcome and words.
    """

    referral_id: UUID
    version: int
    name: str
    born: str
    age: str
    postcode: str
    contacts: tuple[ContactShown, ...]
    needs: tuple[str, ...]
    looks_after: str
    expected: str
    state: str
    last: str
    to_do: str
    changed: str
    is_open: bool
    is_withdrawn: bool
    answers: tuple[tuple[str, str], ...]


def referral_from(row: ReferralRow, now: datetime) -> ReferralShown:
    """What a page says of a row at a time."""
    state = ReferralAction(row.state)
    return ReferralShown(
        referral_id=row.referral_id,
        version=row.version,
        name=words.full_name(row.given_names, row.family_name) if state in OPEN else NOT_NAMED,
        born=words.born(row.birth_on, words.day_of(now)),
        age=referral_words.AGES.get(row.age_band, ""),
        postcode=row.postcode or "",
        contacts=contacts_from(row.contacts),
        needs=needs_in_words(row.needs),
        looks_after=looks_after(row),
        expected=words.expected(row.expected_discharge_at),
        state=referral_words.STATES[state],
        last=last_answer_in_words(row),
        to_do=row.what_to_do,
        changed=words.near(row.changed_at, now),
        is_open=state in OPEN,
        is_withdrawn=state is ReferralAction.WITHDRAWN,
        answers=answers_in(state),
    )


def looks_after(row: ReferralRow) -> str:
    """Whom they look after, and what they are to that person; never more than a first name."""
    relationship = relationship_in_words(row.relationships)
    whom = row.cared_for_given_name or "somebody"
    return f"{whom} (as {relationship})" if relationship else whom


def last_answer_in_words(row: ReferralRow) -> str:
    """What the service said last, and on which day."""
    said = referral_words.LAST_ANSWERS.get(row.last_answer or "", "")
    when = words.day(words.day_of(row.last_answer_at)) if said and row.last_answer_at else ""
    return ", ".join(filter(None, [said, when]))


def answers_in(state: ReferralAction) -> tuple[tuple[str, str], ...]:
    """What may be said of a referral in this state."""
    accepted = state is ReferralAction.ACCEPTED
    left_out = {ReferralOutcomeKind.ACCEPTED} if accepted else ONCE_ACCEPTED
    return tuple(each for each in referral_words.ANSWERS.items() if each[0] not in left_out)
