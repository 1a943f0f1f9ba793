"""Run one pass for as long as the process lives: session after session, whatever happens to the broker or the database.

Each pass has its own clients, its own position and its own `transactional.id`, so that one receiver whose topic is
missing, closed or full delays only itself (ADR-0013).
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from aiokafka import TopicPartition
from aiokafka.errors import (
    InvalidProducerEpoch,
    KafkaError,
    ProducerFenced,
    TopicAuthorizationFailedError,
)

from hub.errors import Unavailable
from hub.passing import Pass
from hub.ports.door import Door
from hub.runtime import clock
from hub.runtime.connection import KafkaConnection
from hub.runtime.health import Check, Sample
from hub.runtime.lag import Place as LagPlace
from hub.runtime.passing_round import Position, TooManyDefects
from hub.runtime.passing_session import Counts, Session
from hub.runtime.patience import Patience

log = structlog.get_logger("passes")

AGAIN_SECONDS: Final = 0.3
LONGEST_PAUSE: Final = 5.0

FENCED_SECONDS: Final = 60.0
"""A pass that another process has taken over looks again after this long: two processes that both run it take turns,
each exact, and when one of them is gone the other goes on."""

STUCK: Final = timedelta(seconds=60)
"""Readiness turns red when a pass has not turned for so long."""

TURN_SECONDS: Final = 180.0
"""A turn that takes longer is given up, and begun anew from the position; it may have to wait for a database."""

NOT_YET: Final = "it is still being opened"


class Passing:
    """One pass.

    Attributes:
        failing: Why it does not move; empty when it does.
        standby: Whether another process passes on.
    """

    def __init__(self, given: Pass, hub_id: str, kafka: KafkaConnection, door: Door) -> None:
        self.given = given
        self.failing = NOT_YET
        self.standby = False
        self.counts = Counts()
        self.places = tuple(
            LagPlace(given.name, TopicPartition(*each), partial(self._reached, each))
            for each in given.reads
        )
        self._beat = clock.now()
        self._kafka, self._door = kafka, door
        self._name = f"hub-pass-{hub_id}-{given.name}"
        self._patience = Patience()
        self._session: Session | None = None

    def _reached(self, place: tuple[str, int]) -> int:
        positions = self._session.positions if self._session is not None else {}
        return positions.get(place, Position(0)).next

    async def run(self) -> None:
        """Until it is cancelled, or fails record after record by a fault of ours."""
        pause = AGAIN_SECONDS
        while True:
            before = self.counts.heard
            try:
                await self._guarded()
            except TooManyDefects as fault:
                log.critical("pass-stopped", processor=self.given.name, what=str(fault))
                self.failing = "it has stopped: record after record met a fault of the hub"
                return
            pause = AGAIN_SECONDS if self.counts.heard > before else min(2 * pause, LONGEST_PAUSE)
            await asyncio.sleep(FENCED_SECONDS if self.standby else pause)

    async def _guarded(self) -> None:
        """One session; whatever ends it, another may follow."""
        try:
            await self._session_of_turns()
        except TooManyDefects:
            raise
        except (ProducerFenced, InvalidProducerEpoch):
            log.warning("pass-fenced", processor=self.given.name)
            self.standby, self.failing = True, ""
        except Unavailable as error:
            self._fails(error.reason)
        except TopicAuthorizationFailedError:
            self._fails("a topic is closed to the hub; see the access rules of the brokers")
        except (KafkaError, TimeoutError, OSError) as error:
            self._fails(f"the broker does not do it: {type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - nothing may end a pass but the end of the process
            self._fails(f"it fails again and again: {type(error).__name__}")

    async def _session_of_turns(self) -> None:
        self._session = Session(self.given, self._name, self._door, self._patience, self.counts)
        async with self._session.opened(self._kafka):
            self.standby = False
            while True:
                async with asyncio.timeout(TURN_SECONDS):
                    await self._session.turn()
                self.failing, self._beat = "", clock.now()

    def _fails(self, why: str) -> None:
        self.failing = why
        log.warning("pass-again", processor=self.given.name, why=why)

    @property
    def moves(self) -> bool:
        """Whether it is at work, so that it can be asked how far it is."""
        return not self.failing and not self.standby

    def check(self) -> Check:
        """Whether it moves. One that another process has taken over is ready: a standby."""
        name = f"pass {self.given.name}"
        if self.failing or self.standby:
            return Check(name, ok=self.standby, why=self.failing)
        still = [str(each.partition.partition) for each in self.places if each.still]
        if still:
            why = (
                f"stands still at partition {', '.join(still)} although there is something to read"
            )
            return Check(name, ok=False, why=why)
        turning = self._beat > clock.now() - STUCK
        return Check(name, ok=turning, why="its loop has not turned for a while")

    def samples(self) -> Iterator[Sample]:
        """Its numbers."""
        labels = (("pass", self.given.name),)
        yield Sample("hub_pass_heard_total", self.counts.heard, labels)
        yield Sample("hub_pass_said_total", self.counts.said, labels)
        yield Sample("hub_pass_refused_total", self.counts.refused, labels)
        yield Sample("hub_pass_held_back", self.counts.held, labels)
        yield Sample("hub_pass_waiting", sum(each.waiting for each in self.places), labels)
