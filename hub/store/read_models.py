"""The tables of read models: made from what projections declare, written by version, begun anew when they change."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Final, TypeAlias
from uuid import UUID

from sqlalchemy import (
    Boolean,
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
    delete,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.types import TypeEngine

from hub.errors import Rejected
from hub.ports import Projected, Refusal
from hub.projection import VERSION, Json, Kind, ReadModel, Row, TableSpec, Value
from hub.store.engine import kind_of, translated

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
    "SELECT :model, p, n FROM unnest(CAST(:partitions AS int[]), CAST(:nexts AS bigint[])) AS m(p, n) "
    "ON CONFLICT (model, partition) DO UPDATE SET next_offset = excluded.next_offset"
)
REFUSE = text(
    'INSERT INTO dead_letters (region, id, processor, topic, "offset", event_id, '
    "code, expression, reason, defect, value) "
    "VALUES (:region, :id, :processor, :topic, :offset, :event_id, :code, :expression, :reason, :defect, :value) "
    "ON CONFLICT (region, id) DO UPDATE SET times = dead_letters.times + 1, last_at = now(), settled_at = NULL"
)


class PostgresReadModels:
    """See `hub.ports.ReadModels`. The tables named by `models` are there from `prepare` on."""

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
        """See `hub.ports.ReadModels.generation`."""
        with translated(), self._engine.begin() as connection:
            return int(connection.execute(GENERATION).scalar_one())

    def positions(self, model: ReadModel) -> Mapping[int, int]:
        """See `hub.ports.ReadModels.positions`."""
        with translated(), self._engine.begin() as connection:
            rows = connection.execute(POSITIONS, {"model": model.name})
            return {row.partition: row.next_offset for row in rows}

    def rebuild(self) -> None:
        """See `hub.ports.ReadModels.rebuild`."""
        with translated(), self._engine.begin() as connection:
            for model in self._models:
                connection.execute(delete(built(model.table)))
            begin_anew(connection)

    def write(self, model: ReadModel, batch: Projected) -> None:
        """See `hub.ports.ReadModels.write`."""
        spec = model.table
        try:
            with translated(), self._engine.begin() as connection:
                if batch.gone:
                    table = built(spec)
                    connection.execute(delete(table).where(table.c[spec.key].in_(batch.gone)))
                if batch.rows:
                    connection.execute(upserting(spec), [whole(spec, row) for row in batch.rows])
                for partition, refusal in batch.refusals:
                    connection.execute(REFUSE, letter_from(partition, refusal))
                connection.execute(
                    MOVE,
                    {
                        "model": model.name,
                        "partitions": list(batch.positions),
                        "nexts": list(batch.positions.values()),
                    },
                )
        except (DataError, IntegrityError) as error:
            raise Rejected(
                f"The table {spec.name} does not take a value: {kind_of(error)}.",
                code="not-storable",
            ) from error


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
    """Writes rows where they are newer than what is there."""
    table = built(spec)
    new = insert(table)
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


def whole(spec: TableSpec, row: Row) -> dict[str, Value]:
    """A row with every column of its own, without NUL, which PostgreSQL cannot hold in a text."""
    return {each.name: without_nul(row.get(each.name)) for each in spec.columns if not each.stamped}


def without_nul(value: Value) -> Value:
    """A value with the replacement character for each NUL, at any depth."""
    return value if isinstance(value, UUID | date) else json_without_nul(value)


def json_without_nul(value: Json) -> Json:
    """See `without_nul`."""
    match value:
        case str():
            return value.replace("\x00", "\ufffd")
        case Mapping():
            return {
                key.replace("\x00", "\ufffd"): json_without_nul(each) for key, each in value.items()
            }
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
