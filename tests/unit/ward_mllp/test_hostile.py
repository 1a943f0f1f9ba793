"""Hostile messages, row by row (H1 to H11): each has its answer, its bytes are kept, and the next good one is taken.

The table of all rows: tests/README.md.
"""

import asyncio
import contextlib
import dataclasses
import json
import resource
import time

import pytest
import structlog
from structlog.testing import capture_logs

from connectors.ward_mllp.conversation import MOST_EMPTY, Patience
from deploy.roles.logs import allowed_only
from hub.fhir.bundle import bundle_entries
from hub.fhir.encounter import encounter_news_from
from hub.fhir.patient import patient_news_from
from hub.hl7v2 import message_from
from tests.unit.ward_mllp.conftest import NOW, RWE, Line, Ward, admission, boxed, standing

HURRIED = Patience(frame=0.2, answer=0.2, close=0.2)
KIB, MIB = 1024, 1024 * 1024
SOON = 0.05
"""Seconds of processor time for a refusal; the shortest of a few, because machines are busy."""
TIMES = 5


async def goes_on(ward: Ward, line: Line | None = None) -> bool:
    """Whether a message still gets its AA, on this connection or on a new one."""
    line = line or await ward.line()
    await line.say(boxed(admission("ok")))
    return await line.code() == "AA"


async def answered(ward: Ward, frame: bytes) -> tuple[str, str, str]:
    """MSA-1, the place and the condition of the answer; bytes that are refused must be kept as they came."""
    kept, published = len(ward.refused), len(ward.published)
    answer = message_from(await ward.server.answer_to(frame))
    code = answer.text("MSA-1")
    if code == "AR":
        assert [each.value for each in ward.refused[kept:]] == [frame]
        assert len(ward.published) == published
    coded = answer.text("ERR-1.4.1") or answer.text("ERR-3.1") or ""
    reason = (answer.text("MSA-3") or "").partition(":")[0]
    return code, reason, coded


async def soon(ward: Ward, frame: bytes) -> bool:
    """Whether it is answered without much work."""
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        await ward.server.answer_to(frame)
        took.append(time.process_time() - began)
    return min(took) < SOON


@pytest.mark.parametrize(
    "garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"MSH|^~\\&|", b"\x00"]
)
async def test_h01_what_is_no_frame_gets_no_reply_and_is_closed_and_counted(ward, garbage):
    line, other = await ward.line(), await ward.line()
    await line.say(garbage + boxed(admission()))
    assert await line.rest() == b""
    assert (ward.server.counts["no-start-block"], ward.published) == (1, [])
    assert await goes_on(ward, other)


@pytest.mark.parametrize("dribbles", [True, False])
async def test_h02_a_frame_that_never_ends_is_closed_at_its_time_and_others_go_on(dribbles):
    """Each byte comes well within the limit; the frame as a whole does not."""
    assert Patience().frame == 60
    async with standing(patience=HURRIED) as ward:
        line = await ward.line()

        async def dribble() -> None:
            for byte in boxed(admission())[: None if dribbles else 20]:
                await line.say(bytes([byte]))
                await asyncio.sleep(HURRIED.frame / 10 if dribbles else 0)

        dribbling = asyncio.create_task(dribble())
        assert await goes_on(ward)
        assert await line.rest() == b""
        dribbling.cancel()
        await asyncio.wait([dribbling])
        assert ward.server.counts["too-slow"] == 1
        assert [event.source_event_id for event in ward.published] == ["ok"]
        assert await goes_on(ward)


async def test_h03_a_frame_without_end_is_closed_at_a_mebibyte_and_memory_stays_flat(ward):
    line, most, sent = await ward.line(), 2 * KIB * MIB, 0  # 2 GiB, if anybody would take it
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await line.say(b"\x0b")
    with contextlib.suppress(ConnectionError):
        while sent < most:
            await line.say(b"x" * 64 * KIB)
            sent += 64 * KIB
    assert sent < 64 * MIB
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * KIB
    assert (ward.server.counts["too-large"], ward.published, ward.refused) == (1, [], [])
    assert await goes_on(ward)


async def test_h04_frames_are_found_however_they_are_cut_and_an_end_block_in_a_field_is_refused(
    ward,
):
    line, whole = await ward.line(), boxed(admission("1"), admission("2"))
    await line.say(whole[:-1])
    await asyncio.sleep(0)
    await line.say(whole[-1:] + boxed(admission("3", person="PID|1||H1^^^RWE||Ma\x1crsh^Ada")))
    answers = [await line.answer() for _ in range(3)]
    assert [each.split(b"\rMSA|")[1][:4] for each in answers] == [b"AA|1", b"AA|2", b"AR|3"]
    assert [each.expression for each in ward.refused] == ["MSH-18"]
    assert await goes_on(ward, line)


