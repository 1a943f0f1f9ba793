"""Connections, and the one place where the database's errors become ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from hub.errors import Unavailable

__all__ = ["Engine", "engine_for", "is_about_a_value", "kind_of", "translated"]

SESSION: Final = (
    "-c idle_in_transaction_session_timeout=5s -c lock_timeout=8s -c statement_timeout=20s "
    "-c timezone=UTC -c client_encoding=UTF8"
)
"""Part of correctness: a frozen process must not keep the region's row locked."""
PROGRAM_LIMIT: Final = "54"
"""Class of SQLSTATE, such as an index row too large. Source: PostgreSQL 16, appendix A."""


def engine_for(url: str, *, connections: int = 8) -> Engine:
    """A pool of connections to a PostgreSQL named by a `postgresql://` URL."""
    target = make_url(url).set(drivername="postgresql+psycopg")
    arguments: dict[str, Any] = {
        "options": SESSION,
        "connect_timeout": 5,
        "application_name": "carers-hub",
    }
    return create_engine(
        target, pool_size=connections, max_overflow=2, pool_timeout=10, connect_args=arguments
    )


@contextmanager
def translated() -> Iterator[None]:
    """Errors of a database that is away, busy or restarting are `Unavailable`; the others are defects."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
        if is_about_a_value(error):
            raise
        raise Unavailable(f"The database did not answer as it should: {kind_of(error)}.") from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise Unavailable("The connection to the database was lost.") from error


def is_about_a_value(error: Exception) -> bool:
    """Whether the database refuses a value, so that asking again is in vain. The driver calls a limit operational."""
    if isinstance(error, DataError | IntegrityError):
        return True
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, DBAPIError) and state.startswith(PROGRAM_LIMIT)


def kind_of(error: Exception) -> str:
    """The kind of a database error, without its text, which may quote values."""
    return type(getattr(error, "orig", None) or error).__name__
