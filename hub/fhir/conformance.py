"""Whether a resource has the shape that FHIR R4 publishes. The published schema itself is handed in, compiled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from hub.errors import InvalidResource
from hub.fhir.reading import Element

Place: TypeAlias = tuple[str | int, ...]
"""Names and positions on the way from a resource to one of its elements."""

UNKNOWN: Final = "Resource"


class NotSupported(InvalidResource):
    """Of a kind that is not read here."""

    issue_code = "not-supported"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a resource is not as published, and why in words of the standard: never a value of the resource."""

    place: Place
    reason: str
    code: str


class Shapes(Protocol):
    """The published shapes of all resource types."""

    def knows(self, resource_type: str) -> bool:
        """Whether FHIR R4 has a resource type of that name."""
        ...

    def first_fault(self, resource_type: str, resource: Element) -> Fault | None:
        """The first fault of a resource, not of those inside it; None when there is none."""
        ...


def refuse_malformed(body: object, shapes: Shapes) -> None:
    """Hold a resource, and each one inside it, against the shape of its type.

    Raises:
        NotSupported: A resource type that FHIR R4 does not have.
        InvalidResource: The first place that is not as published.
    """
    if not isinstance(body, dict):
        raise InvalidResource("Expected a JSON object.", expression=UNKNOWN, code="structure")
    waiting: list[tuple[str, Element]] = [("", body)]
    while waiting:
        path, resource = waiting.pop()
        kind = known_type(resource, path or UNKNOWN, shapes)
        path = path or kind
        fault = shapes.first_fault(kind, resource)
        if fault is not None:
            raise InvalidResource(
                fault.reason, expression=expression_of(path, fault.place), code=fault.code
            )
        waiting.extend(reversed([*inside(resource, path)]))


def known_type(resource: Element, path: str, shapes: Shapes) -> str:
    """The type that a resource says it is."""
    kind = resource.get("resourceType")
    if kind is None:
        raise InvalidResource(
            "This is required.", expression=f"{path}.resourceType", code="required"
        )
    if not isinstance(kind, str) or not shapes.knows(kind):
        raise NotSupported(
            "FHIR R4 has no resource of this type.",
            expression=f"{path}.resourceType",
            code="not-supported",
        )
    return kind


def inside(resource: Element, path: str) -> Iterator[tuple[str, Element]]:
    """The resources that one of the right shape holds: those of a Bundle, and contained ones."""
    for number, each in enumerate(resource.get("contained", ())):
        yield f"{path}.contained[{number}]", each
    if resource.get("resourceType") == "Bundle":
        for number, entry in enumerate(resource.get("entry", ())):
            if "resource" in entry:
                yield f"{path}.entry[{number}].resource", entry["resource"]


def expression_of(path: str, place: Place) -> str:
    """FHIRPath of a place; what JSON says beside a primitive (`_birthDate`) belongs to the primitive."""
    parts = (
        f"[{part}]" if isinstance(part, int) else f".{part.removeprefix('_')}" for part in place
    )
    return path + "".join(parts)
