"""An NHS number that fails its check names nobody: kept with its reason where it stands, and nobody is joined by it."""

import pytest

from hub.fhir.systems import NHS_NUMBER, SNOMED_CT
from hub.testing.memory_hub import MemoryHub
from processors.carer_matching.processor import carer_matching
from tests.flow.scenes import MATCHING

BAD = {
    "9990000019": "check-digit",
    "9999999999": "placeholder",
    "91000000009": "length",
    "3333333333": "placeholder",
}


def subject(number):
    return {"identifier": {"system": NHS_NUMBER, "value": number}}


def flag(of):
    code = {"coding": [{"system": SNOMED_CT, "code": "224484003"}]}
    return {"resourceType": "Flag", "status": "active", "code": code, "subject": of}


def patient(number, own, name):
    identifiers = [
        {"system": NHS_NUMBER, "value": number},
        {"system": "urn:gp:record", "value": own},
    ]
    return {"resourceType": "Patient", "id": own, "identifier": identifiers, "name": [{"family": name}]}  # fmt: skip


@pytest.mark.parametrize(("number", "why"), BAD.items())
@pytest.mark.parametrize("kind", ["Flag", "RelatedPerson"])
async def test_nobody_is_named_by_such_a_number_alone(door, kind, number, why):
    related = {"resourceType": "RelatedPerson", "patient": subject(number)}
    body = flag(subject(number)) if kind == "Flag" else related
    answer = await door.post(body, f"/fhir/R4/{kind}")
    assert answer.status_code == 422
    (issue,) = answer.json()["issue"]
    place = "subject" if kind == "Flag" else "patient"
    assert issue["expression"] == [f"{kind}.{place}.identifier.value"]
    assert f"({why})" in issue["diagnostics"]
    assert number not in answer.text
    assert [each.code for each in door.refused] == ["nhs-number"]


@pytest.mark.parametrize(("number", "why"), BAD.items())
async def test_beside_a_number_of_the_sender_it_is_kept_with_its_reason_and_joins_nobody(
    door, number, why
):
    hub = MemoryHub((carer_matching(MATCHING),))
    for own, name in (("a", "Marsh"), ("b", "Green")):
        said = (patient(number, own, name), flag({"reference": f"Patient/{own}"}))
        entries = [{"resource": each} for each in said]
        body = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        assert (await door.post(body)).status_code == 202
    hub.hear(*(event for _, event in door.published))
    records = list(hub.memory.records.values())
    assert [each.facts.unusable_nhs_number for each in records] == [why, why]
    assert {each.facts.nhs_number for each in records} == {None}
    assert len({hub.memory.person(each.record_id) for each in records}) == 2


async def test_a_number_written_3_3_4_names_the_same_person(door):
    for written in ("9990000018", "999 000 0018"):
        await door.post(flag(subject(written)), "/fhir/R4/Flag")
    assert len({key for key, _ in door.published}) == 1
