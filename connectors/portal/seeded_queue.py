"""The review queue of one reviewer with what measures answers: known pairs, and questions that two are asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connectors.portal.asked_of_two import AskedOfTwo
from connectors.portal.known_pairs import KnownPair, KnownPairs
from hub.records import PersonDecision
from hub.reviewing import KnownAnswer, KnownAnswers, QueueSize, ReviewQueue, ReviewRow, Seen, Told


@dataclass(frozen=True)
class SeededQueue:
    """See `hub.reviewing.ReviewQueue`. Its size is that of the real questions alone."""

    queue: ReviewQueue
    answers: KnownAnswers
    known: KnownPairs
    of_two: AskedOfTwo

    def waiting(self, seen: Seen, most: int) -> list[ReviewRow]:
        """See `hub.reviewing.ReviewQueue.waiting`."""
        rows = [self.of_two.as_asked(each) for each in self.queue.waiting(seen, most)]
        if not self.known.pairs:
            return rows
        return self.known.mixed(rows, seen, self.answers.of(seen.by))[:most]

    def size(self, seen: Seen) -> QueueSize:
        """See `hub.reviewing.ReviewQueue.size`."""
        return self.queue.size(seen)

    def with_others(self, seen: Seen, most: int) -> list[ReviewRow]:
        """See `hub.reviewing.ReviewQueue.with_others`."""
        return [self.of_two.as_asked(each) for each in self.queue.with_others(seen, most)]

    def one(self, seen: Seen, item_id: UUID) -> ReviewRow | None:
        """See `hub.reviewing.ReviewQueue.one`."""
        pair = self.known.pair(item_id)
        if pair is None:
            row = self.queue.one(seen, item_id)
            return None if row is None else self.of_two.as_asked(row)
        return self.known.row_of(pair, seen, self.answers.of(seen.by).get(item_id))

    def keep(self, pair: KnownPair, seen: Seen, decision: PersonDecision, told: Told) -> None:
        """Keep what a reviewer said of a known pair; the first answer counts. Blocks."""
        at: datetime = decision.recorded_at
        said = KnownAnswer(decision.event_id, told.value, agreed=told is pair.truth, at=at)
        self.answers.keep(seen.by, pair.item_id, said)
