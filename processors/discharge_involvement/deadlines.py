"""By when a contact shall be recorded. No hours are in the Care Act: these are policy (ADR-0007)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.records import ExpectedDischarge, StayPicture, StayStatus
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
    discharge, and never before either. Home without contact: the same day, or the next morning when it was late.
    """
    if picture.status is StayStatus.DISCHARGED and picture.discharged_at is not None:
        return after_discharge(picture.discharged_at, policy)
    from_when = max(picture.admitted_at or known_since, known_since)
    board_round = next_after(from_when, policy.board_round)
    bounds = latest_by(picture.expected_discharge, policy)
    return min([board_round, *[bound for bound in bounds if bound > from_when][:1]])


def after_discharge(discharged_at: datetime, policy: AlertPolicy) -> datetime:
    """17:00 of the day of discharge; 10:00 of the next when it was after 16:00."""
    local = discharged_at.astimezone(LONDON)
    if local.time() <= policy.late_discharge:
        return on_day(local.date(), policy.closing_time)
    return on_day(local.date() + timedelta(days=1), policy.board_round)


def latest_by(expected: ExpectedDischarge | None, policy: AlertPolicy) -> tuple[datetime, ...]:
    """By when a contact is needed before the expected discharge: that time, or what is left of that day after it.

    A day without a time means the board round of that day. Midnight is how many systems write such a day, so it is
    read as one.
    """
    if expected is None:
        return ()
    local = expected.at.astimezone(LONDON)
    a_day = expected.precision == "day" or local.time() == MIDNIGHT
    time_of_day = on_day(local.date(), policy.board_round) if a_day else expected.at
    return time_of_day, on_day(local.date(), policy.closing_time)
