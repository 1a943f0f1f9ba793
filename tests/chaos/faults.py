"""Does to a hub what the plan says."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import psycopg

from deploy.local.parts import LocalParts
from tests.chaos.commit_proxy import CommitProxy
from tests.chaos.plan import WORKERS_KILLED, Fault, Plan
from tests.chaos.roles import Role, Roles, until

OWNER_SECONDS = 120.0
"""Longer than any takeover: how long one takes is measured elsewhere, here it must only come to an end."""
LOOK_SECONDS = 0.002
AIM_SECONDS = 15.0
ARRIVED_SECONDS = 0.03
"""What a frozen process had said has reached the database by then."""

NEXT_OUTBOX = "SELECT next_outbox FROM shards WHERE region = 0"
IN_TRANSACTION = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE application_name = 'carers-hub' AND state LIKE 'idle in transaction%'"
)
UNANSWERED_SECONDS = 1.0
ZOMBIE_SECONDS = 3.0
STALLED_SECONDS = 120.0
SHARE_SECONDS = 0.1


@dataclass
class Faults:
    """The faults of one run.

    Attributes:
        gone: The share of the run, of 1, that is over.
        log: What was done and when, in words.
        done: How often each fault was done.
        untold: Rows that waited in the outbox at each aimed kill.
    """

    plan: Plan
    roles: Roles
    parts: LocalParts
    proxy: CommitProxy
    gone: Callable[[], float]
    log: list[str] = field(default_factory=list)
    done: Counter[Fault] = field(default_factory=Counter)
    untold: list[int] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)

    @property
    def workers_killed(self) -> int:
        """How many workers were killed."""
        return sum(WORKERS_KILLED[fault] * times for fault, times in self.done.items())

    async def run(self) -> None:
        """One fault after the other, each at its time or as soon as the one before is over."""
        acts: dict[Fault, Callable[[], Awaitable[None]]] = {
            Fault.KILL_OWNER: self._kill_owner,
            Fault.KILL_UNTOLD: self._kill_untold,
            Fault.KILL_TAKEOVER: self._kill_takeover,
            Fault.KILL_STANDBY: self._kill_standby,
            Fault.KILL_BOTH: self._kill_both,
            Fault.FREEZE_OWNER: self._freeze_owner,
            Fault.FREEZE_BETWEEN: self._freeze_between,
            Fault.KILL_BROKER: self._kill_broker,
            Fault.KILL_BROKER_AND_GATEWAY: self._kill_broker_and_gateway,
            Fault.KILL_DATABASE: self._kill_database,
            Fault.KILL_GATEWAY: self._kill_gateway,
        }
        self._started = time.monotonic()
        for place, (at, fault) in enumerate(self.plan.faults):
            await asyncio.sleep(max(0.0, at - self._now))
            await self._share_of_the_run(self.plan.share_before(place))
            await acts[fault]()
            self.done[fault] += 1
            self.log.append(f"{self._now:7.2f} s: {fault}")

    async def _share_of_the_run(self, share: float) -> None:
        """Wait until so much of the run, of 1, is over, or nothing goes on: who hangs is found out later."""
        seen, since = self.gone(), time.monotonic()
        while seen < share and time.monotonic() < since + STALLED_SECONDS:
            await asyncio.sleep(SHARE_SECONDS)
            if (now := self.gone()) > seen:
                seen, since = now, time.monotonic()

    @property
    def _now(self) -> float:
        return time.monotonic() - self._started

    async def _owner(self) -> Role:
        await until(lambda: self.roles.owner is not None, OWNER_SECONDS, "a worker with the region")
        owner = self.roles.owner
        assert owner is not None
        return owner

    async def _kill_owner(self) -> None:
        (await self._owner()).kill()

    async def _kill_untold(self) -> None:
        """As soon as rows were committed to the outbox; the relay needs some milliseconds to tell them."""
        owner, end = await self._owner(), time.monotonic() + AIM_SECONDS
        with psycopg.connect(self.parts.postgres.url, autocommit=True) as connection:
            before = now = connection.execute(NEXT_OUTBOX).fetchone()
            while now == before and time.monotonic() < end:
                await asyncio.sleep(LOOK_SECONDS)
                now = connection.execute(NEXT_OUTBOX).fetchone()
            owner.kill()
            left = connection.execute("SELECT count(*) FROM outbox").fetchone()
        self.untold.append(left[0] if left else 0)

    async def _kill_takeover(self) -> None:
        for _ in range(2):
            (await self._owner()).kill()

    async def _kill_standby(self) -> None:
        owner = await self._owner()
        next(role for role in self.roles.workers if role is not owner).kill()

    async def _kill_both(self) -> None:
        await self._owner()
        for role in self.roles.workers:
            role.kill()

    async def _freeze_owner(self) -> None:
        """A zombie, whatever it was doing: it goes on when another has had the region for a while."""
        owner = await self._owner()
        owner.freeze()
        await self._haunted_by(owner)

    async def _freeze_between(self) -> None:
        """The same, as soon as a batch is committed: one that has no transaction open which the database would end."""
        owner, end = await self._owner(), time.monotonic() + AIM_SECONDS
        with psycopg.connect(self.parts.postgres.url, autocommit=True) as connection:
            while time.monotonic() < end:
                self.proxy.batch_passed.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(AIM_SECONDS):
                        await self.proxy.batch_passed.wait()
                owner.freeze()
                await asyncio.sleep(ARRIVED_SECONDS)
                if connection.execute(IN_TRANSACTION).fetchone() == (0,):
                    break
                owner.thaw()
        await self._haunted_by(owner)

    async def _haunted_by(self, owner: Role) -> None:
        """Wait for the next owner; then the frozen one goes on, and does not hear of it for a while."""
        try:
            await self._owner()  # another one, once the lease has run out
            await asyncio.sleep(UNANSWERED_SECONDS / 2)
            self.proxy.losing_leases = True
            owner.thaw()
            await asyncio.sleep(ZOMBIE_SECONDS)
        finally:
            self.proxy.losing_leases = False
            owner.thaw()

    async def _kill_broker(self) -> None:
        await asyncio.to_thread(self.parts.kafka.kill)
        await asyncio.sleep(UNANSWERED_SECONDS)
        await asyncio.to_thread(self.parts.kafka.start)

    async def _kill_broker_and_gateway(self) -> None:
        """What a gateway that answered too early has in hand is gone with it."""
        await asyncio.to_thread(self.parts.kafka.kill)
        await asyncio.sleep(UNANSWERED_SECONDS)
        self.roles.gateway.kill()
        await asyncio.to_thread(self.parts.kafka.start)

    async def _kill_database(self) -> None:
        await asyncio.to_thread(self.parts.postgres.kill)
        with contextlib.suppress(TimeoutError):
            await asyncio.sleep(UNANSWERED_SECONDS / 2)
        await asyncio.to_thread(self.parts.postgres.start)

    async def _kill_gateway(self) -> None:
        self.roles.gateway.kill()
