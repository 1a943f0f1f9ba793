"""A region's memory full of people, put into the database as a long life would have left it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from deploy.bench.chain import Feed, Region, memory_unit, shipped_chain
from deploy.bench.dose import Tell
from deploy.bench.messages import hospital
from deploy.bench.people import nhs_numbers
from hub import codec
from hub.identity import source_record_id
from hub.ports.lease import Lease
from hub.ports.unit import Remembered
from hub.records import SourceRecord
from hub.runtime.remembering import PROCESSOR
from hub.store.filling import fill

PATTERNS: Final = 1_000
"""So many people are told of by messages; all others are like one of them, with numbers of their own."""
REGION: Final = 0
EVERY: Final = 20_000


def settle(database_url: str, people: int, seed: int, tell: Tell) -> None:
    """Put so many people into the state of the first region."""

    def rows() -> Iterator[Remembered]:
        for done, record in enumerate(crowd(people, seed)):
            if done % EVERY == 0:
                tell("takeover, people", done, people)
            yield Remembered(PROCESSOR, record.record_id, record, codec.encode(record))

    fill(database_url, REGION, rows())
    tell("takeover, people", people, people)


def crowd(people: int, seed: int) -> Iterator[SourceRecord]:
    """As many records of people, each with an id and an NHS number that no other has."""
    patterns = told_of(seed)
    numbers = nhs_numbers()
    for number in range(people):
        like = patterns[number % len(patterns)]
        facts = replace(like.facts, nhs_number=next(numbers))
        yield replace(like, record_id=record_of(number), facts=facts)


def record_of(number: int) -> UUID:
    """The id of one of the crowd."""
    return source_record_id("bench-crowd", "crowd", str(number))


def told_of(seed: int) -> list[SourceRecord]:
    """The records of people that a hospital's messages leave behind."""
    region = Region(shipped_chain(), memory_unit(), Lease(REGION, 0, 0))
    for batch in Feed().batches(hospital(seed).beginning(PATTERNS, 0)):
        region.takes(batch)
    return list(region.memory.records.values())
