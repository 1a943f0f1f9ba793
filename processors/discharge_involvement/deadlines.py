"""By when a contact shall be recorded. No hours are in the Care Act: these are policy (ADR-0007)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.records import ExpectedDischarge, StayPicture
from processors.discharge_involvement.policy import AlertPolicy

LONDON = ZoneInfo("Europe/London")
MIDNIGHT = time(0, 0)


def on_day(day: date, clock: time) -> datetime:
    """An instant from a day and a time of day in Europe/London."""
    return datetime.combine(day, clock, LONDON).astimezone(ZoneInfo("UTC"))


def next_after(moment: datetime, clock: time) -> datetime:
    """The first time that the clock in London shows `clock`, strictly after `moment`."""
    day = moment.astimezone(LONDON).date()
    today = on_day(day, clock)
    return today if today > moment else on_day(day + timedelta(days=1), clock)


def due_at(picture: StayPicture, known_since: datetime, policy: AlertPolicy) -> datetime:
    """By when a carer shall be contacted: a function of the picture and of the first word on those who wait.

    In hospital: the first board round after both the admission and that word, but never after the expected
    discharge. Home without contact: the same day, or the next morning when it was late.
    """
    if picture.discharged_at is not None:
        return after_discharge(picture.discharged_at, policy)
    from_when = max(picture.admitted_at or known_since, known_since)
    due = next_after(from_when, policy.board_round)
    expected = latest_by(picture.expected_discharge, policy)
    return due if expected is None else min(due, expected)


def after_discharge(discharged_at: datetime, policy: AlertPolicy) -> datetime:
    """17:00 of the day of discharge; 10:00 of the next when it was after 16:00."""
    local = discharged_at.astimezone(LONDON)
    if local.time() <= policy.late_discharge:
        return on_day(local.date(), policy.closing_time)
    return on_day(local.date() + timedelta(days=1), policy.board_round)


def latest_by(expected: ExpectedDischarge | None, policy: AlertPolicy) -> datetime | None:
    """The expected discharge as an instant; a day without a time means the board round of that day.

    Midnight is how many systems write a day without a time, so it is read as one.
    """
    if expected is None:
        return None
    local = expected.at.astimezone(LONDON)
    if expected.precision == "day" or local.time() == MIDNIGHT:
        return on_day(local.date(), policy.board_round)
    return expected.at
