"""Reading JSON that claims to be FHIR: every getter names the place when it is not what it claims.

A place is FHIRPath, such as `Bundle.entry[2].resource.birthDate`. No reason holds a value of the
resource. Nothing here calls itself, so nesting costs nothing, and every list and text has an end.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from hub.errors import InvalidResource
from hub.fhir.systems import DATA_ABSENT_REASON, canonical

Element: TypeAlias = Mapping[str, Any]
"""A JSON object: a resource or a part of one."""

MOST_ITEMS: Final = 200
"""Of one list inside a resource. More is refused: no person has so many names."""

LONGEST_TEXT: Final = 2_000
"""Characters of one text that is read. Narrative and notes are not read."""

NUL: Final = "\0"


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
