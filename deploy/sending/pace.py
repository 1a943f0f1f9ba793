"""How fast to send, and how long to wait before the same again."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

FIRST_DELAY_SECONDS: Final = 0.5
LONGEST_DELAY_SECONDS: Final = 30.0
GROWTH: Final = 2.0


@dataclass
class Pace:
    """Waits, in one place.

    Attributes:
        attempts: How often one message is sent at most.
        rate: Messages a second at most; None = as fast as answers come.
        wait: Lets seconds pass.
        clock: Seconds that only grow.
    """

    attempts: int = 6
    rate: float | None = None
    wait: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _next: float = field(init=False, default=0.0)

    def begin(self) -> None:
        """Wait until the next message may go."""
        if self.rate is None:
            return
        early = self._next - self.clock()
        if early > 0:
            self.wait(early)
        self._next = max(self._next, self.clock()) + 1 / self.rate

    def tries(self) -> Iterator[int]:
        """Numbers of attempts, from 1; before each but the first a growing delay passes."""
        delay = FIRST_DELAY_SECONDS
        for number in range(1, self.attempts + 1):
            if number > 1:
                self.wait(delay)
                delay = min(delay * GROWTH, LONGEST_DELAY_SECONDS)
            yield number
