"""What a trust and a service have to do, as their pages read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from hub.projection import Json


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """An open alert as a page shows it, with nothing that its trust may not see."""

    alert_id: UUID
    version: int
    region: int
    site_ods: str | None
    ward: str | None
    bed: str | None
    family_name: str
    given_names: str
    birth_on: date | None
    nhs_number: str | None
    hospital_number: str | None
    carers: Sequence[Json]
    what_to_do: str
    due_at: datetime | None
    expected_discharge_at: datetime | None
    status: str
    level: int
    went_home: bool
    behind: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenOnWard:
    """How many alerts are open on a ward of a site; either is None when nobody said it."""

    ward: str | None
    site_ods: str | None
    number: int


class Worklist(Protocol):
    """What a trust has to do. Blocks; raises `Unavailable`."""

    def open_for(self, trust_ods: str, ward: str | None = None) -> Sequence[WorklistRow]:
        """Open alerts of a trust, or of one of its wards, by ward, bed and due time; what has no place comes last.

        The ward `""` is that of alerts without one.
        """
        ...

    def wards(self, trust_ods: str) -> Sequence[OpenOnWard]:
        """Where alerts of a trust are open, in the order of the list."""
        ...

    def one(self, trust_ods: str, alert_id: UUID) -> WorklistRow | None:
        """An alert of this trust, open or closed; None when there is none, or it is another's."""
        ...


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """An open referral as a page shows it, with nothing that its service may not see."""

    referral_id: UUID
    version: int
    region: int
    family_name: str
    given_names: str
    birth_on: date | None
    age_band: str
    postcode: str | None
    contacts: Sequence[Json]
    needs: Json
    relationships: Sequence[Json]
    cared_for_given_name: str | None
    expected_discharge_at: datetime | None
    state: str
    last_answer: str | None
    last_answer_at: datetime | None
    what_to_do: str
    changed_at: datetime


class ReferralInbox(Protocol):
    """What a service has to do. Blocks; raises `Unavailable`."""

    def open_for(self, service_ods: str) -> Sequence[ReferralRow]:
        """Open referrals of a service, the one that waits longest first."""
        ...

    def one(self, service_ods: str, referral_id: UUID) -> ReferralRow | None:
        """A referral of this service, open or closed; None when there is none, or it is another's."""
        ...
