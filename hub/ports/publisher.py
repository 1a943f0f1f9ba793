"""To say events on the topics of their types."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from hub.decisions import Event


class Publisher(Protocol):
    """Say an event on the topic of its type."""

    async def publish(self, event: Event, key: UUID) -> None:
        """Return when every in-sync copy has it.

        Raises:
            Rejected: It is larger than the log takes.
            Unavailable: It may or may not be there; the same again is safe.
        """
        ...


class BulkPublisher(Publisher, Protocol):
    """Say many events."""

    async def publish_all(self, said: Sequence[tuple[Event, UUID]]) -> None:
        """Return when every in-sync copy has all of them, each with its key.

        Raises:
            Rejected: One is larger than the log takes; none was said.
            Unavailable: Some may or may not be there; the same again is safe.
        """
        ...
