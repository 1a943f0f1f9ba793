"""XML where it is switched on: the same events as the JSON that says the same, and none of XML's dangers."""

import json
import time
from collections import Counter
from contextlib import suppress
from xml.sax.saxutils import quoteattr

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.fhir_api import xml_body
from connectors.fhir_api.structures import R4Structures
from connectors.fhir_api.xml_body import FHIR, json_from_xml
from deploy.fhir_schema import LAID
from hub.errors import InvalidResource, Rejected, Undecodable
from hub.fhir.body import strict_json_from
from hub.fhir.bundle import bundle_entries, single_entry
from hub.fhir.conformance import refuse_malformed
from hub.testing.flags import carer_flag
from hub.testing.people import ADA, BEN
from tests.unit.fhir.test_examples import read as example_read

GOOD = carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource
XML = {"Content-Type": "application/fhir+xml"}
STRUCTURES = R4Structures(LAID.read_bytes())
SECRET = "Zaphrodite"


def xml_of(name, value, above=""):
    """JSON of FHIR as XML, for tests: what is written here is what senders write."""
    if isinstance(value, list):
        return "".join(xml_of(name, each) for each in value)
    if not isinstance(value, dict):
        return f"<{name} value={quoteattr(str(value).lower() if value in (True, False) else str(value))}/>"
    kind = value.get("resourceType")
    if kind and name != kind:
        return f"<{name}>{xml_of(kind, value)}</{name}>"
    url = f" url={quoteattr(value['url'])}" if name == "extension" else ""
    inner = "".join(
        xml_of(each, part)
        for each, part in value.items()
        if each != "resourceType" and not (url and each == "url")
    )
    return f"<{name}{above}{url}>{inner}</{name}>"


def document(resource):
    kind = resource["resourceType"]
    return xml_of(kind, resource, f' xmlns="{FHIR}"').encode()


def patient(inside, more=""):
    return f'<Patient xmlns="{FHIR}"{more}>{inside}</Patient>'.encode()


def read(body):
    return orjson.loads(json_from_xml(body, STRUCTURES))


async def test_xml_comes_to_the_same_events_as_json_and_its_bytes_are_kept(door, structures):
    await door.post(GOOD)
    door.xml = structures
    body = document(json.loads(GOOD))
    answer = await door.post(body, **XML)
    assert answer.status_code == 202, answer.text
    (key, as_json), (same_key, as_xml) = door.published
    assert (same_key, as_xml.event_id) == (key, as_json.event_id)
    assert orjson.loads(as_xml.resource) == orjson.loads(GOOD)
    assert (as_xml.original, as_xml.original_type) == (body, "application/fhir+xml")
    assert as_json.original is None


async def test_the_statement_says_xml_where_it_is_taken(door, structures):
    door.xml = structures
    assert (await door.ask("GET", "/fhir/R4/metadata")).json()["format"] == ["json", "xml"]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ('<active value="true"/>', {"active": True}),
        ('<birthDate id="b" value="1950"/>', {"birthDate": "1950", "_birthDate": {"id": "b"}}),
        ('<multipleBirthInteger value="2"/>', {"multipleBirthInteger": 2}),
        ('<name><given value="A"/><given value="B"/></name>', {"name": [{"given": ["A", "B"]}]}),
        (
            '<name><given><extension url="u"><valueCode value="x"/></extension></given><given value="B"/></name>',
            {"name": [{"given": [None, "B"], "_given": [{"extension": [{"url": "u", "valueCode": "x"}]}, None]}]},
        ),
        (
            '<contained><Flag><id value="f"/></Flag></contained><contained><Flag/></contained>',
            {"contained": [{"resourceType": "Flag", "id": "f"}, {"resourceType": "Flag"}]},
        ),
        ('<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">x<b>y</b></div></text>', {}),
        ('<!-- a comment --><active value="false"/>\n', {"active": False}),
        ('<gender value="&quot;&amp;&#233;"/>', {"gender": '"&\u00e9'}),
        (f'<{SECRET}><x/>y</{SECRET}>', {SECRET: {}}),
    ],
)  # fmt: skip
def test_elements_become_what_the_schema_says_they_are(inside, said):
    assert read(patient(inside)) == {"resourceType": "Patient", **said}


DOCTYPES = [
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"/>',
    b'<!DOCTYPE x SYSTEM "http://169.254.169.254/x.dtd"><x/>',
    b'<!DOCTYPE x PUBLIC "a" "b"><x/>',
    b'<?xml version="1.0"?>\n<!DOCTYPE l [<!ENTITY l "ha">'
    + b"".join(b'<!ENTITY l%d "&l%d;&l%d;">' % (n + 1, n, n) for n in range(40))
    + b"]><l>&l40;</l>",
]


