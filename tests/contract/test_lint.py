"""ruff and mypy catch what they are there for, under the project's own settings: the gates bind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLANTED_FOR_RUFF = [
    ("from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n", "TID251"),
    ("from datetime import datetime\n\nNOW = datetime.utcnow()\n", "TID251"),
    ("from datetime import date\n\nTODAY = date.today()\n", "TID251"),
    ("import time\n\nNOW = time.time()\n", "TID251"),
    ("from uuid import uuid4\n\nNEW = uuid4()\n", "TID251"),
    ("import uuid\n\nNEW = uuid.uuid1()\n", "TID251"),
    ("import os\n\nHOME = os.environ\n", "TID251"),
    ("import os\n\nHOME = os.getenv('HOME')\n", "TID251"),
    ("from fhir.resources.patient import Patient\n\nR5 = Patient\n", "TID251"),
    ("from .systems import ODS\n\nHERE = ODS\n", "TID252"),
    ("def twice(number):\n    return 2 * number\n", "ANN001"),
    ("def twice(number: int):\n    return 2 * number\n", "ANN201"),
    ("def twice(number: int) -> int:\n    return 2 * number\n", "D103"),
    ("print('hello')\n", "T201"),
    ("try:\n    X = 1\nexcept Exception:\n    X = 2\n", "BLE001"),
    ("from datetime import datetime\n\nX = datetime(2026, 1, 1)\n", "DTZ001"),
    ("X = 1  # type: ignore\n", "PGH003"),
    ("assert True\n", "S101"),
]

PLANTED_FOR_MYPY = {
    "no-untyped-def": "def unannotated(x):\n    return x\n",
    "type-arg": "def bare(x: list) -> None: ...\n",
    "no-any-return": "def loose(x: Any) -> int:\n    return x\n",
    "ignore-without-code": "number: int = 'text'  # type: ignore\n",
    "exhaustive-match": (
        "def half(x: Side) -> int:\n    match x:\n        case Side.LEFT:\n            return 1\n"
        "    return 2\n"
    ),
    "possibly-undefined": (
        "def maybe(x: bool) -> int:\n    if x:\n        found = 1\n    return found\n"
    ),
    "unreachable": "def never(x: int) -> int:\n    return x\n    print(x)\n",
    "unused-ignore": "fine: int = 1  # type: ignore[assignment]\n",
}
BEGINNING = (
    "from enum import Enum\nfrom typing import Any\n\n\n"
    "class Side(Enum):\n    LEFT = 1\n    RIGHT = 2\n\n\n"
)


def rules_broken(source, path):
    """The rules of ruff that a text breaks as if it stood at `path`."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json"),
            *("--stdin-filename", path, "-"),
        ],
        cwd=ROOT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    return {each["code"] for each in json.loads(done.stdout)}


@pytest.mark.parametrize(("source", "rule"), PLANTED_FOR_RUFF)
def test_ruff_catches_a_planted_violation(source, rule):
    assert rule in rules_broken(source, "hub/fhir/planted.py")


def test_ruff_is_content_with_what_is_right():
    function = 'def twice(number: int) -> int:\n    """Twice."""\n    return 2 * number\n'
    source = f'"""A module."""\n\n\n{function}'
    assert rules_broken(source, "hub/fhir/planted.py") == set()


def test_only_the_clock_may_read_the_clock():
    source = PLANTED_FOR_RUFF[0][0]
    assert "TID251" not in rules_broken(source, "hub/runtime/clock.py")
    assert "TID251" in rules_broken(source, "hub/runtime/region.py")
    assert "TID251" in rules_broken(source, "deploy/doctor.py")


def test_mypy_catches_each_planted_violation(tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text(BEGINNING + "\n\n".join(PLANTED_FOR_MYPY.values()))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")),
            *("--cache-dir", str(tmp_path / "cache"), "--output", "json", str(planted)),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    found = {json.loads(line)["code"] for line in done.stdout.splitlines()}
    assert set(PLANTED_FOR_MYPY) <= found, done.stdout + done.stderr
    assert done.returncode == 1
