"""What a sender is told, and what was made durable before."""

import dataclasses

import pytest

from connectors.ward_mllp.verdict import OnReject
from hub.errors import InvalidResource, Unavailable
from tests.unit.ward_mllp.conftest import RWE, Ward, admission, boxed, standing

BAD = admission(person="PID|1||||Marsh^Ada").replace(b"|V1|", b"||")
"""Nothing names the stay."""

RESULT = admission().replace(b"ADT^A01^ADT_A01", b"ORU^R01^ORU_R01")
"""Well-formed, of no concern."""


def kept(ward: Ward) -> tuple[int, int, int]:
    """How much was published, refused and ignored."""
    return len(ward.published), len(ward.refused), len(ward.ignored)


async def told(ward: Ward, frame: bytes) -> str | None:
    """MSA-1 of the answer, if there is one."""
    answer = await ward.server.answer_to(frame)
    return None if answer is None else answer.split(b"\rMSA|")[1][:2].decode()


@pytest.mark.parametrize(
    ("frame", "code", "durable"),
    [
        (admission(), "AA", (1, 0, 0)),
        (RESULT, "AA", (0, 0, 1)),
        (BAD, "AR", (0, 1, 0)),
        (b"", "AR", (0, 1, 0)),
        (b"MSH|", "AR", (0, 1, 0)),
        (b"MSH|^~\\&|PAS", "AR", (0, 1, 0)),
        (b"anything", "AR", (0, 1, 0)),
        (b"\xff\xfe\x00", "AR", (0, 1, 0)),
        (admission(facility="XXX"), "AR", (0, 1, 0)),
        (admission(mode="AL|NE"), "CA", (1, 0, 0)),
        (BAD.replace(b"|2.4|||", b"|2.4|||AL|NE"), "CR", (0, 1, 0)),
        (admission(mode="NE|AL"), "AA", (1, 0, 0)),
        (admission(mode="NE|NE"), None, (1, 0, 0)),
        (admission(mode="ER|NE"), None, (1, 0, 0)),
        (admission(mode="SU|NE"), "CA", (1, 0, 0)),
    ],
)
async def test_every_frame_is_durable_before_its_answer(ward, frame, code, durable):
    assert await told(ward, frame) == code
    assert kept(ward) == durable


async def test_a_sender_that_wants_no_answer_gets_none_and_the_next_message_its_own(ward):
    line = await ward.line()
    await line.say(boxed(admission("1", "NE|NE"), admission("2", "AL|AL")))
    assert b"\rMSA|CA|2\r" in await line.answer()
    assert len(ward.published) == 2


async def test_the_answer_waits_for_the_broker(ward):
    line = await ward.line()
    ward.gate.clear()
    await line.say(boxed(admission()))
    await ward.asked.wait()
    assert line.reader._buffer == b""
    ward.gate.set()
    assert await line.code() == "AA"


@pytest.mark.parametrize(("mode", "code"), [("|", "AE"), ("AL|NE", "CE"), ("SU|NE", None)])
async def test_without_the_broker_a_message_is_asked_for_again(ward, mode, code):
    ward.fails = Unavailable("The broker did not confirm in time.")
    assert await told(ward, admission(mode=mode)) == code
    assert kept(ward) == (0, 0, 0)
    ward.fails = None
    assert await told(ward, admission()) == "AA"


@pytest.mark.parametrize("frame", [BAD, RESULT])
async def test_without_the_database_what_cannot_be_kept_is_asked_for_again(ward, frame):
    ward.fails_to_keep = Unavailable("The database does not answer.")
    assert await told(ward, frame) == "AE"
    assert kept(ward) == (0, 0, 0)


async def test_a_message_that_the_log_will_never_take_is_refused_and_kept(ward):
    ward.fails = InvalidResource("The event is too large.", expression="MSH", code="too-large")
    assert await told(ward, admission()) == "AR"
    (refused,) = ward.refused
    assert (refused.source, refused.region, refused.code) == ("rwe-adt", 0, "too-large")
    assert refused.value == admission()


async def test_a_fault_of_ours_keeps_the_bytes_and_lets_the_sender_go_on(ward):
    ward.fails = KeyError("Marsh")
    assert await told(ward, admission()) == "AA"
    (refused,) = ward.refused
    assert (refused.code, refused.defect, refused.value) == ("KeyError", True, admission())
    assert "Marsh" not in refused.reason


async def test_a_fault_of_ours_that_cannot_be_kept_is_asked_for_again(ward):
    ward.fails = KeyError("Marsh")
    ward.fails_to_keep = Unavailable("The database does not answer.")
    assert await told(ward, admission()) == "AE"


@pytest.mark.parametrize("frame", [admission(), BAD, RESULT, b"", b"MSH|^~\\&|"])
async def test_the_same_bytes_get_the_same_answer_from_any_door(ward, frame):
    first = await ward.server.answer_to(frame)
    async with standing() as another:
        assert [await ward.server.answer_to(frame), await another.server.answer_to(frame)] == [
            first,
            first,
        ]


async def test_the_same_bytes_are_the_same_event(ward):
    for _ in range(2):
        await ward.server.answer_to(admission("7"))
    assert len({event.event_id for event in ward.published}) == 1


async def test_a_control_id_used_again_for_something_else_is_another_event(ward):
    other = admission("7").replace(b"WARD23", b"WARD24")
    assert [await told(ward, frame) for frame in (admission("7"), other)] == ["AA", "AA"]
    assert len({event.event_id for event in ward.published}) == 2
    assert {event.source_event_id for event in ward.published} == {"7"}


async def test_a_sender_may_ask_not_to_hear_of_refusals():
    quiet = dataclasses.replace(
        RWE, settings=dataclasses.replace(RWE.settings, on_reject=OnReject.AA)
    )
    async with standing(quiet) as ward:
        assert await told(ward, BAD) == "AA"
        assert len(ward.refused) == 1


@pytest.mark.parametrize(("numbers", "code"), [("refuse", "AR"), ("accept", "AA")])
@pytest.mark.parametrize("processing", ["T", "D", "T^A"])
async def test_a_test_message_is_nobody_where_test_numbers_are(numbers, code, processing):
    settings = dataclasses.replace(RWE.settings, test_numbers=numbers)
    async with standing(dataclasses.replace(RWE, settings=settings)) as ward:
        assert await told(ward, admission(processing=processing)) == code
        assert [refused.expression for refused in ward.refused] == ["MSH-11"] * (code == "AR")


@pytest.mark.parametrize("processing", ["P", "", "X"])
async def test_only_what_calls_itself_a_test_is_one(processing):
    settings = dataclasses.replace(RWE.settings, test_numbers="refuse")
    async with standing(dataclasses.replace(RWE, settings=settings)) as ward:
        assert await told(ward, admission(processing=processing)) == "AA"
