"""One region's truth in memory: owner, batches and rows, with the verbs of `hub.ports.store` that the chain needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from hub.ports.lease import Fenced, Lease
from hub.testing.memory_unit import MemoryRows, MemoryUnit


@dataclass
class MemoryStore:
    """Outlives the hubs that work on it; only the last one that claimed it may write.

    Attributes:
        region: The region's number.
        rows: Everything durable.
        epoch: Counts owners.
        batch_no: Counts batches.
    """

    region: int = 0
    rows: MemoryRows = field(default_factory=MemoryRows)
    epoch: int = 0
    batch_no: int = 0

    def claim(self) -> Lease:
        """Become the owner, whoever was."""
        self.epoch += 1
        return Lease(self.region, self.epoch, self.batch_no)

    @contextmanager
    def unit(self, lease: Lease) -> Iterator[MemoryUnit]:
        """A transaction on a copy of the rows, which counts when the block ends well.

        Raises:
            Fenced: Epoch or batch number are not those of the lease.
        """
        if (self.epoch, self.batch_no) != (lease.epoch, lease.batch_no):
            raise Fenced(f"region {self.region}: at epoch {self.epoch}, batch {self.batch_no}")
        unit = MemoryUnit(self.rows)
        yield unit
        self.rows = unit.rows
        self.batch_no += 1

    def settled(self, lease: Lease) -> bool:
        """See `hub.ports.store.Store.settled`."""
        if self.epoch != lease.epoch:
            raise Fenced(f"region {self.region}: at epoch {self.epoch}")
        return self.batch_no == lease.batch_no + 1
