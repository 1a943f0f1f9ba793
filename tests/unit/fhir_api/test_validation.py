"""The published schema at the door: what it refuses, where, and in which words."""

import json
import re
from pathlib import Path

import pytest

from connectors.fhir_api.validation import NoSchema, R4Schema
from deploy.composition import fhir_shapes
from deploy.fhir_schema import LAID, fhir_schema_place
from deploy.local.errors import CannotStart
from hub.errors import InvalidResource
from hub.fhir.conformance import NotSupported, refuse_malformed

EXAMPLES = Path(__file__).parents[3] / "schemas/examples"
SECRET = "Zaphrodite"


def refusal_of(body, shapes):
    with pytest.raises(InvalidResource) as refusal:
        refuse_malformed(body, shapes)
    return refusal.value.expression, refusal.value.reason


def patient(**more):
    return {"resourceType": "Patient", **more}


@pytest.mark.parametrize(
    ("resource", "place", "reason"),
    [
        (patient(gender=SECRET), "Patient.gender", "Use one of: male, female, other, unknown."),
        (patient(birthDate=SECRET), "Patient.birthDate", "This is no date of FHIR R4."),
        (patient(birthDate="2026-13-01"), "Patient.birthDate", "This is no date of FHIR R4."),
        (patient(_birthDate={"id": 1}), "Patient.birthDate.id", "Expected text."),
        (patient(active=SECRET), "Patient.active", "Expected true or false."),
        (patient(name={"family": SECRET}), "Patient.name", "Expected a JSON array."),
        (patient(name=[SECRET]), "Patient.name[0]", "Expected a JSON object."),
        (patient(name=[{"family": ""}]), "Patient.name[0].family", "This is no string of FHIR R4."),
        (patient(id="a" * 65), "Patient.id", "This is no id of FHIR R4."),
        (
            patient(active=True, **{SECRET: 1}),
            "Patient",
            "FHIR R4 has no such element here: number 3.",
        ),
        ({"resourceType": "Flag", "status": "active"}, "Flag.code", "This is required."),
        (
            patient(contained=[patient(name=7)]),
            "Patient.contained[0].name",
            "Expected a JSON array.",
        ),
        (SECRET, "Resource", "Expected a JSON object."),
    ],
)
def test_a_fault_is_named_in_words_of_the_standard(shapes, resource, place, reason):
    assert refusal_of(resource, shapes) == (place, reason)


def test_the_first_fault_in_the_order_of_places_is_named(shapes):
    wrong = patient(name=[{"family": 1}, {"given": 1}], gender=SECRET, birthDate=SECRET)
    assert {refusal_of(wrong, shapes)[0] for _ in range(5)} == {"Patient.birthDate"}


def test_a_fault_inside_a_bundle_has_its_whole_place(shapes):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{}, {"resource": patient()}],
    }
    refuse_malformed(bundle, shapes)
    bundle["entry"].append({"resource": {**bundle, "entry": [{"resource": patient(gender="x")}]}})
    assert refusal_of(bundle, shapes)[0] == "Bundle.entry[2].resource.entry[0].resource.gender"


def test_an_unknown_resource_type_is_not_supported(shapes):
    with pytest.raises(NotSupported) as refusal:
        refuse_malformed({"resourceType": SECRET}, shapes)
    assert refusal.value.expression == "Resource.resourceType"
    assert (refusal.value.http_status, refusal.value.issue_code) == (422, "not-supported")


def test_a_null_that_stands_for_an_extension_is_right_and_any_other_is_not(shapes):
    beside = [None, {"extension": [{"url": "u", "valueCode": "masked"}]}]
    refuse_malformed(patient(name=[{"given": ["Ann", None], "_given": beside}]), shapes)
    assert refusal_of(patient(name=[{"given": ["Ann", None]}]), shapes)[0] == (
        "Patient.name[0].given[1]"
    )
    assert refusal_of(patient(name=[None]), shapes)[0] == "Patient.name[0]"


def test_a_fault_behind_such_nulls_has_its_place_as_sent(shapes):
    beside = [None, {"id": "a"}, None, {"id": 1}]
    said = {"given": [None, "Ann", None, 7], "_given": beside}
    assert refusal_of(patient(name=[said]), shapes)[0] == "Patient.name[0].given[3].id"
    beside[-1] = None
    assert refusal_of(patient(name=[said]), shapes)[0] == "Patient.name[0].given[3]"


@pytest.mark.parametrize("family", ["O\N{NO-BREAK SPACE}Brien", "\N{IDEOGRAPHIC SPACE}", "Ng"])
def test_any_white_space_may_stand_in_a_name(shapes, family):
    refuse_malformed(patient(name=[{"family": family}]), shapes)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.json")), ids=lambda path: path.stem)
def test_every_example_of_a_resource_has_the_published_shape(shapes, path):
    resource = json.loads(path.read_text()).get("resource")
    if resource is not None:
        refuse_malformed(resource, shapes)


def test_official_examples_have_the_published_shape(shapes, samples):
    outcomes = {"right": 0, "wrong": []}
    for file in sorted(samples.glob("**/*.json")):
        try:
            body = json.loads(file.read_bytes())
            refuse_malformed(body, shapes)
            outcomes["right"] += 1
        except InvalidResource as refusal:
            outcomes["wrong"].append((file.name, refusal.expression, refusal.reason))
        except ValueError:
            continue
    print(outcomes["right"], *outcomes["wrong"], sep="\n")
    assert outcomes["right"] > 60


# The file


def test_the_file_is_that_of_the_version_that_is_spoken():
    enum = json.loads(LAID.read_bytes())["definitions"]["CapabilityStatement"]["properties"]
    assert enum["fhirVersion"]["enum"][-1] == "4.0.1"


def test_a_setting_names_another_place(tmp_path):
    assert fhir_schema_place({}) == fhir_schema_place({"HUB_FHIR_SCHEMA": ""}) == LAID
    assert fhir_schema_place({"HUB_FHIR_SCHEMA": str(tmp_path)}) == tmp_path


def test_a_missing_schema_refuses_to_start_and_says_what_to_do(tmp_path):
    with pytest.raises(CannotStart, match="make setup"):
        fhir_shapes(tmp_path / "gone.json")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"id":"http://hl7.org/fhir/json-schema/3.0"}']
)
def test_another_file_refuses_to_start(tmp_path, content):
    with pytest.raises(NoSchema):
        R4Schema(content)
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(CannotStart, match="FHIR R4"):
        fhir_shapes(tmp_path / "a.json")


def test_the_list_names_one_file_by_its_hash():
    line = (Path(__file__).parents[3] / "deploy/fhir_schema.sha256").read_text().splitlines()[-1]
    assert re.fullmatch(r"[0-9a-f]{64}  \S+@\d+\.\d+\.\d+  \S+\.json", line)
