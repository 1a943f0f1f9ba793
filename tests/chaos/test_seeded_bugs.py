"""Who checks the checker: each mistake put into the program must be caught."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.parts import LocalParts
from tests.chaos.program import DoesNotFit, copied
from tests.chaos.run import emptied, parts_of_a_run, run_on
from tests.chaos.seeded_bugs import BUGS, Bug

ALL = os.environ.get("HUB_SEEDED_BUGS") == "all"
TRIED = [bug for bug in BUGS if ALL or bug.every_time]


def named(bugs):
    return pytest.mark.parametrize("bug", bugs, ids=[bug.name.replace(" ", "-") for bug in bugs])


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hub-chaos-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def parts(temporary: Path) -> Iterator[LocalParts]:
    with parts_of_a_run(temporary) as started:
        yield started


@named(BUGS)
def test_every_patch_fits_the_program_in_exactly_one_place(bug: Bug, tmp_path: Path):
    copied(tmp_path / "program", bug.patches)


def test_no_mistake_is_another_and_more_in_the_same_run():
    """What catches the smaller one would catch the larger, whatever the rest of it does."""
    assert [
        (larger.name, smaller.name)
        for larger in BUGS
        for smaller in BUGS
        if set(smaller.patches) < set(larger.patches) and smaller.plan == larger.plan
    ] == []


def test_a_patch_whose_place_is_gone_fails_loudly(tmp_path: Path):
    copied(tmp_path / "once", BUGS[0].patches)
    with pytest.raises(DoesNotFit, match="found 0 times"):
        copied(tmp_path / "twice", BUGS[0].patches, tmp_path / "once")


@pytest.mark.real
@pytest.mark.timeout(120)
@named(TRIED)
def test_a_program_with_this_mistake_is_caught(bug: Bug, parts: LocalParts, temporary: Path):
    asyncio.run(emptied(parts))
    report = run_on(parts, bug.plan, temporary, bug)
    print(report.table())
    assert bug.caught_by(report.findings), report.table()
