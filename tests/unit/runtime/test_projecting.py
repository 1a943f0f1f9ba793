"""One batch of a topic: rows by version, nothing dropped, and never an exception."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import codec
from hub.errors import Undecodable
from hub.projection import Column, Projection, TableSpec
from hub.records import AlertNotice, ReferralNotice
from hub.runtime.projecting import Read, projected, refused_whole

TABLE = TableSpec(
    "things", (Column("thing_id", "uuid", required=True), Column("version", "int")), key="thing_id"
)
AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def thing(number: int, version: int, how: bytes = b"", kind=AlertNotice) -> bytes:
    return codec.encode(
        kind(notice_id=UUID(int=number), version=version, changed_at=AT, resource=how)
    )


def rows_from(notice):
    """A row, or what else a read model may make of a record."""
    match notice.resource:
        case b"nothing":
            return ()
        case b"defect":
            raise ZeroDivisionError
        case b"no number":
            return ({"thing_id": notice.notice_id, "version": "first"},)
    return ({"thing_id": notice.notice_id, "version": notice.version},)


@dataclass(frozen=True)
class OfThings(Projection):
    @property
    def topic(self) -> str:
        return "a.thing.v1"


THINGS = OfThings("things", AlertNotice, TABLE, rows_from)


def of_things(records):
    (batch,) = projected((THINGS,), records)
    return batch


def reads(*values, partition=0):
    return [
        Read(partition, offset, UUID(int=1).bytes, value) for offset, value in enumerate(values)
    ]


def shown(batch):
    return {row["thing_id"].int: row["version"] for row in batch.rows}


def test_each_key_is_written_once_with_its_highest_version():
    batch = of_things(
        reads(thing(1, 1), thing(2, 1), thing(1, 3), thing(1, 2), thing(3, 1, b"nothing"))
    )
    assert shown(batch) == {1: 3, 2: 1}
    assert (batch.model, batch.positions) == (THINGS, {0: 5})
    assert (batch.refusals, batch.gone) == ((), ())


def test_what_cannot_be_used_is_refused_and_the_rest_goes_on():
    batch = of_things(
        reads(
            thing(1, 1),
            b"no record",
            thing(1, 2, b"defect"),
            thing(1, 2, b"no number"),
            thing(1, 2, kind=ReferralNotice),
            thing(2, 1),
        )
    )
    assert shown(batch) == {1: 1, 2: 1}
    refused = [(each.offset, each.code, each.defect) for _, each in batch.refusals]
    assert refused == [
        (1, "no-magic-byte", False),
        (2, "ZeroDivisionError", True),
        (3, "TypeError", True),
        (4, "other-record", False),
    ]
    assert {each.processor for _, each in batch.refusals} == {"projection:things"}
    assert batch.positions == {0: 6}


def test_read_models_of_a_topic_share_no_fault():
    def broken(_):
        raise ZeroDivisionError

    others = OfThings("others", AlertNotice, TABLE, broken)
    records = reads(thing(1, 1), b"no record", thing(2, 1))
    things, broken_things = projected((THINGS, others), records)
    assert shown(things) == {1: 1, 2: 1}
    assert shown(broken_things) == {}
    assert [each.processor for _, each in things.refusals] == ["projection:things"]
    assert [each.offset for _, each in broken_things.refusals] == [0, 1, 2]
    assert {each.processor for _, each in broken_things.refusals} == {"projection:others"}
    assert things.positions == broken_things.positions == {0: 3}


def test_what_a_table_does_not_take_is_refused_as_a_whole():
    (record,) = reads(thing(1, 1))
    batch = refused_whole(THINGS, record, Undecodable("no", code="not-storable"))
    assert (batch.model, batch.rows, batch.positions) == (THINGS, (), {0: 1})
    ((partition, letter),) = batch.refusals
    assert (partition, letter.code, letter.value) == (0, "not-storable", record.value)


def test_the_same_place_is_the_same_dead_letter():
    once, again = (of_things(reads(b"no record")).refusals for _ in range(2))
    assert once == again


def test_no_value_erases_what_its_key_names_until_it_is_said_again():
    assert of_things(reads(thing(1, 9), None)).rows == ()
    batch = of_things(reads(thing(1, 9), None, thing(1, 1)))
    assert (shown(batch), batch.gone) == ({1: 1}, (UUID(int=1),))


def test_a_key_that_is_no_id_erases_nothing():
    batch = of_things([Read(0, 0, b"short", None)])
    assert (batch.gone, len(batch.refusals)) == ((), 1)


@given(st.lists(st.one_of(st.none(), st.binary(max_size=12)), max_size=8))
def test_nothing_makes_it_raise_and_every_place_is_passed(values):
    batch = of_things(reads(*values))
    assert batch.positions == ({0: len(values)} if values else {})


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Things"},
        {"name": "things; DROP TABLE hub"},
        {"key": "version"},
        {"key": "other"},
        {"indexes": (("other",),)},
        {"columns": (Column("thing_id", "uuid"),)},
        {"columns": (*TABLE.columns, Column("version", "int"))},
    ],
)
def test_a_table_that_cannot_be_built_is_refused(wrong):
    right = {"name": "things", "columns": TABLE.columns, "key": "thing_id"}
    with pytest.raises(ValueError, match="hings"):
        TableSpec(**{**right, **wrong})
