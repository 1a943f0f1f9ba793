"""Dates of birth as they are compared: a number YYYYMMDD, zeroes for what is not known."""

import re
from datetime import date
from functools import lru_cache
from typing import Final

UNKNOWN: Final = 0
PLACEHOLDERS: Final = frozenset({19000101, 19010101, 18000101, 19111111, 11111111, 99991231})
"""Days that are typed where a date is wanted and none is known."""
EARLIEST_YEAR: Final = 1850
LATEST_YEAR: Final = 2100
NEW_YEAR: Final = 101
"""1 January, which stands for an unknown day and month (PDS FHIR API, patient search)."""

LAST_MONTH: Final = 12
LAST_DAY: Final = 31

_FORMS: Final = (
    re.compile(r"(?P<y>\d{4})(?:-?(?P<m>\d\d)(?:-?(?P<d>\d\d))?)?(?:[T ].*)?"),
    re.compile(r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4})"),
)
MOST_KEPT: Final = 16_384


@lru_cache(maxsize=MOST_KEPT)
def born(text: str) -> int:
    """A date as sent: ISO, `YYYYMMDD`, `DD/MM/YYYY`, year and month, or year; 1 January counts as its year alone.

    What is no date, or lies outside 1850 to 2100, is not known. A whole date that is on no calendar, but of which day
    or month may be right (1945-04-93, 2004-30-10), stays as it is: one slip of the keys from the date that was meant.
    """
    match = next((found for form in _FORMS if (found := form.fullmatch(text.strip()))), None)
    if match is None:
        return UNKNOWN
    year, month, day = (int(match[part] or 0) for part in "ymd")
    number = year * 10_000 + month * 100 + day
    if number in PLACEHOLDERS or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return UNKNOWN
    if not _on_the_calendar(year, month, day):
        return number if day and (day <= LAST_DAY or 1 <= month <= LAST_MONTH) else UNKNOWN
    return year * 10_000 if number % 10_000 == NEW_YEAR else number


def _on_the_calendar(year: int, month: int, day: int) -> bool:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return bool(month) or not day


def stands_for_none(day: date) -> bool:
    """Whether a day is one that is typed where no date of birth is known."""
    return day.year * 10_000 + day.month * 100 + day.day in PLACEHOLDERS


def is_whole(number: int) -> bool:
    """Whether the day is known."""
    return number % 100 != 0
