"""Hostile bodies, row by row (F1j to F9j, F11j): each has its answer, and the next good one is taken.

F10j, a body that is never read, needs a socket: tests/integration/test_fhir_door.py.
"""

import gzip
import json
import re
import socket
import time

import httpx
import orjson
import pytest

from connectors.fhir_api.desk import Desk
from connectors.fhir_api.inbound import FhirDoor, app_of
from hub.testing.flags import carer_flag
from hub.testing.people import ADA, BEN
from tests.unit.fhir_api.conftest import FHIR
from tests.unit.fhir_api.desks import ADMITTED, AskedDesk, organisation

GOOD = carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource
SECRET = "Zaphrodite"  # stands for anything of a person: no answer may hold it
MIB = 1024 * 1024


def patient(**more):
    return {"resourceType": "Patient", **more}


def bundle(*resources):
    entry = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entry}


async def refused(door, content, status, path="/fhir/R4", seconds=1.0, **headers):
    """The issue of a refusal that costs no more of the processor's time, after which a good body is still taken."""
    started = time.process_time()
    answer = await door.post(content, path, **headers)
    took = time.process_time() - started
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    assert SECRET not in answer.text
    assert took < seconds, f"{took:.3f} s"
    assert not door.published
    assert (await door.post(GOOD)).status_code == 202
    (issue,) = answer.json()["issue"]
    return issue


# Rows F1j and F2j: depth


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [100_000, 800_000])
async def test_f1j_json_a_hundred_thousand_levels_deep_is_no_json(door, opening, depth):
    issue = await refused(door, (opening * depth).encode(), 400)
    assert issue["code"] == "structure"


@pytest.mark.parametrize("depth", [1_100, 20_000])
async def test_f1j_depth_beyond_what_is_read_is_no_json_even_when_it_is_short(door, depth):
    body = b'{"resourceType":"Patient","extension":' + b"[" * depth + b"]" * depth + b"}"
    assert (await refused(door, body, 400))["code"] == "structure"


@pytest.mark.parametrize("levels", [31, 200, 450])
async def test_f2j_extensions_inside_one_another_are_refused_with_their_place(door, levels):
    inner = b'{"url":"u"}'
    for _ in range(levels):
        inner = b'{"url":"u","extension":[' + inner + b"]}"
    body = b'{"resourceType":"Patient","extension":[' + inner + b"]}"
    issue = await refused(door, body, 422, "/fhir/R4/Patient", seconds=0.1)
    assert issue["expression"][0].startswith("Patient.extension[0].extension[0]")


# Row F3j: counts


async def test_f3j_a_hundred_thousand_identifiers_are_refused_by_count(door):
    many = [{"system": "urn:x", "value": str(number)} for number in range(100_000)]
    issue = await refused(door, bundle(patient(identifier=many)), 422, seconds=0.25)
    assert "50000" in issue["diagnostics"]


async def test_f3j_a_list_that_is_too_long_is_named(door):
    body = patient(name=[{"given": [SECRET] * 5_001}])
    issue = await refused(door, body, 422, "/fhir/R4/Patient")
    assert issue["expression"] == ["Patient.name[0].given"]


async def test_f3j_millions_of_values_are_refused_by_count(door):
    body = b'{"resourceType":"Bundle","entry":[' + b"1," * 2_000_000 + b"1]}"
    assert (await refused(door, body, 422))["expression"] == ["Resource"]


async def test_f3j_more_than_a_megabyte_is_not_read(door):
    await refused(door, b'"' + b"x" * MIB + b'"', 413, "/fhir/R4/Patient")
    assert not door.refused, "what was not read is not kept"


async def test_f3j_many_faults_cost_no_more_than_the_first(door):
    body = patient(name=[{"given": [1] * 4_990}] * 30)
    issue = await refused(door, body, 422, "/fhir/R4/Patient", seconds=0.5)
    assert issue["expression"] == ["Patient.name[0].given[0]"]


async def test_f3j_a_text_that_is_too_long_is_named(door):
    body = patient(name=[{"family": SECRET * 7_000}])
    issue = await refused(door, body, 422, "/fhir/R4/Patient")
    assert issue["expression"] == ["Patient.name[0].family"]


# Row F4j: a name twice


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"resourceType":"Patient","id":"1","id":"2"}', "Patient"),
        (b'{"resourceType":"Patient","id":"1","\\u0069d":"1"}', "Patient"),
        (b'{"resourceType":"Flag","resourceType":"Patient"}', "Patient"),
        (b'{"resourceType":"Patient","name":[{},{"family":"A","family":"B"}]}', "Patient.name[1]"),
        (b'{"resourceType":"Patient","%s":{"a":1,"a":2}}' % SECRET.encode(), "Patient"),
    ],
)
async def test_f4j_a_name_said_twice_is_refused_with_the_place_of_its_object(door, body, place):
    issue = await refused(door, body, 400)
    assert issue["expression"] == [place]


