"""A row, and when and as what it is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connectors.gp_csv.extract import Row


@dataclass(frozen=True, slots=True)
class Said:
    """A row, and when and as what it is told.

    Attributes:
        recorded_at: When it was written down; the latest word on a record counts.
        occurred_at: When it became true, if that is another time.
        linked: It named somebody cared for; a row that no longer does ends that link.
        listed: False when its source ceased to list it, and said nothing more.
    """

    row: Row
    event_id: UUID
    recorded_at: datetime
    received_at: datetime
    occurred_at: datetime | None = None
    linked: bool = False
    listed: bool = True
