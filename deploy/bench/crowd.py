"""A region's memory full of people, put into the database as a long life would have left it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

import psycopg

from deploy.bench.chain import Feed, Region, memory_unit, shipped_chain
from deploy.bench.dose import Tell
from deploy.bench.messages import hospital
from deploy.bench.people import nhs_numbers
from hub import codec
from hub.identity import source_record_id
from hub.ports import Lease
from hub.records import SourceRecord
from hub.records.registry import CURRENT_ID
from hub.runtime.remembering import PROCESSOR

PATTERNS: Final = 1_000
"""So many people are told of by messages; all others are like one of them, with numbers of their own."""
REGION: Final = 0
EVERY: Final = 20_000
COPY: Final = (
    "COPY state (region, processor, kind, key, version, schema_id, body) FROM STDIN (FORMAT BINARY)"
)
TYPES: Final = ("int4", "text", "text", "uuid", "int8", "int4", "bytea")


def settle(database_url: str, people: int, seed: int, tell: Tell) -> None:
    """Put so many people into the state of the first region."""
    kind, schema = SourceRecord.__name__, CURRENT_ID[SourceRecord]
    with psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        with cursor.copy(COPY) as copy:
            copy.set_types(TYPES)
            for done, record in enumerate(crowd(people, seed)):
                body = codec.encode(record)
                copy.write_row((REGION, PROCESSOR, kind, record.record_id, 1, schema, body))
                if done % EVERY == 0:
                    tell("takeover, people", done, people)
        cursor.execute("ANALYZE state")
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
