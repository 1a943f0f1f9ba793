"""`hub match`: files in, decisions out; errors say where, never what."""

import csv
import json
import sys
from dataclasses import asdict, fields, replace

import pytest

from deploy import cli
from deploy.exit_codes import ExitCode
from deploy.matching.judging import Judged, summary, wilson
from deploy.matching.lists import name_tables, read_model, write_model
from deploy.matching.made_up import Made, Register
from hub.matching.scoring.decision import Outcome
from hub.matching.scoring.model import BadModel, Policy, as_json, model_from

PEOPLE = list(Register(7, 300).people())
CHANGED = {
    "p5": {"given": "Xx", "birth_date": "1903-12-30", "nhs_number": "", "phone": "", "email": ""}
}


def written(file, rows, names):
    with file.open("w", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(names)
        lines.writerows(rows)
    return file


@pytest.fixture
def files(tmp_path):
    """A register, the same people as events, and the truth; one event is of somebody else of the household."""
    names = [field.name for field in fields(Made)]
    events = [replace(each, **CHANGED.get(each.record_id, {})) for each in PEOPLE[:60]]
    return {
        "people": written(
            tmp_path / "people.csv", (asdict(each).values() for each in PEOPLE), names
        ),
        "events": written(
            tmp_path / "events.csv",
            (["e" + each.record_id, *list(asdict(each).values())[1:]] for each in events),
            ["event_id", *names[1:]],
        ),
        "truth": written(
            tmp_path / "truth.csv",
            (
                ("e" + each.record_id, each.record_id)
                for each in events
                if each.record_id not in CHANGED
            ),
            ["event_id", "record_id"],
        ),
    }


@pytest.fixture
def hub(capfd, monkeypatch):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["hub", "match", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return ended.value.code or 0, out, err

    return run


def options(files, *names):
    return [f"--{name}={files[name]}" for name in names]


def test_each_event_has_a_decision_with_its_reasons(hub, files, tmp_path):
    report = tmp_path / "report.json"
    code, out, err = hub(
        *options(files, "people", "events", "truth"),
        "--group",
        "sex",
        "--report",
        report,
        "--out",
        tmp_path / "o",
    )
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == ExitCode.OK
    assert (tmp_path / "o").read_text() == out
    assert [line["event_id"] for line in lines] == ["e" + each.record_id for each in PEOPLE[:60]]
    for line in lines:
        assert line["prior"] + sum(each["bits"] for each in line["fields"]) == pytest.approx(
            line["bits"], abs=1e-9
        )
    found = json.loads(report.read_text())
    assert json.loads(err.splitlines()[-1]) == found
    assert found["truth"]["auto_wrong"] == 0
    assert found["truth"]["with_match"] == 59
    assert set(found["groups"]["sex"]) == {"m", "f"}
    assert sum(found["decisions"].values()) == 60


def test_explanations_hold_no_values(hub, files):
    _, out, _ = hub(*options(files, "people", "events"))
    for each in PEOPLE[:60]:
        values = (each.family, each.birth_date, each.postcode, each.nhs_number, each.phone)
        assert not [value for value in values if len(value) > 5 and value in out]


def test_columns_of_other_names(hub, files):
    text = files["people"].read_text().replace("family", "surname", 1)
    files["people"].write_text(text)
    events = files["events"].read_text().replace("family", "surname", 1)
    files["events"].write_text(events)
    code, out, _ = hub(*options(files, "people", "events"), "--map", "family=surname")
    assert code == ExitCode.OK
    assert any(
        each["f"] == "name" and each["level"] == "exact/exact"
        for each in json.loads(out.splitlines()[0])["fields"]
    )


def test_parquet_as_csv(hub, files, tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = list(csv.DictReader(files["people"].read_text().splitlines()))
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "people.parquet")
    _, expected, _ = hub(*options(files, "people", "events"))
    code, out, _ = hub(
        *options({**files, "people": tmp_path / "people.parquet"}, "people", "events")
    )
    assert (code, out) == (ExitCode.OK, expected)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nMarsh\n", "people.csv: there is no column record_id."),
        ("record_id,other\n1,2\n", "people.csv: none of the columns that are compared is there"),
        (
            "record_id,given\n1,Ada\n1,Ben\n",
            "people.csv, line 3, column record_id: the id stands in an earlier line",
        ),
        ("record_id,given\n,Ada\n", "people.csv, line 2, column record_id: the id is empty."),
        ("record_id,given\n1,Ada,x\n", "people.csv, line 2: 3 columns, and the heading has 2."),
        (
            "record_id,given,deceased\n1,Ada,perhaps\n",
            "people.csv, line 2, column deceased: neither yes nor no.",
        ),
        ("record_id,given,given\n1,Ada,Ada\n", "people.csv, line 1: two columns have one name."),
        ('record_id,given\n1,"Ada\n', "people.csv: no CSV"),
    ],
)
def test_an_error_says_where_and_not_what(hub, files, text, said):
    files["people"].write_text(text)
    code, _, err = hub(*options(files, "people", "events"))
    assert code == ExitCode.CHECK_FAILED
    assert said in err
    assert "Ada" not in err
    assert "perhaps" not in err


