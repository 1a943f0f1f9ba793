"""One owner at a time, and the same end whatever the order, the batches and the owners."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub import codec
from hub.decisions import Event
from hub.records import (
    AlertAction,
    AlertStatus,
    AlertTold,
    CarerPicture,
    InvolvementAlert,
    OutcomeKind,
    PictureTold,
    ReviewItem,
)
from hub.testing.answers import outcome
from hub.testing.flags import NO_LONGER, carer_flag
from hub.testing.people import ADA, Person
from hub.testing.visits import Visit, encounter
from processors.discharge_involvement.decide import content
from tests.integration.behaviour.hubs import (
    Ended,
    MemoryHubUnderTest,
    assert_memory_is_what_a_fresh_load_gives,
    hear,
    restart,
)
from tests.integration.behaviour.scenes import (
    ADMISSION,
    CHAIN,
    EVA,
    FAY,
    FLAG,
    OTHER_ADMISSION,
    OTHER_FLAG,
    alert_after,
    contacted,
    evidence_of,
    seen,
)

ADA_TWICE = Person("Ada", "Hill", "1914-03-02", None, "H200")
"""Too unlike to be joined by evidence."""
SECOND_STAY = encounter(
    "A01", "2099-11-23 09:00", Visit("V3", ADA_TWICE, admitted="2099-11-23 08:30")
)
MERGE = encounter("A40", "2099-11-23 09:10", Visit(replaces_number="H200"))


async def test_merge_gives_the_stay_of_the_second_record_its_carer_and_its_one_alert(hub):
    await hear(hub, FLAG, SECOND_STAY)
    assert await hub.said(InvolvementAlert) == []
    await hear(hub, MERGE)
    (alert,) = await hub.said(InvolvementAlert)
    assert (alert.action, alert.patient.nhs_number) == (AlertAction.RAISED, ADA.nhs_number)
    await assert_memory_is_what_a_fresh_load_gives(hub)
    await hub.kill()
    await hub.forget_inbox()
    await restart(hub)
    await hear(hub, MERGE, SECOND_STAY)
    assert await hub.said(InvolvementAlert) == [alert]
    await hear(hub, contacted(alert, "2099-11-23 09:40"))
    assert (await hub.said(InvolvementAlert))[-1].status is AlertStatus.COMPLETED


async def test_owner_whose_region_was_taken_cannot_write_and_drops_its_memory(hub):
    await hear(hub, FLAG)
    before = await hub.rows()
    await hub.claimed_by_another()
    with pytest.raises(Ended, match="Fenced"):
        await hear(hub, ADMISSION)
    assert hub.memory is None
    assert await hub.rows() == before
    await restart(hub)
    assert [each.action for each in await hub.said(InvolvementAlert)] == [AlertAction.RAISED]
    await assert_memory_is_what_a_fresh_load_gives(hub)


# The same end

MOVED = encounter("A02", "2099-11-23 09:10", Visit(ward="Ward 5"))
EXPECTED = encounter("A08", "2099-11-23 09:15", Visit(ward="Ward 5", expected="2099-11-25"))
HOME = encounter("A03", "2099-11-23 09:20", Visit(discharged="2099-11-23 09:18"))
NOT_HOME = encounter("A13", "2099-11-23 09:25", Visit(ward="Ward 5"))
NO_LONGER_FAY = carer_flag(FAY, "2099-11-23 09:12", of=EVA, code=NO_LONGER)
ALERT, OTHER_ALERT = alert_after(FLAG, ADMISSION), alert_after(OTHER_FLAG, OTHER_ADMISSION)
HISTORY = (
    FLAG,
    ADMISSION,
    OTHER_FLAG,
    OTHER_ADMISSION,
    SECOND_STAY,
    MERGE,
    MOVED,
    EXPECTED,
    HOME,
    NOT_HOME,
    NO_LONGER_FAY,
    *seen(ALERT, "2099-11-23 09:31"),
    contacted(OTHER_ALERT, "2099-11-23 09:32"),
    outcome(OutcomeKind.NOT_REACHED, "2099-11-23 09:33", ALERT.alert_id, evidence_of(ALERT)),
)
TOLD = ("AlertTold", "PictureTold")
"""Kinds that count what was told on the way."""


async def end_of(hub) -> tuple[Any, ...]:
    """What the events come to: state, reminders, pictures and alerts, without what counts the way there."""
    rows = await hub.rows()
    facts = {place: body for place, body in rows.state.items() if place[1] not in TOLD}
    told = [codec.decode(body) for place, body in sorted(rows.state.items()) if place[1] in TOLD]
    passing = await of_the_way_there(hub)
    pictures = {
        each.subject: each.digest
        for each in told
        if isinstance(each, PictureTold) and each.subject not in passing
    }
    alerts = {each.alert_id: bare(each) for each in told if isinstance(each, AlertTold)}
    return facts, pictures, alerts, rows.reminders


def bare(told: AlertTold) -> AlertTold:
    """What was told without picture and region; an alert that was withdrawn is one that some orders never raise."""
    alert = told.alert
    stands = alert is not None and alert.status is not AlertStatus.CANCELLED
    return replace(told, alert=replace(content(alert), region=0) if stands else None, picture=None)


def differences(one: tuple[Any, ...], other: tuple[Any, ...]) -> list[str]:
    """What differs, a line each; whole records would be cut off where it matters."""
    found = []
    for left, right in zip(one, other, strict=True):
        for key in sorted(left.keys() | right.keys(), key=str):
            mine, theirs = left.get(key), right.get(key)
            if mine != theirs:
                names = [name for name in getattr(mine, "__slots__", ()) if theirs is not None]
                parts = [
                    f"{name}: {getattr(mine, name)} / {getattr(theirs, name)}"
                    for name in names
                    if getattr(mine, name) != getattr(theirs, name)
                ]
                found.append(f"{key}: {parts or (mine, theirs)}")
    return found


async def of_the_way_there(hub) -> set[UUID]:
    """Carers and questions that some orders never come to: merged away, no longer carers, settled."""
    carers = {each.carer_id: each for each in await hub.said(CarerPicture)}
    questions = {each.item_id: each for each in await hub.said(ReviewItem)}
    gone = {key for key, each in carers.items() if not (each.cares_for or each.agreements)}
    return gone | {key for key, each in questions.items() if each.settled}


async def end_in_one_process(events: Sequence[Event], most_records: int) -> tuple[Any, ...]:
    hub = MemoryHubUnderTest(CHAIN)
    await hub.start(most_records=most_records)
    await hear(hub, *events)
    await assert_memory_is_what_a_fresh_load_gives(hub)
    return await end_of(hub)


@settings(max_examples=60)
@given(st.permutations(HISTORY), st.sampled_from([1, 7, 500]))
def test_same_events_in_any_order_and_batch_size_end_the_same(events, most_records):
    end = asyncio.run(end_in_one_process(HISTORY, 1))
    assert asyncio.run(end_in_one_process(events, most_records)) == end


@pytest.mark.real
@pytest.mark.parametrize("most_records", [1, 7, 500])
async def test_same_events_end_the_same_on_the_real_parts(a_real_hub, most_records):
    end = await end_in_one_process(HISTORY, 1)
    order = random.Random(most_records)
    async with a_real_hub(most_records=most_records) as hub:
        first, second = order.sample(HISTORY, len(HISTORY)), order.sample(HISTORY, len(HISTORY))
        await hear(hub, *first)
        await hub.kill()
        await hub.publish(*second)
        await restart(hub, most_records=most_records)
        assert differences(await end_of(hub), end) == []
        await assert_memory_is_what_a_fresh_load_gives(hub)
