"""One batch of a read model: rows by version, nothing dropped, and never an exception."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Undecodable
from hub.projection import Column, TableSpec
from hub.runtime.projecting import Read, projected

TABLE = TableSpec(
    "things", (Column("thing_id", "uuid", required=True), Column("version", "int")), key="thing_id"
)


@dataclass(frozen=True)
class Things:
    """Values are `key version`, or something worse."""

    name: str = "things"
    table: TableSpec = TABLE
    topic: str = "a.thing.v1"

    def rows_of(self, value):
        match value.split():
            case [b"undecodable"]:
                raise Undecodable("no", code="no-magic-byte")
            case [b"defect"]:
                raise ZeroDivisionError
            case [b"nothing"]:
                return ()
            case [key, version]:
                return ({"thing_id": UUID(int=int(key)), "version": int(version)},)
        return ({"thing_id": UUID(int=0), "version": "first"},)


def reads(*values, partition=0):
    return [
        Read(partition, offset, UUID(int=1).bytes, value) for offset, value in enumerate(values)
    ]


def shown(batch):
    return {row["thing_id"].int: row["version"] for row in batch.rows}


def test_each_key_is_written_once_with_its_highest_version():
    batch = projected(Things(), reads(b"1 1", b"2 1", b"1 3", b"1 2", b"nothing"))
    assert shown(batch) == {1: 3, 2: 1}
    assert (batch.positions, batch.refusals, batch.gone) == ({0: 5}, (), ())


def test_what_cannot_be_used_is_refused_and_the_rest_goes_on():
    batch = projected(Things(), reads(b"1 1", b"undecodable", b"defect", b"a b c", b"2 1"))
    assert shown(batch) == {1: 1, 2: 1}
    refused = [(each.offset, each.code, each.defect) for _, each in batch.refusals]
    assert refused == [
        (1, "no-magic-byte", False),
        (2, "ZeroDivisionError", True),
        (3, "TypeError", True),
    ]
    assert {each.processor for _, each in batch.refusals} == {"projection:things"}
    assert batch.positions == {0: 5}


def test_the_same_place_is_the_same_dead_letter():
    once, again = (projected(Things(), reads(b"undecodable")).refusals for _ in range(2))
    assert once == again


def test_no_value_erases_what_its_key_names_until_it_is_said_again():
    assert projected(Things(), reads(b"1 9", None)).rows == ()
    batch = projected(Things(), reads(b"1 9", None, b"1 1"))
    assert (shown(batch), batch.gone) == ({1: 1}, (UUID(int=1),))


def test_a_key_that_is_no_id_erases_nothing():
    batch = projected(Things(), [Read(0, 0, b"short", None)])
    assert (batch.gone, len(batch.refusals)) == ((), 1)


@given(st.lists(st.one_of(st.none(), st.binary(max_size=12)), max_size=8))
def test_nothing_makes_it_raise_and_every_place_is_passed(values):
    batch = projected(Things(), reads(*values))
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
