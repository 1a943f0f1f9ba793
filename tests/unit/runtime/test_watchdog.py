"""A process whose event loop stands still is ended; one that turns is left alone."""

import asyncio
import threading
import time

from hub.runtime.watchdog import EXIT_CODE, LoopWatchdog


async def test_a_frozen_event_loop_ends_the_process():
    ended = threading.Event()
    codes = []

    def end(code: int) -> None:
        codes.append(code)
        ended.set()

    beating = asyncio.create_task(LoopWatchdog(frozen_seconds=0.1, end=end).run())
    await asyncio.sleep(0)
    until = time.monotonic() + 30
    while not ended.is_set() and time.monotonic() < until:
        time.sleep(0.05)  # noqa: ASYNC251 - the loop is to be frozen
    beating.cancel()
    assert codes == [EXIT_CODE]


async def test_an_event_loop_that_turns_is_left_alone():
    codes = []
    beating = asyncio.create_task(LoopWatchdog(frozen_seconds=3, end=codes.append).run())
    await asyncio.sleep(0.3)
    beating.cancel()
    assert codes == []
