"""Reading JSON that claims to be FHIR: every getter names the place when it is not what it claims.

A place is FHIRPath, such as `Bundle.entry[2].resource.birthDate`. No reason holds a value of the
resource. Nothing here calls itself, so nesting costs nothing, and every list and text has an end.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from hub.ages import EARLIEST_YEAR, LATEST_YEAR
from hub.errors import InvalidResource
from hub.fhir.systems import DATA_ABSENT_REASON, canonical
from hub.records import Coding, Identifier, Precision

Element: TypeAlias = Mapping[str, Any]
"""A JSON object: a resource or a part of one."""

MOST_ITEMS: Final = 200
"""Of one list inside a resource. More is refused: no person has so many names."""
LONGEST_TEXT: Final = 2_000
"""Characters of one text that is read. Narrative and notes are not read."""
NUL: Final = "\0"
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


def resource_from(value: object, resource_type: str, path: str) -> Element:
    """The resource at `path`, if it is of that type and changes no meaning that we do not know."""
    resource = element_from(value, path)
    if resource.get("resourceType") != resource_type:
        raise InvalidResource(
            f"Expected a {resource_type} resource.", expression=path, code="unexpected-resource"
        )
    if resource.get("implicitRules") is not None:
        raise InvalidResource(
            "No implicit rules are understood.", expression=f"{path}.implicitRules"
        )
    return unmodified(resource, path)


def unmodified(element: Element, path: str) -> Element:
    """The same element, refused when a modifier extension could turn its meaning round."""
    if element.get("modifierExtension"):
        raise InvalidResource(
            "No modifier extension is understood.",
            expression=f"{path}.modifierExtension",
            code="modifier",
        )
    return element


def element_from(value: object, path: str) -> Element:
    """A JSON object."""
    if not isinstance(value, dict):
        raise InvalidResource("Expected a JSON object.", expression=path, code="structure")
    return value


def element_at(element: Element, name: str, path: str) -> Element | None:
    """The object at `name`, if there is one."""
    value = element.get(name)
    return None if value is None else element_from(value, f"{path}.{name}")


def elements_at(element: Element, name: str, path: str) -> Sequence[tuple[str, Element]]:
    """The objects of the list at `name`, each with its place."""
    values = element.get(name)
    if values is None:
        return ()
    place = f"{path}.{name}"
    found = [
        (f"{place}[{position}]", value) for position, value in enumerate(_list_from(values, place))
    ]
    for within, value in found:
        element_from(value, within)
    return found


def text_at(element: Element, name: str, path: str) -> str | None:
    """The text at `name` without blanks around it; an empty one is no text."""
    value = element.get(name)
    if value is None:
        return None
    if type(value) is str and value.isascii() and len(value) <= LONGEST_TEXT and NUL not in value:
        return value.strip() or None  # nearly every text
    return _text_from(value, f"{path}.{name}")


def texts_at(element: Element, name: str, path: str) -> tuple[str, ...]:
    """The texts of the list at `name`; nulls, which stand for extensions, and blanks fall out."""
    values = element.get(name)
    if values is None:
        return ()
    place = f"{path}.{name}"
    texts = (_text_from(value, place) for value in _list_from(values, place) if value is not None)
    return tuple([text for text in texts if text])


def code_at(element: Element, name: str, path: str, allowed: frozenset[str]) -> str | None:
    """The code at `name`, which the standard binds to a closed list."""
    code = text_at(element, name, path)
    if code is not None and code not in allowed:
        raise InvalidResource(
            f"Use one of: {', '.join(sorted(allowed))}.", expression=f"{path}.{name}", code="value"
        )
    return code


def required(value: str | None, name: str, path: str) -> str:
    """A text that must be there."""
    if value is None:
        raise InvalidResource("This is required.", expression=f"{path}.{name}", code="required")
    return value


def boolean_at(element: Element, name: str, path: str) -> bool | None:
    """True, false or nothing."""
    value = element.get(name)
    if value is not None and not isinstance(value, bool):
        raise InvalidResource(
            "Expected true or false.", expression=f"{path}.{name}", code="structure"
        )
    return value


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


def codings_at(element: Element, name: str, path: str) -> tuple[Coding, ...]:
    """The codings of the CodeableConcept at `name`."""
    concept = element_at(element, name, path)
    return () if concept is None else codings_from(concept, f"{path}.{name}")


def codings_in(element: Element, name: str, path: str) -> tuple[Coding, ...]:
    """The codings of all CodeableConcepts of the list at `name`."""
    return tuple(
        [
            coding
            for place, concept in elements_at(element, name, path)
            for coding in codings_from(concept, place)
        ]
    )


def codings_from(concept: Element, path: str) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept; one without a code carries its text as display."""
    codings = [
        coding
        for place, item in elements_at(concept, "coding", path)
        if (coding := coding_from(item, place)) is not None
    ]
    if not codings and (text := text_at(concept, "text", path)) is not None:
        return (Coding(system="", code="", display=text),)
    return tuple(codings)


