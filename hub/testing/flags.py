"""Synthetic carers' flags and agreements for tests, as a practice says them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson

from hub.fhir.systems import CONSENT_CODE, NHS_NUMBER
from hub.identity import derived, source_record_id
from hub.records import CarerFlagEvent, DecisionKind, PersonDecision
from hub.testing.people import Person
from hub.testing.resources import entry, patient_resource, related
from hub.testing.senders import PRACTICE, at, frame_of

CARER_ROLE = {
    "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole",
    "code": "Carer",
}
IS_A_CARER = {"system": "http://snomed.info/sct", "code": "224484003"}
NO_LONGER = {"system": "http://snomed.info/sct", "code": "199361000000101"}


@dataclass(frozen=True, slots=True)
class Form:
    """How a practice says it.

    Attributes:
        status: Of the flag; None = there is none.
        link_active: Of the RelatedPerson, where somebody cared for is named.
    """

    status: str | None
    link_active: bool


TOLD: Final = Form("active", link_active=True)


def carer_flag(
    carer: Person,
    recorded: str,
    of: Person | None = None,
    code: dict[str, str] = IS_A_CARER,
    message: str | None = None,
    form: Form = TOLD,
) -> CarerFlagEvent:
    """A practice says that somebody is a carer, perhaps of whom."""
    resources = [patient_resource(of)] if of else []
    resources.append(patient_resource(carer))
    if of:
        resources.append(related(carer, CARER_ROLE, active=form.link_active))
    if form.status is not None:
        resources.append(
            {
                "resourceType": "Flag",
                "status": form.status,
                "code": {"coding": [code]},
                "subject": {"reference": f"urn:uuid:{UUID(int=1 if of else 0)}"},
            }
        )
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at(recorded).isoformat(),
        "entry": [entry(each, number) for number, each in enumerate(resources)],
    }
    return CarerFlagEvent(
        **frame_of(PRACTICE, message or f"{code['code']}-{carer.given}-{recorded}", recorded),
        source_record=source_record_id(PRACTICE, NHS_NUMBER, carer.nhs_number or ""),
        resource=orjson.dumps(bundle),
    )


def agreement(
    carer: Person, recorded: str, status: str = "active", named: str | None = None
) -> PersonDecision:
    """A carer agrees to be referred, or no longer does. `named`: the agreement's own number, else by the carer."""
    consent = {
        "resourceType": "Consent",
        "status": status,
        "identifier": [
            {"system": "urn:practice:consents", "value": f"consent-{named or carer.given}"}
        ],
        "scope": {"coding": [{"system": CONSENT_CODE, "code": "carer-referral"}]},
        "category": [{"coding": [{"system": CONSENT_CODE, "code": "carer-referral"}]}],
        "patient": {"identifier": {"system": NHS_NUMBER, "value": carer.nhs_number}},
        "dateTime": recorded.replace(" ", "T") + ":00Z",
    }
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [entry(patient_resource(carer), 0), entry(consent, 1)],
    }
    return PersonDecision(
        **frame_of(PRACTICE, f"consent-{carer.given}-{recorded}", recorded),
        decision_key=derived("test-decision", carer.given),
        kind=DecisionKind.CONSENT,
        by="staff-1",
        organisation_ods="C82901",
        resource=orjson.dumps(bundle),
    )
