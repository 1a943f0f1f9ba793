"""From the hub's records to the plain states of the script. Pure."""

from datetime import UTC, datetime
from typing import Final

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


def alert_state(alert: InvolvementAlert) -> AlertState:
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