# Row F5j: what readers understand differently


@pytest.mark.parametrize(
    "value",
    [
        b"NaN",
        b"Infinity",
        b"-Infinity",
        b"9" * 5_000,
        b"9" * 31,
        b"1e999",
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\\u0000"',
        b'{"\\u0000":1}',
    ],
)
async def test_f5j_numbers_and_characters_that_cannot_be_kept_are_refused_with_their_place(
    door, value
):
    body = b'{"resourceType":"Patient","birthDate":"1941","_birthDate":[' + value + b"]}"
    issue = await refused(door, body, 400)
    assert issue["expression"] == ["Patient.birthDate[0]"]


async def test_f5j_a_backslash_before_u0000_is_only_a_text(door):
    body = patient(
        name=[{"family": "back\\u0000slash"}],
        identifier=[{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}],
    )
    answer = await door.post(body, "/fhir/R4/Patient")
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":"\xff"}', "{}".encode("utf-16"), b"{} {}"])
async def test_f5j_what_is_no_json_is_refused(door, body):
    assert (await refused(door, body, 400))["code"] == "structure"


# Row F6j: what is unknown, and addresses


@pytest.mark.parametrize(
    ("resource", "place"),
    [
        ({"resourceType": SECRET}, "Bundle.entry[0].resource.resourceType"),
        ({"resourceType": 7}, "Bundle.entry[0].resource.resourceType"),
        ({}, "Bundle.entry[0].resource.resourceType"),
        (patient(**{SECRET: 1}), "Bundle.entry[0].resource"),
        (patient(modifierExtension=[{"url": "u"}]), "Bundle.entry[0].resource.modifierExtension"),
        (patient(implicitRules="urn:x"), "Bundle.entry[0].resource.implicitRules"),
        (patient(contained=[{"resourceType": SECRET}]), "Bundle.entry[0].resource.contained[0]"),
    ],
)
async def test_f6j_what_is_unknown_is_refused_with_its_place(door, resource, place):
    issue = await refused(door, bundle(resource), 422)
    assert issue["expression"][0].removesuffix(".resourceType") == place.removesuffix(
        ".resourceType"
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:5432/Patient/1",
        "https://elsewhere.example/Patient/1",
        "data:text/plain;base64,QQ==",
        "#gone",
        "Patient/1/_history/1",
    ],
)
async def test_f6j_no_address_is_followed(door, address, monkeypatch):
    def connected(*_):
        raise AssertionError("an address was followed")

    monkeypatch.setattr(socket, "getaddrinfo", connected)
    body = json.loads(GOOD)
    body["entry"][-1]["resource"]["subject"] = {"reference": address}
    issue = await refused(door, body, 422)
    assert issue["expression"][0].startswith("Bundle.entry[3].resource.subject")


async def test_f6j_resources_that_contain_one_another_come_to_an_end(door):
    inner = patient(id="a", link=[{"other": {"reference": "#a"}, "type": "seealso"}])
    for _ in range(10):
        inner = patient(id="a", contained=[inner])
    flag = json.loads(GOOD)["entry"][-1]["resource"]
    flag = {**flag, "contained": [inner], "subject": {"reference": "#a"}}
    assert (await refused(door, bundle(flag), 422))["code"] == "invalid"


# Row F7j: narrative


async def test_f7j_narrative_is_never_read(door):
    body = json.loads(GOOD)
    div = (
        f'<div xmlns="http://www.w3.org/1999/xhtml"><script>{SECRET}</script><img src="//x"/></div>'
    )
    for entry in body["entry"]:
        entry["resource"]["text"] = {"status": "generated", "div": div}
    answer = await door.post(body)
    assert answer.status_code == 202
    assert SECRET not in answer.text
    ((_, event),) = door.published
    assert SECRET not in repr({**vars_of(event), "resource": b""})


def vars_of(event):
    return {name: getattr(event, name) for name in event.__dataclass_fields__}


# Row F8j: packed, cut, long


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip", "identity, gzip"])
async def test_f8j_a_packed_body_is_not_opened(door, encoding):
    bomb = gzip.compress(b"0" * 10 * MIB)
    issue = await refused(door, bomb, 415, **{"Content-Encoding": encoding})
    assert issue["code"] == "not-supported"


async def test_f8j_a_body_may_say_that_it_is_not_packed(door):
    assert (await door.post(GOOD, **{"Content-Encoding": "identity"})).status_code == 202


@pytest.mark.parametrize("length", ["99999999", "9" * 5_000, "-1", "1e3", "x"])
async def test_f8j_a_length_that_is_too_large_or_none_is_refused_unread(door, length):
    await refused(door, b"{}", 413, **{"Content-Length": length})
    assert not door.refused


