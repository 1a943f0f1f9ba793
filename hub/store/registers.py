"""What was told of registers: a row for each entry, with a digest of what it said and what is needed to end it.

The rows are the progress as well. Each is advanced when its event is on the log, so a file that was interrupted is
held against what was told of it so far, and only the rest is told.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from hub.ports.registers import Difference, Reading, RegisterFile, Staged, ToTell
from hub.store.engine import translated

TABLES: Final = """
CREATE TABLE IF NOT EXISTS registers (
    sender text PRIMARY KEY, number bigint NOT NULL DEFAULT 0, moment timestamptz NOT NULL DEFAULT '-infinity',
    reading_sha256 text, reading_made_at timestamptz, began_at timestamptz,
    sha256 text, made_at timestamptz, read_at timestamptz
);
CREATE TABLE IF NOT EXISTS register_entries (
    sender text NOT NULL, record uuid NOT NULL, entry text NOT NULL, code_system text NOT NULL, code text NOT NULL,
    linked boolean NOT NULL, active boolean NOT NULL, digest bytea NOT NULL,
    PRIMARY KEY (sender, record)
);
"""

STEP: Final = timedelta(milliseconds=1)
"""Between the moments of two files at least: the clock of events counts in it."""

SLOWEST: Final = "300s"
"""A million entries are compared in seconds; a busy database may take longer."""

HOLD = text("SELECT pg_try_advisory_lock(hashtextextended('register ' || :sender, 0))")
FIND = text("SELECT * FROM registers WHERE sender = :sender")
TAKE_UP = text(
    "INSERT INTO registers (sender, number, moment, reading_sha256, reading_made_at, began_at) "
    "VALUES (:sender, :number, :moment, :sha256, :made_at, :now) ON CONFLICT (sender) DO UPDATE SET "
    "number = :number, moment = :moment, reading_sha256 = :sha256, reading_made_at = :made_at, began_at = :now"
)
FINISH = text(
    "UPDATE registers SET sha256 = reading_sha256, made_at = reading_made_at, read_at = :now, "
    "reading_sha256 = NULL, reading_made_at = NULL, began_at = NULL WHERE sender = :sender"
)
STAGE_TABLE: Final = """
DROP TABLE IF EXISTS staged;
CREATE TEMPORARY TABLE staged (
    number int PRIMARY KEY, record uuid NOT NULL, entry text NOT NULL, code_system text NOT NULL, code text NOT NULL,
    linked boolean NOT NULL, active boolean NOT NULL, digest bytea, said_on date
)
"""
COPY: Final = "COPY staged FROM STDIN"
INDEX: Final = "CREATE INDEX ON staged (record); ANALYZE staged"
DOUBLED = text(
    "SELECT min(number) FROM (SELECT number, row_number() OVER (PARTITION BY record ORDER BY number) AS n FROM staged) "
    "AS x WHERE n > 1"
)
KEEP_LATEST: Final = (
    "DELETE FROM staged WHERE number IN (SELECT number FROM (SELECT number, row_number() OVER ("
    "PARTITION BY record ORDER BY digest IS NULL, {day} number DESC) AS n FROM staged) AS x WHERE n > 1)"
)
COUNT = text(
    "SELECT count(*) FILTER (WHERE s.digest IS NULL) AS refused, "
    "count(*) FILTER (WHERE s.digest <> '' AND coalesce(e.digest, '') = '') AS added, "
    "count(*) FILTER (WHERE e.active AND NOT s.active AND s.digest <> e.digest) AS ended, "
    "count(*) FILTER (WHERE s.digest <> '' AND e.digest <> '' AND s.digest <> e.digest "
    "AND (s.active OR NOT e.active)) AS changed, "
    "count(*) FILTER (WHERE s.digest = coalesce(e.digest, '')) AS unchanged "
    "FROM staged s LEFT JOIN register_entries e ON e.sender = :sender AND e.record = s.record"
)
STANDING = text("SELECT count(*) FROM register_entries WHERE sender = :sender AND active")
COUNT_ABSENT = text(
    "SELECT count(*) FROM register_entries e WHERE e.sender = :sender AND e.active "
    "AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.record = e.record)"
)
TO_END = text(
    "SELECT 0, e.record, e.entry, e.code_system, e.code, e.linked, false, CAST('' AS bytea) FROM register_entries e "
    "LEFT JOIN staged s ON s.record = e.record WHERE e.sender = :sender AND e.digest <> '' "
    "AND (s.digest = '' OR (CAST(:whole AS boolean) AND s.record IS NULL)) LIMIT :most"
)
TO_TELL = text(
    "SELECT s.number, e.record IS NOT NULL AS known, coalesce(e.linked, false) AS linked FROM staged s "
    "LEFT JOIN register_entries e ON e.sender = :sender AND e.record = s.record "
    "WHERE s.number > :after AND s.digest <> '' AND s.digest <> coalesce(e.digest, '') ORDER BY s.number LIMIT :most"
)
TOLD = text(
    "INSERT INTO register_entries (sender, record, entry, code_system, code, linked, active, digest) "
    "SELECT :sender, record, entry, code_system, code, linked, active, digest FROM staged "
    "WHERE number = ANY(:numbers) "
    "ON CONFLICT (sender, record) DO UPDATE SET entry = excluded.entry, code_system = excluded.code_system, "
    "code = excluded.code, linked = excluded.linked, active = excluded.active, digest = excluded.digest"
)
ENDED = text(
    "UPDATE register_entries SET digest = '', active = false, linked = false "
    "WHERE sender = :sender AND record = ANY(:records)"
)


class PostgresRegisters:
    """See `hub.ports.registers.Registers`. A register is held by a lock of its connection, which ends with it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def held(self, sender: str) -> Iterator["PostgresRegister | None"]:
        """See `hub.ports.registers.Registers.held`."""
        with translated():
            connection = self._engine.connect()
        try:
            with translated(), connection.begin():
                connection.exec_driver_sql(f"SET statement_timeout = '{SLOWEST}'")
                mine = bool(connection.execute(HOLD, {"sender": sender}).scalar_one())
            yield PostgresRegister(connection, sender) if mine else None
        finally:
            with suppress(SQLAlchemyError):
                connection.invalidate()  # lock, settings and staged rows end with it
            connection.close()

    def last(self, sender: str) -> RegisterFile | None:
        """The last file of a sender that was taken whole, whoever holds the register."""
        with translated(), self._engine.begin() as connection:
            return last_of(connection, sender)


