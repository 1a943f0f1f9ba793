"""What a request says before and beside its resource: address and ids. Read before anything of the body is."""

import re
from typing import Final
from uuid import UUID

from connectors.fhir_api.contents import ALONE
from connectors.fhir_api.media import Headers
from hub.errors import Rejected

ADDRESSED: Final = frozenset({*ALONE, "Bundle"})
"""Resource types that have an address of their own."""
MOST_ID: Final = 64
"""Characters of a request id that are sent back."""


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
