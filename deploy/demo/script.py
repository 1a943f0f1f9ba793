"""What the generator of a demonstration hands to its stage: what is sent, in order, and what must come of it.

Plain values only. Both sides import this file; the generator imports nothing of the hub that would share its
mistakes, and the stage knows nothing of how a day is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class AlertKey:
    """Names an alert without the hub's ids: one stay of one patient.

    Attributes:
        trust_ods: The trust.
        hospital_number: The patient's number there as the alert shall show it in the end.
        admitted_at: As it stands in PV1-44, to the minute; aware.
    """

    trust_ods: str
    hospital_number: str
    admitted_at: datetime


@dataclass(frozen=True, slots=True)
class ReferralKey:
    """Names a referral without the hub's ids: one carer at one service."""

    service_ods: str
    given_name: str
    family_name: str
    birth_on: date


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes of a feed.

    Attributes:
        at: When it leaves the sender on the clock of the day; aware. Steps are played in the order of the script,
            which need not be that of `at`.
        sender: Its name in the configuration; the connector is that sender's.
        body: An HL7 v2 message without its MLLP frame, a FHIR resource as JSON, or a whole extract.
        kind: What it is to a person who watches: "admission", "cancelled admission", "late flag", "duplicate" ...
        ward: For the view: the ward that it is about, else empty.
        name: For an extract, the file's name.
        after: Sent once this alert or referral stands: the step takes away its reason, and one that was raised and
            withdrawn is another end than one that never was. None = as soon as its turn comes.
        answer: What the hub must answer, such as AR or 422, to what can never be right; empty = it is taken.
    """

    at: datetime
    sender: str
    body: bytes
    kind: str
    ward: str = ""
    name: str = ""
    after: AlertKey | ReferralKey | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of the ward records what came of it. Played once an alert of this key names this carer.

    Attributes:
        at: When it was done, on the clock of the day.
        carer: Given and family name of the carer it is about; empty = the whole alert (`seen`, `accepted`).
        outcome: An `OutcomeKind` by its symbol: contacted_able, not_reached, seen ...
    """

    at: datetime
    alert: AlertKey
    carer: str
    outcome: str
    kind: str = "contact recorded"


@dataclass(frozen=True, slots=True)
class Answer:
    """A service answers a referral. Played once the referral was seen.

    Attributes:
        outcome: A `ReferralOutcomeKind` by its symbol: accepted, declined, closed ...
        reason: For declined and closed, a code; else empty.
    """

    at: datetime
    referral: ReferralKey
    outcome: str
    reason: str = ""
    kind: str = "referral answered"


Step: TypeAlias = Send | Contact | Answer


@dataclass(frozen=True, slots=True)
class AlertState:
    """An alert as it must stand, or as it was seen.

    Attributes:
        status: FHIR Task status as the record has it: requested, received, accepted, in_progress, completed, cancelled.
        carers: "Given Family" of each carer named; empty for one that was withdrawn (nobody is compared then).
        due_at: By when; None when nothing is asked any more.
        ward: Where the patient lies in the end.
        went_home_without_contact: As the record has it.
        level: Escalations so far; the least, where it says what must be.
        most_level: The most of them that may be, because a deadline that stood before the last one may have passed or
            not, by how fast the day is played; None = not one more than `level`. Of what was seen always None.
        goes_on_as: The alert that stands in its place, where its visit goes on under another number.
        action: The last word on it, such as superseded; empty = whichever, where it says what must be.
    """

    key: AlertKey
    status: str
    carers: frozenset[str]
    due_at: datetime | None
    ward: str
    went_home_without_contact: bool = False
    level: int = 0
    most_level: int | None = None
    goes_on_as: AlertKey | None = None
    action: str = ""


@dataclass(frozen=True, slots=True)
class ReferralState:
    """A referral as it must stand, or as it was seen.

    Attributes:
        action: raised (corrected counts as raised), accepted, declined, closed, withdrawn.
    """

    key: ReferralKey
    action: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Everything that must stand at an instant; anything beyond it is wrong."""

    alerts: Sequence[AlertState]
    referrals: Sequence[ReferralState]


@dataclass(frozen=True, slots=True)
class Day:
    """A synthetic day.

    Attributes:
        seed: What it was made from.
        now: The end of the day.
        steps: In the order of playing.
        counts: How many there are of each kind that a person would ask for: "people", "carers", "A11", "late flag" ...
        expected: What must stand when everything was played, by the instant of asking, because deadlines pass.
    """

    seed: int
    now: datetime
    steps: Sequence[Step]
    counts: Mapping[str, int]
    expected: Callable[[datetime], Expected]
