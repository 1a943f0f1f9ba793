"""`hub match`: files in, decisions out; errors say where, never what."""

import csv
import json
import sys
from dataclasses import asdict, fields, replace
from types import SimpleNamespace

import pytest

from deploy import cli
from deploy.exit_codes import ExitCode
from deploy.matching import register, running
from deploy.matching.judging import Judged, summary, wilson
from deploy.matching.lists import name_tables, read_model, write_model
from deploy.matching.made_up import Made, Register
from deploy.matching.mapping import ID_OF
from hub.matching import candidates
from hub.matching.index import postings
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


def renamed(file, **names):
    heading, rest = file.read_text().split("\n", 1)
    heading = ",".join(names.get(each, each) for each in heading.strip().split(","))
    file.write_text(heading + "\n" + rest)


@pytest.mark.parametrize(
    ("people", "events", "said"),
    [
        ({"family": "surname"}, {"family": "surname"}, "family=surname"),
        ({"family": "surname"}, {}, "family=surname"),
        ({"family": "surname"}, {"family": "last"}, "people.family=surname,events.family=last"),
        (
            {"family": "surname"},
            {"family": "last", "middle": "surname"},
            "family=surname,events.family=last",
        ),
        ({"record_id": "id"}, {"event_id": "id"}, "record_id=id,event_id=id"),
    ],
)
def test_columns_of_other_names_in_both_files_or_in_one(hub, files, people, events, said):
    renamed(files["people"], **people)
    renamed(files["events"], **events)
    code, out, err = hub(*options(files, "people", "events"), "--map", said)
    assert code == ExitCode.OK, err
    assert any(
        each["f"] == "name" and each["level"] == "exact/exact"
        for each in json.loads(out.splitlines()[0])["fields"]
    )


@pytest.mark.parametrize(
    ("mapping", "code", "said"),
    [
        ("given=first", 1, "Neither people.csv nor events.csv has a column first"),
        ("events.given=first", 1, "events.csv: there is no column first, which --map names."),
        ("given=a,given=b", 2, "names given twice; where the files differ say people.given="),
        ("given=fn,family=fn", 2, "The column fn of people is read as given and as family"),
        ("given=fn,events.middle=fn", 2, "fn of events is read as given and as middle"),
        ("people.given=family", 2, "family of people is read as given and as family"),
        ("people.event_id=a", 2, "--map takes ours=theirs"),
        ("others.given=a", 2, "--map takes ours=theirs"),
    ],
)
def test_a_mapping_that_fits_neither_file_is_refused(hub, files, mapping, code, said):
    ended, _, err = hub(*options(files, "people", "events"), "--map", mapping)
    assert (ended, said in err) == (code, True), err


def test_what_cannot_be_done_is_said_before_anything_is_read(hub, files, tmp_path):
    files["people"].write_text("no heading that would do")
    text = files["people"].read_text()
    for arguments, said in (
        (["--out", tmp_path / "none" / "o"], "--out: there is no folder"),
        (["--report", tmp_path], "--report: "),
        (["--out", files["people"]], "is read as well"),
        (["--group", "sex"], "--truth"),
    ):
        code, _, err = hub(*options(files, "people", "events"), *arguments)
        assert (code, said in err, "Traceback" in err) == (ExitCode.USAGE, True, False), err
    assert files["people"].read_text() == text


def test_too_little_to_learn_from_is_said(hub, files):
    people = files["people"].read_text().splitlines()
    for one, other, said in (
        ("people", "events", "events.csv has no records"),
        ("events", "people", "people.csv has fewer than 2 people"),
    ):
        before = files[other].read_text()
        files[other].write_text(before.splitlines()[0] + "\n")
        code, _, err = hub(*options(files, one, other), "--train")
        assert (code, said in err, "Traceback" in err) == (ExitCode.CHECK_FAILED, True, False), err
        files[other].write_text(before)
    files["people"].write_text("\n".join([*people[:2], "other" + people[1][2:]]))
    files["events"].write_text("\n".join([people[0].replace("record_id", "event_id"), people[1]]))
    code, _, err = hub(*options(files, "people", "events"), "--train")
    assert (code, "is alike" in err) == (ExitCode.CHECK_FAILED, True), err


def test_loading_the_compiled_loops_is_no_part_of_a_latency(hub, files, monkeypatch, tmp_path):
    """The clock stands still, but for an hour when a loop is called for the first time."""
    now = [0.0]

    def slow_at_first(loop):
        called = []

        def call(*arguments):
            now[0] += 0 if called else 3_600
            called.append(True)
            return loop(*arguments)

        return call

    for module, name in (
        (postings, "rows_of"),
        (candidates, "glanced"),
        (candidates, "living_with"),
    ):
        monkeypatch.setattr(module, name, slow_at_first(getattr(module, name)))

    def clock():
        now[0] += 0.001
        return now[0]

    monkeypatch.setattr(running, "time", SimpleNamespace(perf_counter=clock))
    report = tmp_path / "report.json"
    hub(*options(files, "people", "events"), "--report", report)
    assert now[0] > 3 * 3_600
    assert json.loads(report.read_text())["latency"]["p99.9_ms"] == 1.0