class PostgresRegister:
    """See `hub.ports.registers.Register`. Every call is one transaction."""

    def __init__(self, connection: Connection, sender: str) -> None:
        self._connection = connection
        self._sender = sender
        self._whole = False

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with translated(), self._connection.begin():
            yield self._connection

    def last(self) -> RegisterFile | None:
        """See `hub.ports.registers.Register.last`."""
        with self._transaction() as connection:
            return last_of(connection, self._sender)

    def repeats(self, sha256: str) -> bool:
        """See `hub.ports.registers.Register.repeats`."""
        with self._transaction() as connection:
            row = connection.execute(FIND, {"sender": self._sender}).first()
            return row is not None and row.sha256 == sha256 and row.reading_sha256 is None

    def clear(self) -> None:
        """See `hub.ports.registers.Register.clear`."""
        with self._transaction() as connection:
            connection.exec_driver_sql(STAGE_TABLE)

    def begin(self, sha256: str, made_at: datetime, now: datetime) -> Reading:
        """See `hub.ports.registers.Register.begin`. The moment: when it was made, or just after the one before."""
        with self._transaction() as connection:
            row = connection.execute(FIND, {"sender": self._sender}).first()
            if row is not None and row.reading_sha256 == sha256:
                return Reading(row.number, row.moment, row.began_at)
            moment = min(made_at, now)
            if row is not None:
                moment = max(moment, row.moment + STEP)
            reading = Reading(row.number + 1 if row is not None else 1, moment, now)
            connection.execute(
                TAKE_UP,
                {
                    "sender": self._sender,
                    "number": reading.number,
                    "moment": moment,
                    "sha256": sha256,
                    "made_at": made_at,
                    "now": now,
                },
            )
            return reading

    def stage(self, rows: Sequence[Staged]) -> None:
        """See `hub.ports.registers.Register.stage`."""
        with self._transaction() as connection:
            driver = connection.connection.driver_connection
            if not isinstance(driver, psycopg.Connection):
                raise TypeError("rows are put down with psycopg")
            with driver.cursor() as cursor, cursor.copy(COPY) as copy:
                for each in rows:
                    copy.write_row(
                        (
                            each.number,
                            each.record,
                            each.entry,
                            each.code_system,
                            each.code,
                            each.linked,
                            each.active,
                            each.digest,
                            each.said_on,
                        )
                    )

    def compare(self, *, whole: bool, by_day: bool) -> Difference:
        """See `hub.ports.registers.Register.compare`."""
        with self._transaction() as connection:
            connection.exec_driver_sql(INDEX)
            doubled = connection.execute(DOUBLED).scalar_one()
            if doubled is not None:
                day = "said_on DESC NULLS LAST, " if by_day else ""
                connection.exec_driver_sql(KEEP_LATEST.format(day=day))
            counted = connection.execute(COUNT, {"sender": self._sender}).one()
            standing = connection.execute(STANDING, {"sender": self._sender}).scalar_one()
            absent = (
                connection.execute(COUNT_ABSENT, {"sender": self._sender}).scalar_one()
                if whole
                else 0
            )
            self._whole = whole
            return Difference(
                standing=standing,
                added=counted.added,
                changed=counted.changed,
                ended=counted.ended + absent,
                unchanged=counted.unchanged,
                refused=counted.refused,
                doubled=doubled,
            )

    def to_tell(self, after: int, most: int) -> list[ToTell]:
        """See `hub.ports.registers.Register.to_tell`."""
        with self._transaction() as connection:
            rows = connection.execute(
                TO_TELL, {"sender": self._sender, "after": after, "most": most}
            )
            return [ToTell(*row) for row in rows]

    def told(self, rows: Sequence[int]) -> None:
        """See `hub.ports.registers.Register.told`."""
        with self._transaction() as connection:
            connection.execute(TOLD, {"sender": self._sender, "numbers": list(rows)})

    def to_end(self, most: int) -> list[Staged]:
        """See `hub.ports.registers.Register.to_end`."""
        with self._transaction() as connection:
            rows = connection.execute(
                TO_END, {"sender": self._sender, "most": most, "whole": self._whole}
            )
            return [Staged(*row) for row in rows]

    def ended(self, records: Sequence[UUID]) -> None:
        """See `hub.ports.registers.Register.ended`."""
        with self._transaction() as connection:
            connection.execute(ENDED, {"sender": self._sender, "records": list(records)})

    def finish(self, now: datetime) -> None:
        """See `hub.ports.registers.Register.finish`."""
        with self._transaction() as connection:
            connection.execute(FINISH, {"sender": self._sender, "now": now})


def last_of(connection: Connection, sender: str) -> RegisterFile | None:
    """The last file of a sender that was taken whole."""
    row = connection.execute(FIND, {"sender": sender}).first()
    if row is None or row.sha256 is None:
        return None
    return RegisterFile(row.sha256, row.made_at, row.read_at)
