"""What forms of the pages share: what was typed, what is wrong with it, who typed it and when it was done.

Field names are the names of the controls and the ids of their first element, so that a page can link to them.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from connectors.portal.words import LONDON, MONTHS
from hub.outcomes import KEPT, STAFF_ID

NONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
VERSION: Final = re.compile(r"[1-9][0-9]{0,8}")
TIME: Final = re.compile(r"([0-9]{1,2})(?:[:. ]?([0-9]{2}))?\s*([ap]m)?", re.IGNORECASE)
SMALL_NUMBER: Final = re.compile(r"[0-9]{1,4}")

CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""A ward's clock may be ahead of the hub's by this much; what lies further ahead is a slip of the pen."""

Typed = Mapping[str, str]
"""Field -> what was typed, without spaces around it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form.

    Attributes:
        field: The control to go to.
        text: What is wrong, and what to do, in one sentence.
    """

    field: str
    text: str


Faults = tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who answers, having seen what, and when it was done.

    Attributes:
        by: A staff id.
        at: None = now.
        nonce: Tells this form from every other.
    """

    by: str
    at: datetime | None
    nonce: str
    seen_version: int


WORN_OUT: Final = Fault("form", "This form cannot be used any more. Open it again from the list.")


def as_filled_in(typed: Typed, faults: Faults, *, not_saved: bool) -> dict[str, object]:
    """What the templates of every form need: what was typed, and what is wrong with it."""
    return {
        "typed": defaultdict(str, typed),
        "faults": faults,
        "fault_of": defaultdict(str, {each.field: each.text for each in reversed(faults)}),
        "not_saved": not_saved,
    }


def staff_id_fault(staff_id: str) -> Faults:
    """A staff id names somebody to their organisation alone, so a name is refused."""
    if not staff_id:
        return (Fault("staff_id", "Enter your staff ID"),)
    if not STAFF_ID.fullmatch(staff_id):
        return (
            Fault("staff_id", "Enter your staff ID, such as 40123456: with a number, not a name"),
        )
    return ()


def hidden_fault(typed: Typed) -> Faults:
    """The fields that nobody types."""
    fine = NONCE.fullmatch(typed.get("nonce", "")) and VERSION.fullmatch(typed.get("version", ""))
    return () if fine else (WORN_OUT,)


def said_from(typed: Typed, at: datetime | None) -> Said:
    """From a form without faults."""
    return Said(
        by=typed["staff_id"], at=at, nonce=typed["nonce"], seen_version=int(typed["version"])
    )


def when_from(typed: Typed, now: datetime) -> datetime | Fault | None:
    """When something was done: None for now; today, if there is a time but no date."""
    parts = [typed.get(name, "") for name in ("day", "month", "year")]
    time = typed.get("time", "")
    if not any((*parts, time)):
        return None
    if not time:
        return Fault("time", "Enter the time too, such as 14:30")
    clock = time_from(time)
    if clock is None:
        return Fault("time", "Enter a time, such as 14:30 or 2:30pm")
    today = now.astimezone(LONDON)
    numbers = numbers_from(parts) if any(parts) else (today.day, today.month, today.year)
    if numbers is None:
        return Fault("day", "Enter a day, a month and a year, such as 25 11 2026")
    return instant_from(numbers, clock, now)


def instant_from(
    day: tuple[int, int, int], clock: tuple[int, int], now: datetime
) -> datetime | Fault:
    """A day and a time of day in London as an instant that may be true; of a doubled hour the later one, if past."""
    try:
        local = datetime(day[2], day[1], day[0], *clock, tzinfo=LONDON)
    except ValueError:
        return Fault("day", "Enter a real date, such as 25 11 2026")
    latest = now + CLOCKS_DIFFER
    later = local.replace(fold=1).astimezone(UTC)
    at = later if later <= latest else local.astimezone(UTC)
    if at > latest:
        return Fault("day", "Enter a date and time that are not in the future")
    if at < now - KEPT:
        return Fault("day", f"Enter a date in the last {KEPT.days} days")
    return at


def numbers_from(parts: list[str]) -> tuple[int, int, int] | None:
    """Day, month and year; the month may be a word."""
    names = {each[:3].lower(): number for number, each in enumerate(MONTHS, start=1)}
    day, month, year = parts
    month = str(names.get(month[:3].lower(), month))
    if not all(SMALL_NUMBER.fullmatch(each) for each in (day, month, year)):
        return None
    return int(day), int(month), int(year)


def time_from(text: str) -> tuple[int, int] | None:
    """Hour and minute of `14:30`, `14.30`, `1430`, `2:30pm` or `2pm`; None for anything else."""
    found = TIME.fullmatch(text)
    if found is None or not (found[2] or found[3]):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3].lower() == "pm" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None
