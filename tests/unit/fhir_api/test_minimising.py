"""What nobody here reads is kept nowhere: no diagnosis, no medicine, and no trace of either in what is answered."""

import orjson
import pytest

from connectors.fhir_api.capability import capability_statement
from connectors.fhir_api.minimising import STAYING
from hub.fhir.statement import STATEMENTS
from hub.fhir.systems import NHS_NUMBER, SNOMED_CT
from hub.records import CarerFlagEvent, EncounterEvent
from tests.unit.fhir_api.conftest import sender
from tests.unit.fhir_api.test_xml import document

BEN = {"identifier": {"system": NHS_NUMBER, "value": "9990000026"}}
PATIENT = {"resourceType": "Patient", "identifier": [BEN["identifier"]]}
CARER, DIABETES = "224484003", "44054006"
MEDICINE = {
    "resourceType": "MedicationStatement",
    "status": "active",
    "subject": BEN,
    "medicationCodeableConcept": {"text": DIABETES},
}
XML = {"Content-Type": "application/fhir+xml"}
WORDS = "Not kept: no code of this is in the carer lists."


def coded(*codes, kind="Condition", **more):
    status = {"Flag": {"status": "active"}, "Observation": {"status": "final"}}.get(kind, {})
    code = {"coding": [{"system": SNOMED_CT, "code": each} for each in codes]}
    return {"resourceType": kind, "code": code, "subject": BEN, **status, **more}


def bundle(*resources, kind="collection"):
    asked = {"request": {"method": "POST", "url": "x"}} if kind == "transaction" else {}
    return {
        "resourceType": "Bundle",
        "type": kind,
        "entry": [{"resource": each, **asked} for each in resources],
    }


def kept(door):
    """Every byte that the door made durable."""
    refused = b"".join(each.value for each in door.refused)
    return refused + b"".join(
        e.resource + (getattr(e, "original", None) or b"") for _, e in door.published
    )


@pytest.mark.parametrize("kind", sorted(STATEMENTS))
@pytest.mark.parametrize("as_xml", [False, True])
async def test_a_diagnosis_alone_is_refused_with_where_the_lists_are_and_no_byte_is_kept(
    door, structures, kind, as_xml
):
    door.xml = structures
    said = coded(DIABETES, kind=kind)
    for _ in range(2):
        answer = await (door.post(document(said), **XML) if as_xml else door.post(said))
    (issue,) = answer.json()["issue"]
    assert (answer.status_code, issue["code"]) == (422, "not-supported")
    assert "`hub codes show`" in issue["diagnostics"]
    assert issue["expression"] == [f"{kind}.code"]
    assert not kept(door)
    assert len({each.dead_letter_id for each in door.refused}) == 1


@pytest.mark.parametrize("as_xml", [False, True])
async def test_what_is_not_about_carers_is_taken_out_and_the_answer_says_where(
    door, structures, as_xml
):
    door.xml = structures
    within = coded(CARER, kind="Flag", contained=[coded(DIABETES, id="a"), {**PATIENT, "id": "b"}])
    said = bundle(PATIENT, coded(DIABETES), within, MEDICINE, coded(DIABETES, CARER))
    answer = await (door.post(document(said), **XML) if as_xml else door.post(said))
    ((_, event),) = door.published
    assert answer.status_code == 202
    rest = {**within, "contained": [{**PATIENT, "id": "b"}]}
    assert orjson.loads(event.resource) == bundle(PATIENT, rest, coded(DIABETES, CARER))
    assert (event.original, event.original_type) == (None, None)
    _, unknown, unread = answer.json()["issue"]
    assert (unknown["severity"], unknown["diagnostics"]) == ("information", WORDS)
    assert unknown["expression"] == ["Bundle.entry[1].resource"]
    assert unread["expression"] == [
        "Bundle.entry[3].resource",
        "Bundle.entry[2].resource.contained[0]",
    ]
    assert DIABETES not in answer.text


