"""A processor: one row that says what it reads, what it writes, and the pure function that decides."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar
from uuid import UUID

from hub.decisions import Decisions, Event
from hub.matching.region import RegionView
from hub.records.registry import Record
from hub.topics import TOPICS

State = TypeVar("State")
Policy = TypeVar("Policy")
Kept = TypeVar("Kept", bound=Record)


class StateReader(Protocol):
    """What a processor may read while it decides: the region's memory, and its own rows."""

    @property
    def region(self) -> RegionView:
        """Everybody and everything of the region, as of this event."""
        ...

    def kept(self, kind: type[Kept], key: UUID) -> Kept | None:
        """The state of `key`, as of this event."""
        ...


@dataclass(frozen=True, slots=True)
class StateKey:
    """The row of state that an event needs: the kind of record and the key."""

    kind: type[Any]
    key: UUID


def no_others(_: Record) -> tuple[StateKey, ...]:
    """A row of state that names no other."""
    return ()


@dataclass(frozen=True)
class Processor(Generic[State, Policy]):
    """One link of the chain.

    Attributes:
        name: As it stands in state rows, reminders and log lines; part of the contract.
        reads: Record types that it is given; a `ReminderDue` only when it names this processor.
        writes: Record types that it may publish.
        remembers: Record types of its state.
        needs: The rows of its own state that an event needs, so that a batch reads them in one query.
        leads_to: The rows that such a row names and that are needed with it.
        state_of: Its state for one event.
        decide: The pure rule.
        policy: What the rule is configured with; frozen.
    """

    name: str
    reads: tuple[type[Event], ...]
    writes: tuple[type[Event], ...]
    remembers: tuple[type[Record], ...]
    needs: Callable[[Any], tuple[StateKey, ...]]
    state_of: Callable[[StateReader, Any], State]
    decide: Callable[[State, Any, Policy], Decisions]
    policy: Policy
    leads_to: Callable[..., tuple[StateKey, ...]] = no_others


Chain = tuple[Processor[Any, Any], ...]

PROCESSORS: Final = frozenset({"carer_matching", "discharge_involvement", "support_referral"})
"""The names of the chain's processors, as they stand in `written_by` and `read_by` of the topics."""

IN_TOPICS: Final[tuple[str, ...]] = tuple(
    sorted(
        topic.name
        for topic in TOPICS
        if PROCESSORS & set(topic.read_by) and not PROCESSORS & set(topic.written_by)
    )
)
"""The in-topics of a region: what the chain reads and does not write itself."""
