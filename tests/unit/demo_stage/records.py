"""Alerts and referrals as the hub tells them, as small as they may be."""

from datetime import UTC, date, datetime
from uuid import UUID

from hub.identity import derived
from hub.records import (
    AgeBand,
    AlertAction,
    AlertStatus,
    CarerOfStay,
    CarerReferral,
    CarerToInvolve,
    Confidence,
    Evidence,
    EvidenceKind,
    HumanName,
    InvolvementAlert,
    PatientOfStay,
    ReferralAction,
)

NOW = datetime(2026, 11, 24, 9, 30, 40, tzinfo=UTC)
FRAME = {
    "event_id": UUID(int=1),
    "correlation_id": UUID(int=1),
    "source": "discharge_involvement",
    "source_event_id": "",
    "occurred_at": NOW,
    "recorded_at": NOW,
    "received_at": NOW,
    "region": 0,
    "policy": "0",
}


def named(text: str) -> tuple[HumanName, ...]:
    given, _, family = text.partition(" ")
    return (HumanName(given=(given,), family=family),)


def carer(name: str, outcome: str | None = None) -> CarerToInvolve:
    reason = Evidence(
        evidence_id=derived("test-evidence", name),
        kind=EvidenceKind.GP_FLAG,
        source="c82901-fhir",
        event_id=UUID(int=2),
        at=NOW,
    )
    who = CarerOfStay(
        link_id=derived("test-link", name),
        names=named(name),
        confidence=Confidence.CONFIRMED,
        evidence=(reason,),
    )
    return CarerToInvolve(carer=who, age_band=AgeBand.ADULT, outcome=outcome)


def alert(*carers: CarerToInvolve, number: int = 1, **changes) -> InvolvementAlert:
    fields = {
        "alert_id": UUID(int=number),
        "version": 1,
        "action": AlertAction.RAISED,
        "status": AlertStatus.REQUESTED,
        "stay_id": UUID(int=number),
        "picture_version": 1,
        "trust_ods": "RWE",
        "ward": "WARD23",
        "bed": "4",
        "patient": PatientOfStay(
            person_id=UUID(int=3), names=named("Ada Marsh"), hospital_number="H100"
        ),
        "admitted_at": NOW,
        "carers": carers or (carer("Ben Marsh"),),
        "due_at": datetime(2026, 11, 25, 10, tzinfo=UTC),
    }
    return InvolvementAlert(**FRAME, **{**fields, **changes})


def referral(action: ReferralAction = ReferralAction.RAISED, **changes) -> CarerReferral:
    fields = {
        "referral_id": UUID(int=9),
        "version": 1,
        "action": action,
        "service_ods": "DEMO1",
        "agreement_id": UUID(int=10),
        "carer_id": UUID(int=11),
        "names": named("Ben Marsh"),
        "birth_on": date(1969, 7, 21),
        "cared_for_given_name": "Ada",
    }
    return CarerReferral(**FRAME, **{**fields, **changes})
