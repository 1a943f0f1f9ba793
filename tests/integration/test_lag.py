"""How far read models are behind, asked of a real broker."""

import asyncio
import contextlib
import gc

import pytest

from hub.runtime.connection import KafkaConnection
from hub.runtime.lag import Lag

pytestmark = pytest.mark.real

MOMENTS = 40
"""When a look is given up, 0.5 ms apart: it opens in some 10 ms."""


async def test_a_look_that_is_given_up_while_it_opens_leaves_no_connection_open(real_parts):
    """One that is forgotten says so when it is tidied away, and a warning is a failure."""
    for number in range(MOMENTS):
        lag = Lag(KafkaConnection(real_parts.bootstrap_servers), [])
        look = asyncio.create_task(lag.look())
        await asyncio.sleep(number / 2_000)
        look.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await look
        await lag.stop()
        del lag, look
        gc.collect()
