"""Every row of hostile inputs has its tests: the table of tests/README.md is whole, and each name in it is one."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROWS = [*(f"H{number}" for number in range(1, 15)), *(f"F{number}j" for number in range(1, 12))]


def table() -> dict[str, list[str]]:
    """Row -> the tests it names, as file and beginning of the function's name."""
    section = (TESTS / "README.md").read_text().partition("## Hostile inputs")[2]
    lines = re.findall(r"^\| ([HF]\d+j?) \|.*\| ([^|]*) \|$", section, re.MULTILINE)
    return {row: re.findall(r"`([^`]+)`", tests) for row, tests in lines}


def named(test: str) -> list[str]:
    """The test functions that a name of the table stands for."""
    path, _, name = test.partition("::")
    text = (TESTS / path).read_text()
    return re.findall(rf"^(?:async )?def ({re.escape(name)}\w*)\(", text, re.MULTILINE)


def test_the_table_has_every_row_once_and_in_order():
    assert list(table()) == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_tests_of_which_one_bears_its_name(row):
    tests = table()[row]
    assert [test for test in tests if not named(test)] == []
    own = f"test_h{row[1:].zfill(2)}_" if row[0] == "H" else f"test_{row.lower()}_"
    assert any(name.startswith(own) for test in tests for name in named(test))


def test_a_name_that_is_none_is_found():
    assert named("unit/ward_mllp/test_hostile.py::test_h99") == []
