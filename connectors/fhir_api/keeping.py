"""What was sent or put and cannot be used is kept before it is refused, and so is what the hub failed on."""

from typing import Final
from uuid import UUID

import orjson

from connectors.fhir_api import outcome
from connectors.fhir_api.answering import SOURCE
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.minimising import minimal
from connectors.fhir_api.xml_body import json_from_xml
from hub.errors import Rejected
from hub.fhir.body import strict_json_from
from hub.fhir.bundle import Entries, bundle_entries, single_entry
from hub.fhir.reading import Element
from hub.ports.door import Refused


class KeptDefect(Exception):
    """A fault of ours whose bytes are safe.

    Args:
        letter: The dead letter that holds them.
    """

    def __init__(self, letter: UUID) -> None:
        super().__init__(str(letter))
        self.letter = letter


NOTHING: Final = b""


def refused_post(error: Rejected, sent: bytes, post: Post) -> Refused:
    """The dead letter of a body: what nobody here reads is taken out of it first, where it can be read so far."""
    sender = post.sender
    value = what_may_stay(sent, post) if error.keeps_bytes else NOTHING
    return Refused.because(error, sender.name, sender.regions[0], value)


def what_may_stay(sent: bytes, post: Post) -> bytes:
    """A body without what nobody here reads, as JSON; the bytes as sent where nothing goes, or they cannot be read.

    Nothing where none of its resources may stay.
    """
    try:
        body = sent if post.xml is None else json_from_xml(sent, post.xml)
        resource = strict_json_from(body)
        if not isinstance(resource, dict):
            return sent
        small = minimal(resource, everything_in(resource), post.sender.knows)
    except Rejected:
        return sent
    if not small.entries.all:
        return NOTHING
    return sent if small.resource is resource else orjson.dumps(small.resource)


def everything_in(resource: Element) -> Entries:
    """The entries of a Bundle of any type, or the one resource that was sent.

    Raises:
        InvalidResource: There is no telling.
    """
    is_bundle = resource.get("resourceType") == "Bundle"
    return bundle_entries(resource) if is_bundle else single_entry(resource)


def refused_put(error: Rejected, region: int, body: bytes) -> Refused:
    """The dead letter of a resource that can never be an answer."""
    return Refused.because(error, SOURCE, region, body)


def failed_put(defect: Exception, region: int, body: bytes) -> Refused:
    """The dead letter of a resource on which the hub failed."""
    return Refused.by_defect(defect, outcome.DEFECT, SOURCE, region, body)
