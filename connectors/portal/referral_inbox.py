"""A referral as one row of the inbox of a service: whom to reach, how, and what to do next."""

from typing import Final

from connectors.portal.people import (
    called,
    contact_from,
    expected_at,
    family_name,
    given_names,
    needs_from,
    role_from,
)
from hub.disclosure import AS_RECORDED, Receiver, ReceiverKind, disclosed
from hub.projection import Column, Row, TableSpec
from hub.records import CarerReferral, ReferralAction, ReferralOutcomeKind

TABLE: Final = TableSpec(
    name="referral_inbox",
    columns=(
        Column("referral_id", "uuid", required=True),
        Column("version", "int", required=True),
        Column("region", "int", required=True),
        Column("service_ods", "text", required=True),
        Column("family_name", "text", required=True),
        Column("given_names", "text", required=True),
        Column("birth_on", "date"),
        Column("age_band", "text", required=True),
        Column("postcode", "text"),
        Column("contacts", "jsonb", required=True),
        Column("needs", "jsonb"),
        Column("relationships", "jsonb", required=True),
        Column("cared_for_given_name", "text"),
        Column("expected_discharge_at", "timestamptz"),
        Column("state", "text", required=True),
        Column("reason", "text"),
        Column("last_answer", "text"),
        Column("last_answer_at", "timestamptz"),
        Column("what_to_do", "text", required=True),
        Column("changed_at", "timestamptz", required=True),
    ),
    key="referral_id",
    indexes=(("service_ods", "changed_at"),),
)


def rows_from(event: CarerReferral) -> tuple[Row, ...]:
    """One row for each referral, of what its service may see."""
    referral = disclosed(event, Receiver(event.service_ods, ReceiverKind.SERVICE), AS_RECORDED)
    if referral is None:
        return ()
    return (
        {
            "referral_id": referral.referral_id,
            "version": referral.version,
            "region": event.region,
            "service_ods": referral.service_ods,
            "family_name": family_name(referral.names),
            "given_names": given_names(referral.names),
            "birth_on": referral.birth_on,
            "age_band": referral.age_band,
            "postcode": referral.postcode,
            "contacts": [contact_from(each) for each in referral.contacts],
            "needs": needs_from(referral.needs),
            "relationships": [role_from(each) for each in referral.relationships],
            "cared_for_given_name": referral.cared_for_given_name,
            "expected_discharge_at": expected_at(referral.expected_discharge),
            "state": referral.action.value,
            "reason": referral.reason,
            "last_answer": referral.last_answer,
            "last_answer_at": referral.last_answer_at,
            "what_to_do": what_to_do(referral),
            "changed_at": referral.recorded_at,
        },
    )


def what_to_do(referral: CarerReferral) -> str:
    """One sentence that begins with a verb; empty when nothing is left to do."""
    match referral.action:
        case ReferralAction.RAISED | ReferralAction.CORRECTED:
            return f"Accept or decline: {called(referral.names)} agreed to be contacted."
        case ReferralAction.ACCEPTED:
            return next_step(called(referral.names), referral.last_answer)
        case ReferralAction.DECLINED | ReferralAction.CLOSED | ReferralAction.WITHDRAWN:
            return ""


def next_step(name: str, last_answer: str | None) -> str:
    """What is to be done about a carer who was accepted, by what was said last."""
    match last_answer:
        case ReferralOutcomeKind.CONTACT_ATTEMPTED:
            return f"Contact {name} again and record what came of it."
        case ReferralOutcomeKind.ENGAGED:
            return f"Support {name}; say when an assessment is offered, or when you are done."
        case ReferralOutcomeKind.ASSESSMENT_OFFERED:
            return f"Assess what {name} needs, and say when it is done."
        case ReferralOutcomeKind.ASSESSMENT_DONE:
            return f"Support {name}, and say when you are done."
        case _:
            return f"Contact {name} and record what came of it."
