"""A standby's memory of a region that another worker has, kept up with it: taking over needs the last moment alone."""

import asyncio
from typing import Final

import structlog

from hub.errors import Unavailable
from hub.matching.candidates import Matcher
from hub.ports.lease import Fenced
from hub.ports.store import Store
from hub.runtime.remembering import Warm, loaded, stepped
from hub.waiting import happens

log = structlog.get_logger("worker")

LOOK_SECONDS: Final = 1.0


class Following:
    """One region while another worker owns it.

    Attributes:
        rows: How many rows the first load has read so far.
    """

    def __init__(
        self,
        region: int,
        store: Store,
        warm: Warm | None = None,
        matcher: Matcher | None = None,
    ) -> None:
        self.rows = 0
        self._matcher = matcher
        self._region, self._store = region, store
        self._warm = warm
        self._stop = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    @property
    def follows(self) -> bool:
        """Whether the memory is whole, and at most a look behind."""
        return self._warm is not None

    async def stop(self) -> Warm | None:
        """The memory as of some batch, if it is whole."""
        self._stop.set()
        await asyncio.wait([self.task])
        return self._warm

    async def _run(self) -> None:
        while not self._stop.is_set():
            try:
                await self._look()
            except Fenced:
                return
            except Unavailable as error:
                log.info("following-again", region=self._region, why=error.reason)
            except Exception as error:  # noqa: BLE001 - a standby that cannot follow still takes over, by a cold load
                self._warm = None
                kind = type(error).__name__
                log.error("following-again", region=self._region, error=kind)  # noqa: TRY400 - a trace may quote what was read
            await happens(self._stop, LOOK_SECONDS)

    async def _look(self) -> None:
        if self._warm is None:
            self._warm = await self._loaded()
        followed: Warm | None = None
        while self._warm is not None and self._warm is not followed:
            followed, self._warm = self._warm, await stepped(self._store, self._region, self._warm)

    async def _loaded(self) -> Warm:
        """Everything, as of the batch before the load: what changes meanwhile is read once more."""
        batch_no = (await asyncio.to_thread(self._store.others, ()))[self._region]
        memory = await loaded(
            self._store, self._region, self._count, self._stop.is_set, self._matcher
        )
        log.info("following", region=self._region, rows=self.rows)
        return Warm(batch_no, memory)

    def _count(self, rows: int) -> None:
        self.rows = rows
