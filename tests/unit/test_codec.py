"""Records to bytes and back, and what becomes of bytes that are no record."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from uuid import UUID
from zoneinfo import ZoneInfo

import fastavro
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.codec import decode, decode_as, encode
from hub.codec.writing import LARGEST_REPEATED
from hub.errors import Undecodable
from hub.records import Address, Coding, HumanName, PersonFacts, ReminderDue, StayStatus, Word
from hub.records.registry import CURRENT_ID, RECORD_OF, WRITER_SCHEMAS

CODES = {
    "no-magic-byte",
    "unknown-schema-id",
    "other-record",
    "truncated",
    "not-avro",
    "trailing-bytes",
}
WORD = Word(
    about="ward",
    recorded_at=datetime(2026, 11, 3, 10, 15, 2, 123000, tzinfo=UTC),
    un_event=False,
    sequence=7,
    event_id=UUID("0b1f2a52-4a5e-5d29-9d3f-1f1b4d0f6a11"),
)
INSTANTS = st.integers(0, 4_102_444_800_000)
DAYS = st.integers(-40_000, 60_000)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = {
    "string": TEXTS,
    "bytes": st.binary(max_size=12),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "double": st.floats(allow_nan=False),
    "uuid": st.uuids().map(str),
    "timestamp-millis": INSTANTS,
    "date": DAYS,
}


def values(kind, named):
    """Plain values that fit a type of a wire schema."""
    match kind:
        case {"logicalType": name} | str(name) if name in SCALARS:
            return SCALARS[name]
        case ["null", inner]:
            return st.none() | values(inner, named)
        case {"type": "array", "items": items}:
            return st.lists(values(items, named), max_size=2)
        case {"type": "enum"}:
            named[kind["name"]] = st.sampled_from(kind["symbols"])
            return named[kind["name"]]
        case {"type": "record"}:
            fields = {each["name"]: values(each["type"], named) for each in kind["fields"]}
            named[kind["name"]] = st.fixed_dictionaries(fields)
            return named[kind["name"]]
        case _:
            return named[kind]


RECORDS = sorted(CURRENT_ID, key=lambda each: each.__name__)


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.__name__)
def test_what_is_written_is_read(record):
    @settings(max_examples=25, deadline=None, database=None)
    @given(values(json.loads(WRITER_SCHEMAS[CURRENT_ID[record]]), {}))
    def round_trip(datum):
        written = record.from_datum(datum)
        assert decode(encode(written)) == written
        assert decode_as(record, encode(written)) == written

    round_trip()


@pytest.mark.parametrize("record", RECORDS, ids=lambda each: each.__name__)
def test_the_bytes_are_those_of_another_writer(record):
    schema = json.loads(WRITER_SCHEMAS[CURRENT_ID[record]])
    parsed = fastavro.parse_schema(plain(schema))

    @settings(max_examples=25, deadline=None, database=None)
    @given(values(schema, {}))
    def same_bytes(datum):
        written = record.from_datum(datum)
        theirs = BytesIO()
        fastavro.schemaless_writer(theirs, parsed, written.datum())
        assert encode(written)[5:] == theirs.getvalue()

    same_bytes()


def plain(schema):
    """A wire schema without logical types."""
    match schema:
        case {"logicalType": _, "type": base}:
            return base
        case dict():
            return {name: plain(value) for name, value in schema.items()}
        case list():
            return [plain(each) for each in schema]
        case _:
            return schema


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("sequence", 2**63, OverflowError),
        ("sequence", -(2**63) - 1, OverflowError),
        ("about", None, AttributeError),
        ("about", "\ud800", UnicodeEncodeError),
    ],
)
def test_what_does_not_fit_its_type_is_a_defect_and_not_written(field, value, error):
    with pytest.raises(error):
        encode(replace(WORD, **{field: value}))


def test_the_frame_is_magic_byte_and_schema_id():
    data = encode(WORD)
    assert data[:5] == b"\x00" + CURRENT_ID[Word].to_bytes(4)


def test_times_come_back_in_utc_to_the_millisecond():
    local = timezone(timedelta(hours=1))
    said = datetime(2026, 10, 3, 11, 15, 2, 123999, tzinfo=local)
    word = Word(about="ward", recorded_at=said, un_event=True, sequence=0, event_id=WORD.event_id)
    read = decode_as(Word, encode(word)).recorded_at
    assert read == datetime(2026, 10, 3, 10, 15, 2, 123000, tzinfo=UTC)
    assert read.tzinfo is UTC


def test_a_time_without_zone_is_a_defect_and_not_written():
    naive = datetime(2026, 11, 3, 10, 15)  # noqa: DTZ001 - what must not happen
    word = Word(about="ward", recorded_at=naive, un_event=True, sequence=0, event_id=WORD.event_id)
    with pytest.raises(TypeError):
        encode(word)


def test_dates_and_enums_come_back_as_themselves():
    assert StayStatus.IN_PATIENT == "in_patient"
    record = next(each for each in RECORDS if each.__name__ == "PatientOfStay")
    patient = record(person_id=WORD.event_id, birth_on=date(1941, 5, 17))
    assert decode(encode(patient)) == patient


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-magic-byte"),
        (b"\x01" + encode(WORD)[1:], "no-magic-byte"),
        (b'{"resourceType": "Bundle"}', "no-magic-byte"),
        (b"\x00", "truncated"),
        (b"\x00\x00\x00", "truncated"),
        (encode(WORD)[:-1], "truncated"),
        (encode(WORD)[:5], "truncated"),
        (b"\x00\xff\xff\xff\xff", "unknown-schema-id"),
        (b"\x00\x00\x00\x00\x00" + encode(WORD)[5:], "unknown-schema-id"),
        (encode(WORD) + b"\x00", "trailing-bytes"),
        (encode(WORD)[:6] + b"\xff" + encode(WORD)[7:], "not-avro"),
    ],
)
def test_bytes_that_are_no_record_say_why(data, code):
    with pytest.raises(Undecodable) as refused:
        decode(data)
    assert refused.value.code == code


def test_another_record_than_asked_for_is_refused():
    with pytest.raises(Undecodable) as refused:
        decode_as(HumanName, encode(Coding(system="", code="CGV")))
    assert refused.value.code == "other-record"
    assert refused.value.reason == "holds Coding, not HumanName"


def refused_or_read(data):
    code = None
    try:
        decode(data)
    except Undecodable as refused:
        code = refused.code
    assert code is None or code in CODES


@settings(max_examples=200, deadline=None, database=None)
@given(st.binary(max_size=64))
def test_random_bytes_are_refused_and_raise_nothing_else(data):
    refused_or_read(data)


@settings(max_examples=500, deadline=None, database=None)
@given(st.sampled_from(sorted(RECORD_OF)), st.binary(max_size=96))
def test_random_bytes_behind_a_known_id_raise_nothing_else(schema_id, body):
    refused_or_read(b"\x00" + schema_id.to_bytes(4) + body)


REMINDER = encode(
    ReminderDue(
        event_id=WORD.event_id,
        correlation_id=WORD.event_id,
        source="discharge_involvement",
        source_event_id="",
        occurred_at=WORD.recorded_at,
        recorded_at=WORD.recorded_at,
        received_at=WORD.recorded_at,
        region=0,
        processor="discharge_involvement",
        subject=WORD.event_id,
        reminder="contact-due",
        due_at=WORD.recorded_at,
        behind=False,
    )
)


@settings(max_examples=500, deadline=None, database=None)
@given(
    st.lists(st.tuples(st.integers(0, len(REMINDER) - 1), st.integers(0, 255)), max_size=4),
    st.integers(0, len(REMINDER)),
)
def test_damaged_bytes_raise_nothing_else(changes, end):
    damaged = bytearray(REMINDER)
    for place, value in changes:
        damaged[place] = value
    refused_or_read(bytes(damaged[:end]))
    refused_or_read(bytes(damaged))


def test_the_hour_that_comes_twice_is_two_instants():
    london = ZoneInfo("Europe/London")
    summer, winter = (datetime(2026, 10, 25, 1, 30, tzinfo=london, fold=fold) for fold in (0, 1))
    read = [
        decode_as(Word, encode(replace(WORD, recorded_at=each))).recorded_at
        for each in (summer, winter)
    ]
    assert read == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]


def test_a_record_that_stands_in_others_is_written_alike_whether_its_bytes_are_kept_or_not():
    usual = PersonFacts(names=(HumanName(family="Marsh", given=("Ada",)),))
    large = replace(usual, addresses=(Address(lines=("x" * LARGEST_REPEATED,)),))
    for facts in (usual, large):
        first = encode(facts)
        again = encode(facts)
        other = encode(replace(facts))
        assert first == again == other
        assert decode(first) == facts
