"""When a certificate ends, from its PEM file. Standard library alone."""

import re
import ssl
from datetime import UTC, datetime
from typing import Final, NamedTuple

PEM: Final = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", flags=re.DOTALL)
VERSION: Final = 0xA0
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
LONG_FORM: Final = 0x80
BEFORE_VALIDITY: Final = 3  # serial number, signature algorithm, issuer
PIVOT: Final = 50  # RFC 5280 4.1.2.5.1: two-digit years from 50 on are of the last century


class _Element(NamedTuple):
    """One element of DER: its kind, its content, and what stands behind it."""

    tag: int
    content: bytes
    rest: bytes


def expires_at(pem: str) -> datetime:
    """The moment after which the first certificate of a PEM file is no longer good, UTC.

    Raises:
        ValueError: The text holds no certificate that can be read.

    Source: RFC 5280 section 4.1.
    """
    found = PEM.search(pem)
    if found is None:
        raise ValueError("holds no certificate in PEM")
    try:
        certificate = _element(ssl.PEM_cert_to_DER_cert(found.group()))
        fields = _element(certificate.content).content
        if fields[0] == VERSION:
            fields = _element(fields).rest
        for _ in range(BEFORE_VALIDITY):
            fields = _element(fields).rest
        not_before = _element(_element(fields).content)
        return _time(_element(not_before.rest))
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError("holds a certificate that cannot be read") from error


def _element(der: bytes) -> _Element:
    length, start = der[1], 2
    if length & LONG_FORM:
        count = length ^ LONG_FORM
        length, start = int.from_bytes(der[2 : 2 + count]), 2 + count
    if len(der) < start + length:
        raise IndexError("cut short")
    return _Element(der[0], der[start : start + length], der[start + length :])


def _time(element: _Element) -> datetime:
    text = element.content.decode("ascii")
    if element.tag == UTC_TIME:
        century = "19" if int(text[:2]) >= PIVOT else "20"
        text = century + text
    elif element.tag != GENERALIZED_TIME:
        raise ValueError("holds a certificate that cannot be read")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
