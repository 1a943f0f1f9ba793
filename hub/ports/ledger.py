"""What was told, to whom, in its current version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from hub.outcomes import AlertKnown, ReferralKnown


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of what an organisation was told.

    Attributes:
        after: Changed at or after this; with `after_id`, after that one. Aware.
        statuses: Only these, by the record's own words; empty = all.
        most: How many.
    """

    after: datetime | None = None
    after_id: UUID | None = None
    statuses: frozenset[str] = frozenset()
    most: int = 50


class Ledger(Protocol):
    """What was told, to whom, in its current version. Blocks; raises `Unavailable`.

    It follows the topics by a fraction of a second: whoever was told by another way may know of something first.
    """

    def alert(self, alert_id: UUID) -> AlertKnown | None:
        """An alert, whoever owns it: the door asks for the owner before it says that there is one."""
        ...

    def referral(self, referral_id: UUID) -> ReferralKnown | None:
        """A referral, whoever owns it."""
        ...

    def alerts_of(self, owner_ods: str, page: Page) -> Sequence[AlertKnown]:
        """Alerts of a trust in order of their last change, the oldest first."""
        ...

    def referrals_of(self, owner_ods: str, page: Page) -> Sequence[ReferralKnown]:
        """Referrals of a service in order of their last change, the oldest first."""
        ...
