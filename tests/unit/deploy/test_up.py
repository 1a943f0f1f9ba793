"""`hub up`: what only watches stays small, and says how making ready ended."""

import subprocess
import sys

import pytest

from deploy.exit_codes import ExitCode, Stopped
from deploy.roles import up

HEAVY = ("sqlalchemy", "aiokafka", "kafka", "faust", "fastavro", "starlette", "requests", "jgo")
WATCHING = (
    "deploy.cli, deploy.configuration.load, deploy.roles.logs, deploy.roles.parts, deploy.roles.up"
)


def test_what_only_watches_imports_nothing_that_it_does_not_use():
    script = f"import sys, {WATCHING}; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (1, ExitCode.CHECK_FAILED),
        (3, ExitCode.CONFIGURATION),
        (4, ExitCode.DEPENDENCY_DOWN),
        (77, ExitCode.CHECK_FAILED),
    ],
)
def test_the_hub_does_not_go_up_when_topics_and_tables_could_not_be_made(monkeypatch, ended, code):
    command = (sys.executable, "-c", f"raise SystemExit({ended})")
    monkeypatch.setattr(up, "role_command", lambda *_: command)
    with pytest.raises(Stopped) as stopped:
        up.make_ready_aside({}, None)
    assert (stopped.value.code, str(stopped.value)) == (code, "")


def test_it_goes_on_when_they_were_made(monkeypatch):
    monkeypatch.setattr(up, "role_command", lambda *_: (sys.executable, "-c", ""))
    up.make_ready_aside({}, None)
