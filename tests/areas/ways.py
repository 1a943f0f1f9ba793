"""Four ways to find a person who lives in another area, and what each moves, costs and misses in a day."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.areas.world import Asked, England

KEYS: Final = 6
"""Routing keys of a person: NHS number, phone, date of birth, postcode, address, pair of names."""
DISTINCT_SHARDS: Final = 5.6
"""Shards that six keys fall on in the mean, of 42: 42 (1 - (41/42)^6)."""

BYTES: Final = {"question": 300, "answer": 900, "person": 700, "locator": 40, "locator answer": 20}
"""On the wire. A question is a record as compared; an answer five candidates with levels; a locator is asked by a keyed
hash of number and date of birth."""
INDEX_BYTES: Final = 1_000
"""Of a person in an index (bar of the matcher)."""
LOCATOR_BYTES: Final = 24
"""Of a person in a locator: a hash of 16 bytes, an area, room to spare."""
TRIP_MS: Final = 8.0
"""One question to another area and back, over the health network; the slowest of many counts three times as much."""
SLOWEST_OF_MANY: Final = 3.0
CHANGED_A_DAY: Final = 0.0006
"""Of people, those whose name, address or number changes in a day: about a fifth in a year."""


@dataclass(slots=True)
class Cost:
    """What a day of one way comes to.

    Attributes:
        questions: Sent from one area to another.
        megabytes: Moved between areas, changes of people included.
        outside: People of whom something lies outside their own area.
        personal: Whether what lies there are names and addresses; else hashes.
        largest: Bytes of the largest index at one place.
        missed: Questions about somebody of another area that could not be answered.
        wait_ms: Of a question that has to leave its area.
        lost: Questions that cannot be answered while one place is down, of all that day.
    """

    questions: int = 0
    megabytes: float = 0.0
    outside: int = 0
    personal: bool = False
    largest: float = 0.0
    missed: int = 0
    wait_ms: float = 0.0
    lost: float = 0.0
    asked_of: Counter[int] = field(default_factory=Counter)

    @property
    def busiest(self) -> float:
        """How many times the mean the busiest place is asked."""
        if not self.asked_of:
            return 0.0
        return max(self.asked_of.values()) / (sum(self.asked_of.values()) / len(self.asked_of))


def foreign(day: Iterable[Asked]) -> list[Asked]:
    """Questions about people who live elsewhere."""
    return [each for each in day if each.at != each.home]


def own_only(england: England, day: list[Asked]) -> Cost:
    """Every area knows its own people; a stranger is somebody new until a form or a flag names them."""
    return Cost(largest=max(england.people) * INDEX_BYTES, missed=len(foreign(day)))


def ask_all(england: England, day: list[Asked]) -> Cost:
    """Who is not found at home is asked for in all other areas."""
    asked, others = foreign(day), len(england.people) - 1
    cost = Cost(largest=max(england.people) * INDEX_BYTES, wait_ms=TRIP_MS * SLOWEST_OF_MANY)
    cost.questions = len(asked) * others
    cost.megabytes = cost.questions * (BYTES["question"] + BYTES["answer"] / others) / 1e6
    for each in asked:
        cost.asked_of.update(place for place in range(others + 1) if place != each.at)
    cost.lost = len(asked) / (others + 1)  # whoever lives in the area that is down
    return cost


def by_keys(england: England, day: list[Asked]) -> Cost:
    """One index over all, spread by keys: each person lies in some shards, each question goes to some."""
    shards = len(england.people)
    cost = Cost(personal=True, wait_ms=TRIP_MS * SLOWEST_OF_MANY, outside=england.everybody)
    cost.questions = round(len(day) * DISTINCT_SHARDS)
    moved = cost.questions * (BYTES["question"] + BYTES["answer"])
    moved += england.everybody * CHANGED_A_DAY * DISTINCT_SHARDS * BYTES["person"]
    cost.megabytes = moved / 1e6
    cost.largest = england.everybody * DISTINCT_SHARDS / shards * INDEX_BYTES
    numberless = sum(not each.numbered for each in day)
    cost.lost = numberless * DISTINCT_SHARDS / shards  # its margin is no longer known: to review
    return cost


def by_locator(england: England, day: list[Asked]) -> Cost:
    """A table of keyed hashes says in which area a number with its date of birth lives; only that area is asked."""
    asked = [each for each in foreign(day) if each.numbered]
    cost = Cost(outside=england.everybody, wait_ms=2 * TRIP_MS)
    cost.questions = 2 * len(asked)
    moved = len(asked) * (
        BYTES["locator"] + BYTES["locator answer"] + BYTES["question"] + BYTES["answer"]
    )
    moved += england.everybody * CHANGED_A_DAY * BYTES["locator"]
    cost.megabytes = moved / 1e6
    cost.largest = max(max(england.people) * INDEX_BYTES, england.everybody * LOCATOR_BYTES)
    cost.missed = len(foreign(day)) - len(asked)
    cost.asked_of.update(each.home for each in asked)
    cost.lost = len(asked) / len(england.people)
    return cost


Way = Callable[[England, list[Asked]], Cost]
WAYS: Final[Mapping[str, Way]] = {
    "each area by itself": own_only,
    "ask all areas": ask_all,
    "one index, spread by keys": by_keys,
    "a locator of hashed numbers": by_locator,
}
