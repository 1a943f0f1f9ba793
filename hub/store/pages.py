"""What pages ask of the read models."""

from dataclasses import fields

from sqlalchemy import ColumnClause, ColumnElement, Engine, Executable, column, select, table

from hub.ports import ReferralRow, WorklistRow
from hub.store.engine import translated

CLOSED_ALERTS = ("completed", "cancelled")
OPEN_REFERRALS = ("raised", "corrected", "accepted")


class PostgresWorklist:
    """See `hub.ports.Worklist`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_for(self, trust_ods: str, ward: str | None = None) -> list[WorklistRow]:
        """See `hub.ports.Worklist.open_for`."""
        wanted = [text("trust_ods") == trust_ods, text("status").not_in(CLOSED_ALERTS)]
        if ward is not None:
            wanted.append(text("ward") == ward)
        query = rows_of(WorklistRow, "worklist", wanted, ("ward", "bed", "due_at", "alert_id"))
        with translated(), self._engine.begin() as connection:
            return [WorklistRow(**row) for row in connection.execute(query).mappings()]


class PostgresReferralInbox:
    """See `hub.ports.ReferralInbox`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_for(self, service_ods: str) -> list[ReferralRow]:
        """See `hub.ports.ReferralInbox.open_for`."""
        wanted = [text("service_ods") == service_ods, text("state").in_(OPEN_REFERRALS)]
        query = rows_of(ReferralRow, "referral_inbox", wanted, ("changed_at", "referral_id"))
        with translated(), self._engine.begin() as connection:
            return [ReferralRow(**row) for row in connection.execute(query).mappings()]


def text(name: str) -> ColumnClause[str]:
    """A column that holds text."""
    return column(name)


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
