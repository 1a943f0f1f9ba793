"""The form of a service's answer: what was typed becomes an outcome, or a list of what is wrong. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connectors.portal.form import (
    Fault,
    Faults,
    Said,
    Typed,
    hidden_fault,
    said_from,
    staff_id_fault,
    when_from,
)
from connectors.portal.referral_words import ANSWERS, REASONS
from hub.outcomes import NEED_A_REASON
from hub.records import ReferralOutcomeKind

TAKE_A_REASON: Final = frozenset({ReferralOutcomeKind.DECLINED, ReferralOutcomeKind.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAnswer:
    """What a service recorded.

    Attributes:
        reason: Why; one of the codes of `hub.outcomes.REASONS`.
    """

    kind: ReferralOutcomeKind
    reason: str | None
    said: Said


def service_answer_from(typed: Typed, now: datetime) -> ServiceAnswer | Faults:
    """What was typed, or everything that is wrong with it, in the order of the page."""
    when = when_from(typed, now)
    faults = (
        *hidden_fault(typed),
        *answer_faults(typed.get("answer", ""), typed.get("reason", "")),
        *((when,) if isinstance(when, Fault) else ()),
        *staff_id_fault(typed.get("staff_id", "")),
    )
    if faults or isinstance(when, Fault):
        return faults
    return ServiceAnswer(
        kind=ReferralOutcomeKind(typed["answer"]),
        reason=typed.get("reason") or None,
        said=said_from(typed, when),
    )


def answer_faults(answer: str, reason: str) -> Faults:
    """An answer must be chosen; a decline needs a reason, and only a decline or an end takes one."""
    if answer not in ANSWERS:
        return (Fault("answer", "Choose your answer"),)
    if reason and reason not in REASONS:
        return (Fault("reason", "Choose one of the reasons"),)
    if reason and answer not in TAKE_A_REASON:
        return (Fault("reason", "Choose a reason only if you decline or are done"),)
    if not reason and answer in NEED_A_REASON:
        return (Fault("reason", "Choose why you decline"),)
    return ()
