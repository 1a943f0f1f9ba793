"""Waits with an end.

`asyncio.wait_for` is not used here: in Python 3.11 a task that is cancelled in the moment in which what it waits for
is done goes on as if nobody had asked it to stop (cpython issue 86296). A relay asked to end would have run for ever.
"""

import asyncio
import contextlib
from typing import Final, Protocol

STOP_SECONDS: Final = 3


class Client(Protocol):
    """Something open to a broker."""

    async def stop(self) -> object:
        """Let it go."""


class Opening(Protocol):
    """Something that opens itself to a broker."""

    async def start(self) -> object:
        """Open it."""


async def happens(event: asyncio.Event, within_seconds: float) -> bool:
    """Wait for an event, for so long at most; say whether it came."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within_seconds):
            await event.wait()
    return event.is_set()


async def opened(client: Opening, within_seconds: float = STOP_SECONDS) -> None:
    """Start a client. Who is cancelled meanwhile is, but only once it has started, or after so long.

    aiokafka forgets a connection over which it asks for the cluster when it is cancelled: nobody could close it then.
    """
    starting = asyncio.create_task(client.start())
    try:
        await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait([starting], timeout=within_seconds)
        starting.cancel()
        raise


async def let_go(client: Client, within_seconds: float = STOP_SECONDS) -> None:
    """Stop a client; one that fails at it, or takes too long, is left as it is.

    Who is cancelled meanwhile is: aiokafka's clients keep a cancellation for themselves while they stop.
    """
    task = asyncio.current_task()
    before = 0 if task is None else task.cancelling()
    with contextlib.suppress(Exception):
        async with asyncio.timeout(within_seconds):
            await client.stop()
    if task is not None and task.cancelling() > before:
        raise asyncio.CancelledError
