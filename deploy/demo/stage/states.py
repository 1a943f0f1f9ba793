"""From the hub's records to the plain states of the script. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from connectors.portal.people import called
from deploy.demo.script import AlertKey, AlertState, ReferralKey, ReferralState
from hub.records import (
    AlertStatus,
    CarerReferral,
    CarerToInvolve,
    InvolvementAlert,
    ReferralAction,
)

NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)
"""The admission of an alert that knows none: it equals nothing that a script names."""


def to_the_minute(moment: datetime) -> datetime:
    """As PV1-44 is compared."""
    return moment.replace(second=0, microsecond=0)


def alert_key(alert: InvolvementAlert) -> AlertKey:
    """What names an alert without the hub's ids."""
    return AlertKey(
        trust_ods=alert.trust_ods,
        hospital_number=alert.patient.hospital_number or "",
        admitted_at=to_the_minute(alert.admitted_at or NEVER),
    )


def alert_states(alerts: Mapping[UUID, InvolvementAlert]) -> dict[UUID, AlertState]:
    """Alerts as they were seen, each with the one that goes on in its place."""
    return {id_: alert_state(each, heir_of(each, alerts)) for id_, each in alerts.items()}


def heir_of(alert: InvolvementAlert, alerts: Mapping[UUID, InvolvementAlert]) -> AlertKey | None:
    """The key of the alert that goes on instead; of one that was never seen a key that equals no other."""
    if alert.superseded_by is None:
        return None
    heir = alerts.get(alert.superseded_by)
    return AlertKey(alert.trust_ods, "", NEVER) if heir is None else alert_key(heir)


def alert_state(alert: InvolvementAlert, goes_on_as: AlertKey | None = None) -> AlertState:
    """An alert as it was seen."""
    withdrawn = alert.status is AlertStatus.CANCELLED
    return AlertState(
        key=alert_key(alert),
        status=alert.status.value,
        carers=frozenset() if withdrawn else frozenset(map(carer_name, alert.carers)),
        due_at=alert.due_at,
        ward=alert.ward or "",
        went_home_without_contact=alert.went_home_without_contact,
        level=alert.level,
        goes_on_as=goes_on_as,
        action=alert.action.value,
    )


def carer_name(carer: CarerToInvolve) -> str:
    """Given and family name."""
    return called(carer.carer.names)


def referral_state(referral: CarerReferral) -> ReferralState:
    """A referral as it was seen; a corrected one stands as raised."""
    corrected = referral.action is ReferralAction.CORRECTED
    name = next(iter(referral.names), None)
    return ReferralState(
        key=ReferralKey(
            service_ods=referral.service_ods,
            given_name=next(iter(name.given), "") if name else "",
            family_name=(name.family or "") if name else "",
            birth_on=referral.birth_on or NEVER.date(),
        ),
        action=ReferralAction.RAISED.value if corrected else referral.action.value,
    )
