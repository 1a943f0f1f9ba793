"""Local policy, one section for each processor. The defaults are those of the processors."""

from datetime import time
from typing import Annotated, Final, Literal

from pydantic import Field

from deploy.configuration.section import Section
from processors.carer_matching.policy import MatchingPolicy
from processors.discharge_involvement.policy import AlertPolicy

ALERTS: Final = AlertPolicy()
MATCHING: Final = MatchingPolicy()

TestNumbers = Literal["accept", "refuse"]
Age = Annotated[int, Field(ge=0, le=120)]
Some = Annotated[int, Field(ge=1, le=100)]


class CarerMatching(Section):
    """What matching is configured with."""

    most_carers: Some = Field(
        default=MATCHING.most_carers,
        description="A picture names at most this many carers, the surest first.",
    )
    most_cared_for: Some = Field(
        default=MATCHING.most_cared_for,
        description="A picture names at most this many people that somebody looks after.",
    )

    def policy(self, test_numbers: TestNumbers) -> MatchingPolicy:
        """As the rule takes it."""
        return MatchingPolicy(test_numbers=test_numbers, **self.model_dump())


class DischargeInvolvement(Section):
    """When a carer is to be contacted, and by which age. Times of day are Europe/London."""

    board_round: time = Field(
        default=ALERTS.board_round, description="Time of day by which a contact is due."
    )
    closing_time: time = Field(
        default=ALERTS.closing_time,
        description="Due on the day of a discharge without contact.",
    )
    late_discharge: time = Field(
        default=ALERTS.late_discharge,
        description="A discharge after this time of day is due at the next day's board round.",
    )
    adult_age: Age = Field(
        default=ALERTS.adult_age,
        description="The duty covers patients from this age at admission (Care Act 2014 s.74(4)).",
    )
    young_carer_below: Age = Field(
        default=ALERTS.young_carer_below, description="Below this age a carer is a young carer."
    )
    young_adult_up_to: Age = Field(
        default=ALERTS.young_adult_up_to,
        description="Up to and including this age a carer is a young adult carer.",
    )
    most_escalations: Annotated[int, Field(ge=0, le=20)] = Field(
        default=ALERTS.most_escalations,
        description="How often an alert without contact is escalated.",
    )

    def policy(self) -> AlertPolicy:
        """As the rule takes it."""
        return AlertPolicy(**self.model_dump())


class Policy(Section):
    """Local policy, one section for each processor."""

    carer_matching: CarerMatching = Field(
        default=CarerMatching(), description="What matching is configured with."
    )
    discharge_involvement: DischargeInvolvement = Field(
        default=DischargeInvolvement(), description="When a carer is to be contacted."
    )
