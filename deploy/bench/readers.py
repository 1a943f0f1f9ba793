"""The hub's reader of HL7 v2 and its peers, each used as its own documents say, reading the same places."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from deploy.bench.machine import version_of
from deploy.bench.places import PLACES
from hub.hl7v2 import message_from, place_from

Values: TypeAlias = list[str | None]
"""What stands at the places, in their order; None where nothing stands."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One library.

    Attributes:
        name: With its version.
        read: Parses a message and reads all places.
        parse: Parses a message and reads nothing; None for the hub, which splits only what is read.
        slower: How many times fewer messages it is given, so that a run does not take minutes.
        unescapes: Whether what it gives is free of escapes.
    """

    name: str
    read: Callable[[bytes], Values]
    parse: Callable[[bytes], object] | None = None
    slower: int = 1
    unescapes: bool = True


def the_hub() -> Reader:
    """The hub's own."""

    def read(frame: bytes) -> Values:
        message = message_from(frame)
        return [message.text(place) for place in PLACES]

    return Reader("the hub", read)


def peers() -> Sequence[Reader]:
    """Those that are installed."""
    found = (python_hl7, hl7apy)
    return [make() for make in found if version_of(make.__name__.removeprefix("python_"))]


def python_hl7() -> Reader:
    """python-hl7: `parse`, and `extract_field`, which unescapes as the hub does."""
    import hl7

    places = [
        (at.segment, at.occurrence, at.field, at.repetition or 1, at.component or 1)
        for at in map(place_from, PLACES)
    ]

    def parse(frame: bytes) -> object:
        return hl7.parse(frame.decode())

    def read(frame: bytes) -> Values:
        message = hl7.parse(frame.decode())
        values: Values = []
        for place in places:
            try:
                values.append(message.extract_field(*place) or None)
            except (IndexError, KeyError):
                values.append(None)
        return values

    return Reader(f"python-hl7 {version_of('hl7')}", read, parse, slower=10)


def hl7apy() -> Reader:
    """hl7apy: `parse_message`, tolerant and without groups, which is its quickest way; then its names of places."""
    from hl7apy.consts import VALIDATION_LEVEL
    from hl7apy.parser import parse_message

    places = [
        (
            at.segment.lower(),
            at.occurrence - 1,
            f"{at.segment}_{at.field}".lower(),
            (at.repetition or 1) - 1,
            f"{at.segment}_{at.field}_{at.component or 1}".lower(),
        )
        for at in map(place_from, PLACES)
    ]

    def parse(frame: bytes) -> object:
        return parse_message(
            frame.decode(), validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=False
        )

    def read(frame: bytes) -> Values:
        message = parse(frame)
        values: Values = []
        for segment, occurrence, number, repetition, component in places:
            try:
                field = getattr(getattr(message, segment)[occurrence], number)[repetition]
                values.append(getattr(field, component).value or None)
            except IndexError:
                values.append(None)
        return values

    return Reader(f"hl7apy {version_of('hl7apy')}", read, parse, slower=200, unescapes=False)
