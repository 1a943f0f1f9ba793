"""A role runs until it is asked to stop, politely, by INT or TERM."""

import asyncio
import signal


def stop_asked() -> asyncio.Event:
    """An event that is set by INT or TERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    return stop
