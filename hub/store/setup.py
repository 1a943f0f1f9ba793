"""Make the tables and the rows of the regions, under a lock, so that many processes may start at once."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from hub.store.changes import TABLES as CHANGES_TABLES
from hub.store.engine import translated
from hub.store.known_answers import TABLES as REVIEW_TABLES
from hub.store.registers import TABLES as REGISTER_TABLES
from hub.store.sessions import TABLES as PAGE_TABLES
from hub.store.tables import SCHEMA_VERSION, TABLES

LOCK: Final = 0x6361726572
"""Advisory lock for changes of the tables."""

IGNORED_DAYS: Final = 28
SETTLED_DAYS: Final = 28

FORGET_IGNORED: Final = text(
    "DELETE FROM ignored WHERE last_at < now() - make_interval(days => CAST(:days AS int))"
)
FORGET_SETTLED: Final = text(
    "DELETE FROM dead_letters WHERE settled_at < now() - make_interval(days => CAST(:days AS int))"
)

INBOX_DAYS: Final = 14
"""How long an event id is remembered; Kafka keeps the events themselves for longer, a sender does not resend later."""


class OtherDatabase(Exception):
    """The database belongs to another version, or to other regions."""


def prepare(engine: Engine, regions: int, in_topics: Sequence[str]) -> UUID:
    """Create what is missing; give the hub's own id, which names its transactions.

    Raises:
        OtherDatabase: The tables are of another version, or hold more regions or other in-topics.
        Unavailable: The database is away.
    """
    with translated(), engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if connection.execute(text("SELECT to_regclass('hub') IS NULL")).scalar_one():
            connection.exec_driver_sql(TABLES)
            connection.execute(
                text("INSERT INTO hub (schema_version) VALUES (:v)"), {"v": SCHEMA_VERSION}
            )
        hub_id, version = connection.execute(text("SELECT id, schema_version FROM hub")).one()
        if version != SCHEMA_VERSION:
            raise OtherDatabase(
                f"The database has tables of version {version}; this program needs version {SCHEMA_VERSION}."
            )
        connection.exec_driver_sql(CHANGES_TABLES)
        connection.exec_driver_sql(PAGE_TABLES)
        connection.exec_driver_sql(REGISTER_TABLES)
        connection.exec_driver_sql(REVIEW_TABLES)
        add_regions(connection, regions, in_topics)
        make_room(connection)
        return UUID(str(hub_id))


def add_regions(connection: Connection, regions: int, in_topics: Sequence[str]) -> None:
    """Rows of new regions; the offsets rows say which in-topics make a region."""
    known = connection.execute(text("SELECT count(*) FROM shards")).scalar_one()
    if known > regions:
        raise OtherDatabase(
            f"The database holds {known} regions, the configuration {regions}. Regions are never removed."
        )
    for region in range(known, regions):
        connection.execute(text("INSERT INTO shards (region) VALUES (:region)"), {"region": region})
        for topic in in_topics:
            connection.execute(
                text(
                    "INSERT INTO offsets (region, topic, next_offset) VALUES (:region, :topic, 0)"
                ),
                {"region": region, "topic": topic},
            )
    kept = set(connection.execute(text("SELECT DISTINCT topic FROM offsets")).scalars())
    if regions and kept != set(in_topics):
        raise OtherDatabase(
            f"The database reads other in-topics than this program: {sorted(kept ^ set(in_topics))}."
        )


def make_room(connection: Connection) -> None:
    """Partitions of the inbox for today and the next two days; those older than `INBOX_DAYS` go."""
    days = connection.execute(
        text(
            "SELECT to_char(current_date + n, 'YYYYMMDD'), current_date + n FROM generate_series(-1, 2) n"
        )
    ).all()
    for name, day in days:
        connection.exec_driver_sql(
            f"CREATE TABLE IF NOT EXISTS inbox_{name} PARTITION OF inbox "
            f"FOR VALUES FROM ('{day}') TO ('{day}'::date + 1)"
        )
    old = connection.execute(
        text(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'inbox'::regclass "
            "AND right(inhrelid::regclass::text, 8)::date < current_date - CAST(:days AS int)"
        ),
        {"days": INBOX_DAYS},
    ).scalars()
    for table in old.all():
        connection.exec_driver_sql(f"DROP TABLE {table}")


def forget(connection: Connection) -> None:
    """What was ignored goes after `IGNORED_DAYS`; a dead letter `SETTLED_DAYS` after it was settled, never before."""
    for statement, days in ((FORGET_IGNORED, IGNORED_DAYS), (FORGET_SETTLED, SETTLED_DAYS)):
        connection.execute(statement, {"days": days})
