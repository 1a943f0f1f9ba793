"""What is to be done, or must not be done, about a topic. Each says itself in one line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hub.runtime.topics.wanted import WantedTopic


@dataclass(frozen=True, slots=True)
class Create:
    """A topic is not there yet."""

    topic: WantedTopic
    copies: int
    settings: Mapping[str, str]

    def __str__(self) -> str:
        """In one line."""
        count = self.topic.partitions
        return (
            f"create {self.topic.name}: {count} partition{'s'[: count != 1]}, copies: {self.copies}"
        )


@dataclass(frozen=True, slots=True)
class AddPartitions:
    """Regions were appended."""

    name: str
    has: int
    total: int

    def __str__(self) -> str:
        """In one line."""
        return f"add partitions to {self.name}: {self.has} -> {self.total}"


@dataclass(frozen=True, slots=True)
class ChangeSetting:
    """A setting is not as declared, and may be changed under way."""

    name: str
    setting: str
    has: str
    wanted: str

    def __str__(self) -> str:
        """In one line."""
        return f"change {self.name}: {self.setting} {self.has or '(not set)'} -> {self.wanted}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that no program may mend by itself: the hub does not start on it."""

    name: str
    reason: str

    def __str__(self) -> str:
        """In one line."""
        return f"refused, {self.name}: {self.reason}" if self.name else f"refused: {self.reason}"


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to look at that keeps nobody from working."""

    name: str
    reason: str

    def __str__(self) -> str:
        """In one line."""
        return f"note, {self.name}: {self.reason}"


Difference = Create | AddPartitions | ChangeSetting | Refusal | Advice


class TopicsRefused(Exception):
    """Configuration and topics do not fit together, and no program may mend it.

    One line for each reason, naming the first topic and how many share it.

    Args:
        refusals: What is refused.
    """

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        self.refusals = refusals
        super().__init__("\n".join(by_reason(refusals)))


def by_reason(refusals: Iterable[Refusal]) -> Iterator[str]:
    """One line for each reason, naming the first topic and how many share it."""
    names: dict[str, list[str]] = {}
    for each in refusals:
        names.setdefault(each.reason, []).append(each.name)
    for reason, (first, *others) in names.items():
        more = f" (and {len(others)} more)" if others else ""
        yield str(Refusal(first + more, reason))
