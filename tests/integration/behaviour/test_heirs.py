"""A row of state that names another is read with it: what was done about a moved visit finds the alert of its heir."""

from dataclasses import replace

import pytest

from hub.records import AlertStatus, InvolvementAlert
from hub.testing.visits import encounter
from tests.integration.behaviour.hubs import hear, restart
from tests.integration.behaviour.scenes import ADMISSION, FLAG, STAY, alert_after, contacted

SECOND = encounter("A45", "2099-11-23 09:10", replace(STAY, number="V8", replaces_visit="V1"))
THIRD = encounter("A45", "2099-11-23 09:15", replace(STAY, number="V9", replaces_visit="V8"))


@pytest.mark.parametrize("again", [False, True], ids=["in one life", "after a restart"])
async def test_an_outcome_on_the_first_of_three_visits_closes_the_alert_of_the_last(hub, again):
    first = alert_after(FLAG, ADMISSION)
    await hear(hub, FLAG)  # another topic: Kafka promises no order between the two
    await hear(hub, ADMISSION, SECOND, THIRD)
    if again:
        await hub.kill()
        await restart(hub)
    await hear(hub, contacted(first, "2099-11-23 09:20"))
    last = {each.alert_id: each for each in await hub.said(InvolvementAlert)}
    assert sorted(each.status for each in last.values()) == [
        AlertStatus.CANCELLED,
        AlertStatus.CANCELLED,
        AlertStatus.COMPLETED,
    ]
    assert await hub.letters() == []
