"""An involvement alert as a FHIR R4 Task, whole. What a receiver may see of it is cut elsewhere."""

import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from hub.fhir.offers import contained_offers, input_of
from hub.fhir.reading import Element
from hub.fhir.systems import CONTACT_NOTE, LANGUAGE, NHS_NUMBER, ODS_ORGANISATION
from hub.records import ByEvidence, CarerToInvolve, Coding, HumanName, InvolvementAlert, Telecom

ALERT: Final = "urn:carers-hub:alert"
STAY: Final = "urn:carers-hub:stay"
LINK: Final = "urn:carers-hub:link"
BUSINESS_STATUS: Final = "urn:carers-hub:code:alert-action"
INPUT: Final = "urn:carers-hub:code:task-input"
OUTCOME: Final = "urn:carers-hub:code:alert-outcome"
RECORDED_BY: Final = "urn:carers-hub:extension:recorded-by"
"""Who answered: a staff id of the organisation, as `valueIdentifier`, on the Task or ServiceRequest itself."""
AGE_BAND: Final = "urn:carers-hub:extension:age-band"
"""On each carer's RelatedPerson, `valueCode`: young_carer, young_adult, adult or unknown. A young carer is under 18."""
SHARING: Final = "urn:carers-hub:extension:sharing"
"""On each carer's RelatedPerson, `valueCode`: unknown, agreed or refused, that information is shared with them."""

MATCHED: Final = "urn:carers-hub:extension:matched"
"""On a carer's RelatedPerson where patient or carer is known by evidence: `grade`, `end` and `field` inside."""
MATCH_GRADE: Final = "http://terminology.hl7.org/CodeSystem/match-grade"
"""FHIR's own extension of this name may stand on an entry of a search alone, so its codes stand in ours."""

TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", re.ASCII)
"""A language tag of BCP 47."""

STATUSES: Final = {
    "requested": "requested",
    "received": "received",
    "accepted": "accepted",
    "in_progress": "in-progress",
    "completed": "completed",
    "cancelled": "cancelled",
}


def task_from(alert: InvolvementAlert) -> dict[str, Any]:
    """The Task: `for` the patient, `owner` the trust, `restriction.period.end` the due time, `input` the carers.

    After the carers, `input` names the offers of a referral: contained Tasks, intent proposal, each `for` its carer.

    `output` has one entry for each carer of whom something is recorded: the last of it.
    """
    offers = contained_offers(alert.carers)
    contained = [
        patient_from(alert),
        *(carer_from(each, number) for number, each in enumerate(alert.carers, start=1)),
        *offers,
    ]
    task: dict[str, Any] = {
        "resourceType": "Task",
        "id": str(alert.alert_id),
        "meta": {"versionId": str(alert.version)},
        "contained": contained,
        "identifier": [{"system": ALERT, "value": str(alert.alert_id)}],
        "status": STATUSES[alert.status.value],
        "businessStatus": {"coding": [{"system": BUSINESS_STATUS, "code": alert.action.value}]},
        "intent": "order",
        "priority": "urgent" if alert.level or alert.went_home_without_contact else "routine",
        "description": "Somebody looks after this patient. Involve them in planning the discharge.",
        "for": {"reference": "#patient"},
        "encounter": {"identifier": {"system": STAY, "value": str(alert.stay_id)}},
        "authoredOn": instant(alert.recorded_at),
        "owner": {"identifier": {"system": ODS_ORGANISATION, "value": alert.trust_ods}},
    }
    if alert.ward:
        task["location"] = {"display": alert.ward}
    if alert.due_at is not None:
        task["restriction"] = {"period": {"end": instant(alert.due_at)}}
    if alert.carers:
        carers = [input_from(each, number) for number, each in enumerate(alert.carers, start=1)]
        task["input"] = [*carers, *(input_of(each) for each in offers)]
    output = [
        output_from(each.outcome, number)
        for number, each in enumerate(alert.carers, start=1)
        if each.outcome is not None
    ]
    if output:
        task["output"] = output
    return task


def patient_from(alert: InvolvementAlert) -> dict[str, Any]:
    """The patient as the trust knows them."""
    patient = alert.patient
    resource: dict[str, Any] = {"resourceType": "Patient", "id": "patient"}
    if patient.nhs_number:
        resource["identifier"] = [{"system": NHS_NUMBER, "value": patient.nhs_number}]
    if patient.names:
        resource["name"] = [name_from(each) for each in patient.names]
    if patient.birth_on is not None:
        resource["birthDate"] = birth_date(patient.birth_on.isoformat(), patient.birth_precision)
    return resource


