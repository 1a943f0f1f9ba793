"""Which FHIR is spoken: R4, by media type and by shape; other versions are refused by their names."""

import json

import orjson
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome

from hub.errors import InvalidResource
from hub.fhir.conformance import refuse_malformed
from hub.fhir.older import OlderVersion, refuse_older
from hub.testing.flags import carer_flag
from hub.testing.people import BEN

GOOD = carer_flag(BEN, "2026-11-03 12:00").resource
FLAG = next(
    each["resource"]
    for each in json.loads(GOOD)["entry"]
    if each["resource"]["resourceType"] == "Flag"
) | {"subject": {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": BEN.nhs_number}}}  # fmt: skip


def text_of(answer):
    (issue,) = OperationOutcome.model_validate(answer.json()).issue
    return issue.diagnostics


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("application/fhir+json; fhirVersion=4.0", 202, ""),
        ('application/json; charset=utf-8; fhirVersion="4.0.1"', 202, ""),
        ("application/fhir+json; fhirVersion=3.0", 415, "This is FHIR STU3: send R4 (4.0)."),
        ("application/fhir+json;FHIRVERSION=1.0.2", 415, "This is FHIR DSTU2: send R4 (4.0)."),
        ("application/fhir+json; fhirVersion=7.7", 415, "This is FHIR another version: send R4 (4.0)."),
        ("application/json+fhir", 415, "This is the media type of FHIR DSTU2: send R4, as application/fhir+json."),
        (
            "application/fhir+xml",
            415,
            "XML is switched off here (http.fhir_xml): send JSON, as application/fhir+json.",
        ),
        ("text/plain", 415, "Send JSON, as application/fhir+json."),
    ],
)  # fmt: skip
async def test_a_body_is_r4_by_its_media_type(door, kind, status, words):
    answer = await door.post(GOOD, **{"Content-Type": kind})
    assert answer.status_code == status
    assert status == 202 or text_of(answer) == words


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json; fhirVersion=3.0", 406),
        ("application/fhir+json; fhirVersion=1.0, application/fhir+xml; fhirVersion=3.0", 406),
        ("application/fhir+json; fhirVersion=3.0, application/fhir+json; fhirVersion=4.0", 202),
        ("application/fhir+json; fhirVersion=3.0, */*;q=0.1", 202),
        ("", 202),
    ],
)
async def test_an_answer_of_another_version_alone_cannot_be_had(door, accept, status):
    answer = await door.post(GOOD, Accept=accept)
    assert answer.status_code == status
    assert status == 202 or "Answers are FHIR R4 (4.0), not" in text_of(answer)


async def test_a_body_of_stu3_is_refused_by_that_name_and_kept(door):
    old = {**FLAG, "category": FLAG["code"]}
    answer = await door.post(old, "/fhir/R4/Flag")
    assert answer.status_code == 422
    assert text_of(answer) == "This is FHIR DSTU2 or STU3: send R4 (4.0)."
    assert answer.json()["issue"][0]["expression"] == ["Flag.category"]
    assert [each.code for each in door.refused] == ["fhir-version"]


def test_no_example_that_r4_takes_is_called_older_and_those_of_stu3_are(samples, shapes):
    called = set()
    for file in samples.rglob("*.json"):
        try:
            body = json.loads(file.read_bytes())
        except ValueError:
            continue
        try:
            refuse_malformed(body, shapes)
        except InvalidResource:
            try:
                refuse_older(body)
            except OlderVersion:
                called.add(file.parent.name)
        else:
            refuse_older(body)
    assert called == {"nhs-reasonable-adjustments"}


@pytest.mark.parametrize(
    ("wish", "back"),
    [
        ("return=representation", FLAG),
        ("return=minimal", None),
        ("return=OperationOutcome", "outcome"),
        ("handling=lenient", "outcome"),
    ],
)
async def test_what_is_wanted_back_comes_back(door, wish, back):
    answer = await door.post(FLAG, "/fhir/R4/Flag", Prefer=wish)
    assert answer.status_code == 202
    if back == "outcome":
        assert text_of(answer).startswith("Kept as event ")
    else:
        assert (answer.json() if answer.content else None) == back


async def test_each_entry_brings_its_resource_back_where_that_is_wanted(door):
    body = json.loads(GOOD) | {"type": "transaction"}
    answer = await door.post(body, Prefer="return=representation")
    assert Bundle.model_validate(answer.json()).type == "transaction-response"
    assert [each["resource"] for each in answer.json()["entry"]] == [
        each["resource"] for each in body["entry"]
    ]


async def test_an_observation_is_taken_at_an_address_of_its_own(door):
    body = {
        "resourceType": "Observation",
        "status": "final",
        **{name: FLAG[name] for name in ("code", "subject")},
        "valueBoolean": False,
    }
    answer = await door.post(body, "/fhir/R4/Observation")
    assert answer.status_code == 202
    ((_, event),) = door.published
    assert orjson.loads(event.resource) == body
