"""What is done to a hub and when: a schedule from a seed."""

import math
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tests.chaos.commit_proxy import Losses
from tests.chaos.messages import Share


class Fault(StrEnum):
    """One thing that is done."""

    KILL_OWNER = "kill -9 of the worker that has the region"
    KILL_UNTOLD = "kill -9 of the owner between database commit and relay commit"
    KILL_TAKEOVER = "kill -9 of the owner and of the next one as soon as it has the region"
    KILL_STANDBY = "kill -9 of the standby"
    KILL_BOTH = "kill -9 of both workers"
    FREEZE_OWNER = "SIGSTOP of the owner for longer than its lease"
    FREEZE_BETWEEN = "SIGSTOP of the owner between two transactions for longer than its lease"
    KILL_BROKER = "kill -9 of Kafka"
    KILL_BROKER_AND_GATEWAY = "kill -9 of Kafka, then of the gateway"
    KILL_DATABASE = "kill -9 of PostgreSQL"
    KILL_GATEWAY = "kill -9 of the gateway"


WORKERS_KILLED: Final = Counter(
    {
        Fault.KILL_OWNER: 1,
        Fault.KILL_UNTOLD: 1,
        Fault.KILL_TAKEOVER: 2,
        Fault.KILL_STANDBY: 1,
        Fault.KILL_BOTH: 2,
    }
)
"""How many workers a fault kills."""

TAKES: Final = {
    Fault.KILL_OWNER: 7.5,
    Fault.KILL_UNTOLD: 7.5,
    Fault.KILL_TAKEOVER: 14.0,
    Fault.KILL_STANDBY: 1.0,
    Fault.KILL_BOTH: 8.0,
    Fault.FREEZE_OWNER: 13.0,
    Fault.FREEZE_BETWEEN: 13.0,
    Fault.KILL_BROKER: 9.0,
    Fault.KILL_BROKER_AND_GATEWAY: 9.0,
    Fault.KILL_DATABASE: 4.0,
    Fault.KILL_GATEWAY: 2.0,
}
"""Seconds after which the hub is about itself again; most of it is the lease of 5 s running out."""


SLOWEST_RATE: Final = 500.0
"""Messages a second: what is slower than this under faults has stopped."""


SPREAD_OVER: Final = 0.98
"""Faults that are spread end a little before the messages, so that the last one has work to disturb."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run.

    Attributes:
        seconds: The sender's pace: the script lasts so long at least.
        faults: What is done, each so many seconds after the start, one after the other.
        losses: How often the answer to a COMMIT is lost.
        still_seconds: Nothing may stand still for so long before all is settled; a slow machine may take its time.
        spread: A fault waits for its share of the messages as well, and the sender for the region, so that a long run
            is under faults from its first message to its last, however quick the machine is.
    """

    seed: int
    messages: int
    seconds: float
    faults: tuple[tuple[float, Fault], ...] = ()
    losses: Losses = field(default_factory=Losses)
    share: Share = field(default_factory=Share)
    connections: int = 8
    workers: int = 2
    still_seconds: float = 90.0
    spread: bool = False
    most_seconds: float = math.inf

    @property
    def done(self) -> Counter[Fault]:
        """How often each fault is done."""
        return Counter(fault for _, fault in self.faults)

    def share_before(self, place: int) -> float:
        """The share of the run, of 1, that is over before this fault, counted from 0."""
        return SPREAD_OVER * place / len(self.faults) if self.spread else 0.0

    @property
    def send_seconds(self) -> float:
        """What is not answered so long after the pace says that all is sent is given up, and counted."""
        return 240.0 + self.messages / SLOWEST_RATE

    @property
    def workers_killed(self) -> int:
        """How many workers are killed."""
        return sum(WORKERS_KILLED[fault] for _, fault in self.faults)


def schedule(
    seed: int, faults: Iterable[Fault], *, start: float = 4.0
) -> tuple[tuple[float, Fault], ...]:
    """The faults in a mixed order, each some while after the one before has passed, and never at a round time."""
    chance = random.Random(f"plan {seed}")
    mixed = list(faults)
    chance.shuffle(mixed)
    found, at = [], start
    for fault in mixed:
        at += chance.uniform(0.0, 2.0)
        found.append((round(at, 3), fault))
        at += TAKES[fault]
    return tuple(found)


def full(seed: int, messages: int, kills: int = 15, brokers: int = 2) -> Plan:
    """Every kind of fault, with about so many kills of workers and of the broker, and never fewer.

    A dose is the seven kinds around two kills of the broker; a longer run is so many doses, spread over its messages.
    """
    doses = max(1, brokers // 2)
    faults = [
        Fault.KILL_TAKEOVER,
        Fault.KILL_BOTH,
        Fault.KILL_STANDBY,
        (Fault.FREEZE_OWNER, Fault.FREEZE_BETWEEN)[seed % 2],
        Fault.KILL_BROKER,
        Fault.KILL_BROKER_AND_GATEWAY,
        Fault.KILL_DATABASE,
        Fault.KILL_GATEWAY,
        Fault.KILL_GATEWAY,
    ] * doses
    faults += [Fault.KILL_BROKER] * (brokers - 2 * doses)
    left = kills - sum(WORKERS_KILLED[fault] for fault in faults)
    faults += [(Fault.KILL_UNTOLD, Fault.KILL_OWNER)[number % 2] for number in range(max(0, left))]
    times = schedule(seed, faults)
    return Plan(
        seed=seed,
        messages=messages,
        seconds=times[-1][0] + TAKES[times[-1][1]],
        faults=times,
        losses=Losses(of_all=0.01, of_batches=0.02),
        spread=doses > 1,
    )
