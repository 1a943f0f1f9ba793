"""`hub convert` and the files that it shares with `hub try`."""

import json
import sys
from datetime import UTC, datetime

import pytest

from connectors.gp_csv.extract import COLUMNS
from deploy import cli
from deploy import settings as settings_module
from deploy.configuration.load import load
from deploy.exit_codes import ExitCode
from deploy.generate import ROOT
from deploy.settings import settings_from
from deploy.trying.composition import trial_for
from deploy.trying.files import pieces_of

ADMISSION = (
    b"MSH|^~\\&|PAS|RWE|HUB|HUB|20261122093000||ADT^A01|1|P|2.4\r"
    b"EVN||20261122093000\r"
    b"PID|1||H123^^^RWE^MR~9990000018^^^NHS^NH||Marsh^Ada||19410302|2\r"
    b"PV1|1|I|WARD23^^B4^RWEAA||||||||||||||||V1\r"
)
NAMELESS = ADMISSION.replace(b"H123^^^RWE^MR~9990000018^^^NHS^NH", b"").replace(b"|V1", b"|")
OTHER = b"MSH|^~\\&|PAS|RWE|HUB|HUB|20261122093000||ORU^R01|3|P|2.4\r"
ROW = {
    "source_record_id": "E-1",
    "carer_nhs_number": "9990000026",
    "carer_given": "Ben",
    "carer_family": "Marsh",
    "carer_birth_date": "1969-07-21",
    "code_system": "http://snomed.info/sct",
    "code": "224484003",
    "status": "active",
    "cared_for_nhs_number": "9990000018",
    "cared_for_birth_date": "1941-03-02",
}


@pytest.fixture
def hub(monkeypatch, capsys, tmp_path):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["hub", *map(str, arguments)])
        surroundings = {"HUB_STATE": str(tmp_path / "state")}
        monkeypatch.setattr(settings_module, "settings", lambda: settings_from(surroundings))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), [json.loads(line) for line in out.splitlines()], err

    return run


@pytest.fixture
def trial():
    return trial_for(load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False))


def extract(*rows):
    lines = [COLUMNS, *([row.get(each, "") for each in COLUMNS] for row in rows)]
    return "\n".join([*map(",".join, lines), f"#END,{len(rows)}"])


# hub convert


def test_each_message_is_one_line_the_bundle_or_the_reason(hub, tmp_path):
    file = tmp_path / "day.hl7"
    file.write_bytes(ADMISSION + NAMELESS.replace(b"|1|P|", b"|2|P|") + OTHER)
    code, lines, err = hub("convert", file)
    assert code == ExitCode.PARTLY_DONE
    assert [
        (line["index"], line["control_id"], line["event"], line["outcome"]) for line in lines
    ] == [(0, "1", "A01", "accepted"), (1, "2", "A01", "rejected"), (2, "3", "R01", "ignored")]
    assert list(lines[0]) == ["file", "index", "control_id", "event", "outcome", "bundle"]
    assert (lines[0]["bundle"]["resourceType"], lines[0]["bundle"]["type"]) == ("Bundle", "message")
    assert list(lines[1])[5:] == ["code", "expression", "reason"]
    assert lines[1]["expression"].startswith("P")
    assert err == "1 accepted, 1 ignored, 1 rejected\n"


def test_explained_it_is_a_table_for_people_and_json_for_programs(hub, tmp_path):
    file = tmp_path / "day.hl7"
    file.write_bytes(ADMISSION)
    (line,) = hub("convert", "--explain", "--json", file)[1]
    assert list(line)[5:] == ["bundle", "explained"]
    assert next(iter(line["explained"])) == "read_as"
    with pytest.raises(json.JSONDecodeError):
        hub("convert", "--explain", file)


def test_all_converted_is_done_also_of_a_folder(hub, tmp_path):
    (tmp_path / "b.hl7").write_bytes(ADMISSION)
    (tmp_path / "a.xml").write_text("<Bundle/>")
    (tmp_path / "c.json").write_text('{"resourceType": "Patient"}')
    code, lines, _ = hub("convert", tmp_path, "--json")
    assert code == ExitCode.OK
    assert [(line["outcome"], line.get("reason")) for line in lines] == [
        ("ignored", "This is XML, which is not read."),
        ("accepted", None),
        ("ignored", "This is JSON, and only HL7 v2 is converted."),
    ]


# Files, as both verbs read them


def test_a_batch_that_counts_other_messages_is_refused_with_that_reason(trial, tmp_path):
    file = tmp_path / "batch.hl7"
    file.write_bytes(ADMISSION + b"BTS|2\r")
    (line,) = trial.lines(pieces_of(file))
    assert (line.outcome, line.expression) == ("rejected", "BTS-1")


def test_an_extract_is_tried_as_it_would_be_read(trial, tmp_path):
    file, admission = tmp_path / "carers.csv", tmp_path / "a.hl7"
    file.write_text(extract(ROW | {"carer_postcode": "LE1 1AA"}))
    admission.write_bytes(ADMISSION)
    said = [*trial.lines(pieces_of(file)), *trial.lines(pieces_of(admission))]
    assert [(line.as_json()["kind"], line.as_json().get("action")) for line in said] == [
        ("message", None),
        ("link", "linked"),
        ("message", None),
        ("alert", "raised"),
        ("referral", "offered"),
    ]


def test_an_extract_with_a_wrong_row_is_rejected_at_its_place(trial, tmp_path):
    file = tmp_path / "carers.csv"
    file.write_text(extract(ROW | {"status": "gone"}))
    (line,) = trial.lines(pieces_of(file))
    assert (line.outcome, line.code, line.expression) == (
        "rejected",
        "value",
        "row 2, column status",
    )


def test_another_csv_is_no_extract(trial, tmp_path):
    file = tmp_path / "table.csv"
    file.write_text("code,term\n1,one\n")
    (line,) = trial.lines(pieces_of(file))
    assert line.reason == "This is a CSV file with none of the columns that are read."


def test_a_body_that_says_no_time_does_not_move_the_time_on(trial, tmp_path):
    flag, admission = tmp_path / "flag.json", tmp_path / "a.hl7"
    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"}],
    }
    flag.write_text(json.dumps(patient))
    admission.write_bytes(ADMISSION)
    for file in (admission, flag):
        list(trial.lines(pieces_of(file)))
    assert trial.hub.now == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
