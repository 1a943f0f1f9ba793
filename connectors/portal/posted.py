"""A form as it was sent: small, in time, and from a page of ours."""

import asyncio
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from connectors.portal.form import Typed
from connectors.portal.refusals import NotThisForm, TooMuch

MOST_BYTES: Final = 16_384
MOST_FIELDS: Final = 40
MOST_CHARACTERS: Final = 200
"""Of one field; our longest is a secret of 43."""

SECONDS: Final = 30.0
FORM: Final = "application/x-www-form-urlencoded"
OURS: Final = frozenset({"", "same-origin"})
"""`Sec-Fetch-Site` of a form of ours; older browsers say nothing, and the form's token must do."""


def refuse_other_sites(request: Request) -> None:
    """A form is sent from a page of ours.

    Raises:
        NotThisForm: The browser says that it comes from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "") not in OURS:
        raise NotThisForm("This form was not sent from a page of the hub.", code="other-site")


async def typed_in(request: Request) -> Typed:
    """The fields of a form.

    Raises:
        NotThisForm: It comes from elsewhere, or is no form.
        TooMuch: It is larger than any form of ours, or took too long.
    """
    refuse_other_sites(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise NotThisForm("This is not a form of the hub.", code="no-form")
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise TooMuch("This is more than a form of the hub holds.", code="too-large")
    except TimeoutError:
        raise TooMuch("The form did not arrive in time. Send it again.", code="timeout") from None
    return fields_of(bytes(body))


def fields_of(body: bytes) -> Typed:
    """Field -> what was typed, the last of each; without controls, which no keyboard types.

    Raises:
        TooMuch: There are more fields than any form of ours has.
    """
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise TooMuch("This is more than a form of the hub holds.", code="too-many") from None
    return {name: plain(value) for name, value in pairs}


def plain(text: str) -> str:
    """One line of what was typed, no longer than anybody needs."""
    return "".join(each for each in text if each.isprintable()).strip()[:MOST_CHARACTERS]
