"""A referral as a FHIR R4 Task: what its service is asked to answer, and where the answer stands."""

from datetime import datetime
from typing import Any, Final

from hub.fhir.service_request import REFERRAL, STEP
from hub.fhir.systems import ODS_ORGANISATION
from hub.fhir.task import hyphened, instant
from hub.records import CarerReferral

REASON: Final = "urn:carers-hub:code:referral-reason"
OUTCOME: Final = "urn:carers-hub:code:referral-outcome"
"""What a service answered: a step on the way that it puts as `businessStatus`, and the last answer as `output`."""

STATUSES: Final = {
    "raised": "requested",
    "corrected": "requested",
    "accepted": "accepted",
    "declined": "rejected",
    "closed": "completed",
    "withdrawn": "cancelled",
}


def referral_task_from(referral: CarerReferral) -> dict[str, Any]:
    """The Task: its focus is the ServiceRequest of the same id, its owner the service.

    `output` has the last answer of the service and when it was given, once there is one.
    """
    task: dict[str, Any] = {
        "resourceType": "Task",
        "id": str(referral.referral_id),
        "meta": {"versionId": str(referral.version)},
        "identifier": [{"system": REFERRAL, "value": str(referral.referral_id)}],
        "focus": {"reference": f"ServiceRequest/{referral.referral_id}"},
        "status": STATUSES[referral.action.value],
        "businessStatus": {"coding": [{"system": STEP, "code": referral.action.value}]},
        "intent": "order",
        "description": "A carer agreed to be contacted. Accept or decline, then say what came of it.",
        "authoredOn": instant(referral.recorded_at),
        "owner": {"identifier": {"system": ODS_ORGANISATION, "value": referral.service_ods}},
    }
    if referral.reason:
        task["statusReason"] = {"coding": [{"system": REASON, "code": referral.reason}]}
    if referral.last_answer is not None and referral.last_answer_at is not None:
        task["output"] = output_of(referral.last_answer, referral.last_answer_at)
    return task


def output_of(answer: str, at: datetime) -> list[dict[str, object]]:
    """The `output` of an answer and when it was given."""
    concept = {"coding": [{"system": OUTCOME, "code": hyphened(answer)}]}
    return [{"type": concept, "valueDateTime": instant(at)}]
