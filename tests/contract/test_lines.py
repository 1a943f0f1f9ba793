"""Tests that start Kafka and PostgreSQL wait in line: never more servers at once than there are lines."""

import re
from pathlib import Path

import pytest

from tests.lines import LINES, line_of, turn_of

ROOT = Path(__file__).parents[2]
REAL = re.compile(r"\bmark\.real\b")
MAKEFILE = (ROOT / "Makefile").read_text()


def files_with_real_tests() -> list[str]:
    """Every module of tests that marks one, with its path as pytest names it."""
    found = sorted((ROOT / "tests").rglob("*.py"))
    return [str(each.relative_to(ROOT)) for each in found if REAL.search(each.read_text())]


def test_every_test_on_the_real_parts_stands_in_a_line():
    assert [each for each in files_with_real_tests() if turn_of(each) == len(LINES)] == []


def test_every_folder_of_a_line_has_such_tests():
    assert {"/".join(each.split("/")[:2]) for each in files_with_real_tests()} == set(LINES)


def test_each_line_has_a_process_and_one_is_left_for_all_other_tests():
    processes = re.search(r"^TEST_PROCESSES \?= (\d+)$", MAKEFILE, re.MULTILINE)
    assert processes
    assert int(processes[1]) == len(set(LINES.values())) + 1
    assert re.search(r"^test: check\n\t.* -m pytest -n \$\(TEST_PROCESSES\)$", MAKEFILE, re.M)


@pytest.mark.parametrize(
    ("test", "line"),
    [
        ("tests/chaos/test_checker.py::test_nothing", "hubs"),
        ("tests/integration/behaviour/test_crash.py::test_crash[real-a::b]", "parts"),
        ("tests/e2e/test_demo.py::test_a_day", "hubs"),
        ("tests/unit/hl7v2/test_reading.py::test_a[a::b]", "tests/unit/hl7v2/test_reading.py"),
        ("tests/unit/test_codec.py::TestIt::test_b", "tests/unit/test_codec.py"),
    ],
)
def test_a_test_stands_in_the_line_of_its_folder_or_of_its_file(test, line):
    assert line_of(test) == line


def test_the_lines_begin_before_all_other_tests():
    others = turn_of("tests/unit/test_codec.py::test_a")
    assert max(turn_of(f"{folder}/test_a.py::test_a") for folder in LINES) < others
