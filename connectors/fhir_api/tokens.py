"""Who is asking: a bearer token. Asked before a byte of the body is read."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from hub.errors import Rejected
from hub.keys import H, holder_of

BEARER: Final = "bearer "


class NotKnown(Rejected):
    """No token, or none that is good. All of these look alike from outside."""

    issue_code = "login"
    http_status = 401


def bearer_of(authorization: str | None, holders: Sequence[H], today: date) -> H:
    """Whose token the header shows.

    Raises:
        NotKnown: The header is missing, or its token is of nobody, or expired.
    """
    shown = authorization or ""
    token = shown[len(BEARER) :] if shown[: len(BEARER)].lower() == BEARER else ""
    found = holder_of(token, holders, today)
    if found is None:
        raise NotKnown(
            "A token is needed: send `Authorization: Bearer …`. Ask the hub's operator for one.",
            code="login",
        )
    return found
