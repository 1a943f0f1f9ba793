"""The envelope of a national notice, in each of the forms in which it is sent.

- Version 2: a CloudEvent 1.0; `subject` is the NHS number, `dataref` says where more can be read.
- Version 1: no CloudEvent; `subject` and `source` are objects, `data` holds a status.
- FHIR: a Bundle of type history whose first entry, Parameters, holds the same; a second one may hold the content.

Sources: CloudEvents 1.0.2 (JSON format, HTTP protocol binding); MNS specification and signal schemas, April 2026.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import orjson

from hub.errors import InvalidResource, Undecodable
from hub.fhir.body import strict_json_from
from hub.fhir.reading import (
    Element,
    element_at,
    element_from,
    elements_at,
    required,
    resource_from,
    text_at,
)
from hub.fhir.times import Day, day_from, moment_from

SPECVERSION: Final = "1.0"
CONTEXT: Final = "additional-context"
"""The parameter in which MNS says what a CloudEvent says in its attributes."""
MOST_EVENTS: Final = 500
"""Of one batch or file."""
MOST_NAME: Final = 300
"""Characters of what names an event, its source or its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One event as sent, whatever its form.

    Attributes:
        id: What its source calls it.
        source: Who said it, as a URI.
        type: Such as `pds-death-notification-2`.
        said_at: `time`, UTC.
        subject: The NHS number, as sent.
        subject_place: Where it stands.
        born: The subject's date of birth, which only version 1 sends.
        dataref: Where its content can be read. It is never followed.
        data: Its content, if it was sent along.
        data_place: Where that stands.
        version: 1 or 2, as the form has it.
    """

    id: str
    source: str
    type: str
    said_at: datetime
    subject: str | None
    subject_place: str
    born: Day | None = None
    dataref: str | None = None
    data: Element | None = None
    data_place: str = "data"
    version: int = 2

    @property
    def referred(self) -> tuple[str, str] | None:
        """Type and id of the resource that `dataref` names; None where it is no address."""
        try:
            path = urlsplit(self.dataref or "").path
        except ValueError:
            return None
        steps = path.rstrip("/").rsplit("/", 2)[-2:]
        return (steps[0], steps[1]) if len(steps) == len(("type", "id")) and all(steps) else None


def parts_of(body: bytes) -> list[tuple[str, bytes]]:
    """The events of a body or file, each with its place: one alone, a JSON array, or one on each line.

    Raises:
        Undecodable: It is no JSON.
        InvalidResource: There are more than `MOST_EVENTS`, or it is larger than anything that is read.
    """
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) > 1 and all(is_object(line) for line in lines):
        return placed(lines)
    if not body.lstrip().startswith(b"["):
        return [("", body)]
    whole = strict_json_from(body)
    return placed([orjson.dumps(each) for each in whole]) if isinstance(whole, list) else []


def placed(parts: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """Several events, each with its number.

    Raises:
        InvalidResource: There are more than `MOST_EVENTS`.
    """
    if len(parts) > MOST_EVENTS:
        reason = f"At most {MOST_EVENTS} events are read at once: send several batches."
        raise InvalidResource(reason, expression="events", code="too-many")
    return [(f"[{number}]", part) for number, part in enumerate(parts)]


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object by its ends."""
    bare = line.strip()
    return bare.startswith(b"{") and bare.endswith(b"}")


def signal_from(event: bytes) -> Signal:
    """Read one event, by its form.

    Raises:
        Undecodable: It is no JSON, or in none of the forms that are read.
        InvalidResource: An attribute is missing or wrong; the place is its name, or a FHIRPath.
    """
    return signal_in(element_from(strict_json_from(event), "event"))


def signal_in(event: Element) -> Signal:
    """The same, of JSON that was read."""
    if event.get("resourceType") == "Bundle":
        return from_fhir(event)
    if "specversion" in event:
        return from_cloud_event(event)
    if isinstance(event.get("subject"), dict) and isinstance(event.get("source"), dict):
        return from_version_1(event)
    raise Undecodable(
        "This is no CloudEvent 1.0, no MNS event of version 1, and no FHIR Bundle of a notification.",
        expression="specversion",
        code="no-signal",
    )


def is_notice(body: object) -> bool:
    """Whether JSON is meant as an event of one of these forms, so that a reason for refusing it is of use."""
    if not isinstance(body, dict):
        return False
    if "resourceType" in body:
        return body["resourceType"] == "Bundle" and CONTEXT in names_of_parameters(body)
    of_version_1 = all(isinstance(body.get(each), dict) for each in ("subject", "source"))
    return "specversion" in body or of_version_1


def names_of_parameters(bundle: Element) -> list[object]:
    """The names of the parameters of the first resource of a Bundle, whatever else it holds."""
    found: object = bundle.get("entry")
    first = found[0] if isinstance(found, list) and found else None
    resource = first.get("resource") if isinstance(first, dict) else None
    parameters = resource.get("parameter") if isinstance(resource, dict) else None
    items = parameters if isinstance(parameters, list) else []
    return [each.get("name") for each in items if isinstance(each, dict)]