async def test_f8j_chunks_are_counted_not_believed(door):
    sent = 0

    async def chunks():
        nonlocal sent
        for _ in range(1_000):
            sent += 64 * 1024
            yield b" " * 64 * 1024

    headers = {"Content-Type": "application/json", "Authorization": "Bearer a-token-for-tests"}
    answer = await door.ask("POST", "/fhir/R4", chunks(), headers)
    assert answer.status_code == 413
    assert not door.refused


async def test_f8j_parts_are_not_joined(door):
    await refused(door, b"--x\r\n", 415, **{"Content-Type": "multipart/form-data; boundary=x"})


# Row F9j: XML


@pytest.mark.parametrize("kind", ["application/fhir+xml", "text/xml", "application/xml", "", "x"])
async def test_f9j_xml_is_not_read(door, kind):
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    await refused(door, bomb, 415, **{"Content-Type": kind})


async def test_f9j_xml_that_says_it_is_json_is_no_json(door):
    await refused(door, b"<Patient/>", 400)


# All rows


async def test_what_is_refused_is_kept_with_place_and_reason_and_no_value(door):
    await refused(door, patient(gender=SECRET), 422, "/fhir/R4/Patient")
    (kept,) = door.refused
    assert (kept.expression, kept.code, kept.defect) == ("Patient.gender", "value", False)
    assert SECRET not in kept.reason
    assert kept.value == orjson.dumps(patient(gender=SECRET))


# Row F11j: searches


@pytest.fixture
def desk(shapes) -> AskedDesk:
    desk = AskedDesk(shapes)
    desk.hub.hear(ADMITTED)
    return desk


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("_count=1000000000", 400),
        ("_count=" + "9" * 5_000, 400),
        ("_count=-1", 400),
        ("_include:iterate=*", 200),
        ("_revinclude=*", 200),
        ("patient.name:contains=Zaphrodite", 200),
        ("_filter=name+co+Zaphrodite", 200),
        ("_text=Zaphrodite", 200),
        ("_has:Task:patient:_has:Task:owner:code=Zaphrodite", 200),
        ("status:contains=req", 400),
        ("&".join(f"x{number}=Zaphrodite" for number in range(101)), 400),
    ],
)
async def test_f11j_what_a_search_may_not_ask_is_refused_or_does_nothing(desk, query, status):
    answer = await desk.get(f"/Task?{query}")
    assert answer.status_code == status, answer.text
    assert SECRET not in answer.text
    found = [each for each in answer.json().get("entry", ()) if each["search"]["mode"] == "match"]
    assert len(found) == (status == 200), "only what was told to the asker, and nothing with it"
    assert len(json.loads((await desk.get("/Task")).text)["entry"]) == 1


@pytest.mark.parametrize("query", ["_include:iterate=*", "_filter=a", "patient.name:contains=a"])
async def test_f11j_what_is_passed_over_is_refused_where_that_is_wished_for(desk, query):
    assert (await desk.get(f"/Task?{query}", Prefer="handling=strict")).status_code == 400


async def test_f11j_what_is_anothers_and_what_is_not_there_look_the_same_and_ask_the_same(desk):
    """The same words and the same questions to the ledger, so that there is nothing to be told by time."""
    asked = []
    ledger = desk.ledger
    for name in ("alert", "referral"):
        found = getattr(ledger, name)
        setattr(ledger, name, lambda key, name=name, found=found: asked.append(name) or found(key))
    anothers = await desk.get(f"/Task/{desk.alert.alert_id}", by="RR8")
    first, asked[:] = asked[:], []
    missing = await desk.get("/Task/00000000-0000-4000-8000-000000000000", by="RR8")
    assert (anothers.status_code, anothers.content) == (missing.status_code, missing.content)
    assert anothers.status_code == 404
    assert first == asked == ["alert", "referral"]


# Row F10j, at every address; over a socket: tests/integration/test_fhir_door.py


async def test_f10j_no_address_reads_a_body_before_it_knows_who_is_asking(desk):
    nobody = "00000000-0000-4000-8000-000000000000"
    organisations = (organisation("RWE"),)
    whole = Desk(organisations, desk.ledger, desk, desk, lambda: desk.now, desk.shapes)
    app = app_of(FhirDoor((), desk, desk, lambda: desk.now, desk.shapes, whole))
    taken = []

    async def content():
        taken.append(True)
        yield GOOD

    asked = 0
    for route in app.routes:
        path = re.sub(r"\{type.*?\}", "Patient", route.path)
        path = re.sub(r"\{\w+.*?\}", nobody, path)
        for method in sorted(set(route.methods) & {"POST", "PUT", "PATCH"}):
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
                answer = await client.request(method, path, content=content(), headers=FHIR)
            assert answer.status_code in (401, 404, 405), (method, path)
            asked += answer.status_code == 401
    assert asked >= 7
    assert taken == []
