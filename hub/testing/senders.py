"""Who says the synthetic events of tests, and the frames of what they say."""

from datetime import UTC, datetime

from hub.decisions import Frame
from hub.identity import derived

TRUST = "RWE"
HOSPITAL = "rwe-pas"
PRACTICE = "c82009-gp"


def at(text: str) -> datetime:
    """An instant, UTC, such as `2026-11-23 09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def frame_of(
    source: str, source_event_id: str, recorded: str, occurred: str | None = None
) -> Frame:
    """A frame whose event id is derived from sender and message id."""
    event_id = derived("test-event", source, source_event_id)
    return Frame(
        event_id=event_id,
        caused_by=None,
        correlation_id=event_id,
        source=source,
        source_event_id=source_event_id,
        occurred_at=at(occurred or recorded),
        recorded_at=at(recorded),
        received_at=at(recorded),
        region=0,
    )
