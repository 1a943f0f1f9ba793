"""A process whose event loop has stopped turning does more harm than a dead one: it is ended, and started again."""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.get_logger("watchdog")

BEAT_SECONDS: Final = 1.0
FROZEN_SECONDS: Final = 60.0
EXIT_CODE: Final = 70
"""EX_SOFTWARE of sysexits.h."""


class LoopWatchdog:
    """Ends the process when its event loop does not turn for too long.

    A process that was stopped as a whole (SIGSTOP) is not ended when it goes on: the watch looks twice.
    """

    def __init__(
        self, frozen_seconds: float = FROZEN_SECONDS, end: Callable[[int], object] = os._exit
    ) -> None:
        self._frozen_seconds = frozen_seconds
        self._end = end
        self._beat = time.monotonic()
        self._watching = threading.Event()

    async def run(self) -> None:
        """Beat for ever, and be watched from a thread."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        try:
            while True:
                self._beat = time.monotonic()
                await asyncio.sleep(BEAT_SECONDS)
        finally:
            self._watching.set()

    def _watch(self) -> None:
        seen_frozen = False
        while not self._watching.wait(min(BEAT_SECONDS, self._frozen_seconds)):
            frozen = time.monotonic() - self._beat > self._frozen_seconds
            if frozen and seen_frozen:
                log.critical("event-loop-frozen")
                self._end(EXIT_CODE)
                return
            seen_frozen = frozen
