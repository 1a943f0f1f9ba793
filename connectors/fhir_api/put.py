"""A resource that its owner sends back: whole or in part, and nothing in it changed but what may be answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from connectors.fhir_api.told import Told
from hub.errors import InvalidResource
from hub.fhir.body import strict_json_from
from hub.fhir.conformance import Shapes, refuse_malformed
from hub.fhir.reading import Element, element_at, elements_at, resource_from, text_at
from hub.fhir.task import RECORDED_BY
from hub.fhir.times import moment_from
from hub.outcomes import KEPT, STAFF_ID
from hub.records import Precision

ALWAYS_FREE: Final = frozenset({"resourceType", "id", "meta", "text", "extension"})
"""What may differ in any resource: the server's own, narrative, and extensions, which nobody must refuse."""


class OtherId(InvalidResource):
    """The id is not the one in the address. FHIR R4 wants 400 for it."""

    http_status = 400


class NotTaken(InvalidResource):
    """Well-formed, but nothing that an answer may change."""

    issue_code = "business-rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A body, read.

    Attributes:
        canonical: The resource with its names in order: the same sent twice is the same.
        received_at: UTC.
        correlation_id: The sender's own, if there is one.
    """

    resource: Element
    canonical: bytes
    received_at: datetime
    correlation_id: UUID | None = None


def resource_put(body: bytes, told: Told, shapes: Shapes | None) -> Element:
    """The resource of a body, if it is of the type and id in the address.

    Raises:
        Undecodable: It is no JSON that is read here.
        InvalidResource: It is not as FHIR R4 publishes it, or of another type.
        OtherId: It has another id, or none.
    """
    resource = strict_json_from(body)
    if shapes is not None:
        refuse_malformed(resource, shapes)
    found = resource_from(resource, told.kind, told.kind)
    if found.get("id") != str(told.id):
        raise OtherId(
            "Send the resource with the id in the address.",
            expression=f"{told.kind}.id",
            code="other-id",
        )
    return found


def canonical(resource: Element) -> bytes:
    """A resource with its names in order."""
    return orjson.dumps(resource, option=orjson.OPT_SORT_KEYS)


def refuse_changes(put: Element, told: Told, free: frozenset[str]) -> None:
    """Refuse what says something else than the hub told. What is left out says nothing, and stays as it is.

    Accepting it in silence would lose it: the hub keeps no copy of a resource, it makes one from what it knows.

    Raises:
        NotTaken: The first element that differs.
    """
    for name, value in put.items():
        if name not in free | ALWAYS_FREE and told.resource.get(name) != value:
            answers = ", ".join(sorted(free))
            raise NotTaken(
                f"This cannot be changed here. Leave it as you read it, or leave it out; answer by: {answers}.",
                expression=f"{told.kind}.{name.removeprefix('_')}",
                code="not-changeable",
            )


def code_in(concept: Element | None, system: str, path: str) -> str | None:
    """The code of one system in a CodeableConcept."""
    if concept is None:
        return None
    for place, coding in elements_at(concept, "coding", path):
        if coding.get("system") == system:
            return text_at(coding, "code", place)
    return None


def one_of(code: str | None, known: Sequence[str], system: str, place: str) -> str:
    """A code of one of the hub's lists.

    Raises:
        InvalidResource: It is none of them.
    """
    if code is None or code not in known:
        raise InvalidResource(
            f"Use one of {', '.join(known)}, of {system}.", expression=place, code="value"
        )
    return code


def recorded_by(resource: Element, kind: str) -> str:
    """The staff id of whoever answered; empty = the organisation.

    Raises:
        InvalidResource: It is no identifier.
    """
    for place, extension in elements_at(resource, "extension", kind):
        if extension.get("url") == RECORDED_BY:
            identifier = element_at(extension, "valueIdentifier", place) or {}
            value = text_at(identifier, "value", f"{place}.valueIdentifier")
            if value is None or STAFF_ID.fullmatch(value) is None:
                raise InvalidResource(
                    "Send a staff id: letters, digits and `._/-`, 64 characters at most, with a digit; never a name.",
                    expression=f"{place}.valueIdentifier.value",
                    code="staff-id",
                )
            return value
    return ""


def done_at(put: Put, kind: str) -> datetime:
    """When it was done: `lastModified`, else when it was received.

    Raises:
        InvalidResource: It is no time of day, or too long ago.
    """
    said = text_at(put.resource, "lastModified", kind)
    if said is None:
        return put.received_at
    moment = moment_from(said, f"{kind}.lastModified")
    if moment.precision is not Precision.MINUTE:
        raise InvalidResource(
            "Say when, with the time of day and an offset.",
            expression=f"{kind}.lastModified",
            code="value",
        )
    if moment.at < put.received_at - KEPT:
        raise InvalidResource(
            f"Say what was done in the last {KEPT.days} days.",
            expression=f"{kind}.lastModified",
            code="too-long-ago",
        )
    return moment.at
