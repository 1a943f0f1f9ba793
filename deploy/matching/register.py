"""The register of `hub match` in memory, ready for look-ups."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from deploy.matching.columns import Records
from deploy.matching.files import size_of
from deploy.matching.interning import interned
from deploy.matching.lists import name_tables
from deploy.matching.memory import bytes_in_use
from deploy.matching.unread import Unread
from deploy.matching.warming import warm_up
from hub.matching.index.people import Index
from hub.matching.normal.record import Compared, compared

Tell = Callable[[str, int, int], None]
EVERY: Final = 1_000
FEWEST_MEASURED: Final = 10_000
"""Fewer people take less memory than whatever else a process takes meanwhile: a share of it says nothing of them."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The register in memory.

    Attributes:
        bytes_each: Memory of each person; None where they are too few to tell.
        seconds: How long it took to read and index them.
        unread: What of their file could not be read.
    """

    index: Index[str]
    bytes_each: int | None
    seconds: float
    unread: Unread

    def has(self, record: str) -> bool:
        """Whether somebody stands under an id."""
        return self.index.get(record) is not None


def loaded(people: Records, tell: Tell) -> Loaded:
    """Everybody of the file of people, and the loops that look them up.

    Raises:
        Stopped: The file has an error; says where.
    """
    tables = name_tables()
    begun, before, many = time.perf_counter(), bytes_in_use(), size_of(people.table.file)
    unread = Unread()

    def everybody() -> Iterator[tuple[str, Compared]]:
        count = 0
        for count, row in enumerate(people.rows(), 1):
            record = interned(compared(row.person, tables))
            unread.look(row.person, record)
            yield row.id, record
            if count % EVERY == 0:
                tell("people", count, max(many, count + 1))
        tell("people", count, count)
        tell("index", 0, 1)

    with _unwatched():
        index = Index.of(tables, everybody())
    gc.freeze()  # the register stays as it is: looking through it again and again would only take time
    each = round((bytes_in_use() - before) / len(index)) if len(index) >= FEWEST_MEASURED else None
    seconds = time.perf_counter() - begun
    warm_up()
    tell("index", 1, 1)
    return Loaded(index, each, seconds, unread)


@contextmanager
def _unwatched() -> Iterator[None]:
    """Without collection of circles, of which a register has none."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
