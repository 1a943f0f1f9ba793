"""Made-up pairs with a known answer among the questions of a reviewer, to see how well questions are answered.

They look like any other question and are nowhere but here: what is said of one goes into a table of its own, never onto
the log.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hub.identity import derived
from hub.matching.scoring.decision import Grade
from hub.matching.waterfall import ANSWER
from hub.projection import Json
from hub.reviewing import KnownAnswer, ReviewRow, Seen, Told

MOST_SHARE = 20
"""Per cent of questions that may have a known answer."""


@dataclass(frozen=True, slots=True)
class KnownPair:
    """A made-up pair.

    Attributes:
        truth: What it is: the same person or different people.
        fields: As a question shows them: field, level, left, right.
        reasons: Why it seems to be asked, as codes of `ReviewItem.reasons`.
        score: What a model makes of it, as a question has it; without, it could be told from the others.
    """

    name: str
    truth: Told
    fields: tuple[Mapping[str, Json], ...]
    reasons: tuple[str, ...] = ()
    score: Json = field(default_factory=dict)

    @property
    def item_id(self) -> UUID:
        """What it is called among the questions."""
        return derived("known-pair", self.name)


@dataclass(frozen=True, slots=True)
class KnownPairs:
    """All of them, and how often one is shown.

    Attributes:
        share: Per cent of real questions that a known pair precedes, always the same ones for the same reviewer.
        since: Since when they seem to wait; aware.
        regions: Partitions among whose questions they stand; None = all.
    """

    pairs: tuple[KnownPair, ...]
    share: int
    since: datetime
    regions: frozenset[int] | None = None

    def share_for(self, regions: frozenset[int]) -> int:
        """The share that counts for somebody who works in these regions."""
        here = self.regions is None or regions & self.regions
        return self.share if self.pairs and here else 0

    def pair(self, item_id: UUID) -> KnownPair | None:
        """The known pair that is called so; None for a real question."""
        return next((each for each in self.pairs if each.item_id == item_id), None)

    def due_before(self, row: ReviewRow, seen: Seen) -> KnownPair | None:
        """The known pair that comes before a question of a reviewer; mostly none."""
        drawn = int.from_bytes(hashlib.sha256(f"{row.item_id} {seen.by}".encode()).digest()[:8])
        if drawn % 100 >= self.share_for(frozenset((row.region,))):
            return None
        return self.pairs[drawn // 100 % len(self.pairs)]

    def mixed(
        self, rows: Sequence[ReviewRow], seen: Seen, said: Mapping[UUID, KnownAnswer]
    ) -> list[ReviewRow]:
        """Questions with the known pairs that are due and not yet answered, each once."""
        found: list[ReviewRow] = []
        shown = set(said)
        for row in rows:
            pair = self.due_before(row, seen)
            if pair is not None and pair.item_id not in shown:
                shown.add(pair.item_id)
                found.append(self.row_of(pair, seen, None))
            found.append(row)
        return found

    def row_of(self, pair: KnownPair, seen: Seen, said: KnownAnswer | None) -> ReviewRow:
        """A known pair as a question, open until its reviewer has answered it."""
        left, right = (derived("known-pair", pair.name, side) for side in ("left", "right"))
        return ReviewRow(
            item_id=pair.item_id,
            version=1 if said is None else 2,
            region=min(seen.regions, default=0),
            left_record=left,
            right_record=right,
            reasons=pair.reasons,
            in_hospital=False,
            alone=False,
            restricted=False,
            settled=said is not None,
            answer=None if said is None else said.told,
            answers=0,
            needs=1,
            heard=[] if said is None else [str(said.event_id)],
            disagreed=False,
            asked_of_two=False,
            answered_by=[],
            evidence="",
            asked_at=self.since if said is None else None,
            pressing=None,
            fields=pair.fields,
            score=pair.score if said is None else as_settled(pair.score, said.told),
        )


def as_settled(score: Json, told: str) -> Json:
    """The weights as a question has them when an answer settled it."""
    grades = {Told.SAME.value: Grade.CERTAIN, Told.DIFFERENT.value: Grade.CERTAINLY_NOT}
    if not isinstance(score, Mapping) or not score or told not in grades:
        return score
    return {**score, "grade": grades[told].value, "decided_by": ANSWER}
