"""What a request says beside its events: content type, and in binary mode the attributes of one event."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import orjson

from hub.errors import InvalidResource, Rejected
from hub.fhir.body import strict_json_from

EVENT: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
JSON: Final = "application/json"
FHIR_JSON: Final = "application/fhir+json"
TYPES: Final = frozenset({EVENT, BATCH, JSON, FHIR_JSON})
CONTENTS: Final = frozenset({JSON, FHIR_JSON})
"""What the data of an event may be in binary mode."""
PREFIX: Final = "ce-"
ATTRIBUTES: Final = (
    "specversion",
    "id",
    "source",
    "type",
    "time",
    "subject",
    "dataref",
    "versionid",
)
"""Headers of binary mode that are read, after `ce-`."""
MOST_BODY: Final = 5 * 1024 * 1024
"""Bytes of a batch: 500 events with a Patient of 10 KB each."""

Headers = Mapping[str, str]


class WrongType(Rejected):
    """Not a CloudEvent as JSON."""

    issue_code = "not-supported"
    http_status = 415


def refuse_other_types(headers: Headers) -> None:
    """JSON only, as it is: nothing packed, nothing in another character set.

    Raises:
        WrongType: Anything else.
    """
    kind, *parameters = headers.get("content-type", "").lower().split(";")
    allowed = CONTENTS if is_binary(headers) else TYPES
    if kind.strip() not in allowed and not (is_binary(headers) and not kind):
        raise WrongType(f"Send JSON, as {' or '.join(sorted(allowed))}.", code="media-type")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') != "utf-8":
            raise WrongType("Send JSON in UTF-8.", code="charset")
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise WrongType("Send the body as it is, not packed.", code="content-encoding")


def is_binary(headers: Headers) -> bool:
    """Whether the attributes of the event stand in headers (CloudEvents, HTTP protocol binding)."""
    return f"{PREFIX}specversion" in headers


def event_of(headers: Headers, body: bytes) -> bytes:
    """The event of binary mode as it would stand in structured mode.

    Raises:
        Undecodable: The data is no JSON.
        InvalidResource: A header is no text in UTF-8.
    """
    attributes = {
        name: header_text(headers[f"{PREFIX}{name}"], name)
        for name in ATTRIBUTES
        if f"{PREFIX}{name}" in headers
    }
    data = strict_json_from(body) if body.strip() else None
    return orjson.dumps(attributes if data is None else {**attributes, "data": data})


def header_text(value: str, name: str) -> str:
    """A header as text: percent-encoded UTF-8.

    Raises:
        InvalidResource: It is none.
    """
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise InvalidResource(
            "Expected UTF-8, percent-encoded.", expression=name, code="character"
        ) from None
