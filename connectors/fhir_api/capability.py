"""The CapabilityStatement: what this server can do, said from the tables that the door itself uses."""

from typing import Final

from connectors.fhir_api import interactions
from connectors.fhir_api.interactions import INTERACTIONS
from connectors.fhir_api.request import ADDRESSED
from connectors.fhir_api.search import PARAMETERS

CHANGED_ON: Final = "2026-11-28"
"""When what is said here last changed."""

BUNDLE: Final = "A Bundle of type message or collection is taken whole and answered 202, sent here or to the root."
SAYS: Final = {
    "Bundle": BUNDLE,
    "Condition": "Somebody is a carer, or no longer; the subject by identifier.",
    "Consent": "A carer agrees to be referred (code carer-referral of urn:carers-hub:code:consent), or withdraws it; "
    "somebody does not want to be linked as a carer or with their carers (carer-link, deny), or does again (permit).",
    "Flag": "Somebody is a carer, or no longer; the subject by identifier.",
    "Observation": "Somebody is a carer, or not: the code says it, or its value answers; the subject by identifier.",
    "Patient": "What is known of a person.",
    "RelatedPerson": "Somebody looks after a patient; the patient by identifier.",
}
SECURITY: Final = (
    "A bearer token in the header Authorization, made by the hub's operator for one sender; "
    "only a hash of it is kept. Without a good one nothing of a body is read."
)
ROOT: Final = (
    "POST a Bundle to the root: transaction and batch are answered with an entry for each entry, "
    "message and collection with 202. An Encounter is taken in a Bundle with its Patient, from a trust."
)
XML: Final = " What is sent may be XML; answers are JSON."

IN: Final = "Carers' hub: what is said of carers and stays, in"
IN_AND_OUT: Final = "Carers' hub: what is said of carers and stays, in; alerts and referrals, out, and their answers"
"""Of a door with a desk for organisations."""
READING: Final = (
    " Alerts and referrals are read and answered with a token of the organisation that was told."
)


def capability_statement(*, desk: bool = False, xml: bool = False) -> dict[str, object]:
    """What `GET /metadata` answers; with a desk, organisations read and answer what they were told."""
    resources = {each: heard(each) for each in ADDRESSED}
    if desk:
        resources |= {each: told(each) for each in PARAMETERS}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED_ON,
        "kind": "instance",
        "software": {"name": "carers-hub"},
        "implementation": {"description": IN_AND_OUT if desk else IN},
        "fhirVersion": "4.0.1",
        "format": ["json", "xml"] if xml else ["json"],
        "rest": [
            {
                "mode": "server",
                "documentation": f"{ROOT}{XML if xml else ''}",
                "security": {
                    "cors": False,
                    "description": f"{SECURITY}{READING if desk else ''}",
                },
                "resource": [resources[each] for each in sorted(resources)],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def heard(kind: str) -> dict[str, object]:
    """A resource type that is sent here."""
    return {
        "type": kind,
        "documentation": SAYS[kind],
        "interaction": [{"code": "create"}],
    }


def told(kind: str) -> dict[str, object]:
    """A resource type that is read and answered here."""
    codes = dict.fromkeys(each.code for each in INTERACTIONS)
    return {
        "type": kind,
        "documentation": interactions.SAYS[kind],
        "interaction": [{"code": each} for each in codes],
        "versioning": "versioned-update",
        "readHistory": False,
        "updateCreate": False,
        "conditionalRead": "not-match",
        "searchParam": [
            {"name": name, "type": kind_of} for name, kind_of in PARAMETERS[kind].items()
        ],
    }
