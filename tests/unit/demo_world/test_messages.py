"""What is sent is what its receivers ask for: every byte of a day is understood."""

import hashlib
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.gp_csv.mapping.events import rows_from
from connectors.ward_mllp.hearing import NotForUs, Refusal, Understood, heard
from deploy.composition import fhir_senders, ward_senders
from deploy.configuration.load import DEMO, load
from deploy.demo.script import Day, Send
from deploy.demo.world import day
from deploy.demo.world.adt import escaped
from deploy.demo.world.clock import hl7_time
from deploy.sending.extracts import csv_sender
from hub.errors import InvalidResource, Rejected
from hub.hl7v2 import message_from, timestamp_at

NOW = datetime(2026, 11, 22, 20, 45, tzinfo=UTC)
CONFIGURATION = load(DEMO, {})
MAPPED = {f"A{number:02}" for number in (1, 2, 3, 4, 5, 8, 11, 12, 13, 16, 25, 28, 31, 40, 45, 47)}


@pytest.fixture(scope="module")
def today() -> Day:
    return day(7, NOW)


def sent(today: Day, by: str) -> list[Send]:
    found = [each for each in today.steps if isinstance(each, Send) and each.sender.endswith(by)]
    assert found
    return found


def test_every_hospital_message_is_understood_and_all_triggers_occur(today):
    wards = ward_senders(CONFIGURATION)
    usable = [each for each in sent(today, "-adt") if not each.answer]
    results = [heard(each.body, wards, NOW) for each in usable]
    assert [each for each in results if not isinstance(each, Understood)] == []
    events = [each.event for each in results if isinstance(each, Understood)]
    assert {each.event for each in events} == MAPPED
    assert {each.region for each in events} == {0, 1}


def test_a_message_is_as_long_as_the_segments_that_end_it(today):
    for each in sent(today, "-adt"):
        assert each.body.endswith(b"\r")
        assert b"\n" not in each.body


def test_every_fhir_body_is_understood(today):
    senders = {each.name: each for each in fhir_senders(CONFIGURATION)}
    for each in sent(today, "-fhir"):
        if each.answer:
            continue
        assert heard_from(each.body, Post(sender=senders[each.sender], received_at=NOW)).all


def test_every_extract_is_understood_and_the_later_one_holds_the_earlier_rows_too(today):
    rows = Counter()
    for each in sent(today, "-csv"):
        sender = csv_sender(CONFIGURATION, each.sender)
        digest = hashlib.sha256(each.body).hexdigest()
        if each.answer:
            continue
        found = rows_from(each.body, sender, NOW, digest)
        assert each.name.endswith(".csv")
        rows[each.kind] += len(found)
    assert 0 < rows["known carers, extract"] < rows["carers of the day, extract"]


def test_what_cannot_be_used_is_refused_as_the_script_says(today):
    wards = ward_senders(CONFIGURATION)
    practices = {each.name: each for each in fhir_senders(CONFIGURATION)}
    answers = Counter()
    for each in (each for each in today.steps if isinstance(each, Send) and each.answer):
        answers[each.answer] += 1
        match each.answer:
            case "422":
                with pytest.raises(InvalidResource):
                    heard_from(each.body, Post(sender=practices[each.sender], received_at=NOW))
            case "rejected":
                with pytest.raises(Rejected):
                    rows_from(each.body, csv_sender(CONFIGURATION, each.sender), NOW, "")
            case _:
                what = heard(each.body, wards, NOW)
                assert isinstance(what, NotForUs if each.kind == "not for the hub" else Refusal)
                assert what.on_reject in ("aa", "ar")
                assert each.answer == "AA" or what.on_reject == "ar"
    assert answers == {"AR": 1, "AA": 3, "422": 1, "rejected": 1}


def test_a_visit_number_and_a_control_id_name_one_thing_each(today):
    wards = ward_senders(CONFIGURATION)
    ids = Counter(
        result.event.source_event_id
        for each in sent(today, "-adt")
        if each.kind != "duplicate"
        and isinstance(result := heard(each.body, wards, NOW), Understood)
    )
    assert set(ids.values()) == {1}


@pytest.mark.parametrize("text", ["Mill & Dyer's Yard", "a|b^c~d\\e", "Siân O'Brien-Hale", "Zoë"])
def test_what_separates_is_escaped(text):
    frame = f"MSH|^~\\&|PAS|RWE\rPID|||1||{escaped(text)}\r".encode()
    assert message_from(frame).value("PID-5.1") == text


@pytest.mark.parametrize("with_offset", [True, False])
@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
        datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Europe/London")),
    ],
)
def test_a_time_is_read_back_whatever_the_clocks_do(moment, with_offset):
    written = hl7_time(moment, with_offset=with_offset)
    frame = f"MSH|^~\\&|PAS|RWE|||{written}\r".encode()
    assert timestamp_at(message_from(frame), "MSH-7").instant == moment
