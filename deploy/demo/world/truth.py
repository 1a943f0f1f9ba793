"""What must stand when everything was played: read from the story, never from a message and never with the hub's code.

The rules are those of ADR-0007 (by when), ADR-0011 (who is referred), ADR-0012 (for whom a contact counts) and of the
Care Act 2014 s.74 (adults), said once more in other words: a mistake has to be made twice to stay unseen.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Final

from deploy.demo.script import AlertState, Expected, ReferralState
from deploy.demo.world.clock import LONDON, day_of, on_day
from deploy.demo.world.people import Person, age_on
from deploy.demo.world.story import Agreed, Stay, Story

BOARD_ROUND: Final = time(10, 0)  # ADR-0007, board_round
CLOSING_TIME: Final = time(17, 0)  # ADR-0007, closing_time
LATE: Final = time(16, 0)  # ADR-0007, late_discharge
MOST_LEVELS: Final = 3  # ADR-0007, most_escalations
ADULT: Final = 18  # Care Act 2014 s.74(4): the duty is for adults
A_DAY: Final = timedelta(days=1)

SPOKEN_WITH: Final = frozenset({"contacted_able", "contacted_partly_able", "contacted_not_able"})
"""Somebody has spoken with the carer."""
SETTLED: Final = SPOKEN_WITH | {
    "young_carer_lead_told",
    "not_a_carer",
    "wrong_person",
    "patient_objects",
}
"""Nothing is left to do about this carer."""
ATTEMPTED: Final = "not_reached"

ANSWERS: Final[Mapping[str, str]] = {
    "accepted": "accepted",
    "contact_attempted": "accepted",
    "engaged": "accepted",
    "assessment_offered": "accepted",
    "assessment_done": "accepted",
    "declined": "declined",
    "closed": "closed",
}
"""What a service says -> where the referral stands then."""


def expected(story: Story, at: datetime) -> Expected:
    """Everything that must stand at an instant, when all of the day was played."""
    alerts = (alert_of(stay, story, at) for stay in story.stays)
    referrals = (referral_of(each, story) for each in story.agreed)
    return Expected(
        alerts=tuple(each for each in alerts if each is not None),
        referrals=tuple(each for each in referrals if each is not None),
    )


def alert_of(stay: Stay, story: Story, at: datetime) -> AlertState | None:
    """The alert of one stay; None when there never was a reason for one."""
    carers = to_involve(stay, story)
    if not carers or not concerns_carers(stay):
        return withdrawn(stay) if stay.told else None
    status = status_of(stay, carers)
    waiting = who_waits(stay, carers)
    first_word = min((waiting or carers).values())
    due = None if status == "completed" else due_at(stay, first_word)
    return AlertState(
        key=stay.key,
        status=status,
        carers=frozenset(carer.name for carer in carers),
        due_at=due,
        ward=stay.ward,
        went_home_without_contact=due is not None and stay.discharged_at is not None,
        level=level_at(due, at) if due is not None and waiting else 0,
        most_level=most_level_at(stay, first_word, at) if due is not None and waiting else 0,
    )


def withdrawn(stay: Stay) -> AlertState:
    """An alert whose reason is gone names nobody and asks nothing; where the visit goes on, another stands for it."""
    return AlertState(
        key=stay.key,
        status="cancelled",
        carers=frozenset(),
        due_at=None,
        ward=stay.ward,
        goes_on_as=stay.moved_to,
        action="superseded" if stay.moved_to is not None else "",
    )


def concerns_carers(stay: Stay) -> bool:
    """An adult in-patient who is there or went home: not one who is yet to come, never came, died, or is nobody yet."""
    if stay.patient_class != "I" or stay.planned or stay.cancelled or stay.moved_to:
        return False
    if stay.died or stay.unidentified:
        return False
    return age_on(stay.patient.born, day_of(stay.admitted_at)) >= ADULT


def to_involve(stay: Stay, story: Story) -> dict[Person, datetime]:
    """The patient's carers and since when each could be known; after the patient went home nobody is added."""
    carers: dict[Person, datetime] = {}
    for carer, since in story.carers_of(stay.patient):
        if stay.discharged_at is None or since <= stay.discharged_at:
            carers[carer] = min(since, carers.get(carer, since))
    return carers


