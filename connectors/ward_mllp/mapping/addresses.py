"""The addresses of the entries of a Bundle: derived from the event, so a resend has the same."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha1
from typing import Final, TypeAlias
from uuid import UUID

from hub.identity import SEPARATOR, namespace

Addressed: TypeAlias = Callable[[str, int], str]
"""The fullUrl of the nth resource of a type, counted from 1."""

_KIND: Final = "resource"
_VARIANT: Final = {f"{digit:x}": f"{digit & 0x3 | 0x8:x}" for digit in range(16)}
"""The first digit of the fourth group: its upper two bits are those of RFC 9562."""


def addresses_of(event_id: UUID) -> Addressed:
    """The fullUrls of one event: `urn:uuid:` and `hub.identity.derived("resource", …)`.

    A Bundle needs eight, and UUIDv5 (RFC 9562, 5.5) of one beginning is hashed here only once.
    """
    beginning = sha1(namespace(_KIND).bytes, usedforsecurity=False)
    beginning.update(f"{event_id}{SEPARATOR}".encode())

    def address(resource_type: str, number: int) -> str:
        name = beginning.copy()
        name.update(_name(resource_type, number))
        text = name.hexdigest()
        variant = _VARIANT[text[16]]
        return (
            f"urn:uuid:{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"
        )

    return address


@lru_cache(maxsize=1024)
def _name(resource_type: str, number: int) -> bytes:
    return f"{resource_type}{SEPARATOR}{number}".encode()
