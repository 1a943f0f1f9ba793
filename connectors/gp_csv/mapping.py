"""From a file to carer flags: one event for each row and region, a small FHIR collection Bundle in each. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import orjson

from connectors.gp_csv.extract import Row, calendar_day, extract_from
from connectors.gp_csv.settings import CsvSettings
from hub.errors import InvalidResource
from hub.fhir.person import GENDERS
from hub.fhir.reading import day_from, start_of
from hub.fhir.systems import (
    NHS_NUMBER,
    NO_LONGER_LISTED,
    ODS_ORGANISATION,
    ROLE_CODE,
    SNOMED_CT,
    canonical,
    patient_authority,
)
from hub.identity import derived, source_record_id
from hub.records import CarerFlagEvent

Json: TypeAlias = dict[str, object]
"""A FHIR element."""

AHEAD: Final = timedelta(minutes=5)
"""How far a sender's date may be ahead of receipt before it is not believed."""

EXPIRES_ON: Final = "expires_on"
"""Of registers: the last day on which an entry holds."""

MEDIA_TYPE: Final = "text/csv"

CARER_RECORDS: Final = "carer-flag"
CARED_FOR_RECORDS: Final = "carer-flag:cared-for"
"""Authorities of the two people of a row: each row is a record of its own, and people are joined by the region."""

STATUSES: Final = {"active": "active", "ended": "inactive"}
"""What `status` may be -> Flag.status."""

RELATIONSHIPS: Final = {
    "mother": "MTH",
    "father": "FTH",
    "parent": "PRN",
    "daughter": "DAUC",
    "son": "SONC",
    "child": "CHILD",
    "wife": "WIFE",
    "husband": "HUSB",
    "spouse": "SPS",
    "partner": "DOMPART",
    "sister": "SIS",
    "brother": "BRO",
    "sibling": "SIB",
    "grandparent": "GRPRN",
    "grandchild": "GRNDCHILD",
    "aunt": "AUNT",
    "uncle": "UNCLE",
    "niece": "NIECE",
    "nephew": "NEPH",
    "cousin": "COUSN",
    "friend": "FRND",
    "neighbour": "NBOR",
    "other": "",
}
"""What `relationship` may be -> v3-RoleCode: the carer is this to the person cared for."""

_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", re.ASCII)
_CODE: Final = re.compile(r"\S+(?: \S+)*")
_SNOMED_CODE: Final = re.compile(r"[0-9]{6,18}", re.ASCII)
_REQUIRED: Final = ("source_record_id", "code_system", "code", "status")
_WORDS: Final = {
    "status": frozenset(STATUSES),
    "carer_sex": GENDERS,
    "relationship": frozenset(RELATIONSHIPS),
}
_BIRTH_DATES: Final = ("carer_birth_date", "cared_for_birth_date")
_OF_THE_CARED_FOR: Final = ("cared_for_given", "cared_for_birth_date")


@dataclass(frozen=True, slots=True)
class Said:
    """A row, and when and as what it is told.

    Attributes:
        recorded_at: When it was written down; the latest word on a record counts.
        occurred_at: When it became true, if that is another time.
        linked: It named somebody cared for; a row that no longer does ends that link.
        listed: False when its source ceased to list it, and said nothing more.
    """

    row: Row
    event_id: UUID
    recorded_at: datetime
    received_at: datetime
    occurred_at: datetime | None = None
    linked: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Keyed:
    """An event and the key that it is kept under."""

    key: UUID
    event: CarerFlagEvent


