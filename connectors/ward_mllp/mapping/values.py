"""JSON in the making: values, times and the reasons for holding none."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from connectors.ward_mllp.mapping.fields import Fields
from hub.ages import EARLIEST_YEAR, LATEST_YEAR
from hub.errors import InvalidResource
from hub.fhir.reading import CLEARED
from hub.fhir.systems import DATA_ABSENT_REASON
from hub.hl7v2 import (
    NULL,
    Null,
    Precision,
    Timestamp,
    Value,
    calendar_day_from,
    timestamp_from,
)
from hub.hl7v2.timestamp import LONDON

Json: TypeAlias = dict[str, Any]
"""A FHIR element."""

_WHOLE_DATE: Final = len("20261125")
_DATE: Final = len("2026-11-25")

UNREADABLE: Final = "error"
UNKNOWN: Final = "unknown"
"""Reasons for which a value is absent."""


def moment_at(
    fields: Fields, number: int, not_after: datetime | None = None
) -> Timestamp | Null | None:
    """The point in time in a field, known to the day at least.

    Raises:
        InvalidResource: It cannot be read, or says only the month or year.
    """
    value = fields.value(number)
    if value is None or value is NULL:
        return value
    try:
        moment = _read(value)
    except InvalidResource:
        moment = timestamp_from(value, fields.place(number))  # again, to name the place
    if moment.ambiguous and not_after is not None:
        moment = timestamp_from(value, "", not_after=not_after)
    if moment.precision < Precision.DAY:
        raise InvalidResource("Give at least the day.", expression=fields.place(number))
    return moment


def readable_moment(text: str) -> Timestamp | None:
    """The point in time that a text says, known to the day at least; None when it cannot be read so."""
    try:
        moment = _read(text)
    except InvalidResource:
        return None
    return moment if moment.precision >= Precision.DAY else None


def day_from(text: str) -> str | None:
    """A FHIR date, as much of it as was written; None when it cannot be read."""
    try:
        if len(text) == _WHOLE_DATE and text.isascii() and text.isdigit():  # nearly always
            day = date.fromisoformat(text)
            return day.isoformat() if EARLIEST_YEAR <= day.year <= LATEST_YEAR else None
        return str(calendar_day_from(text, ""))
    except (InvalidResource, ValueError):
        return None


def date_time_of(moment: Timestamp) -> str:
    """A FHIR dateTime: a date when only that was sent, else local time with its offset."""
    return date_of(moment) if moment.precision is Precision.DAY else time_of(moment)


def date_of(moment: Timestamp) -> str:
    """A FHIR date: the day in Europe/London."""
    return time_of(moment)[:_DATE]


@lru_cache(maxsize=1024)
def time_of(moment: Timestamp) -> str:
    """A FHIR instant: local time with its offset, whatever was sent."""
    return moment.instant.astimezone(LONDON).isoformat()


def absent(reason: str) -> Json:
    """An element that says why it holds nothing."""
    return {"extension": [{"url": DATA_ABSENT_REASON, "valueCode": reason}]}


def cleared() -> Json:
    """An element that clears what was known: HL7 null."""
    return absent(CLEARED)


def put(element: Json, name: str, value: Value) -> None:
    """Write a primitive: text as it is, null as cleared, nothing not at all."""
    if value is NULL:
        element[f"_{name}"] = cleared()
    elif value is not None:
        element[name] = value


def code_of(value: str) -> str:
    """A code as FHIR writes it: one blank between words."""
    return value if value.isalnum() else " ".join(value.split())


@lru_cache(maxsize=1024)
def _read(text: str) -> Timestamp:
    """Messages name the same minute three times, and the next message names it again."""
    return timestamp_from(text, "")
