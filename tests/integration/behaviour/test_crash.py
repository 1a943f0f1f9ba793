"""Crashes, lost answers and repetitions: one alert, whatever happens to the transaction that makes it."""

from dataclasses import replace

import pytest

from hub.identity import derived
from hub.records import AlertAction, DeadLetter, EncounterEvent, InvolvementAlert, StayPicture
from hub.testing.visits import Visit, encounter
from hub.topics import topic_of
from tests.integration.behaviour.hubs import (
    Commit,
    Ended,
    assert_memory_is_what_a_fresh_load_gives,
    hear,
    restart,
)
from tests.integration.behaviour.scenes import (
    ADMISSION,
    FLAG,
    HOME_FLAG,
    OTHER_ADMISSION,
    OTHER_FLAG,
    UNNUMBERED_ADMISSION,
)

ENCOUNTERS = topic_of(EncounterEvent).name
MOVED = encounter("A02", "2099-11-23 09:20", Visit(ward="Ward 5", admitted="2099-11-23 08:30"))


async def actions(hub) -> list[AlertAction]:
    return [alert.action for alert in await hub.said(InvolvementAlert)]


async def assert_raised_once_and_goes_on(hub) -> None:
    """One alert, a memory that fits the rows, and the next event is processed."""
    assert await actions(hub) == [AlertAction.RAISED]
    await assert_memory_is_what_a_fresh_load_gives(hub)
    await hear(hub, MOVED)
    assert await actions(hub) == [AlertAction.RAISED, AlertAction.MOVED]


async def test_crash_before_the_commit_leaves_nothing_and_the_next_owner_reads_the_batch_again(hub):
    await hear(hub, FLAG)
    before = await hub.rows()
    hub.at_commit(Commit.KILLED_BEFORE)
    with pytest.raises(Ended, match="Killed"):
        await hear(hub, ADMISSION)
    assert await hub.rows() == before
    assert await actions(hub) == []
    await restart(hub)
    await assert_raised_once_and_goes_on(hub)


@pytest.mark.parametrize("what", [Commit.KILLED_BEFORE, Commit.KILLED_AFTER])
@pytest.mark.parametrize("order", [(HOME_FLAG, UNNUMBERED_ADMISSION), (UNNUMBERED_ADMISSION, HOME_FLAG)])  # fmt: skip
async def test_whom_evidence_joins_is_the_same_after_a_crash_and_after_what_failed(
    hub, what, order
):
    first, second = order
    await hear(hub, first)
    hub.at_commit(what)
    with pytest.raises(Ended, match="Killed"):
        await hear(hub, second)
    await restart(hub)
    await assert_raised_once_and_goes_on(hub)
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_crash_after_the_commit_and_before_memory_joined_loses_and_repeats_nothing(hub):
    await hear(hub, FLAG)
    hub.at_commit(Commit.KILLED_AFTER)
    with pytest.raises(Ended, match="Killed"):
        await hear(hub, ADMISSION)
    after = await hub.rows()
    assert ADMISSION.event_id in after.inbox
    assert await actions(hub) == []
    await restart(hub)
    assert await hub.rows() == after
    await assert_raised_once_and_goes_on(hub)


@pytest.mark.parametrize("what", [Commit.ANSWER_LOST_BEFORE, Commit.ANSWER_LOST_AFTER])
async def test_lost_answer_to_a_commit_is_settled_without_loss_or_repetition(hub, what):
    await hear(hub, FLAG)
    hub.at_commit(what)
    await hear(hub, ADMISSION)
    await assert_raised_once_and_goes_on(hub)


async def test_offset_that_comes_twice_in_a_batch_counts_once(hub):
    hub.read_twice()
    await hub.append(ENCOUNTERS, b"no event")
    await hear(hub, FLAG)
    hub.read_twice()
    await hear(hub, ADMISSION)
    assert len(await hub.letters()) == len(await hub.said(DeadLetter)) == 1
    await assert_raised_once_and_goes_on(hub)


async def test_event_that_is_delivered_again_later_changes_nothing(hub):
    await hear(hub, FLAG, ADMISSION)
    once = await hub.rows()
    await hear(hub, ADMISSION, FLAG)
    again = await hub.rows()
    assert replace(again, offsets=once.offsets) == once
    assert sum(again.offsets.values()) == sum(once.offsets.values()) + 2
    await assert_raised_once_and_goes_on(hub)


async def test_repeat_after_the_inbox_was_pruned_changes_nothing_but_counts(hub):
    await hear(hub, FLAG, ADMISSION, OTHER_FLAG, OTHER_ADMISSION)
    once, pictures = await hub.rows(), await hub.said(StayPicture)
    await hub.forget_inbox()
    await hear(hub, OTHER_ADMISSION, ADMISSION, FLAG, OTHER_FLAG)
    again = await hub.rows()
    assert (again.state, again.reminders, again.inbox) == (once.state, once.reminders, once.inbox)
    assert await hub.said(StayPicture) == pictures
    assert await actions(hub) == [AlertAction.RAISED, AlertAction.RAISED]
    await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_control_id_that_is_used_again_with_other_bytes_is_another_event(hub):
    same_id = MOVED.source_event_id
    elsewhere = encounter(
        "A02",
        "2099-11-23 09:25",
        Visit(ward="Ward 7", admitted="2099-11-23 08:30"),
        message=same_id,
    )
    assert elsewhere.event_id == MOVED.event_id, "the builder derives ids from the control id alone"
    elsewhere = replace(elsewhere, event_id=derived("test-event", elsewhere.resource.hex()))
    await hear(hub, FLAG, ADMISSION, MOVED, elsewhere, MOVED)
    assert [alert.ward for alert in await hub.said(InvolvementAlert)][-1] == "Ward 7"
    inbox = (await hub.rows()).inbox
    assert {MOVED.event_id, elsewhere.event_id} < inbox.keys()
