"""Points in time and calendar days, as HL7 writes them.

`YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]` (TS, from v2.7 DTM). A time without an offset is
one of Europe/London; see the README for the two hours of the year in which that is not simple.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

from hub.ages import EARLIEST_YEAR, LATEST_YEAR
from hub.errors import InvalidResource
from hub.hl7v2.message import Message
from hub.hl7v2.segment import Segment
from hub.hl7v2.value import NULL, Null

LONDON: Final = ZoneInfo("Europe/London")

FURTHEST_OFFSET: Final = timedelta(hours=14)

_FORM: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<month>[0-9]{2})(?:(?P<day>[0-9]{2})(?:(?P<hour>[0-9]{2})"
    r"(?:(?P<minute>[0-9]{2})(?:(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,4}))?)?)?)?)?)?"
    r"(?P<offset>[+-][0-9]{4})?"
)
_FRACTION_DIGITS: Final = 6
_MINUTES_IN_AN_HOUR: Final = 60


class Precision(IntEnum):
    """The smallest part that was written."""

    YEAR = 1
    MONTH = 2
    DAY = 3
    HOUR = 4
    MINUTE = 5
    SECOND = 6
    FRACTION = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """One point in time: the beginning of the year, day or minute that was written.

    Attributes:
        instant: UTC.
        precision: What was written; below it, `instant` says nothing.
        ambiguous: The hour came twice and nothing told which: `instant` is the later reading.
        missing_hour: The hour never was: `instant` is by a clock not yet put forward.
    """

    instant: datetime = field(repr=False)
    precision: Precision
    ambiguous: bool = False
    missing_hour: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day as written on the calendar, in no zone; of a birth date month or day may be unknown.

    `str` writes it as FHIR does: `1965-12-13`, `1965-12` or `1965`.
    """

    year: int = field(repr=False)
    month: int | None = field(default=None, repr=False)
    day: int | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Write as much as is known."""
        known = [f"{self.year:04}"]
        known += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(known)

    @property
    def date(self) -> date | None:
        """The whole day, when it is known."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)


def timestamp_from(
    text: str,
    place: str,
    *,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Timestamp:
    """Read a point in time.

    `not_before` and `not_after` are instants known from elsewhere, such as that of the message
    before (MSH-13) or of receipt. They only tell the two readings of October's doubled hour apart.

    Raises:
        InvalidResource: The text breaks the grammar, or no calendar or clock shows it.
    """
    written, precision, offset = _read(text, place)
    if offset is not None:
        return Timestamp(
            instant=written.replace(tzinfo=offset).astimezone(UTC), precision=precision
        )
    earlier = written.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
    later = written.replace(tzinfo=LONDON, fold=1).astimezone(UTC)
    if earlier == later:
        return Timestamp(instant=earlier, precision=precision)
    if earlier > later:  # PEP 495: in a gap the readings change places
        return Timestamp(instant=earlier, precision=precision, missing_hour=True)
    if not_before is not None and earlier < not_before <= later:
        return Timestamp(instant=later, precision=precision)
    if not_after is not None and earlier <= not_after < later:
        return Timestamp(instant=earlier, precision=precision)
    return Timestamp(instant=later, precision=precision, ambiguous=True)


def calendar_day_from(text: str, place: str) -> CalendarDay:
    """Read a day, such as a birth date, and keep it: a time or an offset after it moves nothing.

    Raises:
        InvalidResource: The text breaks the grammar, or no calendar or clock shows it.
    """
    written, precision, _ = _read(text, place)
    return CalendarDay(
        written.year,
        written.month if precision >= Precision.MONTH else None,
        written.day if precision >= Precision.DAY else None,
    )


def timestamp_at(
    source: Message | Segment,
    place: str,
    *,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Timestamp | Null | None:
    """Read the point in time at a place; absent and null stay what they are.

    Raises:
        InvalidResource: As `timestamp_from`.
    """
    value = source.value(place)
    if value is None or value is NULL:
        return value
    return timestamp_from(value, place, not_before=not_before, not_after=not_after)


def calendar_day_at(source: Message | Segment, place: str) -> CalendarDay | Null | None:
    """Read the day at a place; absent and null stay what they are.

    Raises:
        InvalidResource: As `calendar_day_from`.
    """
    value = source.value(place)
    if value is None or value is NULL:
        return value
    return calendar_day_from(value, place)


def _read(text: str, place: str) -> tuple[datetime, Precision, tzinfo | None]:
    """What was written, without a zone, filled up to its beginning."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise InvalidResource(
            "A time is written YYYY[MM[DD[HH[MM[SS[.SSSS]]]]]][+/-ZZZZ].", expression=place
        )
    parts = form.groupdict()
    offset = _offset(parts.pop("offset"), place)
    known = [part for part in parts.values() if part is not None]
    if not EARLIEST_YEAR <= int(known[0]) <= LATEST_YEAR:
        raise InvalidResource("The year is out of all range.", expression=place)
    try:
        written = datetime(  # noqa: DTZ001 - the zone is the caller's question
            int(parts["year"]),
            int(parts["month"] or 1),
            int(parts["day"] or 1),
            int(parts["hour"] or 0),
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            int((parts["fraction"] or "").ljust(_FRACTION_DIGITS, "0")),
        )
    except ValueError:
        # The error may hold the text, so it is not kept as the cause.
        raise InvalidResource("No calendar or clock shows this time.", expression=place) from None
    return written, Precision(len(known)), offset


def _offset(written: str | None, place: str) -> tzinfo | None:
    if written is None:
        return None
    hours, minutes = int(written[1:3]), int(written[3:])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes >= _MINUTES_IN_AN_HOUR or offset > FURTHEST_OFFSET:
        raise InvalidResource("No zone has this offset.", expression=place)
    return timezone(-offset if written[0] == "-" else offset)
