"""Bodies cut out of one: each stay or agreement that a body speaks of becomes an event with its own part alone."""

from collections.abc import Iterable
from typing import Final

import orjson

from connectors.fhir_api.minimising import written
from hub.errors import InvalidResource
from hub.fhir.bundle import Entries, Entry
from hub.fhir.reading import Element

MOST_CUT: Final = 20 * 1024 * 1024
"""Bytes of all that is cut out of one body: each part holds its patient and places again."""


class Cuts:
    """The parts of one Bundle, each at the cost of its own entries.

    Args:
        resource: The Bundle as sent.
        entries: What of it stays.
        size: Bytes of the parts that were written otherwise.
    """

    def __init__(self, resource: Element, entries: Entries, size: int = 0) -> None:
        self._whole = written(resource, entries)
        self._shells = {id(each.get("resource")): each for each in self._whole.get("entry") or ()}
        self._size = size

    def part(self, staying: Iterable[Entry], place: str) -> bytes:
        """The Bundle with some of these entries alone; `place`: what the part is about.

        Raises:
            InvalidResource: The parts come to very much together.
        """
        entry = [self._shells[id(each.resource)] for each in staying]
        body = orjson.dumps({**self._whole, "entry": entry})
        self._size += len(body)
        if self._size > MOST_CUT:
            raise InvalidResource(
                "This says too much of several stays or agreements: send fewer of them in one Bundle.",
                expression=place,
                code="too-costly",
            )
        return body
