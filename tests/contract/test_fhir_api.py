"""The CapabilityStatement is true: what it lists works, and what it does not list is 404 or 405 in FHIR's own words."""

import hashlib
from datetime import UTC, date, datetime

import httpx
import orjson
import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome

from connectors.fhir_api.capability import capability_statement
from connectors.fhir_api.inbound import FhirDoor, app_of
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.structures import R4Structures
from deploy.composition import fhir_shapes, known_codes
from deploy.configuration.load import DEMO, load
from deploy.fhir_schema import LAID
from hub.fhir.conformance import refuse_malformed
from hub.fhir.consent import CARER_REFERRAL
from hub.fhir.systems import CONSENT_CODE, NHS_NUMBER
from hub.keys import Key

TOKEN = "a-token-for-tests"
ASKING = {"Content-Type": "application/fhir+json", "Authorization": f"Bearer {TOKEN}"}
SENDER = FhirSender(
    name="rwe-fhir",
    ods_code="RWE",
    is_trust=True,
    regions=(0,),
    knows=known_codes(load(DEMO, {})),
    keys=(Key(hashlib.sha256(TOKEN.encode()).hexdigest(), date(2099, 12, 31)),),
    test_numbers="accept",
)
BEN = {"identifier": {"system": NHS_NUMBER, "value": "9990000026"}}
CODE = {"coding": [{"system": "http://snomed.info/sct", "code": "224484003"}]}
PATIENT = {"resourceType": "Patient", "identifier": [BEN["identifier"]]}
RESOURCES = {
    "Bundle": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT}]},
    "Condition": {"resourceType": "Condition", "code": CODE, "subject": BEN},
    "Consent": {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"text": "privacy"},
        "category": [{"text": "disclosure"}],
        "patient": BEN,
        "provision": {"code": [{"coding": [{"system": CONSENT_CODE, "code": CARER_REFERRAL}]}]},
    },
    "Flag": {"resourceType": "Flag", "status": "active", "code": CODE, "subject": BEN},
    "Observation": {"resourceType": "Observation", "status": "final", "code": CODE, "subject": BEN},
    "Patient": PATIENT,
    "RelatedPerson": {"resourceType": "RelatedPerson", "patient": BEN},
}
"""One of each type that has an address."""

STATEMENT = capability_statement()
(REST,) = STATEMENT["rest"]
LISTED = {each["type"]: {i["code"] for i in each["interaction"]} for each in REST["resource"]}
MEDIA = {"json": "application/fhir+json", "xml": "application/fhir+xml"}
AS_XML = b"""<Patient xmlns="http://hl7.org/fhir"><identifier>
<system value="https://fhir.nhs.uk/Id/nhs-number"/><value value="9990000026"/></identifier></Patient>"""
UNLISTED_TYPES = ("Encounter", "Task", "Immunization", "AuditEvent", "$process-message", "_search")
METHODS = ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ADDRESSES = (
    *("", "/", "/Patient", "/Flag", "/Patient/1", "/Patient/1/_history/1", "/Patient/$everything"),
    *("/Patient/_search", "/_history", "/metadata/x", "/.well-known/smart-configuration"),
    *("/Task/1", "/Encounter", "/../admin", "/%2e%2e/x"),
)


class Nothing:
    """Publisher and door of a test that looks at answers only."""

    async def publish(self, event, key):
        pass

    def keep_refused(self, refused):
        pass


@pytest.fixture(scope="module")
def shapes():
    return fhir_shapes(LAID)


@pytest.fixture
async def client(shapes):
    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    app = app_of(FhirDoor((SENDER,), Nothing(), Nothing(), lambda: now, shapes))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub/fhir/R4") as one:
        yield one


def is_refused(answer, *statuses):
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    OperationOutcome.model_validate(answer.json())


async def test_the_statement_is_what_is_answered_and_needs_no_token(client):
    answer = await client.get("/metadata")
    assert (answer.status_code, answer.json()) == (200, STATEMENT)


def test_the_statement_is_one(shapes):
    refuse_malformed(STATEMENT, shapes)
    CapabilityStatement.model_validate(STATEMENT)
    assert (STATEMENT["fhirVersion"], STATEMENT["format"]) == ("4.0.1", ["json"])
    assert "bearer token" in REST["security"]["description"]


def test_each_type_that_is_listed_is_tried_here():
    assert LISTED.keys() == RESOURCES.keys()
    assert set().union(*LISTED.values()) == {"create"}
    assert [each["code"] for each in REST["interaction"]] == ["transaction", "batch"]


@pytest.mark.parametrize("kind", sorted(LISTED))
async def test_each_listed_create_works(client, kind):
    answer = await client.post(f"/{kind}", content=orjson.dumps(RESOURCES[kind]), headers=ASKING)
    assert answer.status_code == 202, answer.text
    OperationOutcome.model_validate(answer.json())


@pytest.mark.parametrize("kind", [each["code"] for each in REST["interaction"]])
async def test_each_listed_interaction_of_the_whole_works(client, kind):
    body = {**RESOURCES["Bundle"], "type": kind}
    answer = await client.post("", content=orjson.dumps(body), headers=ASKING)
    assert (answer.status_code, answer.json()["type"]) == (200, f"{kind}-response")


@pytest.mark.parametrize("switched_on", [False, True])
async def test_each_listed_format_is_taken_and_no_other(shapes, switched_on):
    structures = R4Structures(LAID.read_bytes()) if switched_on else None
    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    app = app_of(FhirDoor((SENDER,), Nothing(), Nothing(), lambda: now, shapes, xml=structures))
    bodies = {"json": orjson.dumps(PATIENT), "xml": AS_XML}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://h") as one:
        listed = (await one.get("/fhir/R4/metadata")).json()["format"]
        for form, body in bodies.items():
            headers = {**ASKING, "Content-Type": MEDIA[form]}
            answer = await one.post("/fhir/R4/Patient", content=body, headers=headers)
            assert (answer.status_code == 202) is (form in listed)
            assert answer.status_code in (202, 415)


@pytest.mark.parametrize("kind", UNLISTED_TYPES)
async def test_each_unlisted_type_has_no_address(client, kind):
    content = orjson.dumps({"resourceType": kind})
    is_refused(await client.post(f"/{kind}", content=content, headers=ASKING), 404)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", ADDRESSES)
async def test_each_unlisted_interaction_is_refused_in_fhirs_own_words(client, method, address):
    is_refused(await client.request(method, address, headers=ASKING), 404, 405)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_the_statement_is_only_read(client, method):
    is_refused(await client.request(method, "/metadata", headers=ASKING), 404, 405)


async def test_a_method_that_is_not_done_says_which_are(client):
    answer = await client.get("")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
