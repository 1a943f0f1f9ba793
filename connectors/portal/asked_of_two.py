"""Blind double review: a share of the questions is asked of two reviewers, neither of whom can see that it is.

Which ones follows from the question's id, so neither the hour nor chance nor whoever asks changes it. ADR-0026.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from hub.reviewing import UNLINKED, ReviewRow

FEWEST_REVIEWERS: Final = 3
"""Reviewers of a region without whom nothing is asked of two: where they disagree a third one has to answer."""
PER_CENT: Final = 100
BOTH: Final = 2
"""So many must agree where two are asked."""


@dataclass(frozen=True, slots=True)
class AskedOfTwo:
    """Which questions are asked of two.

    Attributes:
        share: Per cent of the questions.
        regions: Partitions that have `FEWEST_REVIEWERS`.
    """

    share: int
    regions: frozenset[int]

    def as_asked(self, row: ReviewRow) -> ReviewRow:
        """A question as a reviewer sees it: one that is asked of two looks as if nobody had answered it."""
        if row.settled or not (row.asked_of_two or self.asks_two(row)):
            return row
        return replace(row, asked_of_two=True, answers=0, needs=1, disagreed=False)

    def share_for(self, regions: frozenset[int]) -> int:
        """The share that counts for somebody who works in these regions."""
        return self.share if regions & self.regions else 0

    def asks_two(self, row: ReviewRow) -> bool:
        """Whether two shall answer: of a share of the questions of which nobody has said anything yet.

        Two must agree of somebody shielded anyway. Of somebody who does not want to be linked two are always asked: one
        wrong answer would tell of them.
        """
        if UNLINKED in row.reasons:
            return row.needs < BOTH
        if row.heard or row.restricted or row.region not in self.regions:
            return False
        return drawn(row.item_id) < self.share


def drawn(item_id: UUID) -> int:
    """The number of a question, 0 to 99."""
    return (
        int.from_bytes(hashlib.sha256(f"asked-of-two {item_id}".encode()).digest()[:8]) % PER_CENT
    )
