"""A pass: records of some topics become records of others, exactly once for readers of committed records.

A pass declares what it reads and writes and one function; the runtime reads, writes and keeps the position. The
function answers each record with one step: say something (or nothing), refuse it, or hold it back for a while.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from hub.errors import Rejected

HUB_SOURCE: Final = "urn:carers-hub"
"""`ce_source` of what the hub says itself."""


def sender_source(sender: str) -> str:
    """`ce_source` of what a sender of the configuration said."""
    return f"{HUB_SOURCE}:sender:{sender}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One record as the broker has it.

    Attributes:
        value: Its bytes; None where a key was erased.
        appended_at: When the broker took it, by its own clock; aware.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None = field(repr=False)
    value: bytes | None = field(repr=False)
    appended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One record to write.

    Attributes:
        said_id: `ce_id`: another for each record of a topic.
        source: `ce_source`.
        version: Counts what is said under one key of a compacted topic; 0 where nothing counts.
    """

    topic: str
    partition: int
    key: bytes
    value: bytes = field(repr=False)
    said_id: str
    source: str = HUB_SOURCE
    version: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """The record was read; this follows from it, or nothing.

    Attributes:
        subject: What it is about. It waits while an earlier record about the same is held back.
    """

    sayings: tuple[Saying, ...] = ()
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The record can never be used: its bytes become a dead letter."""

    error: Rejected


@dataclass(frozen=True, slots=True)
class HoldBack:
    """The record cannot be used yet. After the patience of its pass it is refused.

    Attributes:
        subject: What it is about; records about anything else go past it.
        otherwise: Why it is refused in the end.
    """

    subject: UUID
    otherwise: Rejected


Step: TypeAlias = Say | Refuse | HoldBack


@dataclass(frozen=True, slots=True)
class Told:
    """Versions that a pass has said.

    Attributes:
        versions: Key -> the last version said under it, as far as it is remembered.
        whole: Whether it holds every key that was ever said: what is missing was never said.
    """

    versions: Mapping[bytes, int]
    whole: bool = False


NOTHING_TOLD: Final = Told({})

Steps: TypeAlias = Callable[[Sequence[Heard], Told], Awaitable[Sequence[Step]]]
"""One step for each record, in their order. Raises `Unavailable` when it cannot say now."""


def no_version(_: bytes) -> int:
    """For what is not counted."""
    return 0


@dataclass(frozen=True)
class Pass:
    """One way from topics to topics.

    Attributes:
        name: As it stands in checks, numbers, log lines and in the names of its position; it never changes.
        region: Region of its dead letters; None when it works in several.
        reads: Topic and partition of everything it reads.
        writes: Every topic that it may write.
        steps: What follows from records.
        own: Topic and partition of what is compacted and only this pass writes; read once when its position is not
            known, so that no version goes back.
        version_of: The version in the bytes of a record of `own`.
        patience_seconds: How long a record may be held back.
    """

    name: str
    region: int | None
    reads: tuple[tuple[str, int], ...]
    writes: frozenset[str]
    steps: Steps
    own: tuple[tuple[str, int], ...] = ()
    version_of: Callable[[bytes], int] = no_version
    patience_seconds: float = 0.0
