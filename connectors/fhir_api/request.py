"""What a request says before and beside its resource: headers, size, ids. Read before anything of the body is."""

import asyncio
import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from starlette.requests import Request

from connectors.fhir_api.contents import ALONE
from hub.errors import Rejected

FHIR_JSON: Final = "application/fhir+json"
JSON_TYPES: Final = frozenset({FHIR_JSON, "application/json"})
FORM: Final = "application/x-www-form-urlencoded"
FHIR_VERSION: Final = "4.0"
ADDRESSED: Final = frozenset({*ALONE, "Bundle"})
"""Resource types that have an address of their own."""
BODY_SECONDS: Final = 30.0
MOST_ID: Final = 64
"""Characters of a request id that are sent back."""

Headers = Mapping[str, str]


class TooLarge(Rejected):
    """More than is read."""

    issue_code = "too-long"
    http_status = 413


class TooSlow(Rejected):
    """The body took longer than anybody waits."""

    issue_code = "timeout"
    http_status = 408


class WrongType(Rejected):
    """Not plain JSON of FHIR R4."""

    issue_code = "not-supported"
    http_status = 415


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


def refuse_other_types(headers: Headers) -> None:
    """JSON of FHIR R4 only, as it is: no XML, nothing packed.

    Raises:
        WrongType: Anything else.
    """
    kind, *parameters = headers.get("content-type", "").lower().split(";")
    if kind.strip() not in JSON_TYPES:
        raise WrongType(f"Send JSON, as {FHIR_JSON}.", code="media-type")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "fhirversion" and value.strip('"') != FHIR_VERSION:
            raise WrongType(f"Send FHIR {FHIR_VERSION}.", code="fhir-version")
    refuse_packed(headers)


def refuse_all_but_forms(headers: Headers) -> None:
    """The parameters of a search are a form.

    Raises:
        WrongType: Anything else.
    """
    if headers.get("content-type", "").lower().partition(";")[0].strip() != FORM:
        raise WrongType(f"Send the parameters as {FORM}.", code="media-type")
    refuse_packed(headers)


def refuse_packed(headers: Headers) -> None:
    """Nothing packed is read.

    Raises:
        WrongType: It is.
    """
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise WrongType("Send the body as it is, not packed.", code="content-encoding")


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


def wants_no_body(headers: Headers) -> bool:
    """Whether the sender says `Prefer: return=minimal`."""
    return "return=minimal" in wishes(headers)


def wants_to_hear_of_unknowns(headers: Headers) -> bool:
    """Whether the sender says `Prefer: handling=strict`: what is not known is then refused and not ignored."""
    return "handling=strict" in wishes(headers)


def wishes(headers: Headers) -> list[str]:
    """What the sender prefers."""
    said = headers.get("prefer", "").lower().replace(";", ",").split(",")
    return [wish.strip() for wish in said]
