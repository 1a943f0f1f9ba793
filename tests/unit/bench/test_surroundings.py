"""Machine, processes and report: what stands beside the numbers."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from deploy.bench.dose import DAY_MESSAGES, QUICK_RUNS, RUNS, dose_for
from deploy.bench.figures import Figure
from deploy.bench.machine import machine, versions
from deploy.bench.memory import below, megabytes
from deploy.bench.report import QUICK_WARNING, Report

MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
FIGURE = Figure(bench="parse", what="the hub", unit="messages/s", runs=(1.0, 2.0))


def test_what_is_not_asked_for_is_as_usual():
    assert dose_for(quick=False).runs == RUNS
    assert dose_for(quick=True).runs == QUICK_RUNS
    assert dose_for(quick=False).day_messages == DAY_MESSAGES
    assert dose_for(quick=True, runs=7, day=30).day_messages == 30
    assert dose_for(quick=True).of(5_000, 50) == 50


def test_the_machine_says_what_it_is():
    here = machine()
    assert all(here.values()), here
    assert {"kafka", "carers-hub", "hl7", "hl7apy"} <= versions().keys()


def test_a_report_for_programs_says_on_what_was_measured():
    said = json.loads(json.dumps(Report(MOMENT, dose_for(quick=True), [FIGURE]).as_json()))
    assert said["at"] == "2026-11-25T10:00:00Z"
    assert said["quick"] is True
    assert {"runs", "seed", "commit", "machine", "versions"} <= said.keys()
    assert said["results"] == [FIGURE.as_json()]


def test_a_quick_report_warns_people():
    assert QUICK_WARNING in list(Report(MOMENT, dose_for(quick=True), [FIGURE]).lines())
    assert QUICK_WARNING not in list(Report(MOMENT, dose_for(quick=False), [FIGURE]).lines())


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured on Linux only")
def test_the_processes_below_ours_are_found_and_weighed():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert child.pid in below(os.getpid(), without=set())
        assert child.pid not in below(os.getpid(), without={child.pid})
        assert megabytes(os.getpid()) > 1
    finally:
        child.communicate()
