"""Times of the day as hospitals, practices and extracts write them."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")
UTC: Final = ZoneInfo("UTC")
MINUTE: Final = timedelta(minutes=1)


def hl7_time(at: datetime, *, with_offset: bool, seconds: bool = True) -> str:
    """London's clock as HL7 v2 writes it, with its offset where asked, or where the clock shows this hour twice."""
    local = at.astimezone(LONDON)
    written = local.strftime("%Y%m%d%H%M%S" if seconds else "%Y%m%d%H%M")
    return written + local.strftime("%z") if with_offset or shown_twice(local) else written


def shown_twice(local: datetime) -> bool:
    """Whether the clock shows this hour twice: the last Sunday of October."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def fhir_time(at: datetime) -> str:
    """A FHIR instant: London's clock with its offset."""
    return at.astimezone(LONDON).isoformat(timespec="seconds")


def day_of(at: datetime) -> date:
    """The day in London."""
    return at.astimezone(LONDON).date()


def on_day(day: date, clock: time) -> datetime:
    """When London's clock shows a time of a day; UTC."""
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


def to_the_minute(at: datetime) -> datetime:
    """Without seconds; UTC."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)
