"""A row in FHIR R4: the carer, the flag, and the person cared for with the link between them."""

from typing import Final, TypeAlias
from uuid import UUID

from connectors.gp_csv.extract import Row
from connectors.gp_csv.mapping.checking import names_cared_for
from connectors.gp_csv.mapping.said import Said
from connectors.gp_csv.mapping.words import EXPIRES_ON, RELATIONSHIPS, STATUSES
from connectors.gp_csv.settings import CsvSettings
from hub.fhir.systems import (
    NHS_NUMBER,
    NO_LONGER_LISTED,
    ODS_ORGANISATION,
    ROLE_CODE,
    patient_authority,
)
from hub.identity import derived

Json: TypeAlias = dict[str, object]
"""A FHIR element."""

CARER_RECORDS: Final = "carer-flag"

CARED_FOR_RECORDS: Final = "carer-flag:cared-for"
"""Authorities of the two people of a row: each row is a record of its own, and people are joined by the region."""


def bundle_of(said: Said, settings: CsvSettings) -> Json:
    """The row in FHIR R4: the carer, the flag, and the person cared for with the link when the row names one."""
    row = said.row
    about, flagged, cared_for, linking = addresses(said.event_id)
    carer = person_of(row, "carer", patient_authority(settings.ods_code, CARER_RECORDS))
    resources: list[tuple[str, Json]] = [(about, {"resourceType": "Patient", **carer})]
    resources.append((flagged, flag_of(said, settings, about)))
    if said.linked or names_cared_for(row):
        authority = patient_authority(settings.ods_code, CARED_FOR_RECORDS)
        patient = {"resourceType": "Patient", **person_of(row, "cared_for", authority)}
        resources.append((cared_for, patient))
        resources.append((linking, link_of(row, carer, cared_for)))
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": said.recorded_at.isoformat(),
        "entry": [{"fullUrl": full_url, "resource": resource} for full_url, resource in resources],
    }


def addresses(event_id: UUID) -> tuple[str, str, str, str]:
    """The fullUrls of a Bundle, derived from the event: the same for the same row; the last digit tells them apart."""
    first = f"urn:uuid:{derived('resource', event_id)}"[:-1]
    return f"{first}0", f"{first}1", f"{first}2", f"{first}3"


def person_of(row: Row, who: str, authority: str) -> Json:
    """One of the two people, in what Patient and RelatedPerson share. An empty field says nothing.

    An NHS number stands there as written, right or wrong: `hub.fhir` says why one cannot be used, and the region
    joins nobody by it.
    """

    def said(column: str) -> str:
        return row.values.get(f"{who}_{column}", "")

    identifiers = [{"system": authority, "value": row.values["source_record_id"]}]
    if said("nhs_number"):
        identifiers.append({"system": NHS_NUMBER, "value": said("nhs_number")})
    name = present({"family": said("family"), "given": listed(said("given"))})
    lives = present({"line": listed(said("address")), "postalCode": said("postcode")})
    phone: Json = {"system": "phone", "value": said("phone")} if said("phone") else {}
    return present(
        {
            "identifier": identifiers,
            "name": listed(name),
            "telecom": listed(phone),
            "gender": said("sex"),
            "birthDate": said("birth_date"),
            "address": listed(lives),
        }
    )


def flag_of(said: Said, settings: CsvSettings, carer: str) -> Json:
    """The coded statement about the carer."""
    row = said.row
    unlisted: Json = {"url": NO_LONGER_LISTED, "valueBoolean": True} if not said.listed else {}
    flag: Json = {
        "resourceType": "Flag",
        "extension": listed(unlisted),
        "identifier": [
            {
                "system": patient_authority(settings.ods_code, CARER_RECORDS),
                "value": row.values["source_record_id"],
            }
        ],
        "status": STATUSES[row.values["status"]],
        "code": {
            "coding": [
                present(
                    {
                        "system": row.values["code_system"],
                        "code": row.values["code"],
                        "display": row.values["code_term"],
                    }
                )
            ]
        },
        "subject": {"reference": carer},
        "period": holds(row),
        "author": {"identifier": {"system": ODS_ORGANISATION, "value": settings.ods_code}},
    }
    return present(flag)


def link_of(row: Row, carer: Json, cared_for: str) -> Json:
    """The carer as a contact of the person cared for. Whether that is caring, the flag's code says."""
    role = RELATIONSHIPS.get(row.values["relationship"], "")
    coding: Json = {"coding": [{"system": ROLE_CODE, "code": role}]} if role else {}
    return present(
        {
            "resourceType": "RelatedPerson",
            **carer,
            "active": row.values["status"] == "active" and names_cared_for(row),
            "patient": {"reference": cared_for},
            "relationship": listed(coding),
            "period": holds(row),
        }
    )


def holds(row: Row) -> Json:
    """Up to which day what the row says holds, if that was said: it ends then whether or not another file comes."""
    day = row.values.get(EXPIRES_ON, "")
    return {"end": day} if day and row.values["status"] == "active" else {}


def present(element: Json) -> Json:
    """The element without what is empty; `false` is not empty."""
    return {key: value for key, value in element.items() if value or value is False}


def listed(value: str | Json) -> list[str | Json]:
    """A list of one, or of nothing."""
    return [value] if value else []
