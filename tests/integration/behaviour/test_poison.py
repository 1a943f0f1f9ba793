"""What cannot be used holds nobody up, and is kept with its place."""

import pytest

from hub.records import (
    AlertAction,
    CarerFlagEvent,
    DeadLetter,
    EncounterEvent,
    InvolvementAlert,
    StayPicture,
)
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
    redrive,
    with_defect,
)

ENCOUNTERS, FLAGS = topic_of(EncounterEvent).name, topic_of(CarerFlagEvent).name
POISON = (b"", b"\x00\x00\x00\x00\x00", b"MSH|^~\\&|", b"\x00\xff\xff\xff\xffbytes")


async def test_poison_at_the_head_of_a_topic_is_dead_lettered_with_its_place_and_nobody_waits(hub):
    places = {
        (topic, await hub.append(topic, bytes_))
        for topic in (FLAGS, ENCOUNTERS)
        for bytes_ in POISON
    }
    await hear(hub, FLAG, ADMISSION)
    letters = await hub.letters()
    assert {(each.topic, each.offset) for each in letters} == places
    assert sorted(each.value for each in letters) == sorted(POISON * 2)
    assert not any(each.defect for each in letters)
    said = await hub.said(DeadLetter)
    assert {(each.topic, each.offset) for each in said} == places
    assert len(said) == len(places)
    assert [each.action for each in await hub.said(InvolvementAlert)] == [AlertAction.RAISED]


async def test_null_value_is_stepped_over(hub):
    await hub.append(FLAGS, None)
    await hub.append(ENCOUNTERS, None)
    await hear(hub, FLAG, ADMISSION)
    assert await hub.letters() == []
    assert (await hub.rows()).offsets[ENCOUNTERS] == 2
    assert [each.action for each in await hub.said(InvolvementAlert)] == [AlertAction.RAISED]


async def test_defect_in_one_processor_dead_letters_its_event_alone(a_hub):
    chain = with_defect(
        CHAIN,
        "discharge_involvement",
        lambda event: (
            isinstance(event, StayPicture) and event.patient.hospital_number == EVA.hospital_number
        ),
    )
    async with a_hub(chain) as hub:
        await hear(hub, OTHER_FLAG, FLAG)
        await hear(hub, OTHER_ADMISSION, ADMISSION)
        (letter,) = await hub.letters()
        assert (letter.processor, letter.code, letter.defect) == (
            "discharge_involvement",
            "ZeroDivisionError",
            True,
        )
        assert letter.offset == 0
        assert {each.patient.hospital_number for each in await hub.said(StayPicture)} == {
            "H100",
            "H300",
        }
        (alert,) = await hub.said(InvolvementAlert)
        assert alert.patient.hospital_number == "H100"
        assert OTHER_ADMISSION.event_id in (await hub.rows()).inbox
        await assert_memory_is_what_a_fresh_load_gives(hub)


async def test_what_a_defect_left_is_redriven_after_the_repair_and_settled(a_hub):
    async with a_hub(with_defect(CHAIN, "discharge_involvement", lambda _: True)) as hub:
        await hear(hub, FLAG)
        await hear(hub, ADMISSION)
        (letter,) = await hub.letters()
        await hear(hub, redrive(letter.dead_letter_id, "2099-11-23 09:40"))
        (again,) = await hub.letters()
        assert again == letter
        assert await hub.said(InvolvementAlert) == []
        await hub.kill()
        hub.chain = CHAIN
        await hub.start()
        for minute in (50, 55):
            await hear(hub, redrive(letter.dead_letter_id, f"2099-11-23 09:{minute}"))
            assert await hub.letters() == []
        alerts = await hub.said(InvolvementAlert)
        assert [each.action for each in alerts] == [AlertAction.RAISED]
        await assert_memory_is_what_a_fresh_load_gives(hub)


def admissions(count: int) -> list[EncounterEvent]:
    return [
        encounter("A01", f"2099-11-23 08:{number:02}", Visit(number=f"V{number}"))
        for number in range(count)
    ]


async def test_too_many_defects_in_one_batch_stop_the_worker_and_dead_letter_nothing(a_hub):
    async with a_hub(with_defect(CHAIN, "carer_matching", lambda _: True)) as hub:
        await hub.kill()
        await hub.publish(*admissions(MOST_DEFECTS_IN_A_ROW + 1))
        with pytest.raises(Ended, match="TooManyDefects"):
            await restart(hub)
        rows = await hub.rows()
        assert (sum(rows.offsets.values()), rows.inbox, rows.state) == (0, {}, {})
        assert await hub.letters() == []


async def test_too_many_defects_in_a_row_stop_the_worker_when_events_come_one_by_one(a_hub):
    """The processor before the broken one works each time: that is no reason to go on."""
    async with a_hub(with_defect(CHAIN, "discharge_involvement", lambda _: True)) as hub:
        await hub.kill()
        await hub.publish(*admissions(MOST_DEFECTS_IN_A_ROW + 5))
        with pytest.raises(Ended, match="TooManyDefects"):
            await restart(hub, most_records=1)
        assert len(await hub.letters()) == MOST_DEFECTS_IN_A_ROW
