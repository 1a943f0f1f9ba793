"""Bytes to JSON, with a refusal that says what to do.

Two readers: one for what the hub itself keeps, and one for what comes through a door, which refuses everything that
two readers could understand differently or that costs more than it is worth. Nothing here calls itself.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

import orjson

from hub.errors import InvalidResource, Undecodable

MOST_DEPTH: Final = 64
"""Objects and lists inside one another."""
MOST_PARTS: Final = 50_000
"""Objects and lists of one body: 1,000 entries of 50 parts each."""
MOST_VALUES: Final = 200_000
"""Of one body, in all its objects and lists."""
MOST_ITEMS: Final = 5_000
"""Of any one list."""
LONGEST_TEXT: Final = 64 * 1024
"""Bytes of any one text, read or not."""
MOST_DIGITS: Final = 30
"""Characters of any one number."""
SHOWN_DEPTH: Final = 16
"""How deep a place is followed in words; what lies deeper is named by what it lies in."""

RESOURCES: Final = frozenset(
    {
        *("Bundle", "Condition", "Consent", "Encounter", "Flag", "Observation"),
        *("Patient", "RelatedPerson", "ServiceRequest", "Task"),
    }
)
"""Types that a place may begin with before anything is known of the body."""

NUL: Final = "\0"
_NUL_ESCAPED: Final = b"\\u0000"
_TEXT: Final = re.compile(rb'("[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z))', re.DOTALL)
"""A text, or the rest of what is no JSON; either way each byte is looked at once."""
_LONG_NUMBER: Final = re.compile(rb"[0-9.eE+-]{%d}" % (MOST_DIGITS + 1))
_ELEMENT: Final = re.compile(r"_?[a-z](?:[A-Za-z]|Base64){0,63}", re.ASCII)
"""A name as FHIR's elements have one: no other holds a figure."""
_BRACKETS: Final = bytes.maketrans(b"[]", b"{}")
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))


class Twice(dict[str, object]):
    """An object that says one of its names twice."""


class NotRead(str):
    """A number that is none, or that no two readers would read alike."""

    __slots__ = ()


