"""Roles kept running beside a program that does something else: their loop has a thread of its own."""

import asyncio
import contextlib
import threading
from collections.abc import Mapping, Sequence
from typing import Final

from deploy.roles.up import STOP_SECONDS, Role

BEGIN_SECONDS: Final = 10.0
END_SECONDS: Final = STOP_SECONDS + 2.0


class RolesKept:
    """Runs roles from `start` to `stop`; one that ends by itself is started again.

    Args:
        roles: Their names are all different.
    """

    def __init__(self, roles: Sequence[Role]) -> None:
        self._roles = tuple(roles)
        self._began = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="roles")

    def start(self) -> None:
        """Start them all; it does not wait until they are ready."""
        self._thread.start()
        self._began.wait(BEGIN_SECONDS)

    def stop(self) -> None:
        """Ask all to stop, and end those that do not obey. Returns when none is left."""
        if self._loop is None or self._stop is None:
            return
        with contextlib.suppress(RuntimeError):  # its loop has ended already
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(END_SECONDS)

    def pids(self) -> Mapping[str, int]:
        """The process of each role that runs now."""
        running = ((each.name, each.process) for each in self._roles)
        return {
            name: process.pid
            for name, process in running
            if process is not None and process.returncode is None
        }

    def ended(self) -> Sequence[str]:
        """Roles that were started and do not run now."""
        return [
            each.name
            for each in self._roles
            if each.process is not None and each.process.returncode is not None
        ]

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        running = [asyncio.create_task(role.run(self._stop)) for role in self._roles]
        self._began.set()
        await self._stop.wait()
        await asyncio.gather(*(role.stop() for role in self._roles))
        await asyncio.gather(*running)