def from_cloud_event(event: Element) -> Signal:
    """Version 2."""
    if event.get("specversion") != SPECVERSION:
        raise InvalidResource(
            f"Send CloudEvents {SPECVERSION}.", expression="specversion", code="specversion"
        )
    if "data_base64" in event:
        raise InvalidResource(
            "Send the content as JSON in `data`.", expression="data_base64", code="not-supported"
        )
    return Signal(
        id=name_at(event, "id"),
        source=name_at(event, "source"),
        type=name_at(event, "type"),
        said_at=time_at(event),
        subject=attribute(event, "subject"),
        subject_place="subject",
        dataref=attribute(event, "dataref"),
        data=object_at(event, "data"),
    )


def from_version_1(event: Element) -> Signal:
    """Version 1. Its source, as version 2 writes it: system and value of the identifier."""
    subject = object_at(event, "subject") or {}
    source = object_at(event, "source") or {}
    identifier = element_at(source, "identifier", "source") or {}
    system, value = (
        name_at(identifier, name, "source.identifier.") for name in ("system", "value")
    )
    born = text_at(subject, "dob", "subject")
    return Signal(
        id=name_at(event, "id"),
        source=f"{system}/{value}",
        type=name_at(event, "type"),
        said_at=time_at(event),
        subject=text_at(subject, "nhsNumber", "subject"),
        subject_place="subject.nhsNumber",
        born=None if born is None else day_from(born, "subject.dob"),
        data=object_at(event, "data"),
        version=1,
    )


def from_fhir(bundle: Element) -> Signal:
    """A notification as a Bundle; its id is the event's."""
    resources = list(entries_in(bundle))
    if not resources or resources[0][1].get("resourceType") != "Parameters":
        raise Undecodable(
            "A Bundle of a notification begins with Parameters.",
            expression="Bundle.entry[0].resource",
            code="no-signal",
        )
    place, parameters = resources[0]
    context = dict(parts_in(parameters, CONTEXT, place))
    event = dict(parts_in(parameters, "notification-event", place))
    subject_place, subject = context.get("subject", (f"{place}.parameter", {}))
    moment_place, moment = event.get(
        "timestamp", ("Bundle", {"valueInstant": bundle.get("timestamp")})
    )
    focus_place, focus = event.get("focus", (place, {}))
    data_place, data = resources[1] if len(resources) > 1 else ("data", {})
    return Signal(
        id=name_at(bundle, "id", "Bundle."),
        source=part_text(context, "source", "valueUri", place),
        type=part_text(context, "event-type", "valueString", place),
        said_at=moment_from(
            required(text_at(moment, "valueInstant", moment_place), "valueInstant", moment_place),
            f"{moment_place}.valueInstant",
        ).at,
        subject=identified(subject, subject_place),
        subject_place=f"{subject_place}.valueReference.identifier.value",
        dataref=text_at(
            element_at(focus, "valueReference", focus_place) or {}, "reference", focus_place
        ),
        data=data or None,
        data_place=data_place,
    )


def entries_in(bundle: Element) -> Iterator[tuple[str, Element]]:
    """The resources of a Bundle with their places; one that was sent empty is passed over."""
    whole = resource_from(bundle, "Bundle", "Bundle")
    for place, entry in elements_at(whole, "entry", "Bundle"):
        resource = element_at(entry, "resource", place)
        if resource:
            yield f"{place}.resource", resource


def parts_in(
    parameters: Element, name: str, place: str
) -> Iterator[tuple[str, tuple[str, Element]]]:
    """Name -> place and part, of the parameter of this name."""
    for at, parameter in elements_at(parameters, "parameter", place):
        if parameter.get("name") == name:
            for within, part in elements_at(parameter, "part", at):
                yield text_at(part, "name", within) or "", (within, part)


def part_text(parts: Mapping[str, tuple[str, Element]], name: str, value: str, place: str) -> str:
    """The text of a part, as a name."""
    at, part = parts.get(name, (f"{place}.parameter.{name}", {}))
    return name_at(part, value, f"{at}.")


def identified(part: Element, place: str) -> str | None:
    """The value of the identifier of a reference."""
    reference = element_at(part, "valueReference", place) or {}
    identifier = element_at(reference, "identifier", f"{place}.valueReference") or {}
    return text_at(identifier, "value", f"{place}.valueReference.identifier")


def attribute(event: Element, name: str) -> str | None:
    """A context attribute of a CloudEvent: a text that is not empty."""
    value = event.get(name)
    if value is not None and (not isinstance(value, str) or not value.strip()):
        raise InvalidResource(
            "Expected a text that is not empty.", expression=name, code="structure"
        )
    return value.strip() if isinstance(value, str) else None


def name_at(event: Element, name: str, before: str = "") -> str:
    """A text that must be there and is a name, so no longer than one."""
    value = event.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_NAME:
        raise InvalidResource(
            f"This is required, as a text of at most {MOST_NAME} characters.",
            expression=f"{before}{name}",
            code="required",
        )
    return value.strip()


def time_at(event: Element) -> datetime:
    """`time`, which orders what is said of a person."""
    return moment_from(name_at(event, "time"), "time").at


def object_at(event: Element, name: str) -> Element | None:
    """The object at `name`."""
    value = event.get(name)
    if value is not None and not isinstance(value, dict):
        raise InvalidResource("Expected a JSON object.", expression=name, code="structure")
    return value
