"""A command that must clean up ends by TERM and HUP as it does by Ctrl-C, and is not disturbed while it does."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ASKED_TO_STOP: Final = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stopping_as_by_ctrl_c() -> Iterator[None]:
    """TERM and HUP do what Ctrl-C does now. Only the first thread hears signals; elsewhere nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, as_ctrl_c) for number in ASKED_TO_STOP}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    """Go on as if Ctrl-C had been pressed, also where a shell started us in the background, deaf to it."""
    if not callable(signal.getsignal(signal.SIGINT)):
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hear no INT, TERM or HUP: a second Ctrl-C would leave processes behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, *ASKED_TO_STOP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
