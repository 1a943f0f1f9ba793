"""Put many rows of state where a long life would have left them: for measurements, on a database of their own."""

from collections.abc import Iterable
from typing import Final

import psycopg

from hub.ports.unit import Remembered
from hub.records.registry import CURRENT_ID
from hub.store.engine import translated

COPY = (
    "COPY state (region, processor, kind, key, version, schema_id, body) FROM STDIN (FORMAT BINARY)"
)
TYPES: Final = ("int4", "text", "text", "uuid", "int8", "int4", "bytea")


def fill(database_url: str, region: int, rows: Iterable[Remembered]) -> None:
    """Copy rows into the state of a region. Nobody who holds the region knows of them.

    Raises:
        Unavailable: The database is away.
    """
    with translated(), psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        with cursor.copy(COPY) as copy:
            copy.set_types(TYPES)
            for row in rows:
                kind = type(row.value)
                copy.write_row(
                    (region, row.processor, kind.__name__, row.key, 1, CURRENT_ID[kind], row.body)
                )
        cursor.execute("ANALYZE state")
