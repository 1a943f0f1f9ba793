"""Dates, dateTimes and Periods of FHIR: how much of each is known, and when it is, UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hub.ages import EARLIEST_YEAR, LATEST_YEAR
from hub.errors import InvalidResource
from hub.fhir.reading import Element, element_at, text_at
from hub.records import Precision

LONDON: Final = ZoneInfo("Europe/London")
_DATE: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", re.ASCII)
FOR_EVER: Final = "9999"
_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})", re.ASCII
)
_PRECISIONS: Final = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
_REST_OF_DATE: Final = {4: "-01-01", 7: "-01", 10: ""}


@dataclass(frozen=True, slots=True)
class Day:
    """A date of which perhaps only the month or year is known; then `on` is its first day."""

    on: date
    precision: Precision


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, UTC; a date without a time is 00:00 of its first day in Europe/London."""

    at: datetime
    precision: Precision


@dataclass(frozen=True, slots=True)
class Period:
    """From `starts_at` up to `ends_at`, UTC; an end given as a date includes that day."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


def day_at(element: Element, name: str, path: str) -> Day | None:
    """The date at `name`: `1950`, `1950-03` or `1950-03-01`, never with a time."""
    text = text_at(element, name, path)
    if text is None:
        return None
    return day_from(text, f"{path}.{name}")


def day_from(text: str, path: str) -> Day:
    """Read a FHIR date."""
    if _DATE.fullmatch(text):
        try:
            on = date.fromisoformat(text + _REST_OF_DATE[len(text)])
        except ValueError:
            pass
        else:
            refuse_other_ages(on, path)
            return Day(on, _PRECISIONS[len(text)])
    raise InvalidResource(
        "Expected a date, such as 1950, 1950-03 or 1950-03-01.", expression=path, code="value"
    )


def moment_at(element: Element, name: str, path: str) -> Moment | None:
    """The dateTime at `name`: a date, or a date and time with an offset."""
    text = text_at(element, name, path)
    return None if text is None else moment_from(text, f"{path}.{name}")


def moment_from(text: str, path: str) -> Moment:
    """Read a FHIR dateTime or instant."""
    if "T" not in text:
        day = day_from(text, path)
        return Moment(start_of(day.on), day.precision)
    if _TIME.fullmatch(text) is not None:
        try:
            said = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            refuse_other_ages(said, path)
            return Moment(said.astimezone(UTC), Precision.MINUTE)
    raise InvalidResource(
        "Expected a date, or a date and time with an offset, such as 2026-11-25T10:00:00Z.",
        expression=path,
        code="value",
    )


def refuse_other_ages(said: date, path: str) -> None:
    """Refuse years of nobody alive: a system's blank, or its "for ever"."""
    if not EARLIEST_YEAR <= said.year <= LATEST_YEAR:
        raise InvalidResource(
            f"Expected a year from {EARLIEST_YEAR} to {LATEST_YEAR}; leave out what is not known or has no end.",
            expression=path,
            code="value",
        )


def start_of(day: date) -> datetime:
    """00:00 of that day in Europe/London, as UTC."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def period_at(element: Element, name: str, path: str) -> Period:
    """The period at `name`; open at both ends when there is none.

    Raises:
        InvalidResource: It ends before it starts.
    """
    period = element_at(element, name, path)
    if period is None:
        return Period()
    place = f"{path}.{name}"
    end = text_at(period, "end", place)
    ends = None if has_no_end(end) else moment_at(period, "end", place)
    return period_of(moment_at(period, "start", place), ends, place)


def has_no_end(end: str | None) -> bool:
    """Whether a period is open: nothing is said, or the year 9999, by which systems say "for ever"."""
    return end is None or end.startswith(FOR_EVER)


def period_of(start: Moment | None, end: Moment | None, path: str) -> Period:
    """The period from one moment to the other.

    Raises:
        InvalidResource: It ends before it starts.
    """
    ends_at = None if end is None else _end_of(end)
    if start is not None and end is not None and _is_before(end, start):
        raise InvalidResource(
            "The end is before the start.", expression=f"{path}.end", code="value"
        )
    return Period(None if start is None else start.at, ends_at)


def end_at(element: Element, name: str, path: str) -> datetime | None:
    """The end of the dateTime at `name`, UTC: a day counts to its end; None where nothing or "for ever" is said."""
    end = None if has_no_end(text_at(element, name, path)) else moment_at(element, name, path)
    return None if end is None else _end_of(end)


def _is_before(end: Moment, start: Moment) -> bool:
    """A day ends when the next begins, so it has ended for what starts then."""
    if end.precision is Precision.MINUTE:
        return end.at < start.at
    return _end_of(end) <= start.at


def _end_of(end: Moment) -> datetime:
    """The first instant after a date, month or year; a time is its own end."""
    day = end.at.astimezone(LONDON).date()
    try:
        match end.precision:
            case Precision.DAY:
                return start_of(day + timedelta(days=1))
            case Precision.MONTH:
                return start_of((day + timedelta(days=31)).replace(day=1))
            case Precision.YEAR:
                return start_of(day.replace(year=day.year + 1))
            case _:
                return end.at
    except (OverflowError, ValueError):
        return end.at
