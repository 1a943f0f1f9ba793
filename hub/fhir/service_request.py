"""A referral as a FHIR R4 ServiceRequest, whole. What a receiver may see of it is cut elsewhere."""

from typing import Any, Final

from hub.fhir.person import FORMATS, PREFERENCES
from hub.fhir.reading import Element
from hub.fhir.systems import (
    CONTACT_PREFERENCE,
    INTERPRETER_REQUIRED,
    ODS_ORGANISATION,
    WRITTEN_FORMAT,
)
from hub.fhir.task import (
    birth_date,
    communication_from,
    concept_from,
    instant,
    name_from,
    telecom_from,
)
from hub.fhir.times import LONDON
from hub.records import CarerReferral, ExpectedDischarge, Needs, Precision

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

CODES: Final = {words.lower(): coding for coding, words in FORMATS.items()}
"""Words of `Needs.formats`, in lower case -> system and code of UK Core."""


def service_request_from(referral: CarerReferral) -> dict[str, Any]:
    """The ServiceRequest: its subject is the carer; intent plan, as the national referral messages have it.

    Of the person cared for it has the first name, as a Patient of `supportingInfo`, and in `occurrenceDateTime` the
    day on which they are expected home: by then support is wanted.
    """
    request: dict[str, Any] = {
        "resourceType": "ServiceRequest",
        "id": str(referral.referral_id),
        "meta": {
            "versionId": str(referral.version),
            "tag": [{"system": STEP, "code": referral.action.value}],
        },
        "contained": [carer_from(referral)],
        "identifier": [{"system": REFERRAL, "value": str(referral.referral_id)}],
        "status": STATUSES[referral.action.value],
        "intent": "plan",
        "category": [{"coding": [{"system": TRANSFER_OF_CARE, "code": "referral"}]}],
        "subject": {"reference": "#carer"},
        "authoredOn": instant(referral.recorded_at),
        "performer": [{"identifier": {"system": ODS_ORGANISATION, "value": referral.service_ods}}],
    }
    if referral.expected_discharge is not None:
        request["occurrenceDateTime"] = day_or_instant(referral.expected_discharge)
    if referral.relationships:
        request["reasonCode"] = [concept_from(each) for each in referral.relationships]
    supporting: list[Element] = []
    if referral.agreement_id.int:  # zero where it was cut
        supporting.append(
            {"identifier": {"system": AGREEMENT, "value": str(referral.agreement_id)}}
        )
    if referral.cared_for_given_name:
        request["contained"].append(cared_for(referral.cared_for_given_name))
        supporting.append({"reference": "#cared-for"})
    if supporting:
        request["supportingInfo"] = supporting
    return request


def carer_from(referral: CarerReferral) -> Element:
    """The carer: who, how to reach them, and what they need to be spoken with."""
    born = referral.birth_on
    parts: Element = {
        "name": [name_from(each) for each in referral.names],
        "telecom": [telecom_from(each) for each in referral.contacts],
        "birthDate": None if born is None else birth_date(born.isoformat(), "day"),
        "address": [{"postalCode": referral.postcode}] if referral.postcode else None,
        **(needs_from(referral.needs) if referral.needs else {}),
    }
    said = {name: value for name, value in parts.items() if value}
    return {"resourceType": "Patient", "id": "carer", **said}


def needs_from(needs: Needs) -> Element:
    """Language, interpreter and formats as UK Core's Patient has them."""
    extensions = [format_from(each) for each in needs.formats]
    if needs.interpreter is not None:
        extensions.insert(0, {"url": INTERPRETER_REQUIRED, "valueBoolean": needs.interpreter})
    spoken = communication_from(needs.language) if needs.language else None
    parts = {"extension": extensions, "communication": spoken}
    return {name: value for name, value in parts.items() if value}


def format_from(words: str) -> Element:
    """A format that somebody can read; words alone where UK Core has no code. One in each extension, as it demands."""
    system, code = CODES.get(words.lower(), (WRITTEN_FORMAT, None))
    coded: Element = {"coding": [{"system": system, "code": code}]} if code is not None else {}
    concept: Element = {**coded, "text": words}
    part = {"url": PREFERENCES[system], "valueCodeableConcept": concept}
    return {"url": CONTACT_PREFERENCE, "extension": [part]}


def cared_for(given: str) -> Element:
    """Whom the carer looks after: a first name and nothing else."""
    return {"resourceType": "Patient", "id": "cared-for", "name": [{"given": [given]}]}


def day_or_instant(expected: ExpectedDischarge) -> str:
    """A day of London's where no time is known, else an instant in UTC."""
    if expected.precision == Precision.DAY:
        return expected.at.astimezone(LONDON).date().isoformat()
    return instant(expected.at)
