"""The row of support_referral."""

from uuid import UUID

from hub.processor import Processor, StateKey, StateReader
from hub.records import CarerPicture, CarerReferral, ReferralOutcome, ReferralTold
from processors.support_referral.decide import NAME, decide
from processors.support_referral.policy import ReferralPolicy


def agreements_of(event: CarerPicture | ReferralOutcome) -> tuple[UUID, ...]:
    """The agreements that an event speaks of."""
    match event:
        case CarerPicture():
            return tuple(each.agreement_id for each in event.agreements)
        case ReferralOutcome():
            return (event.agreement_id,)


def state_of(
    reader: StateReader, event: CarerPicture | ReferralOutcome
) -> tuple[ReferralTold, ...]:
    """What was told of each of them; nothing yet where there is no row."""
    return tuple(
        reader.kept(ReferralTold, each) or ReferralTold(agreement_id=each)
        for each in agreements_of(event)
    )


def support_referral(policy: ReferralPolicy) -> Processor[tuple[ReferralTold, ...], ReferralPolicy]:
    """The processor under one policy."""
    return Processor(
        name=NAME,
        reads=(CarerPicture, ReferralOutcome),
        writes=(CarerReferral,),
        remembers=(ReferralTold,),
        needs=lambda event: tuple(StateKey(ReferralTold, each) for each in agreements_of(event)),
        state_of=state_of,
        decide=decide,
        policy=policy,
    )
