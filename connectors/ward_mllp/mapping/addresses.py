"""The addresses of the entries of a Bundle: derived from the event, so a resend has the same."""

from collections.abc import Callable
from hashlib import sha1
from typing import Final, TypeAlias
from uuid import UUID

from hub.identity import SEPARATOR, namespace

Addressed: TypeAlias = Callable[[str, int], str]
"""The fullUrl of the nth resource of a type, counted from 1."""

_KIND: Final = "resource"


def addresses_of(event_id: UUID) -> Addressed:
    """The fullUrls of one event: `urn:uuid:` and `hub.identity.derived("resource", …)`.

    A Bundle needs eight, and UUIDv5 (RFC 9562, 5.5) of one beginning is hashed here only once.
    """
    beginning = sha1(namespace(_KIND).bytes, usedforsecurity=False)
    beginning.update(f"{event_id}{SEPARATOR}".encode())

    def address(resource_type: str, number: int) -> str:
        name = beginning.copy()
        name.update(f"{resource_type}{SEPARATOR}{number}".encode())
        octets = bytearray(name.digest()[:16])
        octets[6] = octets[6] & 0x0F | 0x50
        octets[8] = octets[8] & 0x3F | 0x80
        text = octets.hex()
        return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    return address
