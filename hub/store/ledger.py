"""What was told to whom, asked by doors."""

from datetime import datetime
from uuid import UUID

from psycopg.errors import UndefinedTable
from sqlalchemy import ColumnClause, ColumnElement, Engine, column, or_, select, table
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import ProgrammingError

from hub.errors import Unavailable
from hub.ledger import ALERTS, REFERRALS, ids_from, links_from
from hub.outcomes import AlertKnown, ReferralKnown
from hub.ports.ledger import Page
from hub.projection import TableSpec
from hub.store.engine import translated


class PostgresLedger:
    """See `hub.ports.ledger.Ledger`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def alert(self, alert_id: UUID) -> AlertKnown | None:
        """See `hub.ports.ledger.Ledger.alert`."""
        rows = self._rows(ALERTS, [column(ALERTS.key) == alert_id], 1)
        return next((alert_from(row) for row in rows), None)

    def referral(self, referral_id: UUID) -> ReferralKnown | None:
        """See `hub.ports.ledger.Ledger.referral`."""
        rows = self._rows(REFERRALS, [column(REFERRALS.key) == referral_id], 1)
        return next((ReferralKnown(**row) for row in rows), None)

    def alerts_of(self, owner_ods: str, page: Page) -> list[AlertKnown]:
        """See `hub.ports.ledger.Ledger.alerts_of`."""
        rows = self._rows(ALERTS, of_page(ALERTS, owner_ods, page), page.most)
        return [alert_from(row) for row in rows]

    def referrals_of(self, owner_ods: str, page: Page) -> list[ReferralKnown]:
        """See `hub.ports.ledger.Ledger.referrals_of`."""
        rows = self._rows(REFERRALS, of_page(REFERRALS, owner_ods, page), page.most)
        return [ReferralKnown(**row) for row in rows]

    def _rows(
        self, spec: TableSpec, wanted: list[ColumnElement[bool]], most: int
    ) -> list[RowMapping]:
        shown: list[ColumnClause[object]] = [column(each.name) for each in spec.columns]
        query = (
            select(*shown)
            .select_from(table(spec.name))
            .where(*wanted)
            .order_by(column("changed_at"), column(spec.key))
            .limit(most)
        )
        try:
            with translated(), self._engine.begin() as connection:
                return list(connection.execute(query).mappings())
        except ProgrammingError as error:
            if isinstance(error.orig, UndefinedTable):
                raise Unavailable("The hub has not made its ledger yet.") from error
            raise


def of_page(spec: TableSpec, owner_ods: str, page: Page) -> list[ColumnElement[bool]]:
    """The conditions of a page."""
    changed: ColumnClause[datetime] = column("changed_at")
    key: ColumnClause[UUID] = column(spec.key)
    wanted: list[ColumnElement[bool]] = [column("owner_ods") == owner_ods]
    if page.statuses:
        wanted.append(column("status").in_(sorted(page.statuses)))
    if page.after is not None and page.after_id is not None:
        wanted.append(or_(changed > page.after, (changed == page.after) & (key > page.after_id)))
    elif page.after is not None:
        wanted.append(changed >= page.after)
    return wanted


def alert_from(row: RowMapping) -> AlertKnown:
    """A row as doors know it."""
    ids = {"evidence": ids_from(row["evidence"]), "young": links_from(row["young"])}
    return AlertKnown(**{**row, **ids})
