"""What the database remembers of the log that it belongs to, so that another cluster or a lost topic is noticed."""

from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import JSONB

from hub.store.engine import translated

THERE = text("SELECT to_regclass('hub') IS NOT NULL")
READ = text("SELECT known_log FROM hub").columns(known_log=JSONB)
WRITE = text("UPDATE hub SET known_log = CAST(:value AS jsonb)")


def known_log(engine: Engine) -> dict[str, Any] | None:
    """What was remembered; None before the first start."""
    with translated(), engine.begin() as connection:
        if not connection.execute(THERE).scalar_one():
            return None
        found: dict[str, Any] | None = connection.execute(READ).scalar_one()
        return found


def remember_log(engine: Engine, value: str) -> None:
    """Remember JSON text in its place; where there are no tables yet, there is no place."""
    with translated(), engine.begin() as connection:
        if connection.execute(THERE).scalar_one():
            connection.execute(WRITE, {"value": value})
