"""Deadlines: told once when they are past, never before what was appended earlier."""

from datetime import timedelta

from hub.records import AlertAction, AlertStatus, InvolvementAlert, ReminderDue
from hub.runtime.batch_state import PATIENCE
from hub.testing.senders import at
from tests.integration.behaviour.hubs import advance, hear, restart
from tests.integration.behaviour.scenes import ADMISSION, FLAG, contacted, seen

MINUTE = timedelta(minutes=1)
LOOKS = ("2099-11-23 09:31", "2099-11-23 09:32", "2099-11-23 09:33", "2099-11-23 09:34")


async def raised(hub) -> InvolvementAlert:
    await hear(hub, FLAG, ADMISSION)
    (alert,) = await hub.said(InvolvementAlert)
    assert alert.due_at == at("2099-11-23 10:00")
    return alert


async def test_reminder_fires_once_when_it_is_past_and_comes_back_through_the_chain(hub):
    alert = await raised(hub)
    await advance(hub, alert.due_at)
    assert await hub.said(ReminderDue) == []
    await advance(hub, alert.due_at + MINUTE)
    (reminder,) = await hub.said(ReminderDue)
    assert (reminder.subject, reminder.due_at, reminder.behind) == (
        alert.alert_id,
        alert.due_at,
        False,
    )
    alerts = await hub.said(InvolvementAlert)
    assert [each.action for each in alerts] == [AlertAction.RAISED, AlertAction.ESCALATED]
    assert reminder.event_id in (await hub.rows()).inbox
    await hub.kill()
    await restart(hub)
    assert len(await hub.said(ReminderDue)) == 1
    assert await hub.said(InvolvementAlert) == alerts


async def test_reminder_that_fell_due_while_nobody_owned_the_region_is_told_by_the_next_owner(hub):
    alert = await raised(hub)
    await advance(hub, alert.due_at + MINUTE)
    await hub.kill()
    hub.now = alert.due_at + timedelta(days=1, minutes=1)
    await restart(hub)
    assert [each.behind for each in await hub.said(ReminderDue)] == [False, False]
    assert [each.level for each in await hub.said(InvolvementAlert)] == [0, 1, 2]


async def test_contact_recorded_in_time_keeps_the_deadline_silent(hub):
    alert = await raised(hub)
    await hear(hub, contacted(alert, "2099-11-23 09:40"))
    assert (await hub.rows()).reminders == {}
    await advance(hub, alert.due_at + timedelta(days=3))
    assert await hub.said(ReminderDue) == []


async def test_reminder_never_overtakes_what_was_appended_before_it_was_due(hub):
    alert = await raised(hub)
    await hub.kill()
    await hub.publish(*seen(alert, *LOOKS), contacted(alert, "2099-11-23 09:40"))
    hub.now = alert.due_at + MINUTE
    await restart(hub, most_records=1)
    assert await hub.said(ReminderDue) == []
    last = (await hub.said(InvolvementAlert))[-1]
    assert (last.status, last.level) == (AlertStatus.COMPLETED, 0)


async def test_reminder_of_a_region_that_is_behind_for_too_long_fires_all_the_same_and_says_so(hub):
    alert = await raised(hub)
    await hub.kill()
    await hub.publish(*seen(alert, *LOOKS))
    hub.now = alert.due_at + PATIENCE + MINUTE
    await restart(hub, most_records=1)
    (reminder,) = await hub.said(ReminderDue)
    assert reminder.behind
    escalated = [
        each for each in await hub.said(InvolvementAlert) if each.action is AlertAction.ESCALATED
    ]
    assert [each.behind for each in escalated] == [True]
