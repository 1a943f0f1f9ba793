"""What really happened in the day: stays, what people did, what carers agreed to. The truth is read from here alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from deploy.demo.script import AlertKey, ReferralKey
from deploy.demo.world.area import Trust
from deploy.demo.world.clock import day_of
from deploy.demo.world.people import Caring, Person, age_on

Class: TypeAlias = Literal["I", "E", "O", "DAYCASE"]
"""PV1-2: in-patient, emergency attendance, out-patient, day case."""


YOUNG_CARER_BELOW: Final = 18
"""Below this age a carer goes to the young carers' service (ADR-0011)."""


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody of the ward recorded.

    Attributes:
        carer: About whom; None = about the whole alert.
        outcome: contacted_able, not_reached, seen ...
    """

    carer: Person | None
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay, as it is in the end.

    Attributes:
        number: The patient's hospital number, the surviving one after a merge.
        visit: The visit number.
        admitted_at: To the minute; UTC.
        expected: When the patient is expected home: a day, or an instant.
        discharged_at: When the patient went home; None while they are there.
        planned: They have not come yet.
        cancelled: It was said that they never came.
        moved_to: The alert of the stay as which it goes on, under another visit number.
        died: The patient died.
        unidentified: The hospital has neither name nor number, so nobody can say whose stay it is.
        told: An alert was raised at some time. It counts only where none has a reason in the end: then the one that
            was raised is withdrawn, and where none was raised there is none.
        kind: Which story it is.
        earlier: The stay as messages of the day told of it, in the order of writing: deadlines that stood meanwhile.
    """

    trust: Trust
    patient: Person
    number: str
    visit: str
    admitted_at: datetime
    ward: str
    bed: str
    kind: str
    patient_class: Class = "I"
    expected: date | datetime | None = None
    discharged_at: datetime | None = None
    planned: bool = False
    cancelled: bool = False
    moved_to: AlertKey | None = None
    died: bool = False
    unidentified: bool = False
    told: bool = False
    done: tuple[Done, ...] = ()
    earlier: tuple["Stay", ...] = ()

    @property
    def key(self) -> AlertKey:
        """What names its alert."""
        return AlertKey(self.trust.ods_code, self.number, self.admitted_at)


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub was told of one who looks after another.

    Attributes:
        since: When the first word on it was written down.
        ended: It was said to be over.
    """

    since: datetime
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Agreed:
    """A carer was asked whether they want to be referred.

    Attributes:
        given_at: When they said so.
        yes: They agreed, and did not take it back.
        answers: What the service said: outcome and time.
        told: A referral was raised at some time.
    """

    carer: Person
    given_at: datetime
    yes: bool
    answers: tuple[tuple[str, datetime], ...] = ()
    told: bool = False

    @property
    def key(self) -> ReferralKey:
        """What names the referral: the service of the carer's town and age."""
        service = service_for(self.carer, day_of(self.given_at))
        return ReferralKey(service, self.carer.given, self.carer.family, self.carer.born)


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happened.

    Attributes:
        known: Of those of whom the hub was told, what.
        dead: NHS numbers of carers who died.
    """

    stays: tuple[Stay, ...] = ()
    known: Mapping[Caring, Known] = field(default_factory=dict)
    agreed: tuple[Agreed, ...] = ()
    dead: frozenset[str] = frozenset()

    def carers_of(self, patient: Person) -> Iterable[tuple[Person, datetime]]:
        """Who looks after somebody, as the hub was told, and since when it could know."""
        return (
            (caring.carer, known.since)
            for caring, known in self.known.items()
            if caring.cared_for == patient
            and not known.ended
            and caring.carer.nhs_number not in self.dead
        )

    def looks_after_somebody(self, carer: Person) -> bool:
        """Whether the hub was told of somebody whom this carer looks after."""
        return any(
            caring.carer == carer and not known.ended for caring, known in self.known.items()
        )


def service_for(carer: Person, day: date) -> str:
    """Who is asked: the service of the town where the carer lives, by their age on the day of the agreement."""
    town = carer.home.town
    young = age_on(carer.born, day) < YOUNG_CARER_BELOW
    return town.young_service if young else town.adult_service
