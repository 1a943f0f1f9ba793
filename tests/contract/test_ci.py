"""What the top README says to type is what is run, by the CI and by somebody who tries it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = ROOT / ".ci/run"
README = (ROOT / "README.md").read_text()
BASH = shutil.which("bash")


def commands_under(heading: str) -> str:
    """The first block of commands of a section of the README."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## )", README, re.MULTILINE | re.DOTALL)
    assert section
    block = re.search(r"```sh\n(.*?)```", section[1], re.DOTALL)
    assert block
    return block[1]


def test_the_readme_names_one_test_command():
    assert commands_under("Test") == "make test\n"


def test_the_run_is_that_command_and_nothing_else():
    lines = [
        line for line in RUN.read_text().splitlines() if line and not re.match(r"\s*#(?!!)", line)
    ]
    assert re.fullmatch(r"#!.*bash", lines[0])
    assert lines[1] == "set -eu"
    assert lines[-1] == commands_under("Test").strip()
    rest = " ".join(lines[1:])
    assert not re.search(r"\b(pip|uv|apt|npm|curl|wget|docker|sudo)\b", rest)


def test_the_run_may_be_executed():
    assert os.access(RUN, os.X_OK)


@pytest.mark.skipif(BASH is None, reason="bash is not installed")
@pytest.mark.parametrize("samples", [False, True])
@pytest.mark.parametrize("ends", [0, 3])
def test_the_run_hands_over_samples_and_ends_as_the_tests_do(tmp_path, samples, ends):
    clone = tmp_path / "clone"
    (clone / ".ci").mkdir(parents=True)
    shutil.copy(RUN, clone / ".ci/run")
    if samples:
        (tmp_path / "shared/samples").mkdir(parents=True)
    programs = tmp_path / "programs"
    programs.mkdir()
    make = programs / "make"
    make.write_text(
        f'#!/bin/sh\necho "$PWD $* [${{HUB_SAMPLES-}}] [${{HUB_SAMPLES_REQUIRED-}}]"\nexit {ends}\n'
    )
    make.chmod(0o755)
    done = subprocess.run(
        [str(BASH), str(clone / ".ci/run")],
        cwd=tmp_path,
        env={"PATH": f"{programs}:{os.defpath}"},
        capture_output=True,
        text=True,
        check=False,
    )
    given = "[../shared/samples] [1]" if samples else "[] []"
    assert done.stdout == f"{clone.resolve()} test {given}\n"
    assert done.returncode == ends


@pytest.mark.skipif(BASH is None, reason="bash is not installed")
def test_the_first_look_shows_what_the_readme_shows(tmp_path):
    typed = commands_under("A first look without starting anything")
    shown = re.search(r"```text\n(admission.*?)```", README, re.DOTALL)
    assert shown
    script = typed.replace(".venv/bin/hub", f"{sys.executable} -m deploy.cli")
    done = subprocess.run(
        [str(BASH), "-eu", "-c", script],
        cwd=tmp_path,
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == shown[1], done.stderr


def test_every_command_that_the_readme_names_exists():
    from deploy.cli import app  # imported here: the command line is what this test is about

    named = set(re.findall(r"^\| `hub ([\w-]+)", README, re.MULTILINE))
    own = {each.name or each.callback.__name__ for each in app.registered_commands if each.callback}
    assert named <= own | {group.name for group in app.registered_groups}
