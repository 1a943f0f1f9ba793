"""The frame of what follows from a body: when it was written down, and by which id it is known."""

import hashlib

from connectors.fhir_api.mapping.post import Post
from hub.decisions import Frame
from hub.fhir.bundle import Entries
from hub.fhir.recorded import believed, recorded_at_from
from hub.identity import message_event_id


def frame_from(entries: Entries, canonical: bytes, post: Post) -> Frame:
    """The frame of the event; the region is filled in for each."""
    name = source_event_id(entries)
    event_id = message_event_id(post.sender.name, name, canonical)
    said = [moment for entry in entries if (moment := recorded_at_from(entry, entries)) is not None]
    recorded_at = believed(max(said, default=post.received_at), post.received_at)
    return Frame(
        event_id=event_id,
        caused_by=None,
        correlation_id=post.correlation_id or event_id,
        source=post.sender.name,
        source_event_id=hashlib.sha256(name.encode()).hexdigest()[:32] if name else "",
        occurred_at=recorded_at,
        recorded_at=recorded_at,
        received_at=post.received_at,
        region=0,
    )


def source_event_id(entries: Entries) -> str:
    """Bundle.identifier, else MessageHeader.id, else nothing."""
    if entries.identifier is not None:
        return f"{entries.identifier.system}|{entries.identifier.value}"
    header = next(iter(entries.of_type("MessageHeader")), None)
    return str(header.resource.get("id") or "") if header else ""
