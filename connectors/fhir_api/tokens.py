"""Who is asking: a bearer token, compared by its SHA-256. Asked before a byte of the body is read."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

from connectors.fhir_api.settings import FhirSender, Key
from hub.errors import Rejected

BEARER: Final = "bearer "


class NotKnown(Rejected):
    """No token, or none that is good. All of these look alike from outside."""

    issue_code = "login"
    http_status = 401


class Holder(Protocol):
    """Whoever may show tokens."""

    @property
    def keys(self) -> Sequence[Key]:
        """The tokens."""
        ...


H = TypeVar("H", bound=Holder)


def sender_of(authorization: str | None, senders: Sequence[FhirSender], today: date) -> FhirSender:
    """The sender whose token this is.

    Raises:
        NotKnown: See `holder_of`.
    """
    return holder_of(authorization, senders, today)


def holder_of(authorization: str | None, holders: Sequence[H], today: date) -> H:
    """Whose token this is. Every key is compared, whatever is found, in constant time.

    Raises:
        NotKnown: The header is missing, or its token is of nobody, or expired.
    """
    shown = authorization or ""
    token = shown[len(BEARER) :] if shown[: len(BEARER)].lower() == BEARER else ""
    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    found: H | None = None
    for holder in holders:
        for key in holder.keys:
            if hmac.compare_digest(key.sha256, digest) and today <= key.expires_on:
                found = holder
    if found is None or not token:
        raise NotKnown(
            "A token is needed: send `Authorization: Bearer …`. Ask the hub's operator for one.",
            code="login",
        )
    return found
