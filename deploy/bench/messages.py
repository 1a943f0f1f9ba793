"""The messages that readers are measured on: the same bytes for the hub and its peers."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

from deploy.bench.hospital import Adt, Hospital
from hub.runtime import clock

READ: Final = frozenset({"A01", "A03", "A08"})
"""Admissions, discharges and updates: the longest, and most of every feed."""

PEOPLE: Final = 2_000
INSIDE: Final = 1_000
AGO: Final = timedelta(hours=1)
"""Messages of a bench were written so long ago, so that no clock is ahead and no deadline falls into a run."""


def hospital(seed: int) -> Hospital:
    """A hospital whose messages are of the last hour."""
    return Hospital(seed, clock.now() - AGO)


def frames(seed: int, number: int) -> list[bytes]:
    """So many different messages to be read."""
    sender = hospital(seed)
    for _ in sender.beginning(PEOPLE, INSIDE):
        pass
    return [adt.frame for adt in islice(endless(sender), number)]


def endless(sender: Hospital) -> Iterator[Adt]:
    """Days without end, of which only what is to be read."""
    while True:
        for adt in sender.day(1_000):
            if adt.trigger in READ:
                yield adt


def mean_length(messages: list[bytes]) -> float:
    """In bytes."""
    return sum(map(len, messages)) / len(messages)
