"""What practices send as FHIR R4 JSON: who is a carer, of whom, until when, and who agreed to be referred.

Written from HL7's FHIR R4 (4.0.1) and from what `connectors/fhir_api/README.md` asks of a sender.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from deploy.demo.world.clock import day_of, fhir_time
from deploy.demo.world.people import Caring, Person

Resource: TypeAlias = Mapping[str, object]

NHS_NUMBER: Final = "https://fhir.nhs.uk/Id/nhs-number"
ODS: Final = "https://fhir.nhs.uk/Id/ods-organization-code"
SNOMED: Final = "http://snomed.info/sct"
ROLE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
UK_ROLE: Final = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdditionalPersonRelationshipRole"
CONSENT: Final = "urn:carers-hub:code:consent"

ROLES: Final[Mapping[str, str]] = {
    "wife": "WIFE",
    "husband": "HUSB",
    "daughter": "DAUC",
    "son": "SONC",
    "mother": "MTH",
    "father": "FTH",
    "grandchild": "GRNDCHILD",
    "friend": "FRND",
    "neighbour": "NBOR",
}
"""v3-RoleCode: this person is the X of the patient."""

IS_A_CARER: Final = (
    ("224484003", "Patient themselves providing care"),
    ("302767002", "Cares for a relative"),
    ("407542009", "Informal caregiver"),
    ("276047008", "Looks after elderly dependent"),
)
"""Codes of the national carer cluster."""
NO_LONGER: Final = ("199361000000101", "Is no longer a carer")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a practice sends at one time.

    Attributes:
        name: Makes its ids; the same name gives the same ids.
        recorded_at: When it was written down.
    """

    name: str
    recorded_at: datetime

    def id(self, about: str) -> str:
        """An id of something in it."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{self.name} {about}')}"


def carer_flag(letter: Letter, caring: Caring, code: tuple[str, str], *, asked: bool) -> bytes:
    """The carer, the person cared for, the flag that names the carer, and the link between them.

    `asked`: as a transaction, which some suppliers send, instead of a collection.
    """
    flag = flag_of(letter, caring.carer, code, status="active")
    return bundle(letter, [*both(letter, caring), flag, link(letter, caring)], asked=asked)


def carer_link(letter: Letter, caring: Caring) -> bytes:
    """The link alone, its relationship saying that this is a carer: no flag."""
    return bundle(letter, [*both(letter, caring), link(letter, caring, carer=True)])


def flag_without_link(letter: Letter, carer: Person) -> bytes:
    """Somebody is a carer; of whom, nobody says."""
    flag = flag_of(letter, carer, IS_A_CARER[0], status="active")
    return bundle(letter, [patient(letter, carer), flag])


def link_ended(letter: Letter, caring: Caring, code: tuple[str, str]) -> bytes:
    """This one link is over: the flag is taken back beside the link that it named."""
    flag = flag_of(letter, caring.carer, code, status="inactive")
    ended = link(letter, caring, active=False)
    return bundle(letter, [*both(letter, caring), flag, ended])


def no_longer_a_carer(letter: Letter, carer: Person) -> bytes:
    """A flag alone: this person looks after nobody any more."""
    coding = {"system": SNOMED, "code": NO_LONGER[0], "display": NO_LONGER[1]}
    return as_json(
        {
            "resourceType": "Flag",
            "meta": {"lastUpdated": fhir_time(letter.recorded_at)},
            "status": "active",
            "code": {"coding": [coding]},
            "subject": {"identifier": {"system": NHS_NUMBER, "value": carer.nhs_number}},
            "period": {"start": day_of(letter.recorded_at).isoformat()},
        }
    )


def death(letter: Letter, person: Person) -> bytes:
    """The practice has heard that somebody died."""
    return bundle(letter, [patient(letter, person, died_at=letter.recorded_at)])


def consent(letter: Letter, carer: Person, given_at: datetime, status: str, kind: str) -> bytes:
    """A carer agrees, refuses (`deny`) or takes it back (`inactive`): to be referred to a support service.

    The identifier is that of the agreement, so it is made from the carer and not from the letter.
    """
    agreement = uuid5(NAMESPACE_URL, f"agreement {carer.nhs_number}")
    return as_json(
        {
            "resourceType": "Consent",
            "meta": {"lastUpdated": fhir_time(letter.recorded_at)},
            "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{agreement}"}],
            "status": status,
            "scope": coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
            "category": [coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", "INFA")],
            "patient": {"identifier": {"system": NHS_NUMBER, "value": carer.nhs_number}},
            "dateTime": fhir_time(given_at),
            "policyRule": {"text": "Referral to the carers' support service of the area."},
            "provision": {"type": kind, "code": [coded(CONSENT, "carer-referral")]},
        }
    )


def both(letter: Letter, caring: Caring) -> list[Resource]:
    """The carer and the person cared for."""
    return [patient(letter, caring.carer), stranger(letter, caring.cared_for)]


def patient(letter: Letter, person: Person, died_at: datetime | None = None) -> Resource:
    """A patient of the practice, with what it knows."""
    home = person.home
    address: dict[str, object] = {"use": "home", "line": [home.street], "city": home.town.name}
    if home.postcode is not None:
        address["postalCode"] = home.postcode
    found: dict[str, object] = {
        **stranger(letter, person),
        "telecom": [
            {"system": "phone", "value": person.mobile, "use": "mobile"},
            {"system": "phone", "value": home.landline, "use": "home"},
        ],
        "gender": person.sex,
        "address": [address],
        "generalPractitioner": [
            {
                "type": "Organization",
                "identifier": {"system": ODS, "value": home.practice.ods_code},
            }
        ],
    }
    if died_at is not None:
        found["deceasedDateTime"] = fhir_time(died_at)
    return found


def stranger(letter: Letter, person: Person) -> Resource:
    """Somebody of whom the practice knows number, name and date of birth."""
    return {
        "resourceType": "Patient",
        "id": letter.id(person.nhs_number),
        "identifier": [{"system": NHS_NUMBER, "value": person.nhs_number}],
        "name": [{"family": person.family, "given": [person.given]}],
        "birthDate": person.born.isoformat(),
    }


def flag_of(letter: Letter, carer: Person, code: tuple[str, str], status: str) -> Resource:
    """A flag on the carer's own record."""
    return {
        "resourceType": "Flag",
        "id": letter.id("flag"),
        "status": status,
        "code": {"coding": [{"system": SNOMED, "code": code[0], "display": code[1]}]},
        "subject": {"reference": letter.id(carer.nhs_number)},
        "period": {"start": day_of(letter.recorded_at).isoformat()},
    }


