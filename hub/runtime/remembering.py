"""The memory of a region out of the database: everything in slices, or what changed since a batch."""

import asyncio
import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import structlog

from hub.matching.candidates import Matcher
from hub.matching.region import KINDS, RegionView
from hub.ports.lease import Fenced
from hub.ports.store import Store

log = structlog.get_logger("region")

PROCESSOR: Final = "carer_matching"
"""Whose state a region holds in memory."""

SLICE: Final = 2_000
"""Rows of one slice of a cold load."""

TELL_ROWS: Final = 100_000
"""A long load says how far it is each time it has read so many rows."""


@dataclass(frozen=True, slots=True)
class Warm:
    """A memory as it was after a batch."""

    batch_no: int
    memory: RegionView


async def loaded(
    store: Store,
    region: int,
    told: Callable[[int], None],
    stopping: Callable[[], bool],
    matcher: Matcher | None = None,
) -> RegionView:
    """A fresh memory, in slices; `told` hears how many rows it has. Half a memory must never look whole.

    Raises:
        Fenced: It was stopped before the end.
        Unavailable: The database is away.
    """
    memory, many = RegionView(matcher=matcher), 0
    for kind in KINDS:
        after = None
        while not stopping():
            rows = await asyncio.to_thread(store.slice_of, region, PROCESSOR, kind, after, SLICE)
            if not rows:
                break
            await asyncio.to_thread(memory.load, [row for _, row in rows])
            gc.freeze()  # it lives as long as the process: nobody need look through it for rubbish
            after = rows[-1][0]
            many += len(rows)
            told(many)
            if many % TELL_ROWS < len(rows) and many > TELL_ROWS:
                log.info("region-loading", region=region, rows=many)
            await asyncio.sleep(0)
    if stopping():
        raise Fenced(f"region {region}: stopped while loading")
    await asyncio.to_thread(memory.settle)
    return memory


async def caught_up(store: Store, region: int, warm: Warm) -> Warm | None:
    """A memory with everything that was changed since; None when that is not known any more: then it is loaded anew.

    Raises:
        Unavailable: The database is away.
    """
    following: Warm | None = warm
    while following is not None:
        warm, following = following, await stepped(store, region, following)
        if following is warm:
            break
    return following


async def stepped(store: Store, region: int, warm: Warm) -> Warm | None:
    """A memory some batches later, or the very same when it holds them all; None when it must be loaded anew.

    Raises:
        Unavailable: The database is away; the memory is as it was.
    """
    changed = await asyncio.to_thread(store.changed_since, region, PROCESSOR, warm.batch_no)
    if changed is None:
        return None
    if changed.batch_no == warm.batch_no:
        return warm
    await asyncio.to_thread(taken_in, warm.memory, changed.rows)
    return Warm(changed.batch_no, warm.memory)


def taken_in(memory: RegionView, rows: Iterable[object]) -> None:
    """Make rows part of a memory. In a thread: who is one person by evidence is worked out here."""
    overlay = memory.overlay()
    overlay.load(rows)
    overlay.join()
