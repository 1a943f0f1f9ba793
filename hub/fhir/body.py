"""Bytes to JSON, with a refusal that says what to do."""

import orjson

from hub.errors import Undecodable


def json_from(body: bytes) -> object:
    """The JSON in the bytes.

    Raises:
        Undecodable: It is no JSON, or no UTF-8.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Undecodable(
            f"The body is not JSON: it breaks off at character {error.pos}.",
            expression="Bundle",
            code="not-json",
        ) from None
