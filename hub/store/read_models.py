"""The tables of read models: made from what projections declare, written by version, begun anew when they change."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Final, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy import (
    Boolean,
    Cast,
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    column,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from hub.errors import Rejected
from hub.ports.dead_letters import Refusal
from hub.ports.read_models import Projected
from hub.projection import VERSION, Json, Kind, ReadModel, Row, TableSpec
from hub.store.engine import is_about_a_value, kind_of, translated

LOCK: Final = 0x726561646572
"""Advisory lock for changes of these tables."""

OURS: Final = """
CREATE TABLE IF NOT EXISTS read_models (name text PRIMARY KEY, shape text NOT NULL);
CREATE TABLE IF NOT EXISTS read_generation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), generation int NOT NULL
);
CREATE TABLE IF NOT EXISTS read_positions (
    model text NOT NULL, partition int NOT NULL, next_offset bigint NOT NULL, PRIMARY KEY (model, partition)
);
INSERT INTO read_generation (generation) VALUES (0) ON CONFLICT DO NOTHING;
"""
ROWS: Final = "rows"
NUL: Final = b"\\u0000"
SHAPES = text("SELECT name, shape FROM read_models")
SHAPED = text(
    "INSERT INTO read_models (name, shape) VALUES (:name, :shape) "
    "ON CONFLICT (name) DO UPDATE SET shape = excluded.shape"
)
GENERATION = text("SELECT generation FROM read_generation")
ANEW = text("UPDATE read_generation SET generation = generation + 1")
POSITIONS = text("SELECT partition, next_offset FROM read_positions WHERE model = :model")
MOVE = text(
    "INSERT INTO read_positions (model, partition, next_offset) "
    "SELECT m, p, n FROM unnest(CAST(:models AS text[]), CAST(:partitions AS int[]), CAST(:nexts AS bigint[])) "
    "AS moved(m, p, n) ON CONFLICT (model, partition) DO UPDATE SET next_offset = excluded.next_offset"
)
REFUSE = text(
    'INSERT INTO dead_letters (region, id, processor, topic, "offset", event_id, '
    "code, expression, reason, defect, value) "
    "VALUES (:region, :id, :processor, :topic, :offset, :event_id, :code, :expression, :reason, :defect, :value) "
    "ON CONFLICT (region, id) DO UPDATE SET times = dead_letters.times + 1, last_at = now(), settled_at = NULL"
)


class PostgresReadModels:
    """See `hub.ports.read_models.ReadModels`. The tables named by `models` are there from `prepare` on."""

    def __init__(self, engine: Engine, models: Sequence[ReadModel]) -> None:
        self._engine = engine
        self._models = tuple(models)

    def prepare(self) -> None:
        """Make the tables. A table of another shape is dropped, and everything is read again."""
        with translated(), self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            connection.exec_driver_sql(OURS)
            known = {row.name: row.shape for row in connection.execute(SHAPES)}
            stale = [each for each in self._models if known.get(each.name) != shape_of(each.table)]
            for model in stale:
                built(model.table).drop(connection, checkfirst=True)
                built(model.table).create(connection)
                connection.execute(SHAPED, {"name": model.name, "shape": shape_of(model.table)})
            if stale:
                begin_anew(connection)

    def generation(self) -> int:
        """See `hub.ports.read_models.ReadModels.generation`."""
        with translated(), self._engine.begin() as connection:
            return int(connection.execute(GENERATION).scalar_one())

    def positions(self, model: ReadModel) -> Mapping[int, int]:
        """See `hub.ports.read_models.ReadModels.positions`."""
        with translated(), self._engine.begin() as connection:
            rows = connection.execute(POSITIONS, {"model": model.name})
            return {row.partition: row.next_offset for row in rows}

    def rebuild(self) -> None:
        """See `hub.ports.read_models.ReadModels.rebuild`."""
        with translated(), self._engine.begin() as connection:
            for model in self._models:
                connection.execute(delete(built(model.table)))
            begin_anew(connection)

    def write(self, batches: Sequence[Projected]) -> None:
        """See `hub.ports.read_models.ReadModels.write`."""
        with translated(), self._engine.begin() as connection:
            for each in batches:
                write_rows(connection, each)
            connection.execute(MOVE, moves_from(batches))


def write_rows(connection: Connection, batch: Projected) -> None:
    """What one read model gains, loses and cannot show.

    Raises:
        Rejected: Its table does not take one of the values.
    """
    spec = batch.model.table
    try:
        if batch.gone:
            table = built(spec)
            connection.execute(delete(table).where(table.c[spec.key].in_(batch.gone)))
        if batch.rows:
            connection.execute(upserting(spec), {ROWS: json_of(spec, batch.rows)})
        for partition, refusal in batch.refusals:
            connection.execute(REFUSE, letter_from(partition, refusal))
    except DBAPIError as error:
        if not is_about_a_value(error):
            raise
        raise not_taken(spec, error) from error


def not_taken(spec: TableSpec, error: Exception) -> Rejected:
    """What is said of a value that a table does not take."""
    return Rejected(
        f"The table {spec.name} does not take a value: {kind_of(error)}.", code="not-storable"
    )


def moves_from(batches: Sequence[Projected]) -> dict[str, list[str] | list[int]]:
    """Where each read model goes on, in columns."""
    moves = [
        (each.model.name, partition, offset)
        for each in batches
        for partition, offset in each.positions.items()
    ]
    return {
        "models": [name for name, _, _ in moves],
        "partitions": [partition for _, partition, _ in moves],
        "nexts": [offset for _, _, offset in moves],
    }


def begin_anew(connection: Connection) -> None:
    """Another generation: its readers begin at the start of the topics."""
    connection.exec_driver_sql("TRUNCATE read_positions")
    connection.execute(ANEW)


SqlType: TypeAlias = (
    TypeEngine[UUID]
    | TypeEngine[int]
    | TypeEngine[str]
    | TypeEngine[bool]
    | TypeEngine[date]
    | JSONB
)
TYPES: Final[Mapping[Kind, SqlType | TypeEngine[datetime]]] = {
    "uuid": Uuid(),
    "int": Integer(),
    "text": Text(),
    "boolean": Boolean(),
    "timestamptz": DateTime(timezone=True),
    "date": Date(),
    "jsonb": JSONB(none_as_null=True),
}


@cache
def built(spec: TableSpec) -> Table:
    """The table that a projection declares."""
    columns = (
        Column(
            each.name,
            TYPES[each.kind],
            primary_key=each.name == spec.key,
            nullable=not each.required and each.name != spec.key,
            server_default=func.clock_timestamp() if each.stamped else None,
        )
        for each in spec.columns
    )
    table = Table(spec.name, MetaData(), *columns)
    for number, names in enumerate(spec.indexes):
        Index(f"{spec.name}_{number}", *(table.c[name] for name in names))
    return table


def shape_of(spec: TableSpec) -> str:
    """What tells one shape of a table from another."""
    return repr(spec)


@cache
def upserting(spec: TableSpec) -> Insert:
    """Writes rows where they are newer than what is there.

    They come as one value, `ROWS`: to bind the columns of each row by itself takes ten times as long.
    """
    table = built(spec)
    names = [each.name for each in spec.columns if not each.stamped]
    rows = (
        func.jsonb_to_recordset(Cast(bindparam(ROWS, type_=Text()), JSONB))
        .table_valued(*(column(name, table.c[name].type) for name in names))
        .render_derived(name="new", with_types=True)
    )
    new = insert(table).from_select(names, select(*(rows.c[name] for name in names)))
    changes = {
        each.name: func.clock_timestamp() if each.stamped else new.excluded[each.name]
        for each in spec.columns
        if each.name != spec.key
    }
    return new.on_conflict_do_update(
        index_elements=[spec.key],
        set_=changes,
        where=new.excluded[VERSION] > table.c[VERSION],
    )


def json_of(spec: TableSpec, rows: Sequence[Row]) -> str:
    """Rows as one JSON array, without NUL, which PostgreSQL cannot hold in a text.

    Raises:
        Rejected: A value has no form in JSON.
    """
    try:
        written = orjson.dumps(rows)
    except orjson.JSONEncodeError as error:
        raise not_taken(spec, error) from error
    if NUL in written:
        written = orjson.dumps(json_without_nul(orjson.loads(written)))
    return written.decode()


def without_nul(text: str) -> str:
    """A text as it stands in a table."""
    return text.replace("\x00", "\ufffd")


def json_without_nul(value: Json) -> Json:
    """A value with the replacement character for each NUL, at any depth."""
    match value:
        case str():
            return without_nul(value)
        case Mapping():
            return {without_nul(key): json_without_nul(each) for key, each in value.items()}
        case Sequence():
            return [json_without_nul(each) for each in value]
        case _:
            return value


def letter_from(partition: int, refusal: Refusal) -> dict[str, Json | bytes]:
    """A dead letter as a row."""
    return {
        "region": partition,
        "id": str(refusal.dead_letter_id),
        "processor": refusal.processor,
        "topic": refusal.topic,
        "offset": refusal.offset,
        "event_id": None if refusal.event_id is None else str(refusal.event_id),
        "code": refusal.code,
        "expression": refusal.expression,
        "reason": refusal.reason,
        "defect": refusal.defect,
        "value": refusal.value,
    }
