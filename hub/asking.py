"""What every HTTP door asks before it hears anything: whose token it is, and how much is coming."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Final

from starlette.requests import Request

from hub.errors import HubError, Rejected, Unavailable
from hub.keys import H, holder_of

BEARER: Final = "bearer "
BODY_SECONDS: Final = 30.0
AGAIN_SECONDS: Final = "5"
SAFE: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Headers of every answer: it may speak of people."""


class NotKnown(Rejected):
    """No token, or none that is good. All of these look alike from outside."""

    issue_code = "login"
    http_status = 401


class TooLarge(Rejected):
    """More than is read."""

    issue_code = "too-long"
    http_status = 413


class TooSlow(Rejected):
    """The body took longer than anybody waits."""

    issue_code = "timeout"
    http_status = 408


def bearer_of(authorization: str | None, holders: Sequence[H], today: date) -> H:
    """Whose token the header shows; asked before a byte of the body is read.

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


async def bounded_body(request: Request, most: int) -> bytes:
    """The body, read no further than the limit.

    Raises:
        TooLarge: It is larger, by its own word or in fact.
        TooSlow: It did not arrive in time.
    """
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or len(announced) > len(str(most)) or int(announced) > most:
        raise TooLarge(f"The body may be {most} bytes at most.", code="too-large")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise TooLarge(f"The body may be {most} bytes at most.", code="too-large")
    except TimeoutError:
        raise TooSlow("The body did not arrive in time.", code="timeout") from None
    return bytes(body)


def beside(error: HubError) -> dict[str, str]:
    """What a refusal says in headers: when to come again, or how to say who one is."""
    match error:
        case Unavailable():
            return {"Retry-After": AGAIN_SECONDS}
        case NotKnown():
            return {"WWW-Authenticate": "Bearer"}
        case _:
            return {}
