"""All passes of a process, each a task of its own, and somebody who looks whether they move."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final

import structlog

from hub.passing import Pass
from hub.ports.door import Door
from hub.runtime.connection import KafkaConnection
from hub.runtime.health import Check, Sample
from hub.runtime.lag import Lag
from hub.runtime.passing import Passing

log = structlog.get_logger("passes")

LOOK_SECONDS: Final = 2.0
STUCK_SECONDS: Final = 90.0
"""A pass that stands still for so long, though there is something to read, is begun anew."""

STOP_SECONDS: Final = 5.0


class Passes:
    """Runs beside whatever else the process does; nothing that happens to one pass reaches another, or leaves here."""

    def __init__(
        self, given: Sequence[Pass], hub_id: str, kafka: KafkaConnection, door: Door
    ) -> None:
        self.passings = tuple(Passing(each, hub_id, kafka, door) for each in given)
        self._lag = Lag(kafka, ())
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set or it is cancelled."""
        for each in self.passings:
            self._tasks[each.given.name] = asyncio.create_task(each.run())
        looking = asyncio.create_task(self._keep_looking())
        try:
            await stop.wait()
        finally:
            looking.cancel()
            for task in self._tasks.values():
                task.cancel()
            stopping = [*self._tasks.values(), asyncio.create_task(self._lag.stop())]
            await asyncio.wait(stopping, timeout=STOP_SECONDS)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for each in self.passings:
                try:
                    await self._look(each)
                except Exception as error:  # noqa: BLE001 - who looks must not stop looking
                    log.warning("lag-unknown", error=type(error).__name__)

    async def _look(self, passing: Passing) -> None:
        """Look at one that is at work; one whose topic is gone must not hide how far the others are."""
        if not passing.moves:
            return
        self._lag.places = passing.places
        await self._lag.look()
        if any(each.still_seconds > STUCK_SECONDS for each in passing.places):
            log.critical("pass-stuck", processor=passing.given.name)
            await self._again(passing)

    async def _again(self, passing: Passing) -> None:
        task = self._tasks[passing.given.name]
        task.cancel()
        await asyncio.wait([task], timeout=STOP_SECONDS)
        for each in passing.places:
            each.moved(-1)
        self._tasks[passing.given.name] = asyncio.create_task(passing.run())

    def checks(self) -> list[Check]:
        """Whether each moves."""
        return [each.check() for each in self.passings]

    def samples(self) -> Iterator[Sample]:
        """The numbers of each."""
        for each in self.passings:
            yield from each.samples()
