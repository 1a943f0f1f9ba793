"""Secrets of sessions and forms: random, compared in constant time, kept as SHA-256 alone."""

import hashlib
import hmac
import secrets
from typing import Final

SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 16
MOST: Final = 200
"""Characters of anything that is shown as a secret; ours have 43."""


def new_secret() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_nonce() -> str:
    """What tells one form from the next, so that clicking twice is once."""
    return secrets.token_urlsafe(NONCE_BYTES)


def digest_of(secret: str) -> str:
    """As it is kept and looked up."""
    return hashlib.sha256(secret[:MOST].encode("utf-8", "replace")).hexdigest()


def form_token(secret: str) -> str:
    """Stands in every form of a session. Whoever does not hold its cookie cannot make it."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(shown: str, secret: str) -> bool:
    """Whether a form is of this session."""
    return hmac.compare_digest(shown.encode("utf-8", "replace"), form_token(secret).encode())
