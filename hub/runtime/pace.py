"""How many records a batch takes: half as many after one that could not be finished, more again after some that were.

A batch that takes longer than the database waits for it (`hub.store.engine`) would be taken again for ever otherwise.
"""

from dataclasses import dataclass, replace
from typing import Final

STEADY: Final = 8
"""Batches in a row that must be finished before a larger one is tried: what is tried in vain costs one in so many."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How many records the next batch takes.

    Attributes:
        most: Never more than this.
        records: As many now.
        finished: Batches of this size since it was changed.
    """

    most: int
    records: int
    finished: int = 0

    @classmethod
    def full(cls, most: int) -> "Pace":
        """As fast as it may be."""
        return cls(most, most)

    def slower(self) -> "Pace":
        """After a batch that could not be finished."""
        return replace(self, records=max(1, self.records // 2), finished=0)

    def after_one_more(self) -> "Pace":
        """After a batch that was finished."""
        if self.records == self.most:
            return self
        if self.finished + 1 < STEADY:
            return replace(self, finished=self.finished + 1)
        return replace(self, records=min(self.most, self.records * 2), finished=0)
