"""References: what a resource points at. They are never followed out of a Bundle."""

from dataclasses import dataclass
from typing import Final

from hub.errors import InvalidResource
from hub.fhir.codings import identifier_from
from hub.fhir.reading import Element, element_at, elements_at, text_at
from hub.records import Identifier

_SCHEMES: Final = frozenset({"urn", "http", "https"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer to a resource: by place (`reference`), by identifier, or both.

    Attributes:
        path: Where it stands, to name it in a refusal.
        reference: `Patient/1`, `#contained`, `urn:uuid:…` or an address that names an entry.
        identifier: A logical reference, such as an NHS number.
    """

    path: str
    reference: str | None = None
    identifier: Identifier | None = None


def reference_at(element: Element, name: str, path: str) -> Reference | None:
    """The reference at `name`; None when it points at nothing."""
    value = element_at(element, name, path)
    return None if value is None else reference_from(value, f"{path}.{name}")


def references_at(element: Element, name: str, path: str) -> tuple[Reference, ...]:
    """All references of the list at `name`."""
    return tuple(
        [
            reference
            for place, value in elements_at(element, name, path)
            if (reference := reference_from(value, place)) is not None
        ]
    )


def reference_from(value: Element, path: str) -> Reference | None:
    """Read a Reference.

    Raises:
        InvalidResource: It names a scheme that can never be an entry, such as `file:` or `data:`.
    """
    reference = text_at(value, "reference", path)
    identifier = element_at(value, "identifier", path)
    logical = None if identifier is None else identifier_from(identifier, f"{path}.identifier")
    if reference is None and logical is None:
        return None
    if reference is not None:
        _refuse_strange_scheme(reference, f"{path}.reference")
    return Reference(path, reference, logical)


def _refuse_strange_scheme(reference: str, path: str) -> None:
    scheme, colon, _ = reference.partition(":")
    if (
        colon
        and "/" not in scheme
        and not scheme.startswith("#")
        and scheme.lower() not in _SCHEMES
    ):
        raise InvalidResource(
            "A reference is relative, contained, urn: or http(s):.", expression=path, code="value"
        )
