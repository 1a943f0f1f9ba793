"""The truth of all regions: who holds which, their units, what they remember and what waits to be told."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from hub.ports.lease import Lease
from hub.ports.unit import Unit


@dataclass(frozen=True, slots=True)
class Changed:
    """What one processor's state came to after some batches.

    Attributes:
        batch_no: The last batch that it holds.
        rows: The rows that those batches changed, as they stand now: as of this batch or a later one.
    """

    batch_no: int
    rows: Sequence[object]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row that waits to be told."""

    id: int
    topic: str
    key: UUID
    event_id: UUID
    value: bytes


@dataclass(frozen=True, slots=True)
class OutboxEdges:
    """Where a relay may begin: the region's epoch, the first row that is left (0 when none), the next id."""

    epoch: int
    first: int
    next: int


class Store(Protocol):
    """The truth of all regions. Every call is one short transaction and blocks; callers run it in a thread.

    All of them raise `Unavailable` when the database is away.
    """

    def renew_and_claim(
        self, held: Mapping[int, int], room: int, ready: Sequence[int] = ()
    ) -> tuple[frozenset[int], tuple[Lease, ...]]:
        """Renew what is held (region -> epoch) and claim up to `room` free regions, on the database's clock.

        A region that was given back is free at once, and one whose owner went silent too for whoever has its memory
        (`ready`); for others a little later.
        """
        ...

    def release(self, held: Mapping[int, int]) -> None:
        """Give regions back at once, so that the next owner need not wait for the lease to end."""
        ...

    def settled(self, lease: Lease) -> bool:
        """Whether the batch after `lease.batch_no` was committed, when the answer to its commit was lost.

        Raises:
            Fenced: Somebody else owns the region.
        """
        ...

    def unit(self, lease: Lease) -> AbstractContextManager[Unit]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        ...

    def offsets(self, region: int) -> Mapping[str, int]:
        """Next offset of each in-topic: these rows say which in-topics make a region."""
        ...

    def next_due(self, region: int) -> datetime | None:
        """The earliest reminder that is waited for."""
        ...

    def slice_of(
        self, region: int, processor: str, kind: type[Any], after: UUID | None, most: int
    ) -> Sequence[tuple[UUID, Any]]:
        """Rows of a kind of state in order of their keys, from after a key on: a cold load runs in such slices."""
        ...

    def changed_since(self, region: int, processor: str, batch_no: int) -> Changed | None:
        """What the batches after this one changed, perhaps not yet all of them; None when that is no longer known."""
        ...

    def others(self, held: Sequence[int]) -> Mapping[int, int]:
        """The regions that are not held, with the number of the last batch of each."""
        ...

    def make_room(self) -> None:
        """Make room for the days to come, and let go what is no longer kept."""
        ...

    def edges(self, region: int) -> OutboxEdges:
        """Where the relay may begin."""
        ...

    def waiting(self, region: int, start: int, most: int) -> Sequence[OutboxRow]:
        """Rows to be told from an id on, in order."""
        ...

    def prune(self, region: int, below: int) -> None:
        """Delete rows that were told."""
        ...
