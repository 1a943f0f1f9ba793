"""The names that a client showed in its certificate, which TLS has checked before."""

from collections.abc import Iterator
from typing import Final, TypeAlias, TypedDict

Attributes: TypeAlias = tuple[tuple[str, str], ...]


class Certificate(TypedDict, total=False):
    """What `ssl.SSLSocket.getpeercert` gives of a certificate that was checked; else it is empty."""

    subject: tuple[Attributes, ...]
    subjectAltName: Attributes


ALTERNATIVES: Final = frozenset({"DNS", "URI"})
"""The kinds of subject alternative name that can stand for a system."""


def names_in(certificate: Certificate | None) -> frozenset[str]:
    """Common names and alternative names in lower case; none when no certificate was shown."""
    return frozenset(name.casefold() for name in _names(certificate or {}))


def _names(certificate: Certificate) -> Iterator[str]:
    for parts in certificate.get("subject", ()):
        for attribute, value in parts:
            if attribute == "commonName":
                yield value
    for kind, value in certificate.get("subjectAltName", ()):
        if kind in ALTERNATIVES:
            yield value