@pytest.mark.parametrize("frame", [b"MSH", b"MSH|", b"MSH||", b"MSH|^~\\&", b"\r", b" "])
async def test_h05_a_header_that_is_none_is_refused_and_an_empty_frame_is_passed_over(ward, frame):
    line = await ward.line()
    await line.say(boxed(b"", frame))
    assert await line.code() == "AR"
    assert [each.value for each in ward.refused] == [frame]
    assert ward.server.counts["empty-frame"] == 1
    assert await goes_on(ward, line)


async def test_h05_nothing_but_empty_frames_ends_the_connection_with_one_line_in_the_log(ward):
    line = await ward.line()
    with capture_logs() as said:
        await line.say(boxed(*[b""] * 20_000))
        assert await line.rest() == b""
    assert ward.server.counts["empty-frame"] == MOST_EMPTY + 1
    codes = [each["code"] for each in said if each["event"] == "no-frame"]
    assert codes == ["empty-frame", "empty-frames"]
    assert await goes_on(ward)


@pytest.mark.parametrize("delimiters", ["^^\\&", "^~^&", "AB\\&", "^~\\&#!", "^", "", '^~"&'])
async def test_h06_delimiters_that_cannot_separate_are_refused_at_their_place(ward, delimiters):
    frame = admission().replace(b"MSH|^~\\&|", b"MSH|" + delimiters.encode() + b"|")
    assert await answered(ward, frame) in (("AR", "MSH-2", "102"), ("AR", "", "102"))
    assert ward.refused[0].expression == "MSH-2"
    assert await goes_on(ward)


@pytest.mark.parametrize(
    "bomb",
    [
        "\\X" + "41" * 30_000 + "\\",
        "\\X41" * 10_000,
        "\\" * 60_000,
        "\\E" * 30_000,
        "\\.sp9999\\" * 6_000,
    ],
)
async def test_h06_escapes_without_end_cost_nothing_and_never_grow(ward, bomb):
    frame = admission(person=f"PID|1||H100^^^RWE^MR||{bomb}^Ada")
    assert await soon(ward, frame)
    assert await answered(ward, frame) in (("AA", "", ""), ("AR", "PID-5.1", "102"))
    assert all(len(event.resource) < 2 * len(frame) + 4 * KIB for event in ward.published)


def groups(trigger: str, group: bytes, number: int) -> bytes:
    """A message of so many groups; all merges of A45 are of one patient."""
    header, event, person, _ = admission().replace(b"A01", trigger.encode()).split(b"\r", 3)
    shared = [header, event, *([person] if trigger == "A45" else [])]
    return b"\r".join([*shared, group * number])


@pytest.mark.parametrize(
    ("frame", "place"),
    [
        (admission(person="PID|1||" + "~".join("1" * 10**6)), "MSH"),
        (admission(person="PID|1||" + "H1~" * 20_000), "PID-3"),
        (admission() + b"NK1|1|A\r" * 200_000, "MSH"),
        (admission() + b"NK1|1|A\r" * 1_900, "NK1[101]"),
        (admission() + (b"NK1|1" + b"|~A" * 60 + b"\r") * 99, "MSH"),
        (admission() + b"OBX|1|TX|" + b"x" * 70_000, "OBX"),
        (groups("A17", b"PID|1||H1^^^RWE^MR\r", 990), "PID[101]"),
        (groups("A45", b"MRG|H2||||V2\rPV1|1|I" + b"|" * 17 + b"V1\r", 990), "MRG[101]"),
    ],
)
async def test_h07_too_many_of_anything_is_refused_by_count_and_soon(ward, frame, place):
    assert await soon(ward, frame)
    assert ward.refused[0].expression == place
    assert await answered(ward, frame) == ("AR", place, "102")
    assert await goes_on(ward)


@pytest.mark.parametrize(
    "name",
    [
        b"Zo\xeb",
        "Zoë".encode("utf-16"),
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"Z\x00e",
    ],
)
async def test_h08_bytes_that_are_not_of_the_character_set_said_are_refused_and_kept(ward, name):
    frame = admission(person="PID|1||H100^^^RWE^MR||NAME^Ada").replace(b"NAME", name)
    said = frame.replace(b"|2.4|||||", b"|2.4||||||UNICODE UTF-8", 1)
    for each in frame, said:
        assert await answered(ward, each) == ("AR", "MSH-18", "102")
    assert await goes_on(ward)


@pytest.mark.parametrize("name", ["\u202egnp.Ada\u202c", "A\u200bd\u200da", "فاطمة", "Zoë"])
async def test_h08_names_of_every_direction_are_kept_as_they_are(ward, name):
    frame = admission(person=f"PID|1||H100^^^RWE^MR||Marsh^{name}")
    assert await answered(ward, frame) == ("AA", "", "")
    assert patient_of(ward).names[0].given == (name,)


