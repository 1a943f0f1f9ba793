"""Keep referrals in step with what carers agreed to: one for each agreement and service, never without one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from hub.decisions import NO_FRAME, Decision, Decisions, Publish, Remember, frame_from
from hub.records import (
    AnswerKept,
    CarerPicture,
    CarerReferral,
    ReferralAction,
    ReferralOutcome,
    ReferralTold,
)
from processors.support_referral.policy import ReferralPolicy
from processors.support_referral.referral import referral_from

NAME: Final = "support_referral"
NOBODY: Final = UUID(int=0)
ENDED: Final = frozenset({ReferralAction.DECLINED, ReferralAction.CLOSED})
"""Steps after which a service needs nothing any more."""

Cause: TypeAlias = CarerPicture | ReferralOutcome


def decide(told: tuple[ReferralTold, ...], event: Cause, policy: ReferralPolicy) -> Decisions:
    """Say what differs between the referrals that were told and those that should stand now.

    Raised when a carer has agreed and a service takes them, corrected when the picture changes, accepted, declined
    or closed by the service's answers, withdrawn when the agreement, the caring or the carer is gone.
    `told` has one row for each agreement that the event speaks of.
    """
    return tuple(decision for each in told for decision in in_step(each, event, policy))


def in_step(told: ReferralTold, event: Cause, policy: ReferralPolicy) -> Iterator[Decision]:
    """One agreement: at most one referral stands, and every one that no longer does is withdrawn."""
    now = with_event(told, event)
    wanted = referral_from(now, frame_from(event, NAME, NOBODY), policy)
    standing = {each.referral_id: each for each in told.referrals}
    said = list(versions(standing, wanted, event))
    referrals = {**standing, **{each.referral_id: each for each in said}}
    now = replace(now, referrals=tuple(referrals[key] for key in sorted(referrals)))
    if now != told:
        yield Remember(told.agreement_id, now)
    for each in said:
        yield Publish(each.referral_id, each)


def with_event(told: ReferralTold, event: Cause) -> ReferralTold:
    """What is known of the agreement after the event; an answer counts once."""
    if isinstance(event, CarerPicture):
        return told if older(event, told.picture) else replace(told, picture=event)
    if any(each.event_id == event.event_id for each in told.answers):
        return told
    answer = AnswerKept(
        event_id=event.event_id,
        referral_id=event.referral_id,
        kind=event.kind,
        reason=event.reason,
        at=event.occurred_at,
    )
    return replace(
        told,
        answers=tuple(
            sorted((*told.answers, answer), key=lambda each: (each.at, each.event_id.int))
        ),
    )


def older(event: CarerPicture, held: CarerPicture | None) -> bool:
    """Whether a newer picture of this carer was seen already: a redriven one must not bring back what was."""
    return held is not None and held.carer_id == event.carer_id and event.version < held.version


def versions(
    standing: dict[UUID, CarerReferral], wanted: CarerReferral | None, event: Cause
) -> Iterator[CarerReferral]:
    """The next version of each referral of which something is to be said."""
    for referral in sorted(standing):
        before = standing[referral]
        if (
            wanted is None or referral != wanted.referral_id
        ) and before.action is not ReferralAction.WITHDRAWN:
            frame = frame_from(event, NAME, referral)
            yield replace(
                before,
                **frame,
                version=before.version + 1,
                action=ReferralAction.WITHDRAWN,
                postcode=None,
                contacts=(),
            )
    if wanted is not None:
        yield from next_version(standing.get(wanted.referral_id), wanted, event)


def next_version(
    before: CarerReferral | None, wanted: CarerReferral, event: Cause
) -> Iterator[CarerReferral]:
    """The wanted referral, where it says something else than the last version.

    A service that said no, or is done, is told nothing new of the carer: only what it answers itself changes.
    """
    framed = replace(wanted, **frame_from(event, NAME, wanted.referral_id))
    if before is None:
        yield replace(framed, version=1)
    elif not same_step(before, wanted):
        yield replace(framed, version=before.version + 1)
    elif before.action in ENDED:
        if answered(before) != answered(wanted):
            yield replace(
                before,
                **frame_from(event, NAME, wanted.referral_id),
                version=before.version + 1,
                reason=wanted.reason,
                last_answer=wanted.last_answer,
                last_answer_at=wanted.last_answer_at,
            )
    elif facts(before) != facts(wanted):
        yield replace(framed, version=before.version + 1, action=corrected(wanted))
    elif last_answer(before) != last_answer(wanted):
        yield replace(framed, version=before.version + 1, action=before.action)


def same_step(before: CarerReferral, wanted: CarerReferral) -> bool:
    """Whether the referral is where it was: a corrected one is still a raised one."""
    told = ReferralAction.RAISED if before.action is ReferralAction.CORRECTED else before.action
    return told is wanted.action


def corrected(wanted: CarerReferral) -> ReferralAction:
    """What a new version of the same step does: only a raised referral is corrected, an answered one stays as it is."""
    return ReferralAction.CORRECTED if wanted.action is ReferralAction.RAISED else wanted.action


def facts(referral: CarerReferral) -> CarerReferral:
    """The referral without frame, version and action, which change by themselves, and without the service's answer."""
    return replace(
        referral,
        **NO_FRAME,
        version=0,
        action=ReferralAction.RAISED,
        last_answer=None,
        last_answer_at=None,
    )


def answered(referral: CarerReferral) -> tuple[str | None, str | None, datetime | None]:
    """All that a service said."""
    return referral.reason, *last_answer(referral)


def last_answer(referral: CarerReferral) -> tuple[str | None, datetime | None]:
    """What the service said last, and when: new as well, but no correction of what it was asked."""
    return referral.last_answer, referral.last_answer_at
