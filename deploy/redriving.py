"""What a door refused, read once more by the mappings of the doors themselves, for a redrive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.media import XML_SETTING
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.xml_body import Structures
from connectors.national import mapping as national
from connectors.national.settings import NationalSender
from connectors.ward_mllp.hearing import NotForUs, Refusal, Understood, heard
from deploy.composition import (
    fhir_senders,
    fhir_shapes,
    fhir_structures,
    national_senders,
    ward_senders,
)
from deploy.configuration.model import Configuration
from deploy.fhir_schema import fhir_schema
from deploy.passes import pass_names
from hub.decisions import Event
from hub.errors import Rejected
from hub.fhir.conformance import Shapes
from hub.runtime.redrive import NO_MEANING

MARK: Final = b"\xef\xbb\xbf"
"""A byte order mark."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An event and the key that it is kept under."""

    key: UUID
    event: Event


Reader = Callable[[str, bytes, datetime], Sequence[Kept]]
"""Sender, bytes, when they were received first -> what they come to, in every region of the sender.

Raises `Rejected` when refused again.
"""


@dataclass(frozen=True, slots=True)
class Published:
    """What FHIR R4 publishes, read when it is first needed: compiled it takes 14 MB, and most processes never redrive.

    Attributes:
        shapes: What bodies are held against.
        structures: How XML is written as JSON; None where it is switched off.
    """

    shapes: Callable[[], Shapes]
    structures: Callable[[], Structures | None]


def published_when_needed(configuration: Configuration, place: Path) -> Published:
    """What is published, from its file.

    Raises:
        CannotStart: The schema is not there.
    """
    fhir_schema(place)
    return Published(
        cache(lambda: fhir_shapes(place)), cache(lambda: fhir_structures(configuration, place))
    )


def rereader(configuration: Configuration, published: Published) -> Reader:
    """Reads what a door refused as that door does; the configuration may know the sender by now."""
    wards = ward_senders(configuration)
    practices = {sender.name: sender for sender in fhir_senders(configuration)}
    services = {sender.name: sender for sender in national_senders(configuration)}
    over_kafka = pass_names(configuration)

    def reread(source: str, value: bytes, received_at: datetime) -> Sequence[Kept]:
        if source in over_kafka:
            raise Rejected(
                "It was read on Kafka: its sender sends it again, and the hub tells the next version.",
                code="send-again",
            )
        if source in practices:
            return posted(practices[source], value, received_at, published)
        if source in services:
            return notified(services[source], value, received_at)
        what = heard(value, wards, received_at)
        match what:
            case Understood():
                return (Kept(what.key, what.event),)
            case NotForUs():
                raise Rejected(what.reason, code=NO_MEANING)
            case Refusal():
                raise what.error or Rejected(what.reason, code=what.code)

    return reread


def posted(
    sender: FhirSender, value: bytes, received_at: datetime, published: Published
) -> Sequence[Kept]:
    """A FHIR body as of when it was received. No header is kept with it, but XML begins as no JSON does.

    Raises:
        Rejected: It is refused as before, or it is XML, which is switched off by now.
    """
    xml = None
    if value.removeprefix(MARK).lstrip()[:1] == b"<":
        xml = published.structures()
        if xml is None:
            raise Rejected(
                f"It is XML, which is read where {XML_SETTING} is true.", code="media-type"
            )
    post = Post(sender=sender, received_at=received_at, shapes=published.shapes(), xml=xml)
    return [Kept(each.key, each.event) for each in heard_from(value, post).all]


def notified(sender: NationalSender, value: bytes, received_at: datetime) -> Sequence[Kept]:
    """National notices: one event, or a body that was refused whole. What means nothing here is passed by.

    Raises:
        Rejected: One of them is refused as before, or none of them means anything.
    """
    found: list[Kept] = []
    reason = ""
    for _, part in national.parts_of(value):
        what = national.heard_from(part, sender, received_at)
        if isinstance(what, national.NotForUs):
            reason = what.reason
        else:
            found.extend(Kept(each.key, each.event) for each in what)
    if not found:
        raise Rejected(reason or "There is no event in it.", code=NO_MEANING)
    return found


def said_elsewhere(
    reader: Reader, source: str, value: bytes, received_at: datetime, region: int
) -> Sequence[Kept]:
    """What a dead letter of one region says to others: nothing when it is refused, which its own region will say."""
    try:
        return [each for each in reader(source, value, received_at) if each.event.region != region]
    except Rejected:
        return ()