@pytest.mark.parametrize(
    "other",
    [
        {"resourceType": "Condition", "subject": BEN, "note": [{"text": DIABETES}]},
        {"resourceType": "Condition", "subject": BEN, "code": {"text": DIABETES}},
        {"resourceType": "Condition", "subject": {}, "code": {"coding": [{"code": DIABETES}]}},
        coded(DIABETES, onsetDateTime="long ago"),
    ],
)
async def test_what_is_wrong_with_another_statement_refuses_no_carer(door, other):
    door.shapes = None  # the published schema would refuse the last two first
    answer = await door.post(bundle(PATIENT, other, coded(CARER)))
    ((_, event),) = door.published
    assert answer.status_code == 202
    assert orjson.loads(event.resource) == bundle(PATIENT, coded(CARER))
    broken = await door.post(bundle(PATIENT, coded(CARER, onsetDateTime="long ago")))
    assert broken.status_code == 422


async def test_the_same_body_is_the_same_event_whatever_the_lists_know(door):
    said = bundle(PATIENT, coded(DIABETES))
    await door.post(said)
    door.sender = sender(knows=lambda codings: True)
    await door.post(said)
    (_, first), (_, again) = door.published
    assert first.event_id == again.event_id
    assert orjson.loads(first.resource) == bundle(PATIENT)
    assert again.resource == orjson.dumps(said)


async def test_a_code_that_the_lists_know_and_leave_out_on_purpose_is_kept(door):
    paid = coded("229774002")
    await door.post(paid)
    ((_, event),) = door.published
    assert event.resource == orjson.dumps(paid)


STAY = {
    "resourceType": "Encounter",
    "identifier": [{"system": "urn:x", "value": "V1"}],
    "status": "in-progress",
    "class": {"code": "IMP"},
}


async def test_of_a_stay_no_diagnosis_is_kept(door):
    door.sender = sender(is_trust=True)
    stay = STAY
    broken = {"resourceType": "Condition", "subject": BEN}
    await door.post(bundle(PATIENT, stay, coded(DIABETES), broken))
    ((_, event),) = door.published
    assert orjson.loads(event.resource) == bundle(PATIENT, stay)


async def test_each_entry_of_a_transaction_has_its_own_answer(door):
    said = bundle(coded(DIABETES), PATIENT, coded(CARER), kind="transaction")
    answer = await door.post(said, Prefer="return=representation")
    gone, *kept_ones = answer.json()["entry"]
    assert "resource" not in gone
    assert [each["resource"] for each in kept_ones] == [PATIENT, coded(CARER)]


def test_every_type_that_the_door_says_it_takes_is_looked_at_or_stays():
    (rest,) = capability_statement()["rest"]
    types = {each["type"] for each in rest["resource"]} - {"Bundle"}
    assert types <= STAYING | STATEMENTS


SECRET = "zaphrodite"
"""What nobody here reads, wherever it stands."""
FREE = {"text": SECRET}
META = {
    "lastUpdated": "2026-11-20T10:00:00Z",
    "tag": [{"system": "urn:x", "code": SECRET}],
    "security": [{"system": "urn:x", "code": SECRET}],
}
SAYS_MORE = {"extension": [{"url": "urn:x:" + SECRET, "valueString": SECRET}], "meta": META}
NARRATIVE = {"text": {"status": "generated", "div": f"<div>{SECRET}</div>"}}


def said_too_much(resource, **more):
    """The resource with what is not read of it."""
    return {**resource, **SAYS_MORE, **NARRATIVE, **more}


@pytest.mark.parametrize(
    ("resource", "more"),
    [
        (
            STAY,
            {
                "reasonCode": [FREE],
                "serviceType": FREE,
                "type": [FREE],
                "hospitalization": {
                    "dischargeDisposition": {"coding": [{"system": "urn:d", "code": "19"}]},
                    "dietPreference": [FREE],
                },
            },
        ),
        (
            coded(CARER),
            {
                "code": {"coding": [{"system": SNOMED_CT, "code": CARER}], **FREE},
                "note": [FREE],
                "evidence": [{"code": [FREE]}],
                "bodySite": [FREE],
            },
        ),
        (coded(CARER, kind="Flag"), {"category": [FREE]}),
        (
            coded(CARER, kind="Observation"),
            {"interpretation": [FREE], "valueCodeableConcept": FREE},
        ),
        ({**PATIENT, "generalPractitioner": [{"reference": "#g"}]}, {"maritalStatus": FREE}),
    ],
)
async def test_of_what_stays_only_the_elements_that_are_read_do(door, resource, more):
    door.sender = sender(is_trust=True)
    long = said_too_much(resource, **more)
    if resource["resourceType"] == "Patient":
        long["meta"] = {**META, "security": []}  # of people the labels are read
    answer = await door.post(bundle(PATIENT, long))
    ((_, event),) = door.published
    assert answer.status_code == 202, answer.text
    assert SECRET.encode() not in event.resource
    kept_one = orjson.loads(event.resource)["entry"][1]["resource"]
    assert resource.items() <= kept_one.items()
    assert kept_one["meta"]["lastUpdated"] == META["lastUpdated"]