def test_what_the_truth_names_and_the_files_lack_is_counted_and_said(hub, files, tmp_path):
    truth = files["truth"].read_text().splitlines()
    truth[1] = truth[1].split(",")[0] + ",nobody-here"
    files["truth"].write_text("\n".join([*truth, "stray-1,p1", "stray-2,"]) + "\n")
    report = tmp_path / "report.json"
    code, _, err = hub(*options(files, "people", "events", "truth"), "--report", report)
    found = json.loads(report.read_text())["truth"]
    assert code == ExitCode.OK
    assert found["with_match"] == 58
    assert found["events_not_in_the_file"] == 2
    assert found["records_not_in_the_register"] == 1
    assert found["auto_wrong"] == found["auto_wrong_not_in_the_register"] == 1
    assert "2 event ids are not in the file of events" in err
    assert "1 record ids are not in the register" in err
    assert "the 1 AUTO among them as wrong" in err
    assert "stray" not in err
    assert "nobody-here" not in err


def test_dates_and_numbers_that_are_none_are_counted_and_not_shown(hub, files, tmp_path):
    files["people"].write_text(
        "record_id,given,birth_date,nhs_number\n"
        "1,Ada,sometime,9990000001\n2,Ben,1931-02-03,\n3,Cy,1900-01-01,\n"
    )
    report = tmp_path / "report.json"
    _, _, err = hub(*options(files, "people", "events"), "--report", report)
    found = json.loads(report.read_text())
    assert found["unread"]["people"] == {"birth_date": 2, "nhs_number": 1}
    assert found["unread"]["events"] == {"birth_date": 0, "nhs_number": 0}
    assert "people.csv: 2 birth dates could not be read" in err
    assert "people.csv: 1 NHS numbers are none" in err
    assert "events.csv" not in err
    assert "sometime" not in err
    assert "9990000001" not in err


def test_memory_of_a_person_is_left_out_where_they_are_few(hub, files, monkeypatch):
    _, _, err = hub(*options(files, "people", "events"))
    assert json.loads(err.splitlines()[-1])["bytes_per_person"] is None
    monkeypatch.setattr(register, "FEWEST_MEASURED", 300)
    _, _, err = hub(*options(files, "people", "events"))
    assert json.loads(err.splitlines()[-1])["bytes_per_person"] is not None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "people.csv: there is no heading; the first line must name the columns"),
        (
            b"record_id,given\n1,Ada\n2,Zo\xeb\n" + b"x" * 10,
            "people.csv, line 3: not UTF-8 at byte 26. Save it as UTF-8",
        ),
        ("record_id,given\n1,Ada\n".encode("utf-16"), "iconv -f UTF-16 -t UTF-8"),
        (b"record_id;given\n1;Ada\n", "no column record_id. The separator seems to be a semicolon"),
        (b'"record_id";"given"\n"1";"Ada"\n', "The separator seems to be a semicolon"),
        (b"record_id\tgiven\n1\tAda\n", "The separator seems to be a tab"),
    ],
)
def test_a_file_of_another_form_is_refused_with_what_to_do(hub, files, content, said):
    files["people"].write_bytes(content)
    code, _, err = hub(*options(files, "people", "events"))
    assert (code, said in err) == (ExitCode.CHECK_FAILED, True), err
    assert "Ada" not in err


def test_parquet_as_csv(hub, files, tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [
        each | {"nhs_number": float(each["nhs_number"] or "nan")}  # as pandas keeps them
        for each in csv.DictReader(files["people"].read_text().splitlines())
    ]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "people.parquet")
    _, expected, _ = hub(*options(files, "people", "events"))
    code, out, _ = hub(
        *options({**files, "people": tmp_path / "people.parquet"}, "people", "events")
    )
    assert (code, out) == (ExitCode.OK, expected)


def test_a_status_that_lost_its_zero_in_a_spreadsheet_is_the_same_status(hub, files):
    for status, decision in (("1", "AUTO"), ("01", "AUTO"), ("2", "REVIEW")):
        for name in ("people", "events"):
            files[name].write_text(
                f"{ID_OF[name]},birth_date,nhs_number,nhs_number_status\nx,1941-03-02,9990000018,{status}\n"
            )
        _, out, _ = hub(*options(files, "people", "events"))
        assert json.loads(out)["decision"] == decision


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


@pytest.mark.parametrize(
    ("times", "said"),
    [(1, ""), (4.1, "so it joins too seldom"), (1 / 4.1, "so it joins too readily")],
)
def test_a_model_of_a_register_of_another_size_is_named_and_not_refused(
    hub, files, tmp_path, times, said
):
    model = tmp_path / "model.json"
    write_model(replace(read_model(), people=round(len(PEOPLE) * times)), model)
    code, out, err = hub(*options(files, "people", "events"), "--model", model)
    assert code == ExitCode.OK
    assert len(out.splitlines()) == 60
    assert ("model.json: the model was learned from" in err, said in err) == (bool(said), True)


def test_the_model_that_comes_with_the_hub_is_of_no_register(hub, files):
    assert "the model was learned from" not in hub(*options(files, "people", "events"))[2]


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
