"""The referral that should stand for an agreement: a function of the picture, the answers and the policy."""

from datetime import datetime
from itertools import takewhile
from typing import Final
from uuid import UUID

from hub.decisions import Frame
from hub.identity import referral_id
from hub.records import (
    Agreement,
    AnswerKept,
    CarerReferral,
    ReferralAction,
    ReferralOutcomeKind,
    ReferralTold,
)
from processors.support_referral.policy import ReferralPolicy
from processors.support_referral.routing import band_of, service_for

SCOPE: Final = "carer-referral"
ANSWERS: Final = {
    ReferralOutcomeKind.ACCEPTED: ReferralAction.ACCEPTED,
    ReferralOutcomeKind.CONTACT_ATTEMPTED: ReferralAction.ACCEPTED,
    ReferralOutcomeKind.ENGAGED: ReferralAction.ACCEPTED,
    ReferralOutcomeKind.ASSESSMENT_OFFERED: ReferralAction.ACCEPTED,
    ReferralOutcomeKind.ASSESSMENT_DONE: ReferralAction.ACCEPTED,
    ReferralOutcomeKind.DECLINED: ReferralAction.DECLINED,
    ReferralOutcomeKind.CLOSED: ReferralAction.CLOSED,
}
"""What an answer makes of a referral; an answer that is not here is a step on the way."""


def referral_from(told: ReferralTold, frame: Frame, policy: ReferralPolicy) -> CarerReferral | None:
    """The referral that should stand, its version not yet counted; None where there is no reason or no service.

    It holds what the service needs to reach the carer. Of the person cared for, the first name at most; no diagnosis.
    """
    picture = told.picture
    agreement = standing_agreement(told)
    if picture is None or agreement is None or picture.deceased or not picture.cares_for:
        return None
    service = service_for(picture, agreement, policy)
    if service is None:
        return None
    referral = referral_id(service, agreement.agreement_id)
    answer = answer_to(referral, told.answers)
    last = last_answer(referral, told.answers)
    first = picture.cares_for[0]
    return CarerReferral(
        **frame,
        referral_id=referral,
        version=0,
        action=ANSWERS[answer.kind] if answer else ReferralAction.RAISED,
        service_ods=service,
        agreement_id=agreement.agreement_id,
        carer_id=picture.carer_id,
        names=picture.names,
        birth_on=picture.birth_on,
        age_band=band_of(picture, agreement, policy),
        postcode=picture.postcode,
        contacts=picture.contacts,
        needs=picture.needs,
        relationships=first.relationships,
        cared_for_given_name=first.given_name,
        expected_discharge=first.expected_discharge,
        reason=answer.reason if answer else None,
        last_answer=last.kind.value if last else None,
        last_answer_at=last.at if last else None,
        policy=policy.digest,
    )


def standing_agreement(told: ReferralTold) -> Agreement | None:
    """The agreement as its carer's picture has it, while it stands."""
    if told.picture is None:
        return None
    own = (each for each in told.picture.agreements if each.agreement_id == told.agreement_id)
    agreement = next(own, None)
    stands = agreement is not None and agreement.scope == SCOPE and agreement.withdrawn_at is None
    return agreement if stands else None


def answer_to(referral: UUID, answers: tuple[AnswerKept, ...]) -> AnswerKept | None:
    """The latest answer of the service that ends or takes up the referral."""
    own = [each for each in answers if each.referral_id == referral and each.kind in ANSWERS]
    return max(own, key=in_time, default=None)


def last_answer(referral: UUID, answers: tuple[AnswerKept, ...]) -> AnswerKept | None:
    """The last answer of the service, a step on the way as well; None while it has said nothing that is known here.

    Only attempts count each time. Anything else said again is no news, and `received` is none after another answer:
    else a service that answers each version by itself would be told a new one for ever.
    """
    known = (each for each in answers if each.kind is not ReferralOutcomeKind.UNKNOWN)
    own = sorted((each for each in known if each.referral_id == referral), key=in_time)
    said = [each for each in own if each.kind is not ReferralOutcomeKind.RECEIVED] or own[:1]
    last = said[-1] if said else None
    if last is None or last.kind is ReferralOutcomeKind.CONTACT_ATTEMPTED:
        return last
    *_, first = takewhile(lambda each: each.kind is last.kind, reversed(said))
    return first


def in_time(answer: AnswerKept) -> tuple[datetime, int]:
    """Answers are in order by when they were given."""
    return answer.at, answer.event_id.int
