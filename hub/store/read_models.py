"""The tables of read models: made from what projections declare, written by version, begun anew when they change."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DataError, IntegrityError

from hub.errors import Rejected
from hub.ports import Projected, Refusal
from hub.projection import VERSION, Column, Json, ReadModel, Row, TableSpec, Value
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
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {model.table.name}")
                connection.exec_driver_sql(shape_of(model.table))
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
                connection.exec_driver_sql(f"TRUNCATE {model.table.name}")
            begin_anew(connection)

    def write(self, model: ReadModel, batch: Projected) -> None:
        """See `hub.ports.ReadModels.write`."""
        table = model.table
        try:
            with translated(), self._engine.begin() as connection:
                if batch.gone:
                    connection.execute(erasing(table), {"keys": list(batch.gone)})
                if batch.rows:
                    connection.execute(upserting(table), arrays_of(table, batch.rows))
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
                f"The table {table.name} does not take a value: {kind_of(error)}.",
                code="not-storable",
            ) from error


def begin_anew(connection: Connection) -> None:
    """Another generation: its readers begin at the start of the topics."""
    connection.exec_driver_sql("TRUNCATE read_positions")
    connection.execute(ANEW)


def shape_of(table: TableSpec) -> str:
    """What makes the table."""
    columns = ", ".join(map(column_of, table.columns))
    indexes = "".join(
        f"; CREATE INDEX ON {table.name} ({', '.join(columns)})" for columns in table.indexes
    )
    return f"CREATE TABLE {table.name} ({columns}, PRIMARY KEY ({table.key})){indexes}"


def column_of(column: Column) -> str:
    """A column with its type."""
    return f"{column.name} {column.kind}{' NOT NULL' if column.required else ''}"


def erasing(table: TableSpec) -> TextClause:
    """Removes rows by their keys."""
    return text(f"DELETE FROM {table.name} WHERE {table.key} = ANY(CAST(:keys AS uuid[]))")


def upserting(table: TableSpec) -> TextClause:
    """Writes rows where they are newer than what is there; each key once."""
    names = [each.name for each in table.columns]
    values = ", ".join(f"CAST({n} AS jsonb)" if k == "jsonb" else n for n, k in kinds_of(table))
    arrays = ", ".join(
        f"CAST(:{n} AS {'text' if k == 'jsonb' else k}[])" for n, k in kinds_of(table)
    )
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != table.key)
    return text(
        f"INSERT INTO {table.name} ({', '.join(names)}) "
        f"SELECT {values} FROM unnest({arrays}) AS r({', '.join(names)}) "
        f"ON CONFLICT ({table.key}) DO UPDATE SET {changes} "
        f"WHERE excluded.{VERSION} > {table.name}.{VERSION}"
    )


def kinds_of(table: TableSpec) -> list[tuple[str, str]]:
    """Columns with their types."""
    return [(each.name, each.kind) for each in table.columns]


def arrays_of(table: TableSpec, rows: Sequence[Row]) -> dict[str, list[Value]]:
    """One array for each column."""
    return {each.name: [stored(each, row.get(each.name)) for row in rows] for each in table.columns}


def stored(column: Column, value: Value) -> Value:
    """A value as PostgreSQL takes it: JSON as text, and no NUL, which text cannot hold there."""
    if value is None:
        return None
    if column.kind == "jsonb":
        return json.dumps(value, ensure_ascii=False).replace("\\u0000", "\\ufffd")
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


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
