"""A fault that is no decision's own stops one event in one processor, and where nobody can be blamed, one record."""

from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs

from hub.decisions import Remember
from hub.processor import Chain
from hub.records import AlertAction, InvolvementAlert, StayPicture
from hub.runtime.refusals import MOST_DEFECTS_IN_A_ROW
from hub.testing.visits import Visit, encounter
from hub.topics import topic_of
from tests.integration.behaviour.hubs import (
    Ended,
    assert_memory_is_what_a_fresh_load_gives,
    hear,
    restart,
)
from tests.integration.behaviour.scenes import (
    ADMISSION,
    CHAIN,
    EVA,
    FLAG,
    OTHER_ADMISSION,
    OTHER_FLAG,
    STAY,
    redrive,
)

ALERTS = "discharge_involvement"
MOVED = encounter("A02", "2099-11-23 09:10", replace(STAY, ward="WARD9"))


def changed(name: str, **parts: Any) -> Chain:
    """The chain with parts of one processor replaced."""
    return tuple(replace(each, **parts) if each.name == name else each for each in CHAIN)


def of_eva(event: Any) -> bool:
    return isinstance(event, StayPicture) and event.patient.hospital_number == EVA.hospital_number


def without_needs_of_eva() -> Chain:
    (mine,) = (each for each in CHAIN if each.name == ALERTS)

    def needs(event: Any) -> Any:
        if of_eva(event):
            raise ZeroDivisionError
        return mine.needs(event)

    return changed(ALERTS, needs=needs)


def with_state_of_eva_that_cannot_be_written() -> Chain:
    (mine,) = (each for each in CHAIN if each.name == ALERTS)

    def decide(state: Any, event: Any, policy: Any) -> Any:
        decisions = mine.decide(state, event, policy)
        if not of_eva(event):
            return decisions
        return tuple(
            replace(each, value=replace(each.value, fired=("soon",)))
            if isinstance(each, Remember)
            else each
            for each in decisions
        )

    return changed(ALERTS, decide=decide)


@pytest.mark.parametrize("broken", [without_needs_of_eva, with_state_of_eva_that_cannot_be_written])
async def test_a_fault_before_or_after_the_decision_stops_its_event_in_its_processor(a_hub, broken):
    async with a_hub(broken()) as hub:
        await hub.kill()
        await hub.publish(OTHER_FLAG, FLAG, OTHER_ADMISSION, ADMISSION)
        await restart(hub)
        letters = await hub.letters()
        assert {(each.processor, each.defect) for each in letters} == {(ALERTS, True)}
        (alert,) = await hub.said(InvolvementAlert)
        assert alert.patient.hospital_number == "H100"
        assert OTHER_ADMISSION.event_id in (await hub.rows()).inbox
        await assert_memory_is_what_a_fresh_load_gives(hub)
        await hub.kill()
        hub.chain = CHAIN
        await hub.start()
        for number, letter in enumerate(letters):
            await hear(hub, redrive(letter.dead_letter_id, f"2099-11-23 09:5{number}"))
        assert await hub.letters() == []
        raised = {each.patient.hospital_number for each in await hub.said(InvolvementAlert)}
        assert raised == {"H100", "H300"}


async def test_a_row_that_cannot_be_read_stops_only_the_events_that_need_it(hub):
    await hear(hub, FLAG)
    await hear(hub, ADMISSION)
    await hub.spoil(ALERTS)
    await hub.kill()
    await hub.publish(MOVED, OTHER_FLAG, OTHER_ADMISSION)
    await restart(hub)
    (letter,) = await hub.letters()
    assert (letter.processor, letter.code, letter.defect) == (ALERTS, "UnreadableState", True)
    assert [
        (each.action, each.patient.hospital_number) for each in await hub.said(InvolvementAlert)
    ] == [(AlertAction.RAISED, "H100"), (AlertAction.RAISED, "H300")]


async def test_a_batch_that_cannot_be_written_goes_record_by_record_and_only_the_bad_one_is_kept(
    hub,
):
    await hear(hub, FLAG)
    await hub.kill()
    await hub.publish(OTHER_FLAG, OTHER_ADMISSION, ADMISSION)
    hub.cannot_write(OTHER_ADMISSION.event_id)
    await restart(hub)
    (letter,) = await hub.letters()
    assert (letter.processor, letter.code, letter.defect) == (None, "ArithmeticError", True)
    assert letter.topic == topic_of(type(OTHER_ADMISSION)).name
    rows = await hub.rows()
    assert OTHER_ADMISSION.event_id not in rows.inbox
    assert {OTHER_FLAG.event_id, ADMISSION.event_id} <= rows.inbox.keys()
    (alert,) = await hub.said(InvolvementAlert)
    assert alert.patient.hospital_number == "H100"
    await assert_memory_is_what_a_fresh_load_gives(hub)
    hub.cannot_write()
    await hear(hub, redrive(letter.dead_letter_id, "2099-11-23 09:50"))
    assert await hub.letters() == []
    assert OTHER_ADMISSION.event_id in (await hub.rows()).inbox
    assert len(await hub.said(InvolvementAlert)) == 2


async def test_a_database_that_takes_nothing_stops_the_worker_before_a_day_is_dead_lettered(hub):
    stays = [
        encounter("A01", f"2099-11-23 08:{number:02}", Visit(number=f"V{number}"))
        for number in range(MOST_DEFECTS_IN_A_ROW + 5)
    ]
    await hub.kill()
    await hub.publish(*stays)
    hub.cannot_write(*(each.event_id for each in stays))
    with pytest.raises(Ended, match="TooManyDefects"):
        await restart(hub)
    assert len(await hub.letters()) == MOST_DEFECTS_IN_A_ROW
    assert (await hub.rows()).inbox == {}


@pytest.mark.real
async def test_a_defect_is_said_in_the_log_with_its_processor_and_nothing_of_the_event(a_real_hub):
    async with a_real_hub(without_needs_of_eva()) as hub:
        with capture_logs() as said:
            await hear(hub, OTHER_FLAG)
            await hear(hub, OTHER_ADMISSION)
        (line,) = (each for each in said if each["event"] == "defect")
        assert (line["processor"], line["error"]) == (ALERTS, "ZeroDivisionError")
        assert "Stone" not in str(said)
