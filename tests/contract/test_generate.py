"""What is generated follows from `schemas/`, and nothing of it can be changed by hand unseen."""

import ast
import json
import shutil
from pathlib import Path

import pytest

from deploy.generate import ROOT, generate, main
from deploy.generating.schemas import ContractBroken
from hub import records
from hub.records.registry import CURRENT_ID, RECORD_OF, WRITER_SCHEMAS


@pytest.fixture
def copy(tmp_path):
    """A copy of everything that the generator reads and writes."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    (tmp_path / "hub").mkdir()
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "hub/records", tmp_path / "hub/records", ignore=ignored)
    shutil.copy(ROOT / "hub/topics.py", tmp_path / "hub/topics.py")
    return tmp_path


def changed(path, change):
    """Change one schema file."""
    schema = json.loads(path.read_text())
    change(schema)
    path.write_text(json.dumps(schema))


def contents(root):
    return {path: path.read_bytes() for path in Path(root).rglob("*") if path.is_file()}


def add_field(**field):
    return lambda schema: schema["fields"].append({"doc": "New.", **field})


OPTIONAL = {"name": "seen_by", "type": ["null", "string"], "default": None}


def test_everything_generated_is_in_step():
    assert generate(check=True) == []


def test_generating_twice_changes_nothing(copy):
    before = contents(copy)
    assert generate(check=False, root=copy) == []
    assert contents(copy) == before


def test_everything_is_made_anew_from_the_schemas_alone(copy):
    before = contents(copy)
    for module in (*(copy / "hub" / "records").glob("*.py"), copy / "hub" / "topics.py"):
        module.unlink()
    generate(check=False, root=copy)
    assert contents(copy) == before


def test_a_generated_file_changed_by_hand_is_named(copy):
    path = copy / "hub/records/word.py"
    path.write_text(path.read_text().replace("un_event: bool", "un_event: bool = False"))
    assert generate(check=True, root=copy) == [
        "differs: hub/records/word.py (from schemas/avro/Word.avsc)"
    ]


def test_changed_topics_module_is_named(copy):
    with (copy / "hub/topics.py").open("a") as file:
        file.write("OTHER = 1\n")
    assert generate(check=True, root=copy) == ["differs: hub/topics.py (from schemas/topics)"]


def test_a_missing_and_a_left_over_file_are_named(copy):
    (copy / "hub/records/coding.py").rename(copy / "hub/records/code.py")
    assert generate(check=True, root=copy) == [
        "left over: hub/records/code.py",
        "missing: hub/records/coding.py (from schemas/avro/Coding.avsc)",
    ]


def test_a_left_over_file_goes(copy):
    (copy / "hub/records/code.py").write_text("")
    generate(check=False, root=copy)
    assert not (copy / "hub/records/code.py").exists()


def test_a_changed_schema_asks_for_a_new_version_and_names_all_that_follows(copy):
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(**OPTIONAL))
    assert generate(check=True, root=copy) == [
        "differs: hub/records/registry.py (from schemas/registry)",
        "differs: hub/records/reminder_due.py (from schemas/avro/ReminderDue.avsc)",
        "differs: schemas/registry/landed.txt",
        f"missing: {next_version(copy, 'ReminderDue')} (from schemas/avro/ReminderDue.avsc)",
    ]


def next_version(root, record):
    count = len(list((root / "schemas/registry" / record).glob("*.avsc")))
    return f"schemas/registry/{record}/{count + 1}.avsc"


def test_check_writes_nothing(copy):
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(**OPTIONAL))
    before = contents(copy)
    generate(check=True, root=copy)
    assert contents(copy) == before


def test_a_changed_doc_changes_the_record_and_no_version(copy):
    changed(copy / "schemas/avro/Coding.avsc", lambda schema: schema.update(doc="Other words."))
    assert generate(check=True, root=copy) == [
        "differs: hub/records/coding.py (from schemas/avro/Coding.avsc)"
    ]


def test_a_new_version_gets_a_new_id_and_the_old_one_stays(copy):
    before = contents(copy / "schemas/registry")
    path = copy / next_version(copy, "ReminderDue")
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(**OPTIONAL))
    generate(check=False, root=copy)
    assert json.loads(path.read_text())["hub_schema_id"] == max(RECORD_OF) + 1
    assert all(
        each.read_bytes() == text for each, text in before.items() if each.name != "landed.txt"
    )
    assert generate(check=True, root=copy) == []


def test_a_change_of_a_part_makes_a_new_version_of_all_that_hold_it(copy):
    changed(copy / "schemas/avro/ExpectedDischarge.avsc", add_field(**OPTIONAL))
    named = "\n".join(generate(check=True, root=copy))
    for record in ("ExpectedDischarge", "StayPicture", "InvolvementAlert", "AlertTold"):
        assert f"missing: {next_version(copy, record)}" in named


def test_amend_replaces_the_newest_version_under_its_id(copy):
    path = copy / next_version(copy, "ReminderDue")
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(**OPTIONAL))
    generate(check=False, root=copy)
    first = json.loads(path.read_text())
    changed(copy / "schemas/avro/ReminderDue.avsc", lambda each: each["fields"].pop())
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(name="times", type="int", default=1))
    generate(check=False, amend=True, root=copy)
    second = json.loads(path.read_text())
    assert second["hub_schema_id"] == first["hub_schema_id"]
    assert second["fields"][-1]["name"] == "times"
    assert generate(check=True, root=copy) == []


def test_amend_still_refuses_what_breaks_the_versions_before(copy):
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(**OPTIONAL))
    generate(check=False, root=copy)
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(name="times", type="int"))
    with pytest.raises(ContractBroken, match=r"ReminderDue\.times"):
        generate(check=False, amend=True, root=copy)


def test_a_record_that_is_gone_is_refused_and_amend_forgets_it(copy):
    (copy / "schemas/avro/PictureTold.avsc").unlink()
    with pytest.raises(ContractBroken, match=r"PictureTold: landed"):
        generate(check=True, root=copy)
    generate(check=False, amend=True, root=copy)
    assert not (copy / "schemas/registry/PictureTold/1.avsc").exists()
    assert "PictureTold" not in (copy / "schemas/registry/landed.txt").read_text()


def tamper(root):
    path = root / "schemas/registry/Word/1.avsc"
    path.write_text(path.read_text().replace('"sequence"', '"number"'))


def tamper_and_hide(root):
    tamper(root)
    (root / "schemas/registry/landed.txt").write_text("")


def take_away(root):
    (root / "schemas/registry/Word/1.avsc").unlink()


def slip_in(root):
    text = (root / "schemas/registry/Word/1.avsc").read_text()
    (root / "schemas/registry/Word/9.avsc").write_text(text)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (tamper, "Word/1.avsc differs from landed.txt"),
        (tamper_and_hide, "Word/1.avsc is not in landed.txt"),
        (take_away, "Word/1.avsc was landed and is missing"),
        (slip_in, "Word/9.avsc is not in landed.txt"),
    ],
)
def test_a_landed_version_cannot_be_changed(copy, harm, said):
    harm(copy)
    with pytest.raises(ContractBroken) as broken:
        generate(check=True, root=copy)
    assert said in str(broken.value)
    assert "versions are append-only: add a new one" in str(broken.value)


def test_a_breaking_change_writes_nothing(copy):
    changed(copy / "schemas/avro/ReminderDue.avsc", add_field(name="times", type="int"))
    before = contents(copy)
    with pytest.raises(ContractBroken, match=r"new topic \.v2"):
        generate(check=False, root=copy)
    assert contents(copy) == before


def test_the_command_line_exits_1_when_something_differs(monkeypatch, capsys):
    monkeypatch.setattr("deploy.generate.generate", lambda check, amend: ["differs: a"])
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert capsys.readouterr().out == "differs: a\n" * 2


def test_the_command_line_says_which_rule_is_broken(monkeypatch, capsys):
    def broken(check, amend):
        raise ContractBroken(["Word.sequence: no"])

    monkeypatch.setattr("deploy.generate.generate", broken)
    assert main([]) == 1
    assert capsys.readouterr().err == "Word.sequence: no\n"


@pytest.mark.parametrize("record", sorted(CURRENT_ID, key=str), ids=lambda each: each.__name__)
def test_records_are_plain_frozen_values(record):
    assert record.__bases__ == (object,)
    assert record.__dataclass_params__.frozen
    assert "__slots__" in vars(record)
    assert all(each.kw_only for each in record.__dataclass_fields__.values())
    assert record.__doc__.count("Attributes:") == 1


def test_records_import_nothing_but_the_standard_library_and_each_other():
    allowed = {"collections", "dataclasses", "datetime", "enum", "typing", "uuid", "hub"}
    for path in (ROOT / "hub/records").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module.split(".")[0] in allowed, path
                assert node.module.startswith("hub.records") or "hub" not in node.module, path
            assert not isinstance(node, ast.Import), path


def test_every_record_and_enum_is_exported_by_name():
    assert sorted(records.__all__) == list(records.__all__)
    assert {each.__name__ for each in RECORD_OF.values()} <= set(records.__all__)
    assert all(hasattr(records, name) for name in records.__all__)


def test_the_registry_in_the_code_is_the_one_in_the_files():
    landed = {}
    for path in (ROOT / "schemas/registry").glob("*/*.avsc"):
        schema = json.loads(path.read_text())
        landed[schema.pop("hub_schema_id")] = schema
    assert {number: json.loads(text) for number, text in WRITER_SCHEMAS.items()} == landed
    assert {number: each.__name__ for number, each in RECORD_OF.items()} == {
        number: schema["name"] for number, schema in landed.items()
    }
