"""HL7's JSON schema of FHIR R4, compiled. It knows codes and cardinality; what it misses is checked by `hub.fhir`.

What a validator says of a fault may quote the message, so none of its texts is used: reasons are made of what the
schema says, and places of names that the schema knows.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import orjson
from jsonschema_rs import Draft6Validator, ValidationError, ValidationErrorKind

from hub.fhir.conformance import Fault, Place
from hub.fhir.reading import Element

SCHEMA_ID: Final = "http://hl7.org/fhir/json-schema/4.0"
MOST_CODES: Final = 30
"""A closed list of codes that is longer is not written out."""
REFERENCE: Final = re.compile(rb'"#/definitions/(\w+)"')

OURS: Final[Mapping[str, Element]] = {
    # A resource inside a resource is held against its own type, which names the place of the fault.
    "ResourceList": {"type": "object", "required": ["resourceType"]},
    # R5 allows any white space: a no-break space in a name is no fault of the sender.
    "string": {"type": "string", "minLength": 1},
    "markdown": {"type": "string", "minLength": 1},
}
"""Definitions that stand in the place of the published ones."""

TYPES: Final = {
    "string": "text",
    "object": "a JSON object",
    "array": "a JSON array",
    "boolean": "true or false",
    "number": "a number",
}


class NoSchema(ValueError):
    """The file is not the JSON schema of FHIR R4."""


class R4Schema:
    """The shapes of all resource types; each is compiled once.

    Args:
        schema: The published schema, as a file's bytes.
        ready: Types to compile at once; others are when the first one comes.

    Raises:
        NoSchema: The bytes are something else.
    """

    def __init__(self, schema: bytes, ready: Iterable[str] = ()) -> None:
        try:
            whole = orjson.loads(schema)
            if whole["id"] != SCHEMA_ID:
                raise NoSchema
            self._draft = whole["$schema"]
            self._types = frozenset(whole["discriminator"]["mapping"])
            self._definitions = {**objects(whole["definitions"]), **OURS}
        except (ValueError, TypeError, KeyError):
            raise NoSchema("This is not HL7's JSON schema of FHIR R4.") from None
        self._validators: dict[str, Draft6Validator] = {}
        for resource_type in ready:
            self._validator(resource_type)

    def knows(self, resource_type: str) -> bool:
        """Whether FHIR R4 has a resource type of that name."""
        return resource_type in self._types

    def first_fault(self, resource_type: str, resource: Element) -> Fault | None:
        """The first fault of a resource, not of those inside it: of one object what it misses before what it holds.

        No other is looked for: a body of 450 KB with 150,000 of them took 3 seconds.
        """
        validator = self._validator(resource_type)
        if validator.is_valid(resource):
            return None
        try:
            validator.validate(plain(resource))
        except ValidationError as error:
            return fault_from(error, resource)
        return None

    def _validator(self, resource_type: str) -> Draft6Validator:
        if resource_type not in self._validators:
            self._validators[resource_type] = Draft6Validator(
                {
                    "$schema": self._draft,
                    "$ref": f"#/definitions/{resource_type}",
                    "definitions": self._needed_by(resource_type),
                }
            )
        return self._validators[resource_type]

    def _needed_by(self, name: str) -> dict[str, Element]:
        """A definition and all that it refers to: a fifth of the whole."""
        found: dict[str, Element] = {}
        waiting = [name]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found[each] = self._definitions[each]
                waiting += (
                    other.decode() for other in REFERENCE.findall(orjson.dumps(found[each]))
                )
        return found


def objects(definitions: Mapping[str, Element]) -> dict[str, Element]:
    """The definitions, where what has elements is an object: the published ones let a text stand for a name."""
    return {
        name: {"type": "object", **each} if "properties" in each else each
        for name, each in definitions.items()
    }


def fault_from(error: ValidationError, resource: Element) -> Fault:
    """A fault of `plain(resource)` in words of the schema, with its place in the resource as sent."""
    place = place_as_sent(resource, (*error.instance_path,))
    match error.kind:
        case ValidationErrorKind.Required(property=name):
            return Fault((*place, name), "This is required.", "required")
        case ValidationErrorKind.Type(types=types):
            expected = " or ".join(TYPES.get(each, "a value") for each in types)
            return Fault(place, f"Expected {expected}.", "structure")
        case ValidationErrorKind.Enum(options=codes) if len(codes) <= MOST_CODES:
            return Fault(place, f"Use one of: {', '.join(map(str, codes))}.", "value")
        case ValidationErrorKind.AdditionalProperties(unexpected=names):
            number = position_of(names[0], part_at(resource, place))
            return Fault(place, f"FHIR R4 has no such element here: number {number}.", "unknown")
        case ValidationErrorKind.Pattern() | ValidationErrorKind.MinLength():
            kind = str(error.schema_path[-2])
            return Fault(place, f"This is no {kind} of FHIR R4.", "value")
        case _:
            return Fault(place, "This is not as FHIR R4 has it.", "value")


def position_of(name: str, element: object) -> int:
    """Where a name stands among those of its object, from 1: the name itself could be something of a person."""
    return 1 + list(element).index(name) if isinstance(element, dict) else 1


def plain(value: object) -> object:
    """The same with names in order, so that faults are found in the order of places, and without stand-ins.

    Those are nulls in a list of primitives whose extensions stand in the list beside it. FHIR has it so in JSON
    (`given`, `_given`); the published schema does not know it.
    """
    match value:
        case dict():
            return {name: plain(items_of(value, name)) for name in sorted(value)}
        case list():
            return [plain(each) if isinstance(each, dict | list) else each for each in value]
        case _:
            return value


def items_of(element: Element, name: str) -> object:
    """What stands under a name; of a list with a list beside it, what is no null."""
    value = element[name]
    if not stands_beside_another(element, name):
        return value
    return [each for each in value if each is not None]


def stands_beside_another(element: Element, name: str) -> bool:
    """Whether this is a list of primitives, or of their extensions, and the other one is there too."""
    beside = name[1:] if name.startswith("_") else f"_{name}"
    return isinstance(element[name], list) and isinstance(element.get(beside), list)


def place_as_sent(resource: Element, place: Place) -> Place:
    """A place in what `plain` makes of a resource, as the place in the resource."""
    found: list[str | int] = []
    whole: object = resource
    is_short = False
    for step in place:
        here = step
        if isinstance(whole, list) and isinstance(step, int) and is_short:
            here = [number for number, each in enumerate(whole) if each is not None][step]
        is_short = isinstance(whole, dict) and stands_beside_another(whole, str(step))
        found.append(here)
        whole = part_at(whole, (here,))
    return (*found,)


def part_at(whole: object, place: Place) -> object:
    """What stands at a place; None when there is nothing."""
    for step in place:
        match whole, step:
            case dict(), _:
                whole = whole.get(step)
            case list(), int() if step < len(whole):
                whole = whole[step]
            case _:
                return None
    return whole
