"""How far the bench is, on standard error: bars on a terminal, else a line now and then."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.bench.dose import Tell
from deploy.output import aside

EVERY_SECONDS: Final = 5.0


@contextmanager
def progress() -> Iterator[Tell]:
    """Shows what it is told, for whoever reads standard error."""
    if sys.stderr.isatty():
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        ) as shown:
            yield Bars(shown)
    else:
        yield Lines()


class Bars:
    """One bar for each step."""

    def __init__(self, shown: Progress) -> None:
        self._shown = shown
        self._steps = {task.description: task.id for task in shown.tasks}

    def __call__(self, what: str, done: int, total: int) -> None:
        """Move the bar of a step."""
        if what not in self._steps:
            self._steps[what] = self._shown.add_task(what, total=total)
        self._shown.update(self._steps[what], completed=done, total=total)


class Lines:
    """One line when a step begins or ends, and every few seconds between."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        """Say it, unless it was said a moment ago."""
        now = time.monotonic()
        if done >= total or now >= self._next.get(what, 0.0):
            self._next[what] = now + EVERY_SECONDS
            aside(f"{what}: {done} of {total}")
