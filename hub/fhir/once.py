"""Reading what was read before: senders repeat themselves, so the same element comes again and again.

What an element means depends on its text and its place alone, so remembering it changes no answer. A refusal is
never remembered, and no more than `most` elements are; nor is a large one, so that what is remembered is bounded in
bytes as well.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeVar, TypeVarTuple

import orjson

from hub.fhir.reading import Element

Beside = TypeVarTuple("Beside")
News = TypeVar("News")

PEOPLE: Final = 16_384
"""Patients and contacts: those of everybody in the beds of two million people, which are under 4,000."""
STAYS: Final = 8_192
"""Twice as many as there are beds."""
PLACES: Final = 4_096
"""Wards and beds of a region's hospitals."""
WORDS: Final = 1_024
"""Different short elements, such as roles and headers."""
LARGEST: Final = 4_096
"""Bytes of an element that is remembered: a person with three names, addresses and telephones has under 3,000."""
UNREAD: Final = ("text", "photo", "contained")
"""What people, stays and places come with and nothing here reads: narrative, portraits, resources within them."""


def once(
    most: int,
) -> Callable[[Callable[[Element, *Beside], News]], Callable[[Element, *Beside], News]]:
    """Remember what the last `most` different elements were read as; what is given beside them must be hashable."""

    def remembering(read: Callable[[Element, *Beside], News]) -> Callable[[Element, *Beside], News]:
        @lru_cache(maxsize=most)
        def known(text: bytes, *beside: *Beside) -> News:
            return read(orjson.loads(text), *beside)

        def reading(element: Element, *beside: *Beside) -> News:
            try:
                text = orjson.dumps(element)
            except TypeError:  # no JSON, so it cannot have come as bytes
                return read(element, *beside)
            return known(text, *beside) if len(text) <= LARGEST else read(element, *beside)

        return reading

    return remembering


def without(element: Element, *names: str) -> Element:
    """The element but for what stands under these names: places of one message, and what is not read."""
    left = dict(element)
    for name in names:
        left.pop(name, None)
    return left
