"""The row of carer_matching. Its state is the region's memory, so it needs no rows of its own."""

from hub.matching.region import KINDS, RegionView
from hub.processor import Processor
from hub.records import (
    CarerFlagEvent,
    CarerPicture,
    EncounterEvent,
    PersonDecision,
    PersonNotice,
    ReminderDue,
    ReviewItem,
    StayPicture,
)
from processors.carer_matching.decide import NAME, decide
from processors.carer_matching.policy import MatchingPolicy


def carer_matching(policy: MatchingPolicy) -> Processor[RegionView, MatchingPolicy]:
    """The processor under one policy."""
    return Processor(
        name=NAME,
        reads=(EncounterEvent, CarerFlagEvent, PersonDecision, PersonNotice, ReminderDue),
        writes=(StayPicture, CarerPicture, ReviewItem),
        remembers=KINDS,
        needs=lambda _: (),
        state_of=lambda reader, _: reader.region,
        decide=decide,
        policy=policy,
    )
