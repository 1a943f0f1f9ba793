"""Every official example is read, ignored or refused, and each refusal says what, where and why.

The outcomes stand in `sample_outcomes.json`, counted by folder. To write them anew after a change that is meant:

    HUB_SAMPLES=… HUB_SAMPLES_REWRITE=1 .venv/bin/python -m pytest tests/contract/test_samples.py
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.bundle import Bundle

from deploy.configuration.load import load
from deploy.generate import ROOT
from deploy.trying.composition import trial_for, wards_for
from deploy.trying.conversion import converted
from deploy.trying.files import files_in, pieces_of
from deploy.trying.lines import MessageLine
from deploy.trying.trial import XML_IS_OFF

OUTCOMES = Path(__file__).with_name("sample_outcomes.json")
KINDS = {"message": 964}
"""How many lines of each kind are said of all examples."""

ADMISSION = "\r".join(
    [
        r"MSH|^~\&|PAS|RWE|HUB|HUB|20261124101500||ADT^A01|OWN1|P|2.4",
        "EVN||20261124101500",
        "PID|1||OWN1^^^RWE^MR||GREEN^ANN||19410712|2",
        "NK1|1|GREEN^PETER|20|^^^^LE1 1AA",
        "PV1||I|^W1||||||||||||||||OWN1|||||||||||||||||||||||||20261124101000",
    ]
)
CANCELLED = ADMISSION.replace("A01|OWN1", "A11|OWN2").replace("20261124101500", "20261124102000")


@pytest.fixture(scope="module")
def configuration():
    return load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False)


@pytest.fixture(scope="module")
def files(samples):
    return list(files_in([samples]))


@pytest.fixture(scope="module")
def trial(configuration):
    return trial_for(configuration)


@pytest.fixture(scope="module")
def lines(files, trial):
    """What `hub try` says of each file, in one run."""
    return {file: list(trial.lines(pieces_of(file))) for file in files}


def messages(lines, outcome=None):
    return [
        (file, line)
        for file, said in lines.items()
        for line in said
        if isinstance(line, MessageLine) and outcome in (None, line.outcome)
    ]


def test_every_file_yields_a_line(files, lines):
    assert len(files) > 900
    assert [file for file in files if not messages({file: lines[file]})] == []


def test_every_line_is_json(lines):
    for said in lines.values():
        for line in said:
            assert json.loads(json.dumps(line.as_json(), default=str))["kind"]


def test_every_rejection_says_what_where_and_why(lines):
    rejected = messages(lines, "rejected")
    assert rejected
    assert [
        str(file)
        for file, line in rejected
        if not (line.code and line.expression and line.reason.endswith("."))
    ] == []


def test_everything_ignored_says_why(lines):
    ignored = messages(lines, "ignored")
    assert [str(file) for file, line in ignored if not (line.code and line.reason)] == []


def test_xml_is_ignored_by_its_name(lines):
    xml = [line for file, line in messages(lines) if file.suffix == ".xml"]
    assert xml
    other, fhir = "This is XML, which is not read.", f"This is {XML_IS_OFF}."
    assert {fhir} <= {line.reason for line in xml} <= {fhir, other}


def test_no_example_leads_to_anything_because_none_names_a_carer_of_somebody_in_hospital(lines):
    assert Counter(line.as_json()["kind"] for said in lines.values() for line in said) == KINDS


def test_after_all_examples_an_admission_that_names_a_carer_leads_to_a_link_and_an_alert(
    lines, trial, tmp_path
):
    assert lines  # they were heard before
    file = tmp_path / "admission-and-its-cancel.hl7"
    file.write_text(ADMISSION + "\r" + CANCELLED)
    said = [line.as_json() for line in trial.lines(pieces_of(file))]
    assert [(each["kind"], each.get("action", each.get("outcome"))) for each in said] == [
        ("message", "accepted"),
        ("link", "linked"),
        ("alert", "raised"),
        ("referral", "offered"),
        ("message", "accepted"),
        ("alert", "withdrawn"),
    ]
    link, alert, offer, withdrawn = (each["resource"] for each in said if "resource" in each)
    assert link["active"] is True
    assert (alert["status"], withdrawn["status"]) == ("requested", "cancelled")
    for resource in (link, alert, offer, withdrawn):
        model = get_fhir_model_class(resource["resourceType"])
        model.model_validate_json(json.dumps(resource))


def test_the_outcomes_are_those_that_are_known(lines, samples):
    found: dict[str, Counter[str]] = {}
    for file, line in messages(lines):
        folder = str(file.parent.relative_to(samples))
        word = f"{line.outcome}: {line.code}" if line.code else line.outcome
        found.setdefault(folder, Counter())[word] += 1
    table = {folder: dict(sorted(found[folder].items())) for folder in sorted(found)}
    if os.environ.get("HUB_SAMPLES_REWRITE") == "1":
        OUTCOMES.write_text(json.dumps(table, indent=2) + "\n")
    assert table == json.loads(OUTCOMES.read_text())


def test_every_converted_example_is_a_bundle_that_others_accept(files, configuration):
    wards = wards_for(configuration)
    said = [converted(piece, wards) for file in files for piece in pieces_of(file)]
    bundles = [each["bundle"] for each in said if each["outcome"] == "accepted"]
    assert len(bundles) >= 5
    for bundle in bundles:
        Bundle.model_validate_json(json.dumps(bundle))
    assert all(each["reason"] for each in said if each["outcome"] != "accepted")
