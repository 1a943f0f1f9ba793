"""Notices as they are sent, built from as little as they may hold."""

from datetime import UTC, date, datetime

import orjson

from connectors.national.settings import NationalSender
from hub.fhir.systems import NHS_NUMBER, ODS_ORGANISATION
from hub.keys import Key, digest_of

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TOKEN = "a-token-for-tests"
ADA, BEN, OLD = "9990000018", "9990000026", "9990000042"
STATUS = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus"
CONSENT = "https://vrs.example/FHIR/R4/Consent/c-1"


def sender(**changes) -> NationalSender:
    given = {
        "name": "mns",
        "regions": (0, 1),
        "keys": (Key(digest_of(TOKEN), date(2099, 12, 31)),),
        "test_numbers": "accept",
    }
    return NationalSender(**{**given, **changes})


def event(kind: str, **changes) -> dict[str, object]:
    """A CloudEvent; None takes an attribute away."""
    whole = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "uk.nhs.example",
        "type": kind,
        "time": "2026-11-23T08:00:00Z",
        "subject": ADA,
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def version_1(kind: str, **data) -> dict[str, object]:
    """An event of version 1, which is no CloudEvent."""
    return {
        "id": "e-1",
        "type": kind,
        "subject": {"nhsNumber": ADA, "familyName": "MARSH", "dob": "1941-03"},
        "source": {"name": "", "identifier": {"system": "https://asid.example", "value": "4771"}},
        "time": "2026-11-23T08:00:00.000Z",
        "data": data,
    }


def in_fhir(signal: dict[str, object]) -> dict[str, object]:
    """The same event as a Bundle of a notification; its content is the second entry."""
    context = [
        {"name": "event-type", "valueString": signal["type"]},
        {"name": "source", "valueUri": signal["source"]},
        {"name": "subject", "valueReference": {"identifier": {"value": signal["subject"]}}},
    ]
    happened = [{"name": "timestamp", "valueInstant": signal["time"]}]
    if "dataref" in signal:
        happened.append({"name": "focus", "valueReference": {"reference": signal["dataref"]}})
    parameters = {
        "resourceType": "Parameters",
        "meta": {
            "profile": [
                "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
                "backport-subscription-status-r4"
            ]
        },
        "parameter": [
            {"name": "notification-event", "part": happened},
            {"name": "additional-context", "part": context},
        ],
    }
    resources = [parameters, *([signal["data"]] if "data" in signal else [])]
    return {
        "resourceType": "Bundle",
        "id": signal["id"],
        "type": "history",
        "timestamp": signal["time"],
        "entry": [{"resource": each} for each in resources],
    }


def patient(number: str = ADA, **more) -> dict[str, object]:
    return {"resourceType": "Patient", "identifier": [numbered(number)["identifier"]], **more}


def death_status(code: str) -> dict[str, object]:
    value = {"coding": [{"code": code}]}
    part = {"url": "deathNotificationStatus", "valueCodeableConcept": value}
    return {"extension": [{"url": STATUS, "extension": [part]}]}


def registered_with(ods: str) -> dict[str, object]:
    return {"generalPractitioner": [{"identifier": {"system": ODS_ORGANISATION, "value": ods}}]}


def consent(status: str = "active", **more) -> dict[str, object]:
    return {
        "resourceType": "Consent",
        "id": "c-1",
        "status": status,
        "patient": numbered(ADA),
        "performer": [numbered(BEN)],
        **more,
    }


def numbered(number: str) -> dict[str, object]:
    return {"identifier": {"system": NHS_NUMBER, "value": number}}


def sent(value: object) -> bytes:
    return value if isinstance(value, bytes) else orjson.dumps(value)
