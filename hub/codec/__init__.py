"""Records to bytes and back: 0x00, the schema id in four bytes, then the record in Avro.

The writer's schema is known from the id alone, today's schema is the reader's, so bytes of every
version ever landed are read. What cannot be read is `Undecodable` with one of these codes:

    no-magic-byte      it does not start with 0x00
    unknown-schema-id  no schema with this id was landed where this code was built
    other-record       the id belongs to another record than the one asked for
    truncated          it ends before the record does
    not-avro           the body breaks its schema: no such symbol, no UTF-8, no UUID, no such date
    trailing-bytes     it goes on after the record
"""

import json
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any, Final, NamedTuple, TypeVar

import fastavro

from hub.codec.writing import Write, Writers
from hub.errors import Undecodable
from hub.records.registry import CURRENT_ID, RECORD_OF, WRITER_SCHEMAS, Record

MAGIC: Final = b"\x00"
HEAD: Final = 5  # the magic byte and the schema id

R = TypeVar("R", bound=Record)


def encode(record: Record) -> bytes:
    """The bytes of a record, written with its current schema. Times are cut to the millisecond."""
    writer = _writer(type(record))
    out = bytearray(writer.head)
    writer.write(out, record)
    return bytes(out)


def decode(data: bytes) -> Record:
    """The record in the bytes, whichever landed version wrote them.

    Raises:
        Undecodable: The bytes are no record; nothing else is ever raised.
    """
    reader = _reader_of(data[:HEAD])
    return _read(reader.record, reader, data)


def decode_as(record: type[R], data: bytes) -> R:
    """The record in the bytes, which must be of the type asked for.

    Raises:
        Undecodable: The bytes are no record, or another one.
    """
    reader = _reader_of(data[:HEAD])
    if reader.record is not record:
        raise Undecodable(
            f"holds {reader.record.__name__}, not {record.__name__}", code="other-record"
        )
    return _read(record, reader, data)


class _Writer(NamedTuple):
    head: bytes
    write: Write


class _Reader(NamedTuple):
    record: type[Record]
    written: Any
    today: Any | None  # None when the bytes were written with today's schema: reading is faster


@cache
def _writer(record: type[Record]) -> _Writer:
    schema_id = CURRENT_ID[record]
    schema = json.loads(WRITER_SCHEMAS[schema_id])
    return _Writer(MAGIC + schema_id.to_bytes(4), Writers().of_record(schema))


@cache
def _reader_of(head: bytes) -> _Reader:
    if head[:1] != MAGIC:
        raise Undecodable("does not start with the magic byte 0x00", code="no-magic-byte")
    if len(head) < HEAD:
        raise Undecodable("ends before its schema id does", code="truncated")
    schema_id = int.from_bytes(head[1:])
    if schema_id not in RECORD_OF:
        raise Undecodable(f"schema id {schema_id} is not known here", code="unknown-schema-id")
    record = RECORD_OF[schema_id]
    today = CURRENT_ID[record]
    return _Reader(record, _parsed(schema_id), None if today == schema_id else _parsed(today))


def _read(record: type[R], reader: _Reader, data: bytes) -> R:
    body = BytesIO(data)
    body.seek(HEAD)
    try:
        datum: Any = fastavro.schemaless_reader(body, reader.written, reader.today)
        found = record.from_datum(datum)
    except EOFError as error:
        raise Undecodable("ends before the record does", code="truncated") from error
    except (
        Exception
    ) as error:  # fastavro promises no errors: whatever foreign bytes make it raise is their fault
        raise Undecodable(
            f"is no {record.__name__} in Avro ({type(error).__name__})", code="not-avro"
        ) from error
    if body.read(1):
        raise Undecodable("goes on after the record", code="trailing-bytes")
    return found


@cache
def _parsed(schema_id: int) -> Any:
    return fastavro.parse_schema(_plain(json.loads(WRITER_SCHEMAS[schema_id])))


def _plain(schema: Any) -> Any:
    """Without logical types: the records convert their own values, and do it faster."""
    match schema:
        case {"logicalType": _, "type": str(base)}:
            return base
        case Mapping():
            return {name: _plain(value) for name, value in schema.items()}
        case list():
            return [_plain(each) for each in schema]
        case _:
            return schema
