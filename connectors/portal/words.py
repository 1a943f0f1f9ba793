"""Dates, times and numbers as people read them. Days and times of day are London's."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.ages import age_on

LONDON: Final = ZoneInfo("Europe/London")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
NHS_NUMBER_DIGITS: Final = 10


def day(when: date) -> str:
    """Such as 25 November 2026."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def in_london(moment: datetime) -> datetime:
    """The instant by London's clock; at either end of the calendar, where there is none, by its own."""
    try:
        return moment.astimezone(LONDON)
    except OverflowError:
        return moment


def time_of_day(moment: datetime) -> str:
    """Such as 10:00, in London."""
    return f"{in_london(moment):%H:%M}"


def day_of(moment: datetime) -> date:
    """The day of an instant in London."""
    return in_london(moment).date()


def moment(when: datetime) -> str:
    """Such as 25 November 2026, 10:00."""
    return f"{day(day_of(when))}, {time_of_day(when)}"


def near(when: datetime, now: datetime) -> str:
    """An instant as somebody would say it today: today, 10:00; or 25 November 2026, 10:00."""
    days = (day_of(when) - day_of(now)).days
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    return f"{named}, {time_of_day(when)}" if named else moment(when)


def expected(when: datetime | None) -> str:
    """An expected discharge; midnight, in London or in UTC, is a day without a time."""
    if when is None:
        return ""
    is_day = timedelta() in (since_midnight(when), since_midnight(in_london(when)))
    return day(day_of(when)) if is_day else moment(when)


def since_midnight(when: datetime) -> timedelta:
    """How long after midnight on its own clock."""
    return timedelta(hours=when.hour, minutes=when.minute, seconds=when.second)


def nhs_number(number: str | None) -> str:
    """In groups of three, three and four (NHS Data Dictionary); empty when none is known."""
    if number is None or len(number) != NHS_NUMBER_DIGITS:
        return number or ""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def born(birth_on: date | None, today: date) -> str:
    """A date of birth with the age it makes today."""
    if birth_on is None:
        return ""
    return f"{day(birth_on)} (aged {age_on(birth_on, today)})"


def full_name(given: str, family: str) -> str:
    """The whole name in the order in which it is said."""
    return " ".join(part for part in (given, family) if part) or "No name known"


def listed(parts: list[str]) -> str:
    """One, two and three."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