def rows_from(
    content: bytes, settings: CsvSettings, received_at: datetime, file_sha256: str
) -> tuple[Keyed, ...]:
    """Read a whole file: an event for each row and region, in the order of the rows.

    A date alone is 00:00 of that day in Europe/London. `recorded_at` is the row's recorded_on, else the date in the
    trailer, else `received_at`; also `received_at` when it is more than `AHEAD` of that.

    Args:
        content: The file.
        settings: Who sent it.
        received_at: When, UTC.
        file_sha256: Of `content`, as hexadecimal digits: part of every event id.

    Raises:
        Undecodable: The file cannot be trusted to be whole.
        InvalidResource: A row cannot be used; then none is.
    """
    extract = extract_from(content, settings)
    told = (
        Said(
            checked(row),
            derived("event", settings.name, file_sha256, row.values["source_record_id"]),
            recorded_at_of(row, extract.made_on, received_at),
            received_at,
        )
        for row in extract.rows
    )
    return tuple(keyed for said in told for keyed in events_of(said, settings))


def checked(row: Row) -> Row:
    """The row, if every field of it can be used.

    Raises:
        InvalidResource: With the row and the column.
    """
    for column in _REQUIRED:
        if not row.values[column]:
            raise refusal(row, column, "This is required.", "required")
    refuse_other_code(row)
    for column, words in _WORDS.items():
        if row.values[column] and row.values[column] not in words:
            raise refusal(row, column, f"Use one of: {', '.join(sorted(words))}.")
    for column in _BIRTH_DATES:
        if row.values[column]:
            day_from(row.values[column], row.place(column))
    refuse_nobody(row)
    return row


def refuse_other_code(row: Row) -> None:
    """A code looks like one of its system.

    Raises:
        InvalidResource: It does not, or the system is no URI.
    """
    code, system = row.values["code"], row.values["code_system"]
    if not _URI.fullmatch(system):
        raise refusal(row, "code_system", f"Expected a URI, such as {SNOMED_CT}.")
    if not (_SNOMED_CODE if canonical(system) == SNOMED_CT else _CODE).fullmatch(code):
        reason = "This is no code of its system; a spreadsheet may have changed it."
        raise refusal(row, "code", reason)


def refuse_nobody(row: Row) -> None:
    """A row names the carer, and the person cared for either by number or family name or not at all.

    Raises:
        InvalidResource: Somebody is spoken of and not named.
    """
    if not (row.values["carer_nhs_number"] or row.values["carer_family"]):
        raise refusal(row, "carer_family", "Name the carer, or give an NHS number.", "required")
    if not names_cared_for(row) and any(row.values[column] for column in _OF_THE_CARED_FOR):
        reason = "Name the person cared for, give an NHS number, or leave them out."
        raise refusal(row, "cared_for_family", reason, "required")


def refusal(row: Row, column: str, reason: str, code: str = "value") -> InvalidResource:
    """What is wrong with a field."""
    return InvalidResource(reason, expression=row.place(column), code=code)


def names_cared_for(row: Row) -> bool:
    """Whether the row says of whom this person is the carer."""
    return bool(row.values["cared_for_nhs_number"] or row.values["cared_for_family"])


def events_of(said: Said, settings: CsvSettings) -> tuple[Keyed, ...]:
    """The event of a row, once for each region."""
    row, event_id = said.row, said.event_id
    record = row.values["source_record_id"]
    key = source_record_id(settings.name, CARER_RECORDS, record)
    resource = orjson.dumps(bundle_of(said, settings))
    return tuple(
        Keyed(
            key,
            CarerFlagEvent(
                event_id=event_id,
                correlation_id=event_id,
                source=settings.name,
                source_event_id=str(derived("row", settings.name, record)),
                occurred_at=said.occurred_at or said.recorded_at,
                recorded_at=said.recorded_at,
                received_at=said.received_at,
                region=region,
                source_record=key,
                resource=resource,
                original=row.original,
                original_type=None if row.original is None else MEDIA_TYPE,
            ),
        )
        for region in settings.regions
    )


def recorded_at_of(row: Row, made_on: date | None, received_at: datetime) -> datetime:
    """When the row was written down; `made_on`: the day of its file, if that is known."""
    said = row.values["recorded_on"]
    day = calendar_day(said, row.place("recorded_on")) if said else made_on
    if day is None:
        return received_at
    recorded_at = start_of(day)
    return received_at if recorded_at > received_at + AHEAD else recorded_at


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