async def test_of_xml_with_narrative_or_a_comment_the_bytes_are_not_kept(door, structures):
    door.xml = structures
    plain = document(bundle(PATIENT, coded(CARER)))
    for hidden in (
        plain.replace(b"</Bundle>", b"<!-- " + SECRET.encode() + b" --></Bundle>"),
        plain.replace(
            b"<Patient>",
            b'<Patient><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">'
            + SECRET.encode()
            + b"</div></text>",
        ),
    ):
        assert (await door.post(hidden, **XML)).status_code == 202
    assert len(door.published) == 2
    assert SECRET.encode() not in kept(door)


async def test_a_consent_about_something_else_is_not_kept(door):
    other = {"resourceType": "Consent", "status": "active", "patient": BEN, "scope": FREE}
    door.shapes = None
    assert (await door.post(bundle(PATIENT, other))).status_code == 202
    assert (await door.post(other, "/fhir/R4/Consent")).status_code == 422
    assert SECRET.encode() not in kept(door)


REPORT = {"resourceType": "DiagnosticReport", "status": "final", "code": FREE}


@pytest.mark.parametrize(
    "said",
    [
        bundle(PATIENT, said_too_much(coded(CARER)), coded(DIABETES, note=[FREE]))
        | {"type": "searchset"},
        bundle(REPORT),
        REPORT,
        bundle(PATIENT, coded(CARER, onsetDateTime="long ago"), coded(DIABETES, note=[FREE])),
        bundle(coded(DIABETES, note=[FREE])) | {"type": "searchset"},
    ],
)
@pytest.mark.parametrize("as_xml", [False, True])
async def test_of_a_body_that_is_refused_no_more_is_kept_than_of_one_that_is_taken(
    door, structures, said, as_xml
):
    door.xml = structures
    answer = await (door.post(document(said), **XML) if as_xml else door.post(said))
    assert answer.status_code == 422, answer.text
    assert len(door.refused) == 1
    assert SECRET.encode() not in kept(door)


CONTACT = {"resourceType": "RelatedPerson", "patient": BEN, "active": True}


async def test_a_carer_flag_beside_a_stay_is_an_event_of_its_own(door):
    door.sender = sender(is_trust=True, regions=(3,))
    carer = {**CONTACT, "identifier": [BEN["identifier"]]}
    mother = {**CONTACT, "identifier": [{"system": "urn:x", "value": "mother"}]}
    flag = coded(CARER, kind="Flag")
    answer = await door.post(bundle(PATIENT, STAY, flag, coded(DIABETES), carer, mother))
    assert answer.status_code == 202, answer.text
    (_, stay), (_, said) = door.published
    assert (type(stay), type(said)) == (EncounterEvent, CarerFlagEvent)
    assert orjson.loads(stay.resource) == bundle(PATIENT, STAY, carer, mother)
    assert orjson.loads(said.resource) == bundle(PATIENT, flag, carer)
    assert said.event_id != stay.event_id
    assert (said.correlation_id, said.region) == (stay.correlation_id, 3)
    await door.post(bundle(PATIENT, STAY, flag, coded(DIABETES), carer, mother))
    assert door.published[3][1].event_id == said.event_id


@pytest.mark.parametrize(
    "flag",
    [
        coded(CARER, kind="Flag", subject={"reference": "Patient/gone"}),
        coded(CARER, onsetDateTime="2026-02-30"),
    ],
)
async def test_a_flag_that_cannot_be_used_takes_no_stay_with_it(door, flag):
    door.sender = sender(is_trust=True)
    answer = await door.post(bundle(PATIENT, STAY, flag))
    assert answer.status_code == 202
    assert answer.json()["issue"][1]["expression"] == ["Bundle.entry[2].resource"]
    ((_, event),) = door.published
    assert orjson.loads(event.resource) == bundle(PATIENT, STAY)
