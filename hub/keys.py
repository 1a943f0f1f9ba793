"""Keys that organisations and senders show: kept and compared as SHA-256 alone, at every door in the same way."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Key:
    """A token that may be shown, by its SHA-256 alone.

    Attributes:
        sha256: 64 hexadecimal digits.
        expires_on: The last day on which it is good.
    """

    sha256: str
    expires_on: date


class Holder(Protocol):
    """Whoever may show tokens."""

    @property
    def keys(self) -> Iterable[Key]:
        """The tokens."""
        ...


H = TypeVar("H", bound=Holder)


def digest_of(token: str) -> str:
    """As a token is kept; of any text, because what is shown may be anything."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def holder_of(token: str, holders: Iterable[H], today: date) -> H | None:
    """Whose token this is; None when it is nobody's, or expired.

    Every key is compared, whatever is found, in constant time: how long it takes says nothing.
    """
    digest = digest_of(token)
    found: H | None = None
    for holder in holders:
        for key in holder.keys:
            if hmac.compare_digest(key.sha256, digest) and today <= key.expires_on:
                found = holder
    return found if token else None