@pytest.mark.parametrize(
    ("contacts", "answer"), [(3, ("AA", "", "")), (15, ("AR", "PID[50]", "102"))]
)
async def test_h07_as_many_groups_as_are_read_are_a_bundle_that_the_region_reads(
    ward, contacts, answer
):
    """A group is patient, stay, site, ward, bed and contacts: of 20 entries, 49 fit into the Bundle with its header."""
    stay = b"PV1|1|I|A^WARD^B^RWEAA" + b"|" * 16 + b"V1\r"
    group = b"PID|1||H1^^^RWE^MR\r" + stay + b"NK1|1|MARSH^BEN|20\r" * contacts
    assert await answered(ward, groups("A17", group, 100)) == answer
    for event in ward.published:
        entries = bundle_entries(json.loads(event.resource))
        assert len(entries.of_type("Encounter")) == 100
        assert len({entry.full_url for entry in entries}) == len(entries)


def patient_of(ward: Ward):
    entries = bundle_entries(json.loads(ward.published[-1].resource))
    (patient,) = entries.of_type("Patient")
    return patient_news_from(patient.resource, patient.path, "accept").facts


async def test_h09_the_same_bytes_get_the_same_answer_and_are_one_event_and_others_are_another(
    ward,
):
    answers = {await ward.server.answer_to(admission("7")) for _ in range(200)}
    assert len(answers) == 1
    assert len({event.event_id for event in ward.published}) == 1
    other = admission("7").replace(b"WARD23", b"WARD24")
    assert (await answered(ward, other))[0] == "AA"
    assert len({event.event_id for event in ward.published}) == 2


@pytest.mark.parametrize(
    ("frame", "place", "code"),
    [
        (admission(facility="RZZ"), "MSH-4", "unknown-sender"),
        (admission().replace(b"|PAS|", b"|pas|"), "MSH-3", "unknown-sender"),
        (admission(facility="RR8"), "MSH-4", "other-certificate"),
        (admission(processing="T"), "MSH-11", "test-message"),
        (admission().replace(b"ADT^A01^", b"ADT^A02^"), "MSH-9.2", "event-not-granted"),
    ],
)
async def test_h10_who_may_not_say_it_is_refused_kept_counted_and_logged(frame, place, code):
    settings = dataclasses.replace(RWE.settings, test_numbers="refuse", events=frozenset({"A01"}))
    own = dataclasses.replace(RWE, settings=settings, applications=frozenset({"PAS"}))
    other = dataclasses.replace(
        own, facilities=frozenset({"RR8"}), certificate_name="adt.rr8.example"
    )
    async with standing(own, other) as ward:
        with structlog.testing.capture_logs([allowed_only]) as lines:
            assert (await answered(ward, frame))[0] == "AR"
        (refused,) = ward.refused
        assert (refused.expression, refused.code) == (place, code)
        assert ward.server.counts["rejected"] == 1
        assert [(each["event"], each["code"]) for each in lines] == [("refused", code)]
        assert [each["letter"] for each in lines] == [str(refused.dead_letter_id)]
        assert await goes_on(ward)


@pytest.mark.parametrize(
    ("written", "code"),
    [("99999999", "AR"), ("20250229", "AR"), ("00010101", "AR"), ("20991231", "AA"), ('""', "AR")],
)
async def test_h11_a_time_that_cannot_be_is_refused_and_one_to_come_is_not_believed(
    ward, written, code
):
    frame = admission().replace(b"EVN||20261123093000|", b"EVN||" + written.encode() + b"|")
    frame = frame.replace(b"|HUB|HUB|20261123093000|", b"|HUB|HUB||")
    assert await answered(ward, frame) == (
        code,
        "EVN-2" if code == "AR" else "",
        *condition(code, written),
    )
    assert all(event.recorded_at == NOW for event in ward.published)


def condition(code: str, written: str) -> tuple[str]:
    return ("",) if code == "AA" else ("101",) if written == '""' else ("102",)


@pytest.mark.parametrize(
    ("born", "says"),
    [
        ("99999999", False),
        ("20250229", False),
        ("00010101", False),
        ("", False),
        ('""', True),
        ("19410302", True),
    ],
)
async def test_h11_a_birth_date_that_cannot_be_costs_that_field_and_null_deletes_it(
    ward, born, says
):
    frame = admission(person=f"PID|1||H100^^^RWE^MR||Marsh^Ada||{born}")
    assert (await answered(ward, frame))[0] == "AA"
    entries = bundle_entries(json.loads(ward.published[-1].resource))
    (patient,) = entries.of_type("Patient")
    news = patient_news_from(patient.resource, patient.path, "accept")
    assert ("birth" in news.spoken) == says
    assert (news.facts.birth_on is not None) == (born == "19410302")


@pytest.mark.parametrize(("expected", "says"), [('""', True), ("", False), ("20261125", True)])
async def test_h11_null_deletes_and_absent_keeps_an_expected_discharge(ward, expected, says):
    frame = admission() + f"PV2|||||||||{expected}\r".encode()
    assert (await answered(ward, frame))[0] == "AA"
    entries = bundle_entries(json.loads(ward.published[-1].resource))
    (stay,) = entries.of_type("Encounter")
    news = encounter_news_from(stay.resource, stay.path, entries)
    assert ("expected" in news.spoken) == says
