"""Keep one involvement alert per stay in step with the stay as now understood."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from hub.decisions import NO_FRAME, Decisions, Event, Publish, Remember, Remind, frame_from
from hub.matching.words import word_of
from hub.records import (
    AlertAction,
    AlertOutcome,
    AlertStatus,
    AlertTold,
    CarerOfStay,
    InvolvementAlert,
    OutcomeKept,
    ReminderDue,
    StayPicture,
)
from processors.discharge_involvement.alert import alert_from, contacts_in, is_missed
from processors.discharge_involvement.deadlines import next_after
from processors.discharge_involvement.heirs import Told, handed_on, in_order
from processors.discharge_involvement.offers import as_far_as_worked_out, by_code
from processors.discharge_involvement.policy import AlertPolicy

NAME: Final = "discharge_involvement"
CONTACT_DUE: Final = "contact-due"


def decide(
    told: Told, event: StayPicture | AlertOutcome | ReminderDue, policy: AlertPolicy
) -> Decisions:
    """Say what differs between the alert that was told and the alert that should stand now.

    Raised when an adult in-patient's carer is known, corrected when the picture changes, escalated when a
    deadline passes without a contact, closed by the outcomes, withdrawn when stay, link or patient is gone. Where
    the visit goes on under another number, the alerts of its heirs as well.
    """
    if isinstance(event, StayPicture) and older(event, told.own.picture):
        return ()
    rows = handed_on(told, after(told.own, event))
    return tuple(
        decision
        for alert, row in rows.items()
        for decision in in_step(told.row(alert), row, event, policy)
    )


def after(told: AlertTold, event: StayPicture | AlertOutcome | ReminderDue) -> AlertTold:
    """What is known of an alert after an event about it."""
    match event:
        case StayPicture():
            return replace(told, picture=event)
        case AlertOutcome():
            return with_outcome(told, event)
        case ReminderDue():
            return with_deadline(told, event)


def older(event: StayPicture, held: StayPicture | None) -> bool:
    """Whether a newer picture was seen already: a redriven one must not bring back what was."""
    return held is not None and event.version < held.version


def with_outcome(told: AlertTold, event: AlertOutcome) -> AlertTold:
    """What people did, once each."""
    if any(outcome.event_id == event.event_id for outcome in told.outcomes):
        return told
    kept = OutcomeKept(
        event_id=event.event_id,
        evidence_id=event.evidence_id,
        kind=event.kind,
        at=event.occurred_at,
        word=word_of(event, "outcome"),
    )
    return replace(told, outcomes=in_order((*told.outcomes, kept)))


def with_deadline(told: AlertTold, event: ReminderDue) -> AlertTold:
    """A deadline that has passed counts once, and only while it is the one that is waited for."""
    if event.due_at != told.reminded_for:
        return told
    return replace(told, fired=tuple(sorted({*told.fired, event.due_at})), reminded_for=None)


def in_step(told: AlertTold, now: AlertTold, cause: Event, policy: AlertPolicy) -> Decisions:
    """Compare what was told with what should stand, and say the difference."""
    wanted = alert_from(now, frame_from(cause, NAME, told.alert_id), policy)
    if wanted is None:
        return () if now == told else (Remember(told.alert_id, now),)
    behind = isinstance(cause, ReminderDue) and cause.behind
    waits_for = next_deadline(wanted, now, policy)
    reminder = (
        () if waits_for == now.reminded_for else (Remind(told.alert_id, CONTACT_DUE, waits_for),)
    )
    now = replace(now, reminded_for=waits_for)
    if told.alert is not None and says_the_same(wanted, told.alert):
        return () if now == told else (Remember(told.alert_id, now), *reminder)
    alert = replace(
        wanted, version=next_version(told), action=action_of(told.alert, wanted), behind=behind
    )
    return (
        Remember(told.alert_id, replace(now, alert=alert)),
        Publish(told.alert_id, alert),
        *reminder,
    )


def next_deadline(alert: InvolvementAlert, told: AlertTold, policy: AlertPolicy) -> datetime | None:
    """The deadline to wait for: the due time, then each board round after it, until the last escalation.

    None where it would pass in silence: somebody was contacted for everybody that it is for.
    """
    if alert.due_at is None or alert.level >= policy.most_escalations:
        return None
    deadline = (
        next_after(max(told.fired), policy.board_round)
        if alert.due_at in told.fired
        else alert.due_at
    )
    return deadline if is_missed(deadline, alert.carers, contacts_in(told)) else None


def next_version(told: AlertTold) -> int:
    """Versions count from 1."""
    return 1 if told.alert is None else told.alert.version + 1


def says_the_same(alert: InvolvementAlert, other: InvolvementAlert) -> bool:
    """Whether a ward would read the same in both."""
    return content(as_far_as_worked_out(alert, other)) == content(
        as_far_as_worked_out(other, alert)
    )


def content(alert: InvolvementAlert) -> InvolvementAlert:
    """The alert without what changes by itself: frame, version, action, the picture's number, which event said it."""
    return replace(
        alert,
        **NO_FRAME,
        version=0,
        action=AlertAction.CORRECTED,
        picture_version=0,
        behind=False,
        carers=tuple(
            replace(each, carer=by_whatever_event(each.carer), offer=by_code(each.offer))
            for each in alert.carers
        ),
    )


def by_whatever_event(carer: CarerOfStay) -> CarerOfStay:
    """A carer whose evidence names no event: the same word said again by a later file is no news for a ward.

    Nor is where they live: what follows from it, the offer, is; nor which model found who they are.
    """
    evidence = tuple(replace(each, event_id=each.evidence_id) for each in carer.evidence)
    found = carer.by_evidence and replace(carer.by_evidence, model="")
    return replace(carer, evidence=evidence, area=None, by_evidence=found)


ENDED: Final = frozenset({AlertStatus.COMPLETED, AlertStatus.CANCELLED})


def action_of(before: InvolvementAlert | None, now: InvolvementAlert) -> AlertAction:
    """The one word for what this version does to the last."""
    if before is None:
        return AlertAction.RAISED
    if now.superseded_by is not None and before.superseded_by is None:
        return AlertAction.SUPERSEDED
    if now.status != before.status and now.status in ENDED:
        return AlertAction.WITHDRAWN if now.status is AlertStatus.CANCELLED else AlertAction.CLOSED
    if before.status in ENDED and now.status not in ENDED:
        return AlertAction.REOPENED
    if now.level > before.level:
        return AlertAction.ESCALATED
    if (now.site_ods, now.ward, now.bed) != (before.site_ods, before.ward, before.bed):
        return AlertAction.MOVED
    return AlertAction.CORRECTED
