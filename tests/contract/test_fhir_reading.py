"""The CapabilityStatement of a door with a desk is true: each interaction and parameter works, and no other does."""

import re
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome

from connectors.fhir_api.capability import capability_statement
from connectors.fhir_api.interactions import INTERACTIONS
from connectors.fhir_api.told import KINDS
from deploy.composition import fhir_shapes
from deploy.fhir_schema import LAID
from hub.fhir.conformance import refuse_malformed
from tests.unit.fhir_api.desks import ADMITTED, FLAGGED, AskedDesk, agreement

README = Path(__file__).parents[2] / "connectors/fhir_api/README.md"
STATEMENT = capability_statement(desk=True)
(REST,) = STATEMENT["rest"]
LISTED = {each["type"]: each for each in REST["resource"]}
BY = {"Task": "RWE", "ServiceRequest": "ADULT"}
VALUES = {
    "status": {"Task": "requested", "ServiceRequest": "active"},
    "_lastUpdated": dict.fromkeys(KINDS, "ge2026-11-25"),
    "_count": dict.fromkeys(KINDS, "1"),
    "owner": {"Task": "RWE"},
    "performer": {"ServiceRequest": "ADULT"},
}
"""One value that finds something for each parameter."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNLISTED = (
    *(("GET", place) for place in ("/Patient/1", "/Patient", "/Encounter", "/Task/1/_history")),
    *(("GET", place) for place in ("/Task/_search", "/Task/1/_history/1", "/_history", "")),
    *(("POST", place) for place in ("/Task", "/ServiceRequest", "/Task/1", "/Patient/_search")),
    *(("PUT", place) for place in ("/Task", "/Patient/1", "/Flag/1", "/Task?status=requested")),
    *((method, "/Task/1") for method in ("PATCH", "DELETE", "OPTIONS", "TRACE")),
    *((method, "/ServiceRequest") for method in ("PATCH", "DELETE", "OPTIONS")),
    ("DELETE", "/Task/_search"),
)


@pytest.fixture(scope="module")
def shapes():
    return fhir_shapes(LAID)


@pytest.fixture
def desk(shapes) -> AskedDesk:
    desk = AskedDesk(shapes)
    desk.hub.hear(FLAGGED, ADMITTED, agreement())
    return desk


async def test_the_statement_is_what_is_answered_and_is_one(desk, shapes):
    answer = await desk.get("/metadata", by=None)
    assert (answer.status_code, answer.json()) == (200, STATEMENT)
    refuse_malformed(STATEMENT, shapes)
    CapabilityStatement.model_validate(STATEMENT)


def test_what_is_sent_here_is_listed_as_without_a_desk():
    (alone,) = capability_statement()["rest"]
    assert [each for each in REST["resource"] if each["type"] not in KINDS] == alone["resource"]
    assert REST["interaction"] == alone["interaction"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_type_that_is_read_lists_all_its_interactions(kind):
    codes = [each["code"] for each in LISTED[kind]["interaction"]]
    assert sorted(codes) == sorted({each.code for each in INTERACTIONS})
    assert sorted(codes) == ["read", "search-type", "update"]


async def resource_of(desk, kind) -> tuple[str, dict, str]:
    bundle = (await desk.get(f"/{kind}", by=BY[kind])).json()
    found = bundle["entry"][0]["resource"]
    return f"/{kind}/{found['id']}", found, found["meta"]["versionId"]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_listed_read_and_update_works(desk, kind):
    path, resource, version = await resource_of(desk, kind)
    answer = await desk.get(path, by=BY[kind])
    assert (answer.status_code, answer.json()) == (200, resource)
    answer = await desk.put(path, resource, version, by=BY[kind])
    assert (answer.status_code, answer.json()) == (200, resource)
    assert (await desk.put(path, resource, None, by=BY[kind])).status_code == 400
    assert (await desk.put(path, resource, "99", by=BY[kind])).status_code == 412
    assert LISTED[kind]["versioning"] == "versioned-update"
    assert LISTED[kind]["updateCreate"] is False


@pytest.mark.parametrize("kind", KINDS)
async def test_each_listed_parameter_finds_something_by_get_and_by_post(desk, kind):
    names = [each["name"] for each in LISTED[kind]["searchParam"]]
    assert set(names) == {name for name, values in VALUES.items() if kind in values}
    for name in names:
        query = f"{name}={VALUES[name][kind]}"
        strict = {"Prefer": "handling=strict"}
        got = await desk.get(f"/{kind}?{query}", by=BY[kind], **strict)
        posted = await desk.ask(
            "POST", f"/{kind}/_search", query.encode(), BY[kind], **FORM, **strict
        )
        assert (got.status_code, posted.status_code) == (200, 200)
        assert got.json() == posted.json()
        assert len(Bundle.model_validate(got.json()).entry) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["_id", "patient", "subject", "code", "_sort", "_include", "_elements"]
)
async def test_each_unlisted_parameter_is_unknown(desk, kind, name):
    answer = await desk.get(f"/{kind}?{name}=x", by=BY[kind], Prefer="handling=strict")
    assert answer.status_code == 400


@pytest.mark.parametrize(("method", "place"), UNLISTED)
async def test_each_unlisted_interaction_is_refused_in_fhirs_own_words(desk, method, place):
    for by in ("RWE", None):
        answer = await desk.ask(method, place, b"{}", by)
        assert answer.status_code in ((404, 405) if by else (401, 404, 405)), answer.text
        assert answer.headers["content-type"] == "application/fhir+json"
        OperationOutcome.model_validate(answer.json())


async def test_a_method_that_is_not_done_says_which_are(desk):
    answer = await desk.ask("DELETE", f"/Task/{desk.alert.alert_id}")
    assert {each.strip() for each in answer.headers["allow"].split(",")} == {"GET", "HEAD", "PUT"}


def test_the_readme_names_every_interaction_and_parameter():
    text = README.read_text()
    for kind in KINDS:
        assert f"/fhir/R4/{kind}" in text
        for each in LISTED[kind]["searchParam"]:
            assert re.search(rf"`{each['name']}\b", text), each["name"]