def test_train_writes_a_model_that_is_used_and_refuses_one_that_moved(hub, files, tmp_path):
    model = tmp_path / "model.json"
    code, _, _ = hub("train", *options(files, "people", "events"), "--model", model)
    assert code == ExitCode.OK
    _, out, _ = hub(*options(files, "people", "events"), "--model", model)
    assert json.loads(out.splitlines()[0])["model"] == read_model(model).digest
    again = tmp_path / "again.json"
    arguments = [*options(files, "people", "events"), "--model", again, "--against"]
    moved = tmp_path / "moved.json"
    before = read_model(model)
    born = list(before.same["born"])
    born[1], born[6] = born[6], born[1]
    write_model(replace(before, same={**before.same, "born": tuple(born)}), moved)
    code, _, err = hub("train", *arguments, moved)
    assert code == ExitCode.CHECK_FAILED
    assert "born exact" in err
    assert not again.exists()
    assert hub("train", *arguments, moved, "--sign-off")[0] == ExitCode.OK
    assert hub("train", *arguments, model)[0] == ExitCode.OK


def test_a_model_of_other_lists_of_names_is_refused(hub, files, tmp_path):
    write_model(replace(read_model(), tables="words of last year"), tmp_path / "model.json")
    code, out, err = hub(*options(files, "people", "events"), "--model", tmp_path / "model.json")
    assert (code, out) == (ExitCode.CHECK_FAILED, "")
    assert "words of last year" in err


# Models


def test_a_model_is_the_same_after_its_file(tmp_path):
    model = read_model()
    write_model(model, tmp_path / "model.json")
    assert read_model(tmp_path / "model.json") == model
    assert read_model(tmp_path / "model.json").digest == model.digest
    assert replace(model, policy=Policy(auto_bits=11.0)).digest != model.digest


def test_the_default_model_was_learned_with_the_name_tables_of_today():
    assert read_model().tables == name_tables().version


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "format"),
        ({"people": 0}, "people"),
        ({"policy": {"auto_bit": 10}}, "auto_bit"),
        ({"fields": {}}, "name"),
    ],
)
def test_what_is_no_model_is_refused(change, said):
    with pytest.raises(BadModel, match=said):
        model_from({**as_json(read_model()), **change})


def test_a_share_is_between_0_and_1():
    value = as_json(read_model())
    value["fields"]["sex"]["exact"]["m"] = 1.5
    with pytest.raises(BadModel, match=r"sex.exact.m: not between 0 and 1"):
        model_from(value)


# Judging


def test_wrong_auto_is_counted_over_all_events():
    events = [
        *[Judged(Outcome.AUTO, right=True, known=True)] * 7,
        Judged(Outcome.AUTO, right=False, known=False),
        Judged(Outcome.REVIEW, right=True, known=True),
        Judged(Outcome.NONE, right=False, known=True),
    ]
    found = summary(events)
    assert (found["auto_right"], found["auto_wrong"], found["review"], found["none"]) == (
        7,
        1,
        1,
        1,
    )
    assert (found["precision"], found["recall"]) == (0.875, pytest.approx(7 / 9, abs=1e-6))
    assert found["wrong_auto_per_10000"] == 1000
    assert found["auto_and_review_recall"] == pytest.approx(8 / 9, abs=1e-6)


def test_wilson_agrees_with_the_book():
    assert wilson(0, 20_000) == [0.0, pytest.approx(0.000192, abs=1e-6)]
    assert wilson(8, 10) == [pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4)]
    assert wilson(0, 0) == [0.0, 1.0]
