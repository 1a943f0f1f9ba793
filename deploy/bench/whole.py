"""A whole hub for a measurement: the shipped roles on a Kafka and a PostgreSQL of their own."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from deploy.bench.dose import Tell
from deploy.standing.hub import StandingHub, Wanted, standing_hub

RESTS: Final = ("worker", "projections")


@contextmanager
def whole_hub(bench: str, tell: Tell, gateways: int = 1) -> Iterator[StandingHub]:
    """One that is ready, and gone afterwards.

    Raises:
        CannotStart: A part does not run here.
    """
    what = f"{bench}, a hub of its own"
    tell(what, 0, 1)
    with standing_hub(Wanted(gateways=gateways)) as hub:
        tell(what, 1, 1)
        yield hub


def mllp_ports(hub: StandingHub, gateways: int | None = None) -> list[int]:
    """Where its gateways listen, or the first few of them."""
    return [each.mllp_port for each in hub.gateways[:gateways]]


@contextmanager
def doors_alone(hub: StandingHub) -> Iterator[None]:
    """While the block lasts, only the gateways run: workers and projections stand still."""
    pids = [pid for name, pid in hub.pids().items() if name.startswith(RESTS)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
