"""The form of a contact: what was typed becomes an outcome of one carer, or a list of what is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from connectors.portal.alert_shown import AlertShown, CarerShown
from connectors.portal.alert_words import OUTCOMES
from connectors.portal.form import (
    WORN_OUT,
    Fault,
    Faults,
    Said,
    Typed,
    hidden_fault,
    said_from,
    staff_id_fault,
    when_from,
)
from hub.records import OutcomeKind

YOUNG_LEAD: Final = OutcomeKind.YOUNG_CARER_LEAD_TOLD
ABLE: Final = (
    OutcomeKind.CONTACTED_ABLE,
    OutcomeKind.CONTACTED_PARTLY_ABLE,
    OutcomeKind.CONTACTED_NOT_ABLE,
)
"""Asked of adults alone, in the order of the page."""

OTHER: Final = tuple(
    OutcomeKind(each) for each in OUTCOMES if each not in ABLE and each != YOUNG_LEAD
)
YOUNG: Final = (YOUNG_LEAD, "I told the young-carer lead; no care is planned on this child")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What came of one carer."""

    link_id: UUID
    kind: OutcomeKind
    said: Said


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody does about a whole alert, with one click."""

    kind: OutcomeKind
    said: Said


def choices_for(carers: tuple[CarerShown, ...]) -> tuple[tuple[str, str], ...]:
    """What may be said of these carers; whether they are able only where one of them is an adult."""
    adults = any(not each.is_young for each in carers)
    children = any(each.is_young for each in carers)
    return (
        *((each, OUTCOMES[each]) for each in ABLE if adults),
        *((YOUNG,) if children else ()),
        *((each, OUTCOMES[each]) for each in OTHER),
    )


def chosen_before_typing(alert: AlertShown) -> str:
    """The carer who is chosen when the form opens: the only one that waits."""
    return alert.waiting[0].link_id if len(alert.waiting) == 1 else ""


def contact_from(typed: Typed, alert: AlertShown, now: datetime) -> Contact | Faults:
    """What was typed, or everything that is wrong with it, in the order of the page."""
    link = link_from(typed.get("carer", ""))
    when = when_from(typed, now)
    faults = (
        *hidden_fault(typed),
        *(() if link else (Fault("carer", "Choose the carer"),)),
        *outcome_faults(typed, alert),
        *((when,) if isinstance(when, Fault) else ()),
        *staff_id_fault(typed.get("staff_id", "")),
    )
    if faults or link is None or isinstance(when, Fault):
        return faults
    return Contact(link_id=link, kind=OutcomeKind(typed["outcome"]), said=said_from(typed, when))


def outcome_faults(typed: Typed, alert: AlertShown) -> Faults:
    """An outcome must be chosen, and one that may be said of this carer."""
    outcome = typed.get("outcome", "")
    if outcome not in OUTCOMES:
        return (Fault("outcome", "Choose what came of it"),)
    carer = next((each for each in alert.carers if each.link_id == typed.get("carer")), None)
    if carer is None:
        return ()
    if carer.is_young and outcome in ABLE:
        text = f"{carer.name} is under 18. Do not ask a child to care: tell the young-carer lead"
        return (Fault("outcome", text),)
    if not carer.is_young and outcome == YOUNG_LEAD:
        text = f"{carer.name} is not known to be under 18. Choose another answer"
        return (Fault("outcome", text),)
    return ()


STEPS: Final[Mapping[str, OutcomeKind]] = MappingProxyType(
    {"seen": OutcomeKind.SEEN, "accepted": OutcomeKind.ACCEPTED}
)
"""Said of a whole alert."""


def step_from(typed: Typed) -> Step | Faults:
    """A step that somebody takes, or what is wrong with its form."""
    kind = STEPS.get(typed.get("step", ""))
    faults = (
        *hidden_fault(typed),
        *(() if kind else (WORN_OUT,)),
        *staff_id_fault(typed.get("staff_id", "")),
    )
    return faults if faults or kind is None else Step(kind, said_from(typed, None))


def link_from(text: str) -> UUID | None:
    """The link of the carer chosen; None when none is, or it is no link."""
    try:
        return UUID(text)
    except ValueError:
        return None
