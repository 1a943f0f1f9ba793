"""The demonstration through the shipped processes: a whole day ends right, a lost message and a spoilt alert do not."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.demo.stage.stage import Direction, perform
from deploy.demo.stage.views import in_lines
from deploy.exit_codes import ExitCode
from deploy.standing.hub import StandingHub, standing_hub
from hub.runtime import clock
from tests.e2e.test_one_thread import processes_naming
from tests.unit.demo_stage.tiny_day import tiny_day

pytestmark = pytest.mark.real

QUIETLY = in_lines(lambda _line: None)


@pytest.fixture(scope="module")
def hub() -> Iterator[StandingHub]:
    with standing_hub() as running:
        yield running
        folder = str(running.folder)
    assert not Path(folder).exists()
    assert processes_naming(folder) == []


def shown(verdict):
    return [*map(str, verdict.comparison.differences), *verdict.complaints]


def test_the_command_plays_a_whole_day_and_leaves_nothing():
    with tempfile.TemporaryDirectory(prefix="hub-e2e-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's account must pass when tests run as root
        done = subprocess.run(
            (sys.executable, "-m", "deploy.cli", "demo", "--pace", "0", "--no-terminal", "--json"),
            env={**os.environ, "TMPDIR": folder},
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        left = list(Path(folder).iterdir())
        running = processes_naming(folder)
    report = json.loads(done.stdout)
    assert (report["differences"], report["complaints"], done.returncode) == ([], [], 0), (
        done.stderr
    )
    assert report["alerts"]["right"] == report["alerts"]["expected"] > 0
    assert report["referrals"]["right"] == report["referrals"]["expected"] > 0
    print(f"first alert after {report['first_alert_seconds']} s")
    assert (left, running) == ([], [])


def test_a_day_that_goes_well_ends_well(hub):
    verdict = perform(tiny_day(clock.now(), "Marsh", 1000), hub, Direction(seconds=0, view=QUIETLY))
    assert shown(verdict) == []
    assert verdict.exit_code is ExitCode.OK
    assert verdict.comparison.alerts.right == 3
    assert verdict.first_alert_at is not None


def test_a_lost_message_is_an_alert_missed(hub):
    direction = Direction(seconds=0, view=QUIETLY, leave_out=lambda number, _step: number == 1)
    verdict = perform(tiny_day(clock.now(), "Quick", 200_000, contact=False), hub, direction)
    assert shown(verdict) == ["missed alert at RWE"]
    assert verdict.exit_code is ExitCode.CHECK_FAILED


def test_a_spoilt_alert_is_wrong(hub):
    spoilt = set()

    def spoil(alert):
        if alert.patient.hospital_number != "H300000":
            return alert
        spoilt.add(alert.alert_id)
        return replace(alert, carers=())

    direction = Direction(seconds=0, view=QUIETLY, alter=spoil)
    verdict = perform(tiny_day(clock.now(), "Dodd", 300_000, contact=False), hub, direction)
    assert shown(verdict) == [f"wrong alert {each} at RWE: carers" for each in spoilt]
    assert len(spoilt) == 1
    assert verdict.exit_code is ExitCode.CHECK_FAILED
