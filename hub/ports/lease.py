"""One region is held by one worker at a time."""

from dataclasses import dataclass


class Fenced(Exception):
    """Another owner, or another writer: what is in memory is worth nothing."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One region as held by one worker.

    Attributes:
        region: The region's number.
        epoch: Counts owners; raised when a region is claimed.
        batch_no: Counts batches; the last one that the holder knows to be committed.
    """

    region: int
    epoch: int
    batch_no: int
