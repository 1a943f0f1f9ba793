"""A referral as a FHIR R4 ServiceRequest, whole. What a receiver may see of it is cut elsewhere."""

from typing import Any, Final

from hub.fhir.systems import ODS_ORGANISATION
from hub.fhir.task import (
    birth_date,
    communication_from,
    concept_from,
    instant,
    name_from,
    telecom_from,
)
from hub.records import CarerReferral

REFERRAL: Final = "urn:carers-hub:referral"
AGREEMENT: Final = "urn:carers-hub:agreement"
STEP: Final = "urn:carers-hub:code:referral-action"
TRANSFER_OF_CARE: Final = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest"

STATUSES: Final = {
    "raised": "active",
    "corrected": "active",
    "accepted": "active",
    "declined": "revoked",
    "closed": "completed",
    "withdrawn": "revoked",
}


def service_request_from(referral: CarerReferral) -> dict[str, Any]:
    """The ServiceRequest: its subject is the carer; intent plan, as the national referral messages have it."""
    carer: dict[str, Any] = {"resourceType": "Patient", "id": "carer"}
    if referral.names:
        carer["name"] = [name_from(each) for each in referral.names]
    if referral.contacts:
        carer["telecom"] = [telecom_from(each) for each in referral.contacts]
    if referral.birth_on is not None:
        carer["birthDate"] = birth_date(referral.birth_on.isoformat(), "day")
    if referral.needs is not None and referral.needs.language:
        carer["communication"] = communication_from(referral.needs.language)
    if referral.postcode:
        carer["address"] = [{"postalCode": referral.postcode}]
    request: dict[str, Any] = {
        "resourceType": "ServiceRequest",
        "id": str(referral.referral_id),
        "meta": {
            "versionId": str(referral.version),
            "tag": [{"system": STEP, "code": referral.action.value}],
        },
        "contained": [carer],
        "identifier": [{"system": REFERRAL, "value": str(referral.referral_id)}],
        "status": STATUSES[referral.action.value],
        "intent": "plan",
        "category": [{"coding": [{"system": TRANSFER_OF_CARE, "code": "referral"}]}],
        "subject": {"reference": "#carer"},
        "authoredOn": instant(referral.recorded_at),
        "performer": [{"identifier": {"system": ODS_ORGANISATION, "value": referral.service_ods}}],
    }
    if referral.agreement_id.int:  # zero where it was cut
        agreement = {"system": AGREEMENT, "value": str(referral.agreement_id)}
        request["supportingInfo"] = [{"identifier": agreement}]
    if referral.relationships:
        request["reasonCode"] = [concept_from(each) for each in referral.relationships]
    return request
