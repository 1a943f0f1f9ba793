"""What stands in each type of FHIR R4, read from the published schema: which elements are lists, and of what."""

from collections.abc import Mapping
from typing import Final

import orjson

from connectors.fhir_api.validation import NoSchema
from connectors.fhir_api.xml_body import RESOURCE, Part, Value
from hub.fhir.reading import Element

TEXT: Final = "string"
ELEMENT: Final = "Element"
"""What a primitive is besides its value: an id and extensions."""
VALUES: Final[Mapping[str, Value]] = {"boolean": "truth", "number": "number"}
"""JSON's types of primitives; every other one is text."""


class R4Structures:
    """The elements of all types.

    Args:
        schema: The published schema, as a file's bytes.

    Raises:
        NoSchema: The bytes are something else.
    """

    def __init__(self, schema: bytes) -> None:
        try:
            whole = orjson.loads(schema)
            self._types = frozenset(whole["discriminator"]["mapping"])
            self._definitions: dict[str, Element] = whole["definitions"]
        except (ValueError, TypeError, KeyError):
            raise NoSchema("This is not HL7's JSON schema of FHIR R4.") from None
        self._parts: dict[tuple[str, str], Part | None] = {}

    def knows(self, resource_type: str) -> bool:
        """Whether FHIR R4 has a resource type of that name."""
        return resource_type in self._types

    def part(self, kind: str, name: str) -> Part | None:
        """An element of a type; None when it has none of that name."""
        if (kind, name) not in self._parts:
            published = self._definitions.get(kind, {}).get("properties", {}).get(name)
            if published is None:
                return None  # names of a message are not kept
            self._parts[kind, name] = self._part_from(published)
        return self._parts[kind, name]

    def _part_from(self, published: Element) -> Part:
        repeats = published.get("type") == "array"
        one = published["items"] if repeats else published
        kind = str(one.get("$ref", "")).rpartition("/")[2]
        definition = self._definitions.get(kind, one)
        if kind == RESOURCE or "properties" in definition:
            return Part(kind, repeats, None)
        return Part(ELEMENT, repeats, VALUES.get(definition.get("type", TEXT), "text"))
