"""Why a stay has no alert, asked of the rule's own questions about its picture. Codes and roles only, no names."""

import re
from collections.abc import Iterator
from typing import Final

import orjson

from connectors.ward_mllp.mapping.codes import CARER, CARER_WORD
from connectors.ward_mllp.mapping.values import Json
from hub.fhir.systems import ACT_CODE
from hub.records import EncounterEvent, StayPicture, StayStatus
from processors.discharge_involvement.alert import (
    AT_LEAST_PROBABLE,
    carers_to_involve,
    involves,
    is_adult,
)
from processors.discharge_involvement.policy import AlertPolicy

_CARER: Final = re.compile(rf"\b{CARER_WORD}\b", re.IGNORECASE)
_STANDS: Final = {
    StayStatus.EXPECTED: "the patient is only expected",
    StayStatus.ATTENDING: "the patient is no in-patient",
    StayStatus.CANCELLED: "the stay is cancelled",
}


def why_quiet(picture: StayPicture, event: EncounterEvent, policy: AlertPolicy) -> str:
    """Everything that keeps this stay from an alert, in one line. `event` is the message that was read last."""
    resources = [entry["resource"] for entry in orjson.loads(event.resource)["entry"]]
    reasons = list(of_the_stay(picture, resources, policy))
    if not reasons and not involves(picture, policy):
        reasons.append("this stay is none that carers are involved in")
    if not carers_to_involve(picture, (), policy):
        reasons.append(f"{of_the_carers(picture)} ({roles_in(resources)})")
    return "no alert: " + "; ".join(reasons)


def of_the_stay(picture: StayPicture, resources: list[Json], policy: AlertPolicy) -> Iterator[str]:
    """What is said of the stay and its patient."""
    if picture.superseded_by is not None:
        yield "the visit goes on under another number"
    if picture.patient.deceased:
        yield "the patient has died"
    if picture.status in _STANDS:
        yield _STANDS[picture.status] + class_in(resources)
    if not is_adult(picture, policy):
        yield f"the patient is under {policy.adult_age}"


def class_in(resources: list[Json]) -> str:
    """The class of patient, where it is a known one."""
    for resource in resources:
        found = resource.get("class", {})
        if found.get("system") == ACT_CODE:
            return f" (class {found['code']})"
    return ""


def of_the_carers(picture: StayPicture) -> str:
    """Why none of those who may be carers is to be involved."""
    carers = [each for each in picture.carers if each.ended_at is None]
    if not carers:
        return "the caring has ended" if picture.carers else "no carer known"
    if any(each.confidence in AT_LEAST_PROBABLE for each in carers):
        return "the carer was first heard of after the patient went home"
    return "whether somebody is the carer is yet to be checked"


def roles_in(resources: list[Json]) -> str:
    """The roles of the next of kin in this message: codes as they were sent; what is no known code is not repeated."""
    roles = [
        role
        for resource in resources
        if resource["resourceType"] == "RelatedPerson"
        for role in resource.get("relationship", ())
    ]
    found = dict.fromkeys(map(code_of, roles))
    told = "roles in NK1: " + ", ".join(found) if found else "no role in NK1"
    if any(is_beside_other_words(role) for role in roles):
        told += '; "carer" beside other words is not read as a carer'
    return told


def code_of(role: Json) -> str:
    """The code that was sent, if a list has it."""
    codes = [each["code"] for each in role.get("coding", ()) if "system" in each]
    return codes[0] if codes else "a text"


def is_beside_other_words(role: Json) -> bool:
    """Whether the word stands in a role that is not taken for a carer's."""
    codings = role.get("coding", ())
    if any((each.get("system"), each["code"]) == CARER for each in codings):
        return False
    words = [role.get("text", ""), *(each["code"] for each in codings)]
    return any(_CARER.search(each) for each in words)
