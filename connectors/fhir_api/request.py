"""What a request says before and beside its resource: headers, size, ids. Read before anything of the body is."""

import asyncio
import re
from typing import Final
from uuid import UUID

from starlette.requests import Request

from connectors.fhir_api.contents import ALONE
from connectors.fhir_api.media import Headers
from hub.errors import Rejected

ADDRESSED: Final = frozenset({*ALONE, "Bundle"})
"""Resource types that have an address of their own."""
BODY_SECONDS: Final = 30.0
MOST_ID: Final = 64
"""Characters of a request id that are sent back."""


class TooLarge(Rejected):
    """More than is read."""

    issue_code = "too-long"
    http_status = 413


class TooSlow(Rejected):
    """The body took longer than anybody waits."""

    issue_code = "timeout"
    http_status = 408


class NoSuchAddress(Rejected):
    """There is nothing at this address."""

    issue_code = "not-supported"
    http_status = 404


def refuse_other_addresses(resource_type: str | None) -> None:
    """Only some resource types have an address of their own.

    Raises:
        NoSuchAddress: This one has none.
    """
    if resource_type is not None and resource_type not in ADDRESSED:
        raise NoSuchAddress(
            f"Send one of {', '.join(sorted(ADDRESSED))} to an address of its own, anything else in a Bundle.",
            code="not-supported",
        )


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


def correlation_id(headers: Headers) -> UUID | None:
    """The sender's own `X-Correlation-ID`, if it is a UUID; anything else could hold anything."""
    try:
        return UUID(headers.get("x-correlation-id", ""))
    except ValueError:
        return None


def sent_back(headers: Headers) -> dict[str, str]:
    """The sender's ids as they go back: nothing but letters, digits and `-._`, and no more than is useful."""
    request_id = re.sub(r"[^A-Za-z0-9._-]", "", headers.get("x-request-id", ""))[:MOST_ID]
    correlation = correlation_id(headers)
    ids = {"X-Request-ID": request_id, "X-Correlation-ID": str(correlation or "")}
    return {name: value for name, value in ids.items() if value}
