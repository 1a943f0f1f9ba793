"""What pages ask of the read models."""

from dataclasses import fields
from typing import Final
from uuid import UUID

from psycopg.errors import UndefinedTable
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Engine,
    Executable,
    column,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import ProgrammingError

from hub.errors import Unavailable
from hub.ports.pages import OpenOnWard, ReferralRow, WorklistRow
from hub.store.engine import translated
from hub.store.read_models import without_nul

CLOSED_ALERTS = ("completed", "cancelled")
OPEN_REFERRALS = ("raised", "corrected", "accepted")


class PostgresWorklist:
    """See `hub.ports.pages.Worklist`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_for(self, trust_ods: str, ward: str | None = None) -> list[WorklistRow]:
        """See `hub.ports.pages.Worklist.open_for`."""
        wanted = [text("trust_ods") == trust_ods, text("status").not_in(CLOSED_ALERTS)]
        if ward is not None:
            wanted.append(text("ward") == without_nul(ward) if ward else NO_WARD)
        query = rows_of(WorklistRow, "worklist", wanted, ("ward", "bed", "due_at", "alert_id"))
        return [WorklistRow(**row) for row in found(self._engine, query)]

    def wards(self, trust_ods: str) -> list[OpenOnWard]:
        """See `hub.ports.pages.Worklist.wards`."""
        ward, site = text("ward"), text("site_ods")
        query = (
            select(ward, site, func.count().label("number"))
            .select_from(table("worklist"))
            .where(text("trust_ods") == trust_ods, text("status").not_in(CLOSED_ALERTS))
            .group_by(ward, site)
            .order_by(ward.nulls_last(), site.nulls_last())
        )
        return [OpenOnWard(**row) for row in found(self._engine, query)]

    def one(self, trust_ods: str, alert_id: UUID) -> WorklistRow | None:
        """See `hub.ports.pages.Worklist.one`."""
        wanted = [text("trust_ods") == trust_ods, uuid("alert_id") == alert_id]
        query = rows_of(WorklistRow, "worklist", wanted, ())
        return next((WorklistRow(**row) for row in found(self._engine, query)), None)


class PostgresReferralInbox:
    """See `hub.ports.pages.ReferralInbox`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_for(self, service_ods: str) -> list[ReferralRow]:
        """See `hub.ports.pages.ReferralInbox.open_for`."""
        wanted = [text("service_ods") == service_ods, text("state").in_(OPEN_REFERRALS)]
        query = rows_of(ReferralRow, "referral_inbox", wanted, ("changed_at", "referral_id"))
        return [ReferralRow(**row) for row in found(self._engine, query)]

    def one(self, service_ods: str, referral_id: UUID) -> ReferralRow | None:
        """See `hub.ports.pages.ReferralInbox.one`."""
        wanted = [text("service_ods") == service_ods, uuid("referral_id") == referral_id]
        query = rows_of(ReferralRow, "referral_inbox", wanted, ())
        return next((ReferralRow(**row) for row in found(self._engine, query)), None)


def found(engine: Engine, query: Executable) -> list[RowMapping]:
    """The rows of a query.

    Raises:
        Unavailable: The database is away, or the projections have not made the table yet.
    """
    try:
        with translated(), engine.begin() as connection:
            return list(connection.execute(query).mappings())
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable):
            raise Unavailable("The hub has not made its pages' tables yet.") from error
        raise


def text(name: str) -> ColumnClause[str]:
    """A column that holds text."""
    return column(name)


def uuid(name: str) -> ColumnClause[UUID]:
    """A column that holds an id."""
    return column(name)


NO_WARD: Final = or_(text("ward").is_(None), text("ward") == "")


def rows_of(
    row: type[WorklistRow] | type[ReferralRow],
    name: str,
    wanted: list[ColumnElement[bool]],
    order: tuple[str, ...],
) -> Executable:
    """The columns that a page shows; what is empty comes last."""
    shown: list[ColumnClause[object]] = [column(each.name) for each in fields(row)]
    return (
        select(*shown)
        .select_from(table(name))
        .where(*wanted)
        .order_by(*(text(each).nulls_last() for each in order))
    )