def json_from(body: bytes) -> object:
    """The JSON that the hub keeps: it came through `strict_json_from`, or is the hub's own.

    Raises:
        Undecodable: It is no JSON, or no UTF-8.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Undecodable(
            f"The body is not JSON: it breaks off at character {error.pos}.",
            expression="Bundle",
            code="not-json",
        ) from None


def strict_json_from(body: bytes) -> object:
    """The JSON in bytes from outside. What is suspicious at a glance is looked at closely, and placed.

    Raises:
        Undecodable: It is no JSON, says a name twice, or holds a number or character that cannot be kept.
        InvalidResource: It is deeper, or has more or longer parts, than anything that is read.
    """
    if body.count(b"{") + body.count(b"[") > MOST_PARTS:
        raise _too_large(body)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _unreadable(body, error.pos) from None
    pieces = _TEXT.split(body)
    bare = b"".join(pieces[::2])
    if _peeled(bare):
        raise InvalidResource(
            f"At most {MOST_DEPTH} levels are read.", expression=_deep_place(value), code="too-deep"
        )
    if bare.count(b",") > MOST_VALUES:
        raise _too_many(MOST_VALUES)
    longest_text = max(map(len, pieces[1::2]), default=0)
    if longest_text > LONGEST_TEXT or _is_suspicious(body, bare, value):
        _refuse_what_is_wrong(_as_sent(body))
    return value


def _too_large(body: bytes) -> InvalidResource | Undecodable:
    """The refusal of what is not even read: by its beginning it is deep, or it is long."""
    if len(_peeled(b"".join(_TEXT.split(body[:LONGEST_TEXT])[::2]))) > MOST_DEPTH:
        return Undecodable(
            f"At most {MOST_DEPTH} levels are read.", expression="Resource", code="too-deep"
        )
    return _too_many(MOST_PARTS)


def _too_many(most: int) -> InvalidResource:
    return InvalidResource(
        f"At most {most} parts are read: send several bodies.",
        expression="Resource",
        code="too-many",
    )


def _unreadable(body: bytes, position: int) -> Undecodable:
    """The refusal of what is no JSON; a more lenient reader may find the place of the fault."""
    try:
        if body.count(b",") <= MOST_VALUES:
            _refuse_what_is_wrong(_as_sent(body))
    except Undecodable as refusal:
        return refusal
    except (InvalidResource, ValueError, RecursionError):
        pass
    return Undecodable(
        f"The body is not JSON: it breaks off at character {position}, or nests deeper than {MOST_DEPTH} levels.",
        expression="Resource",
        code="not-json",
    )


def _peeled(bare: bytes) -> bytes:
    """The brackets that are left when the innermost ones were taken away as often as they may nest."""
    brackets = bare.translate(_BRACKETS, _NOT_BRACKETS)
    for _ in range(MOST_DEPTH):
        if not brackets:
            break
        brackets = brackets.replace(b"{}", b"")
    return brackets


def _is_suspicious(body: bytes, bare: bytes, value: object) -> bool:
    """Whether a closer look is worth its price; what looks wrong here may still be right."""
    names, longest_list = _counted(value)
    return (
        _NUL_ESCAPED in body
        or _LONG_NUMBER.search(bare) is not None
        or longest_list > MOST_ITEMS
        or names != bare.count(b":")
    )


def _counted(whole: object) -> tuple[int, int]:
    """How many names there are in all objects, and how many items in the longest list."""
    names = longest = 0
    waiting = [whole]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            names += len(part)
            waiting += part.values()
        elif isinstance(part, list):
            longest = max(longest, len(part))
            waiting += part
    return names, longest


def _as_sent(body: bytes) -> object:
    """The body as a lenient reader has it, with what was said twice and what is no number marked."""
    return json.loads(
        body,
        object_pairs_hook=_object,
        parse_int=_number,
        parse_float=_number,
        parse_constant=NotRead,
    )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Twice(found)


def _number(digits: str) -> object:
    return NotRead(digits) if len(digits) > MOST_DIGITS or "inf" in repr(float(digits)) else 0


def _refuse_what_is_wrong(whole: object) -> None:
    for place, part, _ in _parts(whole):
        match part:
            case Twice():
                raise Undecodable(
                    "A name stands here twice.", expression=place, code="duplicate-key"
                )
            case NotRead():
                raise Undecodable(
                    f"Expected a number of at most {MOST_DIGITS} digits.",
                    expression=place,
                    code="number",
                )
            case str():
                _refuse_text(part, place)
            case dict():
                for name in part:
                    _refuse_text(name, place)
            case list() if len(part) > MOST_ITEMS:
                raise InvalidResource(
                    f"At most {MOST_ITEMS} items are read here.", expression=place, code="too-many"
                )
            case _:
                pass


def _refuse_text(text: str, place: str) -> None:
    try:
        length = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        length = -1
    if length < 0 or NUL in text:
        raise Undecodable(
            "The text holds a character that cannot be stored.", expression=place, code="character"
        )
    if length > LONGEST_TEXT:
        raise InvalidResource(
            f"At most {LONGEST_TEXT} bytes of text are read.", expression=place, code="too-long"
        )


def _deep_place(value: object) -> str:
    """The first place that lies too deep; the whole where a name that came again hides it."""
    return next((place for place, _, depth in _parts(value) if depth > MOST_DEPTH), "Resource")


def _parts(whole: object) -> Iterator[tuple[str, object, int]]:
    """Every part with its place and depth, in the order in which it stands.

    A name that no standard would give stays out of the place: it could be something of a person.
    """
    root = whole.get("resourceType") if isinstance(whole, dict) else None
    waiting = [(root if isinstance(root, str) and root in RESOURCES else "Resource", whole, 1)]
    while waiting:
        place, part, depth = waiting.pop()
        yield place, part, depth
        match part:
            case dict():
                below = [
                    (_below(place, name, depth), each, depth + 1) for name, each in part.items()
                ]
            case list():
                below = [
                    (f"{place}[{number}]" if depth < SHOWN_DEPTH else place, each, depth + 1)
                    for number, each in enumerate(part)
                ]
            case _:
                continue
        waiting.extend(reversed(below))


def _below(place: str, name: str, depth: int) -> str:
    shown = depth < SHOWN_DEPTH and _ELEMENT.fullmatch(name) is not None
    return f"{place}.{name.removeprefix('_')}" if shown else place
