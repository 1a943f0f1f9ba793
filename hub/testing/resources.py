"""Synthetic people for tests as FHIR says them, and the entries of a Bundle."""

from typing import Any
from uuid import UUID

from hub.fhir.systems import CONFIDENTIALITY, NHS_NUMBER, ODS_ORGANISATION, patient_authority
from hub.testing.people import Person
from hub.testing.senders import TRUST


def entry(resource: dict[str, Any], number: int) -> dict[str, Any]:
    """One entry; the patient's address is `urn:uuid:` and zeros."""
    return {"fullUrl": f"urn:uuid:{UUID(int=number)}", "resource": resource}


def patient_resource(person: Person, replaces_number: str | None = None) -> dict[str, Any]:
    """A Patient."""
    identifiers: list[dict[str, Any]] = []
    if person.nhs_number:
        identifiers.append({"system": NHS_NUMBER, "value": person.nhs_number})
    if person.hospital_number:
        identifiers.append(
            {"system": patient_authority(TRUST, TRUST), "value": person.hospital_number}
        )
    resource: dict[str, Any] = {
        "resourceType": "Patient",
        "identifier": identifiers,
        "name": [{"family": person.family, "given": [person.given]}],
        "birthDate": person.born,
    }
    if person.postcode:
        resource["address"] = [{"postalCode": person.postcode}]
    if person.practice:
        practice = {"identifier": {"system": ODS_ORGANISATION, "value": person.practice}}
        resource["generalPractitioner"] = [practice]
    if person.shielded:
        resource["meta"] = {"security": [{"system": CONFIDENTIALITY, "code": "R"}]}
    if replaces_number:
        other = {
            "identifier": {"system": patient_authority(TRUST, TRUST), "value": replaces_number}
        }
        resource["link"] = [{"type": "replaces", "other": other}]
    return resource


def related(
    person: Person,
    *roles: dict[str, str],
    patient: str = f"urn:uuid:{UUID(int=0)}",
    active: bool = True,
) -> dict[str, Any]:
    """A RelatedPerson of the patient in the same Bundle."""
    resource: dict[str, Any] = {
        "resourceType": "RelatedPerson",
        "active": active,
        "patient": {"reference": patient},
        "name": [{"family": person.family, "given": [person.given]}],
        "birthDate": person.born,
        "relationship": [{"coding": [role]} for role in roles],
    }
    if person.nhs_number:
        resource["identifier"] = [{"system": NHS_NUMBER, "value": person.nhs_number}]
    if person.phone:
        resource["telecom"] = [{"system": "phone", "value": person.phone}]
    return resource
