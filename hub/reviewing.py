"""Questions about two records as reviewers see them, and their answers as events."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

import orjson

from hub.decisions import Frame
from hub.errors import Rejected
from hub.identity import derived
from hub.projection import Json
from hub.records import DecisionKind, PersonDecision, ReviewAnswer, ReviewVerdict

MOST_PER_MILLE: Final = 1000
"""`ReviewRow.pressing` of a question whose answer is nearly certain to be somebody."""

MOST_VERSION: Final = 999_999_999
"""The largest number of what a reviewer sees."""

WHY: Final = (
    "records-agree",
    "records-differ",
    "asked-the-person",
    "asked-the-practice",
    "asked-the-ward",
    "relatives",
    "namesakes",
    "not-enough-known",
    "slip",
)
"""Why somebody answers so. Codes only: words of people may name people."""

UNLINKED: Final = "does-not-want-to-be-linked"
"""A reason that stands beside why it is asked: somebody of whom it is asked objects to being linked (ADR-0030)."""

BY_ITSELF: Final = "no longer in question"
"""The answer of a question that nobody had to answer."""


class Told(StrEnum):
    """An answer as it is sent."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot-tell"
    REVOKED = "revoked"

    @property
    def verdict(self) -> ReviewVerdict:
        """As the event says it."""
        return ReviewVerdict(self.value.replace("-", "_"))


class Stale(Rejected):
    """Another version of the question than the one that was answered."""

    issue_code = "conflict"
    http_status = 412


class Settled(Rejected):
    """There is nothing to answer any more."""

    issue_code = "conflict"
    http_status = 409


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reviewer may see.

    Attributes:
        regions: Partitions in which their organisation works.
        cleared: Also questions about somebody who is shielded, or does not want to be linked.
        by: The reviewer: ODS code, `/`, staff id.
    """

    regions: frozenset[int]
    cleared: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A question as a page shows it.

    Attributes:
        heard: Events of the answers that are kept.
        asked_of_two: Nobody who answers it sees what the other says, nor that there is another.
        answered_by: Whose answer counts as things are now, as `Seen.by` names them; they are not asked again.
        pressing: Per mille: matchability, shared by as many people as it could be; None where no model scored it.
        fields: As `ComparedField` has them.
        score: What a model said of the pair as a whole; empty where none did.
    """

    item_id: UUID
    version: int
    region: int
    left_record: UUID
    right_record: UUID
    reasons: Sequence[Json]
    in_hospital: bool
    alone: bool
    restricted: bool
    settled: bool
    answer: str | None
    answers: int
    needs: int
    heard: Sequence[Json]
    disagreed: bool
    asked_of_two: bool
    answered_by: Sequence[Json]
    evidence: str
    asked_at: datetime | None
    pressing: int | None
    fields: Sequence[Json] = field(repr=False)
    score: Json


@dataclass(frozen=True, slots=True)
class QueueSize:
    """How many questions wait, and since when the oldest does; None when none does."""

    number: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """How often a reviewer of an organisation agreed: with what made-up pairs are, or with a second reviewer."""

    staff_id: str
    answered: int
    agreed: int


class ReviewQueue(Protocol):
    """What reviewers have to answer. Blocks; raises `Unavailable`."""

    def waiting(self, seen: Seen, most: int) -> Sequence[ReviewRow]:
        """Open questions that this reviewer has not answered, the most urgent first.

        In hospital, somebody alone at home, the likeliest, the oldest.
        """
        ...

    def size(self, seen: Seen) -> QueueSize:
        """How many of them there are in all."""
        ...

    def with_others(self, seen: Seen, most: int) -> Sequence[ReviewRow]:
        """Open questions that this reviewer has answered and somebody else has to answer as well, the oldest first."""
        ...

    def one(self, seen: Seen, item_id: UUID) -> ReviewRow | None:
        """A question, open or settled; None when there is none, or this reviewer may not see it."""
        ...

    def agreement(self, ods_code: str) -> Sequence[Agreed]:
        """Of the reviewers of an organisation: on how many questions that were asked of two the first two agreed."""
        ...


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """What a reviewer said of a made-up pair.

    Attributes:
        told: One of `Told`.
        agreed: Whether that is what the pair is.
        at: When; aware.
    """

    event_id: UUID
    told: str
    agreed: bool
    at: datetime


