"""What reviewers ask of the queue of questions, and how long it is."""

from dataclasses import fields
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Engine,
    Executable,
    column,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.reviewing import Agreed, QueueSize, ReviewRow, Seen
from hub.store.pages import found

QUEUE: Final = "review_queue"
AGREEMENT: Final = text(
    "SELECT reviewer, count(*) AS answered, count(*) FILTER (WHERE alike) AS agreed FROM ("
    "SELECT opinions -> 0 ->> 0 AS one, opinions -> 1 ->> 0 AS other, "
    "opinions -> 0 ->> 1 = opinions -> 1 ->> 1 AS alike "
    "FROM review_queue WHERE asked_of_two AND jsonb_array_length(opinions) > 1) AS compared, "
    "LATERAL (VALUES (one), (other)) AS theirs (reviewer) "
    "WHERE starts_with(reviewer, :ods || '/') GROUP BY reviewer ORDER BY reviewer"
)
"""The first two opinions: a later one is asked for because those two differ."""


class PostgresReviewQueue:
    """See `hub.reviewing.ReviewQueue`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waiting(self, seen: Seen, most: int) -> list[ReviewRow]:
        """See `hub.reviewing.ReviewQueue.waiting`."""
        query: Executable = (
            select(*shown())
            .select_from(table(QUEUE))
            .where(*open_to(seen), ~answered_by(seen))
            .order_by(
                yes("in_hospital").desc(),
                yes("alone").desc(),
                number("pressing").desc().nulls_last(),
                instant("asked_at"),
                column("item_id"),
            )
            .limit(most)
        )
        return [ReviewRow(**row) for row in found(self._engine, query)]

    def size(self, seen: Seen) -> QueueSize:
        """See `hub.reviewing.ReviewQueue.size`."""
        mine = (*open_to(seen), ~answered_by(seen))
        query: Executable = select(*size_of()).select_from(table(QUEUE)).where(*mine)
        (row,) = found(self._engine, query)
        return QueueSize(**row)

    def with_others(self, seen: Seen, most: int) -> list[ReviewRow]:
        """See `hub.reviewing.ReviewQueue.with_others`."""
        query: Executable = (
            select(*shown())
            .select_from(table(QUEUE))
            .where(*open_to(seen), answered_by(seen))
            .order_by(instant("asked_at"), column("item_id"))
            .limit(most)
        )
        return [ReviewRow(**row) for row in found(self._engine, query)]

    def agreement(self, ods_code: str) -> list[Agreed]:
        """See `hub.reviewing.ReviewQueue.agreement`."""
        rows = found(self._engine, AGREEMENT.bindparams(ods=ods_code))
        return [
            Agreed(row["reviewer"].partition("/")[2], row["answered"], row["agreed"])
            for row in rows
        ]

    def sizes(self) -> dict[int, QueueSize]:
        """How many questions are open in each region that has any, restricted ones as well. Raises `Unavailable`."""
        region = number("region")
        query: Executable = (
            select(region, *size_of())
            .select_from(table(QUEUE))
            .where(yes("settled").is_(False))
            .group_by(region)
        )
        return {
            row["region"]: QueueSize(row["number"], row["oldest_at"])
            for row in found(self._engine, query)
        }

    def one(self, seen: Seen, item_id: UUID) -> ReviewRow | None:
        """See `hub.reviewing.ReviewQueue.one`."""
        which: ColumnClause[UUID] = column("item_id")
        query: Executable = (
            select(*shown()).select_from(table(QUEUE)).where(*shown_to(seen), which == item_id)
        )
        return next((ReviewRow(**row) for row in found(self._engine, query)), None)


def shown() -> list[ColumnClause[object]]:
    """The columns of a question."""
    return [column(each.name) for each in fields(ReviewRow)]


def size_of() -> tuple[ColumnElement[int], ColumnElement[datetime]]:
    """The columns of a size."""
    return func.count().label("number"), func.min(instant("asked_at")).label("oldest_at")


def shown_to(seen: Seen) -> list[ColumnElement[bool]]:
    """What a reviewer may see: the regions of their organisation, and of the shielded nothing unless cleared."""
    here: ColumnElement[bool] = number("region").in_(sorted(seen.regions))
    return [here] if seen.cleared else [here, yes("restricted").is_(False)]


def open_to(seen: Seen) -> list[ColumnElement[bool]]:
    """The same, as far as it is open."""
    return [*shown_to(seen), yes("settled").is_(False)]


def answered_by(seen: Seen) -> ColumnElement[bool]:
    """What this reviewer has answered, as far as the answer counts."""
    return column("answered_by", JSONB).contains([seen.by])


def number(name: str) -> ColumnClause[int]:
    """A column that holds a whole number."""
    return column(name)


def yes(name: str) -> ColumnClause[bool]:
    """A column that holds yes or no."""
    return column(name)


def instant(name: str) -> ColumnClause[datetime]:
    """A column that holds an instant."""
    return column(name)
