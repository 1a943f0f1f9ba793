"""What pages ask of the read models."""

from dataclasses import fields
from typing import Final

from sqlalchemy import Engine, text

from hub.ports import ReferralRow, WorklistRow
from hub.store.engine import translated


def columns(row: type[WorklistRow] | type[ReferralRow]) -> str:
    """The columns that a page shows."""
    return ", ".join(each.name for each in fields(row))


WORKLIST: Final = text(
    f"SELECT {columns(WorklistRow)} FROM worklist "
    "WHERE trust_ods = :trust_ods AND (CAST(:ward AS text) IS NULL OR ward = :ward) "
    "AND status NOT IN ('completed', 'cancelled') "
    "ORDER BY ward NULLS LAST, bed NULLS LAST, due_at NULLS LAST, alert_id"
)
REFERRALS: Final = text(
    f"SELECT {columns(ReferralRow)} FROM referral_inbox "
    "WHERE service_ods = :service_ods AND state IN ('raised', 'corrected', 'accepted') "
    "ORDER BY changed_at, referral_id"
)


class PostgresWorklist:
    """See `hub.ports.Worklist`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_for(self, trust_ods: str, ward: str | None = None) -> list[WorklistRow]:
        """See `hub.ports.Worklist.open_for`."""
        with translated(), self._engine.begin() as connection:
            rows = connection.execute(WORKLIST, {"trust_ods": trust_ods, "ward": ward})
            return [WorklistRow(*row) for row in rows]


class PostgresReferralInbox:
    """See `hub.ports.ReferralInbox`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open_for(self, service_ods: str) -> list[ReferralRow]:
        """See `hub.ports.ReferralInbox.open_for`."""
        with translated(), self._engine.begin() as connection:
            rows = connection.execute(REFERRALS, {"service_ods": service_ods})
            return [ReferralRow(*row) for row in rows]
