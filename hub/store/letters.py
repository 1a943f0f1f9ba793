"""Dead letters for people: a list without content, and the bytes of one for whoever must mend it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from hub.store.engine import translated

LIST = text(
    'SELECT region, id, processor, source, topic, "offset", code, expression, reason, defect, '
    "times, first_at, last_at, settled_at FROM dead_letters "
    "WHERE (settled_at IS NULL OR :all) ORDER BY last_at DESC LIMIT :most"
)
ONE = text(
    'SELECT region, id, processor, source, topic, "offset", code, expression, reason, defect, '
    "times, first_at, last_at, settled_at FROM dead_letters WHERE id = :id"
)
CONTENT = text("SELECT value FROM dead_letters WHERE id = :id")


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One dead letter, without its bytes. `region` is -1 when its sender is not known."""

    region: int
    dead_letter_id: UUID
    processor: str | None
    source: str | None
    topic: str | None
    offset: int | None
    code: str
    expression: str
    reason: str
    defect: bool
    times: int
    first_at: datetime
    last_at: datetime
    settled_at: datetime | None


def letters(engine: Engine, *, settled_too: bool, most: int) -> list[LetterRow]:
    """Dead letters, the latest first."""
    with translated(), engine.begin() as connection:
        return [
            LetterRow(*row) for row in connection.execute(LIST, {"all": settled_too, "most": most})
        ]


def letter(engine: Engine, dead_letter_id: UUID) -> LetterRow | None:
    """One dead letter."""
    with translated(), engine.begin() as connection:
        row: Any = connection.execute(ONE, {"id": dead_letter_id}).first()
        return None if row is None else LetterRow(*row)


def content(engine: Engine, dead_letter_id: UUID) -> bytes | None:
    """The bytes of one. They hold personal data: for a screen, never for a log."""
    with translated(), engine.begin() as connection:
        found = connection.execute(CONTENT, {"id": dead_letter_id}).scalar_one_or_none()
        return None if found is None else bytes(found)