class KnownAnswers(Protocol):
    """What reviewers said of made-up pairs. Blocks; raises `Unavailable`."""

    def of(self, reviewer: str) -> Mapping[UUID, KnownAnswer]:
        """By pair, of one reviewer as `Seen.by` names them."""
        ...

    def keep(self, reviewer: str, pair: UUID, said: KnownAnswer) -> None:
        """Keep an answer, unless there is one."""
        ...

    def counts(self, ods_code: str) -> Sequence[Agreed]:
        """Of all reviewers of an organisation who answered any."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerSays:
    """One answer of a reviewer.

    Attributes:
        by: Their staff id.
        nonce: Tells one sending from the next: the same answer with the same nonce is one event.
        version: What they saw of the question, by `seen_version`.
        why: One of `WHY`, or empty.
        at: Now; aware.
    """

    by: str
    organisation_ods: str
    told: Told
    nonce: str
    version: int
    why: str
    at: datetime


def decision_from(row: ReviewRow, says: ReviewerSays, source: str) -> PersonDecision:
    """The event of an answer.

    Raises:
        Stale: The question was told anew meanwhile.
        Settled: It settled itself, or there is no answer to take back.
        Rejected: The reason is none of the list.
    """
    frame = frame_of(row, says, source)
    again = str(frame["event_id"]) in row.heard
    if says.version != seen_version(row) and not again:
        raise Stale("This question was told anew. Read it again, and answer it then.", code="stale")
    if row.settled and row.answer == BY_ITSELF and not again:
        raise Settled("This question settled itself: nothing is left to answer.", code="settled")
    if says.why and says.why not in WHY:
        raise Rejected(f"Say one of {', '.join(WHY)} as the reason.", code="unknown-reason")
    return PersonDecision(
        **frame,
        decision_key=decision_key(row, says),
        kind=DecisionKind.REVIEW,
        by=says.by,
        organisation_ods=says.organisation_ods,
        review=ReviewAnswer(
            left=row.left_record,
            right=row.right_record,
            answer=says.told.verdict,
            evidence=row.evidence,
            why=says.why,
            asked_of_two=row.asked_of_two,
        ),
    )


def seen_version(row: ReviewRow) -> int:
    """What a reviewer sees of a question, as a number from 1 to `MOST_VERSION`: another one when that changes.

    It does not count: how often a question was told says that somebody else has answered one that is asked of two.
    """
    seen = orjson.dumps(
        [
            (row.item_id, row.reasons, row.fields, row.score, row.evidence),
            (row.in_hospital, row.alone, row.restricted, row.settled, row.answer),
            (row.answers, row.needs, row.disagreed),
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return 1 + int.from_bytes(hashlib.sha256(seen).digest()[:8]) % MOST_VERSION


def decision_key(row: ReviewRow, says: ReviewerSays) -> UUID:
    """By pair and reviewer, so that a compacted topic has the latest answer and the latest revocation of each."""
    word = "review-revoked" if says.told is Told.REVOKED else "review-answer"
    return derived(word, row.item_id, says.organisation_ods, says.by)


def frame_of(row: ReviewRow, says: ReviewerSays, source: str) -> Frame:
    """The frame of an answer; its id is that of what was sent."""
    sent = (says.organisation_ods, says.by, row.item_id, says.nonce, says.told.value, says.version)
    event_id = derived("event", source, *sent)
    return Frame(
        event_id=event_id,
        caused_by=None,
        correlation_id=event_id,
        source=source,
        source_event_id=says.nonce,
        occurred_at=says.at,
        recorded_at=says.at,
        received_at=says.at,
        region=row.region,
    )
