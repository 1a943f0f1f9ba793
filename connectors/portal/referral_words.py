"""What the hub knows of a referral, in plain English. A test compares each table with its record."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.records import AgeBand, ReferralAction, ReferralOutcomeKind

STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ReferralAction.RAISED: "New",
        ReferralAction.CORRECTED: "New, corrected",
        ReferralAction.ACCEPTED: "Accepted",
        ReferralAction.DECLINED: "Declined",
        ReferralAction.CLOSED: "Closed",
        ReferralAction.WITHDRAWN: "Withdrawn",
    }
)
ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ReferralOutcomeKind.ACCEPTED: "We accept and will contact them",
        ReferralOutcomeKind.DECLINED: "We decline",
        ReferralOutcomeKind.CONTACT_ATTEMPTED: "We tried to contact them",
        ReferralOutcomeKind.ENGAGED: "We are in contact",
        ReferralOutcomeKind.ASSESSMENT_OFFERED: "A carer's assessment has been offered",
        ReferralOutcomeKind.ASSESSMENT_DONE: "A carer's assessment has been done",
        ReferralOutcomeKind.CLOSED: "We are done",
    }
)
LAST_ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ReferralOutcomeKind.RECEIVED: "Seen",
        ReferralOutcomeKind.ACCEPTED: "Accepted",
        ReferralOutcomeKind.DECLINED: "Declined",
        ReferralOutcomeKind.CONTACT_ATTEMPTED: "Tried, not reached",
        ReferralOutcomeKind.ENGAGED: "In contact",
        ReferralOutcomeKind.ASSESSMENT_OFFERED: "Carer's assessment offered",
        ReferralOutcomeKind.ASSESSMENT_DONE: "Carer's assessment done",
        ReferralOutcomeKind.CLOSED: "Done",
    }
)
"""What the service answered, as it reads afterwards."""

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "out-of-area": "They live outside our area",
        "full": "We have no room",
        "not-suitable": "We are not the right service",
        "already-supported": "They are supported already",
        "carer-declined": "The carer does not want it",
        "not-reached": "The carer could not be reached",
        "other": "Another reason",
    }
)
AGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        AgeBand.YOUNG_CARER: "Under 18: a young carer",
        AgeBand.YOUNG_ADULT: "18 to 25: a young adult carer",
        AgeBand.ADULT: "Adult",
        AgeBand.UNKNOWN: "Age not known",
    }
)
