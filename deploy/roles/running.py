"""Run a role's coroutine on the fastest event loop that there is."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def run(role: Coroutine[Any, Any, None]) -> None:
    """Run a role to its end; uvloop where it is installed."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(role)
    else:
        uvloop.run(role)