def first_code_at(element: Element, name: str, path: str) -> str | None:
    """The first code of the CodeableConcept at `name`, whatever its system."""
    concept = element_at(element, name, path)
    if concept is None:
        return None
    for place, item in elements_at(concept, "coding", f"{path}.{name}"):
        code = text_at(item, "code", place)
        if code is not None:
            return code
    return None


def coding_from(element: Element, path: str) -> Coding | None:
    """A Coding, its system as the system's owner writes it; None without a code."""
    code = text_at(element, "code", path)
    if code is None:
        return None
    system = text_at(element, "system", path)
    return Coding(
        system="" if system is None else canonical(system),
        code=code,
        display=text_at(element, "display", path),
    )


def best_of(codings: tuple[Coding, ...], systems: frozenset[str]) -> Coding | None:
    """The first coding of a known system, else the first."""
    for coding in codings:
        if coding.system in systems:
            return coding
    return codings[0] if codings else None


def identifier_from(element: Element, path: str) -> Identifier | None:
    """An Identifier with the code of its type; None without a value."""
    value = text_at(element, "value", path)
    if value is None:
        return None
    system = text_at(element, "system", path)
    return Identifier(
        system="" if system is None else canonical(system),
        value=value,
        type=first_code_at(element, "type", path),
    )


def extensions_at(
    element: Element, urls: frozenset[str], path: str
) -> Iterator[tuple[str, Element]]:
    """The extensions with one of these URLs, each with its place."""
    if element.get("extension") is None:
        return
    for place, extension in elements_at(element, "extension", path):
        url = extension.get("url")
        if isinstance(url, str) and canonical(url) in urls:
            yield place, extension


def absent_reason(element: object) -> str | None:
    """Why this element holds no value, in the standard's word, if it says so."""
    if not isinstance(element, dict):
        return None
    extensions = element.get("extension")
    if not isinstance(extensions, list):
        return None
    for extension in extensions:
        if isinstance(extension, dict) and extension.get("url") == DATA_ABSENT_REASON:
            code = extension.get("valueCode")
            return code if isinstance(code, str) else None
    return None


def is_cleared(element: Element, name: str) -> bool:
    """Whether the sender clears what was known at `name`: data-absent-reason `not-applicable`.

    Any other reason (unknown, masked, asked but declined, error) is no news.
    """
    return _says_cleared(element.get("_" + name)) or _says_cleared(element.get(name))


def _says_cleared(value: object) -> bool:
    for part in value if isinstance(value, list) else (value,):
        if isinstance(part, dict) and "extension" in part and absent_reason(part) == CLEARED:
            return True
    return False


CLEARED: Final[Literal["not-applicable"]] = "not-applicable"


def _list_from(values: object, path: str) -> list[Any]:
    if not isinstance(values, list):
        raise InvalidResource("Expected a JSON array.", expression=path, code="structure")
    if len(values) > MOST_ITEMS:
        raise InvalidResource(
            f"At most {MOST_ITEMS} are read here.", expression=path, code="too-many"
        )
    return values


def _text_from(value: object, path: str) -> str | None:
    if not isinstance(value, str):
        raise InvalidResource("Expected text.", expression=path, code="structure")
    if len(value) > LONGEST_TEXT:
        raise InvalidResource(
            f"At most {LONGEST_TEXT} characters are read here.", expression=path, code="too-long"
        )
    if not _is_storable(value):
        raise InvalidResource(
            "The text holds a character that cannot be stored.", expression=path, code="structure"
        )
    return value.strip() or None


def _is_storable(text: str) -> bool:
    """Databases refuse NUL, and UTF-8 has no half of a surrogate pair."""
    if NUL in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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
