"""What nobody here reads is kept nowhere: no diagnosis, no medicine, and no trace of either in what is answered."""

import orjson
import pytest

from connectors.fhir_api.capability import capability_statement
from connectors.fhir_api.minimising import STAYING
from hub.fhir.statement import STATEMENTS
from hub.fhir.systems import NHS_NUMBER, SNOMED_CT
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


async def test_of_a_stay_no_diagnosis_is_kept(door):
    door.sender = sender(is_trust=True)
    stay = {
        "resourceType": "Encounter",
        "identifier": [{"system": "urn:x", "value": "V1"}],
        "status": "in-progress",
        "class": {"code": "IMP"},
    }
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
