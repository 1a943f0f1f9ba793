"""What reviewers said of made-up pairs with a known answer."""

from typing import Final
from uuid import UUID

from sqlalchemy import Engine, text

from hub.reviewing import Agreed, KnownAnswer
from hub.store.engine import translated

TABLES: Final = """
CREATE TABLE IF NOT EXISTS known_answers (
    reviewer text NOT NULL, pair uuid NOT NULL, event_id uuid NOT NULL, told text NOT NULL,
    agreed boolean NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (reviewer, pair)
);
"""
OF: Final = text(
    "SELECT pair, event_id, told, agreed, at FROM known_answers WHERE reviewer = :reviewer"
)
KEEP: Final = text(
    "INSERT INTO known_answers (reviewer, pair, event_id, told, agreed, at) "
    "VALUES (:reviewer, :pair, :event_id, :told, :agreed, :at) ON CONFLICT DO NOTHING"
)
COUNTS: Final = text(
    "SELECT reviewer, count(*) AS answered, count(*) FILTER (WHERE agreed) AS agreed FROM known_answers "
    "WHERE starts_with(reviewer, :ods || '/') GROUP BY reviewer ORDER BY reviewer"
)


class PostgresKnownAnswers:
    """See `hub.reviewing.KnownAnswers`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, reviewer: str) -> dict[UUID, KnownAnswer]:
        """See `hub.reviewing.KnownAnswers.of`."""
        with translated(), self._engine.begin() as connection:
            rows = connection.execute(OF, {"reviewer": reviewer})
            return {
                row.pair: KnownAnswer(row.event_id, row.told, agreed=row.agreed, at=row.at)
                for row in rows
            }

    def keep(self, reviewer: str, pair: UUID, said: KnownAnswer) -> None:
        """See `hub.reviewing.KnownAnswers.keep`."""
        with translated(), self._engine.begin() as connection:
            connection.execute(
                KEEP,
                {
                    "reviewer": reviewer,
                    "pair": pair,
                    "event_id": said.event_id,
                    "told": said.told,
                    "agreed": said.agreed,
                    "at": said.at,
                },
            )

    def counts(self, ods_code: str) -> list[Agreed]:
        """See `hub.reviewing.KnownAnswers.counts`."""
        with translated(), self._engine.begin() as connection:
            rows = connection.execute(COUNTS, {"ods": ods_code})
            return [
                Agreed(row.reviewer.partition("/")[2], row.answered, row.agreed) for row in rows
            ]