def status_of(stay: Stay, carers: Mapping[Person, datetime]) -> str:
    """Where the alert stands by what people recorded: the last word on each carer counts."""
    said = last_words(stay)
    outcomes = [said.get(carer) for carer in carers]
    if all(outcome in SETTLED for outcome in outcomes):
        return "completed"
    if stay.discharged_at is not None and any(outcome in SPOKEN_WITH for outcome in outcomes):
        return "completed"
    if any(outcome in SETTLED or outcome == ATTEMPTED for outcome in outcomes):
        return "in_progress"
    steps = {done.outcome for done in stay.done if done.carer is None}
    if "accepted" in steps:
        return "accepted"
    return "received" if "seen" in steps else "requested"


def last_words(stay: Stay) -> dict[Person | None, str]:
    """The last outcome that was recorded for each carer."""
    return {done.carer: done.outcome for done in sorted(stay.done, key=lambda each: each.at)}


def who_waits(stay: Stay, carers: Mapping[Person, datetime]) -> dict[Person, datetime]:
    """Carers for whom nothing is settled, and of whom nobody knew when somebody last spoke with another (ADR-0012)."""
    said = last_words(stay)
    spoken = [done.at for done in stay.done if done.outcome in SPOKEN_WITH]
    return {
        carer: since
        for carer, since in carers.items()
        if said.get(carer) not in SETTLED and all(at < since for at in spoken)
    }


def due_at(stay: Stay, since: datetime) -> datetime:
    """By when somebody shall have spoken with a carer."""
    if stay.discharged_at is not None:
        return due_after_going_home(stay.discharged_at)
    start = max(stay.admitted_at, since)
    board_round = next(rounds_after(start))
    home = home_by(stay.expected)
    if home is not None and home <= start:
        home = on_day(day_of(home), CLOSING_TIME)
    return board_round if home is None or home <= start else min(board_round, home)


def due_after_going_home(went: datetime) -> datetime:
    """The same day; the next morning when it was late."""
    if went.astimezone(LONDON).time() > LATE:
        return on_day(day_of(went) + A_DAY, BOARD_ROUND)
    return on_day(day_of(went), CLOSING_TIME)


def home_by(expected: date | datetime | None) -> datetime | None:
    """The expected discharge as an instant; of a day without a time its board round."""
    if expected is None or isinstance(expected, datetime):
        return expected
    return on_day(expected, BOARD_ROUND)


def rounds_after(moment: datetime) -> Iterator[datetime]:
    """The board rounds after an instant, one a day."""
    day = day_of(moment)
    if on_day(day, BOARD_ROUND) <= moment:
        day += A_DAY
    while True:
        yield on_day(day, BOARD_ROUND)
        day += A_DAY


def level_at(due: datetime, at: datetime) -> int:
    """How many deadlines passed while somebody waits: the due time, then each board round after it.

    The least that must be seen: deadlines that stood before this one, and passed, may add to it (`most_level_at`).
    """
    deadlines = (due, *islice(rounds_after(due), MOST_LEVELS - 1))
    return sum(deadline < at for deadline in deadlines)


def most_level_at(stay: Stay, since: datetime, at: datetime) -> int:
    """How many deadlines may have passed since somebody waits, whatever the hospital said when of going home.

    Each board round; the time by which the patient was ever expected home, and the closing time of that day; and the
    deadline after each time at which it was said that they had gone.
    """
    start = max(stay.admitted_at, since)
    deadlines = set(takewhile(lambda deadline: deadline < at, rounds_after(start)))
    for told in (*stay.earlier, stay):
        home = home_by(told.expected)
        if home is not None:
            deadlines |= {home, on_day(day_of(home), CLOSING_TIME)}
        if told.discharged_at is not None:
            deadlines.add(due_after_going_home(told.discharged_at))
    return min(MOST_LEVELS, sum(start < deadline < at for deadline in deadlines))


def referral_of(agreed: Agreed, story: Story) -> ReferralState | None:
    """Where the referral of a carer stands; None when there never was a reason for one."""
    carer = agreed.carer
    stands = agreed.yes and carer.nhs_number not in story.dead and story.looks_after_somebody(carer)
    if not stands:
        return ReferralState(agreed.key, "withdrawn") if agreed.told else None
    answers = sorted((at, ANSWERS[outcome]) for outcome, at in agreed.answers)
    return ReferralState(agreed.key, answers[-1][1] if answers else "raised")
