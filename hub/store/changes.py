"""Which rows of state each of the last batches changed, so that a standby follows without reading everything again.

One small row a batch, and none that lasts: a standby that was away for longer reads everything anew.
"""

from typing import Final

from sqlalchemy import Connection, text

from hub import codec
from hub.ports.store import Changed

KEPT_BATCHES: Final = 2_000
"""A region that works without a pause runs through so many in a minute or more; a standby looks every second."""

AT_ONCE: Final = 200
"""Batches that are followed in one look, so that no look holds more rows than an owner's batches do in some seconds."""

TABLES: Final = """
CREATE TABLE IF NOT EXISTS changes (
    region int NOT NULL, batch_no bigint NOT NULL,
    processors text[] NOT NULL, kinds text[] NOT NULL, keys uuid[] NOT NULL,
    PRIMARY KEY (region, batch_no)
);
"""

NOTE: Final = text(
    "WITH gone AS (DELETE FROM changes WHERE region = :region AND batch_no <= :gone) "
    "INSERT INTO changes (region, batch_no, processors, kinds, keys) "
    "VALUES (:region, :batch_no, CAST(:processors AS text[]), CAST(:kinds AS text[]), CAST(:keys AS uuid[])) "
    "ON CONFLICT (region, batch_no) DO UPDATE "
    "SET processors = excluded.processors, kinds = excluded.kinds, keys = excluded.keys"
)
"""The conflict is one of a database that was restored from the past: the batch is another one now."""

NOW: Final = text("SELECT batch_no FROM shards WHERE region = :region")
COUNTED: Final = text(
    "SELECT count(*) FROM changes WHERE region = :region AND batch_no > :after AND batch_no <= :upto"
)
ROWS: Final = text(
    "SELECT s.body FROM (SELECT DISTINCT w.kind, w.key "
    "FROM changes c CROSS JOIN unnest(c.processors, c.kinds, c.keys) AS w(processor, kind, key) "
    "WHERE c.region = :region AND c.batch_no > :after AND c.batch_no <= :upto AND w.processor = :processor) AS w "
    "JOIN state s ON s.region = :region AND s.processor = :processor AND s.kind = w.kind AND s.key = w.key"
)


def changed_since(
    connection: Connection, region: int, processor: str, batch_no: int
) -> Changed | None:
    """See `hub.ports.store.Store.changed_since`; the connection sees one moment (REPEATABLE READ)."""
    now = connection.execute(NOW, {"region": region}).scalar_one()
    upto = min(now, batch_no + AT_ONCE)
    if upto <= batch_no:
        return Changed(now, ()) if now == batch_no else None
    span = {"region": region, "after": batch_no, "upto": upto}
    if connection.execute(COUNTED, span).scalar_one() != upto - batch_no:
        return None
    rows = connection.execute(ROWS, {**span, "processor": processor})
    return Changed(upto, tuple(codec.decode(bytes(row.body)) for row in rows))
