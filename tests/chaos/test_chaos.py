"""The dose for every change: the shipped processes under every kind of fault."""

import os

import pytest

from tests.chaos.plan import Fault, full
from tests.chaos.run import run

pytestmark = pytest.mark.real

SEED = int(os.environ.get("HUB_CHAOS_SEED", "7"))
MESSAGES = 20_000
KILLS = 15
BROKERS = 2


@pytest.mark.timeout(600)
def test_20_000_messages_under_15_kills_and_every_other_fault_0_lost_0_doubled_0_wrong():
    plan = full(SEED, MESSAGES, KILLS)
    assert plan.workers_killed >= KILLS
    assert plan.done[Fault.KILL_BROKER] + plan.done[Fault.KILL_BROKER_AND_GATEWAY] == BROKERS
    assert plan.done[Fault.KILL_DATABASE] == 1
    assert plan.done[Fault.FREEZE_OWNER] + plan.done[Fault.FREEZE_BETWEEN] == 1

    report = run(plan)

    print(report.table())
    found = report.findings
    assert (found.lost, found.doubled, found.wrong) == (0, 0, 0), report.table()
    assert found.clean, report.table()
    assert report.did["acknowledged"] == MESSAGES
    assert report.did["workers killed"] == plan.workers_killed
    assert report.did["commits of batches cut"]
