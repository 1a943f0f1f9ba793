"""Synthetic words on being linked for tests, as a practice or a shared record says them."""

from uuid import UUID

import orjson

from hub.fhir.systems import CONSENT_CODE, NHS_NUMBER
from hub.identity import derived
from hub.records import DecisionKind, PersonDecision
from hub.testing.people import Person
from hub.testing.resources import entry, patient_resource
from hub.testing.senders import PRACTICE, frame_of


def linking(
    person: Person,
    recorded: str,
    kind: str = "deny",
    status: str = "active",
    source: str = PRACTICE,
) -> PersonDecision:
    """Somebody does not want to be linked with whom they look after or who looks after them, or does again.

    They come with their Patient; of whom nothing but the NHS number is given, by that alone.
    """
    number = {"identifier": {"system": NHS_NUMBER, "value": person.nhs_number}}
    consent = {
        "resourceType": "Consent",
        "status": status,
        "identifier": [{"system": f"urn:{source}:consents", "value": f"{kind} {recorded}"}],
        "scope": {"coding": [{"system": CONSENT_CODE, "code": "carer-link"}]},
        "category": [{"coding": [{"system": CONSENT_CODE, "code": "carer-link"}]}],
        "patient": number if not person.given else {"reference": f"urn:uuid:{UUID(int=0)}"},
        "provision": {"type": kind},
    }
    resources = [patient_resource(person), consent] if person.given else [consent]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [entry(each, number) for number, each in enumerate(resources)],
    }
    return PersonDecision(
        **frame_of(source, f"{kind} {status} {person.given} {recorded}", recorded),
        decision_key=derived("test-linking", source, person.given, kind, recorded),
        kind=DecisionKind.CONSENT,
        by="",
        organisation_ods="C82901",
        resource=orjson.dumps(bundle),
    )
