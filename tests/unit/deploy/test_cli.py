"""The command line: where output goes, how commands end, how quick help is."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy import cli, exit_codes, output
from deploy import settings as settings_module
from deploy.commands.dead_letters import Because
from deploy.configuration.errors import ConfigurationError, Problem
from deploy.exit_codes import ExitCode, code_for
from deploy.settings import settings_from
from hub.runtime.redrive import BECAUSE

HELP_WITHIN_SECONDS = 2.0  # 0.15 on an idle machine; this only notices a heavy import


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


Hub = Callable[..., Ended]


@pytest.fixture
def hub(monkeypatch, capsys, tmp_path) -> Hub:
    """Run a command in this process, with no variables but those given."""

    def run(*arguments: str, **environment: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["hub", *arguments])
        surroundings = {"HUB_STATE": str(tmp_path / "state")} | environment
        monkeypatch.setattr(settings_module, "settings", lambda: settings_from(surroundings))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ended(int(ended.value.code or 0), *capsys.readouterr())

    return run


def processor_time_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_is_quick_and_imports_nothing_heavy():
    before = processor_time_of_children()
    run = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "--help"], check=True, capture_output=True
    )
    assert processor_time_of_children() - before < HELP_WITHIN_SECONDS
    assert b"Exit codes: 0 done" in run.stdout
    heavy = ("pydantic", "kafka", "aiokafka", "sqlalchemy", "psycopg", "faust", "fhir", "yaml")
    script = f"import sys, deploy.cli; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_no_command_is_a_question_of_usage(hub):
    assert hub().code == ExitCode.USAGE
    wrong = hub("dance")
    assert wrong.code == ExitCode.USAGE
    assert wrong.stdout == ""


def test_version_is_data(hub):
    assert (
        hub("--version").stdout.strip() == json.loads(hub("version", "--json").stdout)["carers-hub"]
    )


def test_a_configuration_error_is_one_line_on_standard_error(hub, tmp_path):
    file = tmp_path / "hub.yaml"
    file.write_text("regions: [{name: llr}]\nlog_level: loud\norganisations: x\n")
    run = hub("topics", "diff", "--config", str(file))
    assert run.code == ExitCode.CONFIGURATION
    assert run.stdout == ""
    assert [line.removeprefix(str(file))[:2] for line in run.stderr.splitlines()] == [":2", ":3"]


def test_the_configuration_may_be_named_by_the_environment(hub, tmp_path):
    run = hub("topics", "diff", HUB_CONFIG=str(tmp_path / "none.yaml"))
    assert run.code == ExitCode.CONFIGURATION
    assert "none.yaml: cannot be read" in run.stderr


def test_parts_that_were_never_started_are_a_dependency_that_is_down(hub, tmp_path):
    run = hub("topics", "diff", HUB_STATE=str(tmp_path / "state"))
    assert run.code == ExitCode.DEPENDENCY_DOWN
    assert run.stderr == f"Kafka was never started on {tmp_path}/state/kafka.\n"


def test_a_broker_that_does_not_answer_is_a_dependency_that_is_down(hub):
    run = hub("topics", "diff", HUB_KAFKA="127.0.0.1:1")
    assert run.code == ExitCode.DEPENDENCY_DOWN
    assert run.stderr == "Kafka cannot be reached: 127.0.0.1:1: Connection refused\n"


def test_doctor_names_a_wrong_configuration_and_ends_with_its_code(hub, tmp_path):
    file = tmp_path / "hub.yaml"
    file.write_text("regions: []\n")
    run = hub("doctor", "--json", "--config", str(file))
    assert run.code == ExitCode.CONFIGURATION
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert [each["check"] for each in found if each["state"] == "configuration"] == [
        "configuration",
        "configuration",
    ]


def test_doctor_without_started_parts_says_how_they_start(hub, tmp_path):
    run = hub("doctor", HUB_STATE=str(tmp_path / "state"))
    assert "not run  kafka" in run.stdout
    assert "starts with hub up" in run.stdout


def test_doctor_with_a_broker_of_yours_that_is_down(hub, tmp_path):
    file = tmp_path / "hub.yaml"
    file.write_text(
        "kafka: {bootstrap_servers: ['127.0.0.1:1'], security_protocol: PLAINTEXT}\n"
        "database: {url: {env: DB}}\nregions: [{name: llr}]\n"
        "organisations: [{ods_code: RWE, kind: trust, name: T, regions: [llr]}]\n"
    )
    address = "postgresql://hub:hunter2@127.0.0.1:1/hub"
    run = hub("doctor", "--config", str(file), DB=address)
    assert run.code == ExitCode.DEPENDENCY_DOWN
    assert [line.split()[1] for line in run.stdout.splitlines() if line.startswith("down")] == [
        "kafka",
        "database",
    ]
    assert "hunter2" not in run.stdout + run.stderr


def test_doctor_with_a_secret_that_is_absent_does_not_go_on_to_use_it(hub, tmp_path):
    file = tmp_path / "hub.yaml"
    file.write_text(
        "database: {url: {env: DB}}\nregions: [{name: llr}]\n"
        "organisations: [{ods_code: RWE, kind: trust, name: T, regions: [llr]}]\n"
    )
    run = hub("doctor", "--config", str(file))
    assert run.code == ExitCode.CONFIGURATION
    assert "database.url: the environment variable DB is not set; set it" in run.stdout


def test_a_defect_keeps_its_trace():
    assert code_for(ValueError("?")) is None


def test_an_expected_error_ends_in_its_code_without_a_trace(monkeypatch, capsys):
    def fail() -> None:
        raise ConfigurationError([Problem("hub.yaml", 3, "http", "wrong")])

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == ExitCode.CONFIGURATION
    assert capsys.readouterr() == ("", "hub.yaml:3: http: wrong\n")


def test_every_character_can_be_written_on_every_terminal(tmp_path):
    script = "from deploy import output; output.make_safe(); output.data('Zoë → ✓')"
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii"},
        cwd=Path(cli.__file__).parents[1],
        check=True,
    )
    assert run.stdout == b"Zo\\xeb \\u2192 \\u2713\n"


def test_columns_stand_under_each_other():
    assert output.columns([("a", "bb", "c"), ("aaa", "b", "cc")]) == ["a    bb  c", "aaa  b   cc"]


def test_an_empty_variable_is_an_absent_one():
    assert settings_from({"HUB_CONFIG": "", "HUB_DATABASE": ""}) == settings_from({}).__class__(
        environment={"HUB_CONFIG": "", "HUB_DATABASE": ""}
    )


def test_settings_do_not_show_what_may_be_secret():
    shown = repr(
        settings_from({"HUB_DATABASE": "postgresql://hub:hunter2@x/y", "TOKEN": "hunter2"})
    )
    assert "hunter2" not in shown


def test_the_table_of_codes_is_complete():
    assert set(exit_codes.MEANINGS) == set(ExitCode)
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4, 5]


def test_the_reasons_to_settle_are_those_that_the_region_knows():
    assert [each.value for each in Because] == list(BECAUSE)


def test_dead_letters_of_a_hub_that_does_not_run_say_how_to_start_it(hub):
    ended = hub(
        "dead-letters", "list", HUB_DATABASE="postgresql://127.0.0.1:1/hub", HUB_KAFKA="127.0.0.1:1"
    )
    assert ended.code == ExitCode.DEPENDENCY_DOWN
    assert "start it with `hub up`" in ended.stderr
