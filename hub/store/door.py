"""What the doors keep: refused and ignored bytes, durable before they are answered."""

import hashlib
from typing import Final

from sqlalchemy import Engine, text

from hub.identity import derived
from hub.ports.door import Ignored, Refused
from hub.store.engine import translated

UNKNOWN_REGION: Final = -1
"""Of bytes whose sender nobody knows."""

REFUSE = text(
    "INSERT INTO dead_letters (region, id, source, code, expression, reason, defect, value) "
    "VALUES (:region, :id, :source, :code, :expression, :reason, :defect, :value) "
    "ON CONFLICT (region, id) DO UPDATE SET times = dead_letters.times + 1, last_at = now(), settled_at = NULL"
)
IGNORE = text(
    "INSERT INTO ignored (id, source, event, reason, value) VALUES (:id, :source, :event, :reason, :value) "
    "ON CONFLICT (id) DO UPDATE SET times = ignored.times + 1, last_at = now()"
)


class PostgresDoor:
    """Rows of the gateway's own; the same bytes from the same sender are one row."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answers(self) -> None:
        """Return when the database answers; `Unavailable` when it does not."""
        with translated(), self._engine.begin() as connection:
            connection.execute(text("SELECT 1"))

    def keep_refused(self, refused: Refused) -> None:
        """See `hub.ports.door.Door.keep_refused`."""
        with translated(), self._engine.begin() as connection:
            connection.execute(
                REFUSE,
                {
                    "region": UNKNOWN_REGION if refused.region is None else refused.region,
                    "id": refused.dead_letter_id,
                    "source": refused.source,
                    "code": refused.code,
                    "expression": refused.expression,
                    "reason": refused.reason,
                    "defect": refused.defect,
                    "value": refused.value,
                },
            )

    def keep_ignored(self, ignored: Ignored) -> None:
        """See `hub.ports.door.Door.keep_ignored`."""
        digest = hashlib.sha256(ignored.value).hexdigest()
        with translated(), self._engine.begin() as connection:
            connection.execute(
                IGNORE,
                {
                    "id": derived("ignored", ignored.source, digest),
                    "source": ignored.source,
                    "event": ignored.event,
                    "reason": ignored.reason,
                    "value": ignored.value,
                },
            )