@pytest.mark.parametrize("body", DOCTYPES)
async def test_f9j_no_document_type_declaration_is_read(door, structures, body, monkeypatch):
    door.xml = structures
    began = time.process_time()
    answer = await door.post(body, **XML)
    assert answer.status_code == 400
    assert "document type declaration" in answer.json()["issue"][0]["diagnostics"]
    assert [each.code for each in door.refused] == ["doctype"]
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        (b"", "not-xml", "line 1, column 1"),
        (b"{}", "not-xml", "line 1, column 1"),
        (b'<Patient xmlns="http://hl7.org/fhir">\n  <name>\n</Patient>', "not-xml", "line 3, column 3"),
        (patient('<active value="&a;"/>'), "not-xml", "line 1"),
        (patient('<active value="1" value="2"/>'), "not-xml", "line 1"),
        (patient('<gender value="\0"/>'), "not-xml", "line 1"),
        (b"<Patient/>", "namespace", "line 1"),
        (b'<p:Patient xmlns:p="urn:other"/>', "namespace", "line 1"),
        (patient('<resourceType value="Flag"/>'), "namespace", "line 1"),
        (patient('<_active id="a"/>'), "namespace", "line 1"),
        (patient(SECRET), "structure", "line 1"),
        (patient('<active value="true"/><active value="true"/>'), "duplicate", "line 1"),
        (patient('<maritalStatus/><maritalStatus/>'), "duplicate", "line 1"),
        (patient("<contained><Flag/><Flag/></contained>"), "duplicate", "line 1"),
        (patient(f'<name {SECRET}="x"/>'), "unknown", "line 1"),
        (patient("<contained><Patient>" * 100), "too-deep", "line 1"),
        (patient("<x>" * 100), "too-deep", "line 1"),
        (patient("<name/>" * 50_001), "too-many", "line 1"),
    ],
)  # fmt: skip
def test_what_is_no_fhir_in_xml_is_refused_with_line_and_column(body, code, where):
    with pytest.raises((Undecodable, InvalidResource)) as refused:
        json_from_xml(body, STRUCTURES)
    assert refused.value.code == code
    assert where in refused.value.reason
    assert SECRET not in f"{refused.value.reason} {refused.value.expression}"
    assert len(refused.value.expression) < 300


async def test_what_xml_says_wrongly_is_refused_by_the_same_reader(door, structures):
    door.xml = structures
    answer = await door.post(patient('<gender value="x"/>'), "/fhir/R4/Patient", **XML)
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["expression"] == ["Patient.gender"]
    old = f'<Condition xmlns="{FHIR}"><clinicalStatus value="active"/></Condition>'.encode()
    answer = await door.post(old, "/fhir/R4/Condition", **XML)
    assert "This is FHIR DSTU2 or STU3" in answer.text


@given(st.binary(max_size=60), st.integers(0, 400))
@settings(max_examples=60)
def test_mangled_xml_is_read_or_refused(noise, at):
    body = document(json.loads(GOOD))
    at = min(at, len(body))
    with suppress(Rejected):
        orjson.loads(json_from_xml(body[:at] + noise + body[at + len(noise) :], STRUCTURES))


def test_every_official_example_in_xml_is_read(samples, shapes):
    refused = {}
    for folder in ("ukcore-examples/examples", "nhs-bars/examples-xml"):
        for file in sorted((samples / folder).glob("*.xml")):
            try:
                refuse_malformed(
                    strict_json_from(json_from_xml(file.read_bytes(), STRUCTURES)), shapes
                )
            except InvalidResource as refusal:
                refused[file.name[:14]] = refusal.expression
    place = "Bundle.entry[0].resource.serviceCategory[0].coding[0].system"
    assert refused == {"BOOKREQRESP01_": place}  # a blank in a URI


def test_people_stays_flags_and_consents_of_the_examples_in_xml_are_read(samples):
    """UK Core, national patient flags, CP-IS and BaRS: the shapes that exist in XML alone."""
    read, refused, no_fhir = Counter(), [], []
    for file in sorted(samples.rglob("*.xml")):
        try:
            body = orjson.loads(json_from_xml(file.read_bytes(), STRUCTURES))
        except Rejected as refusal:
            no_fhir.append((file.name, refusal.code))
            continue
        entries = bundle_entries(body) if body["resourceType"] == "Bundle" else single_entry(body)
        for entry in entries:
            try:
                read[entry.type] += example_read(entry, entries) is not None
            except InvalidResource as refusal:
                refused.append(refusal.expression)
    assert [code for _, code in no_fhir] == ["structure"]  # a stray character in a code system
    assert refused == ["Condition.code"]  # the one example that has none
    assert read["Flag"] > 10
    assert read["Patient"] > 40
    assert read["Encounter"] > 30
    assert read["RelatedPerson"] == 2


@pytest.mark.parametrize("name", ["id", "value"])
def test_a_resource_has_no_attributes(name):
    with pytest.raises(InvalidResource) as refusal:
        read(patient("", f' {name}="{SECRET}"'))
    assert refusal.value.code == "unknown"
    assert SECRET not in refusal.value.reason
    assert read(patient("", ' xmlns:x="urn:x" x:schema="y"')) == {"resourceType": "Patient"}


CROWD = 200_000
CROWDS = {
    "attributes": b" ".join(b'a%d=""' % number for number in range(CROWD)),
    "spaced": b"\n".join(b"a%d \t=\r\n'b'" % number for number in range(CROWD)),
    "namespaces": b" ".join(b'xmlns:a%d="b"' % number for number in range(CROWD)),
}


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("where", [b"<active %s/>", b"<text><div %s/></text>"])
def test_a_tag_of_very_many_attributes_is_refused_before_a_parser_sees_it(
    crowd, where, monkeypatch
):
    body = b'<Patient xmlns="http://hl7.org/fhir">%s</Patient>' % (where % CROWDS[crowd])
    monkeypatch.setattr(xml_body, "expat", None)
    with pytest.raises(InvalidResource) as refusal:
        read(body)
    assert (refusal.value.code, refusal.value.expression) == ("too-many", "Resource")


def test_signs_of_attributes_in_values_text_and_comments_are_none():
    many = "a='b' = " * 200
    assert read(patient(f'<!-- {many} --><implicitRules value="{many}"/>')) == {
        "resourceType": "Patient",
        "implicitRules": many,
    }
    narrative = f"<text><div>{many}</div></text>"
    assert read(patient(narrative))["resourceType"] == "Patient"


def test_attributes_count_as_parts():
    spoken = " ".join(f'x:a{number}="1"' for number in range(9))
    with pytest.raises(InvalidResource) as refusal:
        read(patient(f"<active {spoken}/>" * 5_001, ' xmlns:x="urn:x"'))
    assert refusal.value.code == "too-many"
