"""A body on its way to events, or the part of it that one event holds."""

from dataclasses import dataclass, replace
from typing import TypedDict

import orjson

from connectors.fhir_api.media import FHIR_XML
from connectors.fhir_api.minimising import among, written
from connectors.fhir_api.settings import FhirSender
from hub.decisions import Frame
from hub.fhir.bundle import Entries, Entry
from hub.fhir.reading import Element


class AsSent(TypedDict):
    """What an event keeps of a body that was not JSON."""

    original: bytes | None
    original_type: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A body on its way to events. `original`: the bytes as they came, when they were XML and all of it is kept.

    `sent`: the body as sent; `entries`: what of it stays.
    """

    body: bytes
    original: bytes | None
    sent: Element
    canonical: bytes
    entries: Entries
    sender: FhirSender
    frame: Frame

    @property
    def as_sent(self) -> AsSent:
        """The bytes as they came, where the resource is not what came."""
        kind = None if self.original is None else FHIR_XML
        return AsSent(original=self.original, original_type=kind)

    def only(self, staying: tuple[Entry, ...]) -> "Reading":
        """The same of some of the entries alone."""
        if staying == self.entries.all:
            return self
        entries = among(self.entries, staying)
        body = orjson.dumps(written(self.sent, entries))
        return replace(self, body=body, original=None, entries=entries)

    def framed(self, region: int) -> Frame:
        """The frame of an event in one region."""
        return {**self.frame, "region": region}
