"""Who may open the pages: one-time links and sessions, by the SHA-256 of their secrets alone."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, text

from hub.ports.sessions import Opening, Session
from hub.store.engine import translated

TABLES: Final = """
CREATE TABLE IF NOT EXISTS page_links (
    secret_sha256 text PRIMARY KEY, ods_code text NOT NULL, until timestamptz NOT NULL
);
CREATE TABLE IF NOT EXISTS page_sessions (
    secret_sha256 text PRIMARY KEY, ods_code text NOT NULL, staff_id text NOT NULL DEFAULT '',
    used_at timestamptz NOT NULL, ends_at timestamptz NOT NULL
);
"""

OFFER = text(
    "INSERT INTO page_links (secret_sha256, ods_code, until) VALUES (:secret, :ods, :until)"
)
USE_UP = text(
    "DELETE FROM page_links WHERE secret_sha256 = :secret RETURNING ods_code, until > :at AS good"
)
OPEN = text(
    "INSERT INTO page_sessions (secret_sha256, ods_code, used_at, ends_at) "
    "VALUES (:secret, :ods, :at, :ends_at)"
)
RESUME = text(
    "UPDATE page_sessions SET used_at = greatest(used_at, :at) "
    "WHERE secret_sha256 = :secret AND used_at > :idle_since AND ends_at > :at "
    "RETURNING ods_code, staff_id"
)
SAY_WHO = text("UPDATE page_sessions SET staff_id = :staff_id WHERE secret_sha256 = :secret")
CLOSE = text("DELETE FROM page_sessions WHERE secret_sha256 = :secret")
FORGET_SESSIONS = text("DELETE FROM page_sessions WHERE ends_at <= :at")
FORGET_LINKS = text("DELETE FROM page_links WHERE until <= :at")


class PostgresSessions:
    """See `hub.ports.sessions.Sessions`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def offer(self, secret_sha256: str, ods_code: str, until: datetime) -> None:
        """See `hub.ports.sessions.Sessions.offer`."""
        with translated(), self._engine.begin() as connection:
            connection.execute(OFFER, {"secret": secret_sha256, "ods": ods_code, "until": until})

    def redeem(self, secret_sha256: str, opening: Opening) -> str | None:
        """See `hub.ports.sessions.Sessions.redeem`. Of two at the same moment one finds the link gone."""
        with translated(), self._engine.begin() as connection:
            used = connection.execute(USE_UP, {"secret": secret_sha256, "at": opening.at}).first()
            if used is None or not used.good:
                return None
            opened(connection, used.ods_code, opening)
            return str(used.ods_code)

    def open(self, ods_code: str, opening: Opening) -> None:
        """See `hub.ports.sessions.Sessions.open`."""
        with translated(), self._engine.begin() as connection:
            opened(connection, ods_code, opening)

    def resume(self, secret_sha256: str, at: datetime, idle: timedelta) -> Session | None:
        """See `hub.ports.sessions.Sessions.resume`."""
        with translated(), self._engine.begin() as connection:
            row = connection.execute(
                RESUME, {"secret": secret_sha256, "at": at, "idle_since": at - idle}
            ).first()
            return None if row is None else Session(row.ods_code, row.staff_id)

    def say_who(self, secret_sha256: str, staff_id: str) -> None:
        """See `hub.ports.sessions.Sessions.say_who`."""
        with translated(), self._engine.begin() as connection:
            connection.execute(SAY_WHO, {"secret": secret_sha256, "staff_id": staff_id})

    def close(self, secret_sha256: str) -> None:
        """See `hub.ports.sessions.Sessions.close`."""
        with translated(), self._engine.begin() as connection:
            connection.execute(CLOSE, {"secret": secret_sha256})


def opened(connection: Connection, ods_code: str, opening: Opening) -> None:
    """A row for a new session; what is over is forgotten by the way."""
    connection.execute(FORGET_SESSIONS, {"at": opening.at})
    connection.execute(FORGET_LINKS, {"at": opening.at})
    connection.execute(
        OPEN,
        {
            "secret": opening.secret_sha256,
            "ods": ods_code,
            "at": opening.at,
            "ends_at": opening.ends_at,
        },
    )