def link(letter: Letter, caring: Caring, *, active: bool = True, carer: bool = False) -> Resource:
    """The carer as a related person of the one cared for; `carer`: the relationship itself says so."""
    relationships = [coded(ROLE, ROLES[caring.relationship])]
    if carer:
        relationships.append(coded(UK_ROLE, "Carer"))
    person = caring.carer
    return {
        "resourceType": "RelatedPerson",
        "id": letter.id("link"),
        "identifier": [{"system": NHS_NUMBER, "value": person.nhs_number}],
        "active": active,
        "patient": {"reference": letter.id(caring.cared_for.nhs_number)},
        "relationship": relationships,
        "name": [{"family": person.family, "given": [person.given]}],
        "birthDate": person.born.isoformat(),
    }


def coded(system: str, code: str) -> Resource:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


def bundle(letter: Letter, resources: Sequence[Resource], *, asked: bool = False) -> bytes:
    """A Bundle; the ids inside are the addresses of its entries."""
    entries: list[Resource] = []
    for resource in resources:
        bare = {name: value for name, value in resource.items() if name != "id"}
        entry: dict[str, object] = {"fullUrl": resource["id"], "resource": bare}
        if asked:
            entry["request"] = {"method": "POST", "url": bare["resourceType"]}
        entries.append(entry)
    return as_json(
        {
            "resourceType": "Bundle",
            "type": "transaction" if asked else "collection",
            "identifier": {"system": "urn:ietf:rfc:3986", "value": letter.id("bundle")},
            "timestamp": fhir_time(letter.recorded_at),
            "entry": entries,
        }
    )


def as_json(resource: Resource) -> bytes:
    """JSON in UTF-8."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()
