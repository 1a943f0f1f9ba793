"""The CapabilityStatement: what this server can do, said from the tables that the door itself uses."""

from typing import Final

from connectors.fhir_api.request import ADDRESSED

CHANGED_ON: Final = "2026-11-22"
"""When what is said here last changed."""

BUNDLE: Final = "A Bundle of type message or collection is taken whole and answered 202, sent here or to the root."
SAYS: Final = {
    "Bundle": BUNDLE,
    "Condition": "Somebody is a carer, or no longer; the subject by identifier.",
    "Consent": "A carer agrees to be referred (code carer-referral of urn:carers-hub:code:consent), or withdraws it.",
    "Flag": "Somebody is a carer, or no longer; the subject by identifier.",
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


def capability_statement() -> dict[str, object]:
    """What `GET /metadata` answers."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": CHANGED_ON,
        "kind": "instance",
        "software": {"name": "carers-hub"},
        "implementation": {"description": "Carers' hub: what is said of carers and stays, in"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "documentation": ROOT,
                "security": {"cors": False, "description": SECURITY},
                "resource": [
                    {
                        "type": each,
                        "documentation": SAYS[each],
                        "interaction": [{"code": "create"}],
                    }
                    for each in sorted(ADDRESSED)
                ],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }
