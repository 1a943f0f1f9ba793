"""Every Bundle that leaves is R4, by HL7's schema and by `fhir.resources`. The full dose: `tests.contract.outgoing`."""

import json

import orjson
import pytest

from connectors.fhir_api import outcome
from connectors.fhir_api.mapping.taken import Taken
from connectors.fhir_api.minimising import LeftOut
from deploy.composition import fhir_shapes
from deploy.configuration.load import load
from deploy.fhir_schema import LAID
from deploy.generate import ROOT
from deploy.trying.composition import wards_for
from deploy.trying.conversion import converted
from deploy.trying.files import files_in, pieces_of
from hub.errors import InvalidResource
from tests.contract.outgoing import held, of_alerts, of_messages

PATIENT = {"resource": {"resourceType": "Patient"}}
SMALL_DOSE, SEED = 300, 20261128


@pytest.fixture(scope="module")
def shapes():
    return fhir_shapes(LAID)


@pytest.fixture(scope="module")
def heard(shapes):
    print(f"seed {SEED}")
    return of_messages(SMALL_DOSE, SEED, shapes)


def test_every_bundle_of_generated_messages_is_r4(heard):
    _, counts = heard
    assert counts["message Bundles"] > SMALL_DOSE / 2
    assert counts["refused"] > 0
    assert sum(counts.values()) == SMALL_DOSE


def test_every_page_that_a_trust_reads_of_them_is_r4(heard, shapes):
    events, _ = heard
    assert of_alerts(events, shapes)["alerts"] > 20


def test_every_bundle_of_the_examples_is_r4(samples, shapes):
    wards = wards_for(load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False))
    pieces = (piece for file in files_in([samples]) for piece in pieces_of(file))
    said = [converted(piece, wards) for piece in pieces if piece.kind == "hl7v2"]
    bundles = [each["bundle"] for each in said if each["outcome"] == "accepted"]
    assert len(bundles) >= 5
    for bundle in bundles:
        held(bundle, shapes)


@pytest.mark.parametrize("kind", ["transaction", "batch"])
@pytest.mark.parametrize("back", ["OperationOutcome", "minimal", "representation"])
def test_every_answer_by_entries_is_r4(shapes, kind, back):
    sent = {"type": kind, "entry": [{"resource": {"resourceType": "Flag"}}, PATIENT, {}]}
    body, left_out = {**sent, "entry": [PATIENT, {}]}, LeftOut(("Bundle.entry[0].resource",))
    answered = outcome.responses(Taken(body, sent, (), left_out=left_out), back)
    held(answered, shapes)
    gone, kept, _ = answered["entry"]
    assert gone["response"]["status"] != kept["response"]["status"]
    assert ("resource" in kept, "resource" in gone) == (back == "representation", False)


def test_a_bundle_that_is_not_r4_is_seen(heard, shapes):
    body = json.loads(heard[0][0].resource)
    broken = orjson.loads(orjson.dumps(body))
    broken["entry"][1]["resource"]["gender"] = "f"
    with pytest.raises(InvalidResource):
        held(broken, shapes)
    with pytest.raises(ValueError, match="1 validation error"):
        held(
            {**body, "total": -1},
            type("Lenient", (), {"knows": lambda *_: True, "first_fault": lambda *_: None})(),
        )