def carer_from(each: CarerToInvolve, number: int) -> dict[str, Any]:
    """A carer as a RelatedPerson of the patient."""
    carer = each.carer
    resource: dict[str, Any] = {
        "resourceType": "RelatedPerson",
        "id": f"carer-{number}",
        "extension": [
            {"url": AGE_BAND, "valueCode": each.age_band.value},
            {"url": SHARING, "valueCode": carer.sharing.position.value},
            *([] if carer.by_evidence is None else [matched_from(carer.by_evidence)]),
        ],
        "identifier": [{"system": LINK, "value": str(carer.link_id)}],
        "patient": {"reference": "#patient"},
    }
    if carer.relationships:
        resource["relationship"] = [concept_from(role) for role in carer.relationships]
    if carer.names:
        resource["name"] = [name_from(name) for name in carer.names]
    if carer.contacts:
        resource["telecom"] = [telecom_from(contact) for contact in carer.contacts]
    if carer.birth_on is not None:
        resource["birthDate"] = birth_date(carer.birth_on.isoformat(), carer.birth_precision)
    if carer.needs is not None and carer.needs.language:
        resource["communication"] = communication_from(carer.needs.language)
    return resource


def matched_from(found: ByEvidence) -> Element:
    """That an end of the link is known by evidence: how sure FHIR calls it, which end, in what the records agree."""
    grade = {"system": MATCH_GRADE, "code": found.grade}
    return {
        "url": MATCHED,
        "extension": [
            {"url": "grade", "valueCoding": grade},
            *({"url": "end", "valueCode": end} for end in found.ends),
            *({"url": "field", "valueCode": field} for field in found.agreed),
        ],
    }


def input_from(each: CarerToInvolve, number: int) -> dict[str, Any]:
    """One carer to involve."""
    return {
        "type": {"coding": [{"system": INPUT, "code": f"carer-{each.carer.confidence.value}"}]},
        "valueReference": {"reference": f"#carer-{number}"},
    }


def output_from(outcome: str, number: int) -> Element:
    """What became of one carer."""
    return {
        "type": {"coding": [{"system": OUTCOME, "code": hyphened(outcome)}]},
        "valueReference": {"reference": f"#carer-{number}"},
    }


def hyphened(symbol: str) -> str:
    """A symbol of a record as FHIR writes codes: `contacted_able` is `contacted-able`."""
    return symbol.replace("_", "-")


def link_resource(
    patient: UUID, evidence_id: UUID, relationships: tuple[Coding, ...], *, active: bool
) -> dict[str, Any]:
    """A link between two people as a RelatedPerson without anything that names them."""
    resource: dict[str, Any] = {
        "resourceType": "RelatedPerson",
        "identifier": [{"system": LINK, "value": str(evidence_id)}],
        "active": active,
        "patient": {"identifier": {"system": "urn:carers-hub:record", "value": str(patient)}},
    }
    if relationships:
        resource["relationship"] = [concept_from(each) for each in relationships]
    return resource


def concept_from(coding: Coding) -> dict[str, Any]:
    """A coded value; words alone where no code was sent, and no system where none was."""
    if not coding.code:
        return {"text": coding.display or "not said"}
    parts = {"system": coding.system, "code": coding.code, "display": coding.display}
    return {"coding": [{key: value for key, value in parts.items() if value}]}


def name_from(name: HumanName) -> dict[str, Any]:
    """A name as given."""
    parts = {
        "use": name.use,
        "text": name.text,
        "family": name.family,
        "given": list(name.given),
        "prefix": list(name.prefix),
    }
    return {key: value for key, value in parts.items() if value}


def telecom_from(telecom: Telecom) -> dict[str, Any]:
    """A way to reach somebody, with the note on when it is safe."""
    note = [{"url": CONTACT_NOTE, "valueString": telecom.note}] if telecom.note else None
    parts = {
        "extension": note,
        "system": telecom.system,
        "value": telecom.value,
        "use": telecom.use,
    }
    return {key: value for key, value in parts.items() if value}


def communication_from(language: str) -> list[Element]:
    """The language that somebody speaks; words where it was sent as such."""
    if TAG.fullmatch(language) is None:
        return [{"language": {"text": language}}]
    return [{"language": {"coding": [{"system": LANGUAGE, "code": language}]}}]


def birth_date(day: str, precision: str) -> str:
    """As much of the date as is known."""
    return {"year": day[:4], "month": day[:7]}.get(precision, day)


def instant(moment: datetime) -> str:
    """An instant in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
