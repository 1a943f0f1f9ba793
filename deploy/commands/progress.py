"""Progress of what takes longer than a second: on standard error, beside the data."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

FIRST_SECONDS: Final = 1.0
"""What is done by then needs no progress."""
ON_A_TERMINAL_SECONDS: Final = 0.5
IN_A_LOG_SECONDS: Final = 5.0


@dataclass
class Progress:
    """Counts, and says so now and then.

    Attributes:
        what: What is counted, as a plural.
        tell: Gets one line at a time.
        clock: Seconds that only grow.
        every: Seconds between two lines.
    """

    what: str
    tell: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    every: float = IN_A_LOG_SECONDS
    done: int = 0
    _started: float = field(init=False)
    _next: float = field(init=False)

    def __post_init__(self) -> None:
        """Start to count."""
        self._started = self.clock()
        self._next = self._started + FIRST_SECONDS

    def step(self, number: int = 1) -> None:
        """So many more are done."""
        self.done += number
        now = self.clock()
        if now >= self._next:
            self._next = now + self.every
            rate = self.done / (now - self._started)
            self.tell(f"{self.done} {self.what}, {rate:.0f} a second")


def progress(what: str, tell: Callable[[str], None]) -> Progress:
    """Progress for whoever reads standard error."""
    every = ON_A_TERMINAL_SECONDS if sys.stderr.isatty() else IN_A_LOG_SECONDS
    return Progress(what, tell, every=every)
