"""What could not be used, as a batch writes it and as it lies in the store."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that could not be used, with the bytes."""

    dead_letter_id: UUID
    processor: str | None
    topic: str | None
    offset: int | None
    event_id: UUID | None
    code: str
    expression: str
    reason: str
    defect: bool
    value: bytes


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A dead letter that is not settled, as it lies in the store.

    Attributes:
        source: The sender, for bytes that a door refused; else None.
        processor: The processor that failed; None when nothing was decoded.
        topic: Where it was read; None when it never reached a topic.
        first_at: When it was kept first, UTC: for bytes that a door refused, when they were received.
    """

    dead_letter_id: UUID
    source: str | None
    processor: str | None
    topic: str | None
    offset: int | None
    code: str
    expression: str
    reason: str
    defect: bool
    value: bytes
    first_at: datetime
