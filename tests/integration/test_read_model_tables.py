"""The tables of read models on the real PostgreSQL: every kind of value, whatever it holds, all or nothing."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import column, select, table, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from hub.errors import Rejected
from hub.ports.read_models import Projected
from hub.processor import IN_TOPICS
from hub.projection import Column, Projection, TableSpec
from hub.records import InvolvementAlert
from hub.store.engine import Engine, engine_for, translated
from hub.store.read_models import PostgresReadModels
from hub.store.setup import prepare

pytestmark = pytest.mark.real

KINDS = TableSpec(
    name="kinds",
    columns=(
        Column("thing_id", "uuid", required=True),
        Column("version", "int", required=True),
        Column("words", "text"),
        Column("truth", "boolean"),
        Column("at", "timestamptz"),
        Column("born", "date"),
        Column("more", "jsonb"),
        Column("changed_at", "timestamptz", required=True, stamped=True),
    ),
    key="thing_id",
)
NAMED = TableSpec(
    name="named",
    columns=(
        Column("thing_id", "uuid", required=True),
        Column("version", "int", required=True),
        Column("words", "text", required=True),
    ),
    key="thing_id",
    indexes=(("words",),),
)
OF_KINDS, OF_NAMED = (
    Projection(each.name, InvolvementAlert, each, lambda _: ()) for each in (KINDS, NAMED)
)
TOO_LONG_FOR_AN_INDEX = "".join(chr(0x4E00 + 7919 * each % 20_000) for each in range(1_500))
"""4,500 bytes that do not compress; a row of an index has 2,704."""
IDS = iter(range(1, 1000))


@pytest.fixture(scope="module")
def engine(real_parts) -> Iterator[Engine]:
    """A database of this file's own."""
    with psycopg.connect(real_parts.database_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE read_model_tables")
    url = make_url(real_parts.database_url).set(database="read_model_tables")
    found = engine_for(url.render_as_string(hide_password=False), connections=1)
    prepare(found, 1, IN_TOPICS)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def store(engine) -> PostgresReadModels:
    found = PostgresReadModels(engine, [OF_KINDS, OF_NAMED])
    found.prepare()
    return found


def thing(**values):
    return {"thing_id": UUID(int=next(IDS)), "version": 1, **values}


def batch(*rows, model=OF_KINDS, offset=1):
    return Projected(model, rows, (), (), {0: offset})


def kept(engine, row, spec=KINDS):
    """The row as it lies there, without what the database stamped; None when it does not."""
    names = [each.name for each in spec.columns if not each.stamped]
    query = select(*map(column, names)).select_from(table(spec.name))
    with engine.begin() as connection:
        found = connection.execute(query.where(column(spec.key) == row[spec.key])).mappings()
        return next(map(dict, found), None)


WHOLE = {
    "words": 'Zoë O\'Brien \\ "فاطمة" 🙂',
    "truth": False,
    "at": datetime(2026, 11, 3, 10, 0, 0, 123456, tzinfo=UTC),
    "born": date(1, 1, 1),
    "more": {"a": [1, None, {"b": "ü"}], "c": True},
}


def test_values_of_every_kind_come_back_as_they_were(engine, store):
    row = thing(**WHOLE)
    store.write([batch(row)])
    assert kept(engine, row) == row


def test_a_time_with_an_offset_is_that_instant(engine, store):
    summer = timezone(timedelta(hours=1))
    row = thing(at=datetime(2026, 6, 3, 10, 0, tzinfo=summer))
    store.write([batch(row)])
    assert kept(engine, row)["at"] == datetime(2026, 6, 3, 9, 0, tzinfo=UTC)


def test_a_column_that_is_left_out_is_empty_and_so_is_none(engine, store):
    left_out, none = thing(), thing(**dict.fromkeys(WHOLE))
    store.write([batch(left_out, none)])
    for row in (left_out, none):
        assert kept(engine, row) == {**dict.fromkeys(WHOLE), **row}
    with engine.begin() as connection:
        empty = connection.exec_driver_sql("SELECT count(*) FROM kinds WHERE more = 'null'::jsonb")
        assert empty.scalar_one() == 0


def test_nul_is_replaced_at_any_depth_and_what_only_looks_like_it_stays(engine, store):
    row = thing(words="a\x00b", more={"k\x00": ["\x00", {"x": "\\u0000"}]})
    store.write([batch(row)])
    found = kept(engine, row)
    assert (found["words"], found["more"]) == (
        "a\ufffdb",
        {"k\ufffd": ["\ufffd", {"x": "\\u0000"}]},
    )


@pytest.mark.parametrize(
    "bad", [{"version": 2**31}, {"version": 2**70}, {"version": None}, {"more": object()}]
)
def test_a_value_that_a_table_does_not_take_is_refused_and_nothing_is_written(engine, store, bad):
    good, named = thing(), thing(words="x")
    with pytest.raises(Rejected) as refused:
        store.write([batch(named, model=OF_NAMED), batch(good, thing(**bad), offset=99)])
    assert refused.value.code == "not-storable"
    assert "kinds" in refused.value.reason
    assert (kept(engine, good), kept(engine, named, NAMED)) == (None, None)
    assert store.positions(OF_KINDS).get(0, 0) < 99


def test_read_models_of_one_call_move_together(engine, store):
    first, second = thing(), thing(words="y")
    store.write([batch(first, offset=7), batch(second, model=OF_NAMED, offset=7)])
    assert (kept(engine, first)["version"], kept(engine, second, NAMED)) == (1, second)
    assert store.positions(OF_KINDS) == store.positions(OF_NAMED) == {0: 7}


def test_a_row_replaces_an_older_one_only(engine, store):
    row = thing(version=2, words="two")
    for version, words in ((2, "two"), (1, "one"), (2, "again")):
        store.write([batch({**row, "version": version, "words": words})])
        assert kept(engine, row)["words"] == "two"
    store.write([batch({**row, "version": 3, "words": "three"})])
    assert kept(engine, row)["words"] == "three"


def test_a_text_that_an_index_cannot_hold_is_refused_and_is_no_absence_of_the_database(
    engine, store
):
    good, bad = thing(words="z"), thing(words=TOO_LONG_FOR_AN_INDEX)
    with pytest.raises(Rejected) as refused:
        store.write([batch(good, bad, model=OF_NAMED, offset=99)])
    assert (refused.value.code, TOO_LONG_FOR_AN_INDEX[:9] in refused.value.reason) == (
        "not-storable",
        False,
    )
    assert kept(engine, good, NAMED) is None
    store.write([batch(good, model=OF_NAMED, offset=8)])
    assert kept(engine, good, NAMED) == good


def test_a_limit_of_the_database_is_a_defect_wherever_no_row_is_written(engine):
    with pytest.raises(OperationalError) as limit, translated(), engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO named (thing_id, version, words) VALUES (:thing_id, :version, :words)"
            ),
            thing(words=TOO_LONG_FOR_AN_INDEX),
        )
    assert limit.value.orig.sqlstate == "54000"
