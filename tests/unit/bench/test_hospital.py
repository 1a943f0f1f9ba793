"""The made-up hospital: always the same, always understood, never about a real person."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from connectors.ward_mllp.hearing import Understood, heard
from deploy.bench.hospital import DAY, Adt, Hospital
from deploy.bench.places import PLACES
from deploy.composition import ward_senders
from deploy.configuration.load import DEMO, load
from hub.hl7v2 import message_from

BEGINS = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = BEGINS + timedelta(hours=1)


def a_hospital(seed: int = 7) -> Hospital:
    return Hospital(seed, BEGINS)


def some_messages(seed: int = 7) -> list[Adt]:
    hospital = a_hospital(seed)
    return [*hospital.beginning(60, 30), *hospital.day(1_000)]


MESSAGES = some_messages()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    assert some_messages() == MESSAGES
    assert {each.frame for each in some_messages(8)}.isdisjoint(each.frame for each in MESSAGES)


def test_no_message_is_sent_twice():
    assert len({each.control_id for each in MESSAGES}) == len(MESSAGES)
    assert len({each.frame for each in MESSAGES}) == len(MESSAGES)


def test_the_gateway_understands_every_message():
    senders = ward_senders(load(DEMO, {}))
    whats = [heard(each.frame, senders, LATER) for each in MESSAGES]
    assert [what for what in whats if not isinstance(what, Understood)] == []


def test_a_day_holds_every_kind_of_message():
    counted = Counter(each.trigger for each in MESSAGES[90:])
    assert counted.keys() == DAY.keys()
    assert counted.most_common(1)[0][0] == "A08"


def test_the_shares_of_a_day_are_percent():
    assert sum(DAY.values()) == 100


def test_each_message_says_the_trigger_that_it_is_counted_as():
    for each in MESSAGES:
        message = message_from(each.frame)
        assert message.text("MSH-9.2") == message.text("EVN-1") == each.trigger


def test_an_admission_fills_more_than_forty_of_the_places_that_are_read():
    adt, _ = a_hospital().admitted_apart("WARD9")
    message = message_from(adt.frame)
    assert sum(message.text(place) is not None for place in PLACES) > 40


def test_every_place_that_is_read_is_filled_by_some_message():
    messages = [message_from(each.frame) for each in MESSAGES]
    empty = [place for place in PLACES if not any(each.text(place) for each in messages)]
    assert empty == []


def test_numbers_are_of_the_test_range_and_telephones_of_ofcoms_for_drama():
    text = b"\r".join(each.frame for each in MESSAGES).decode()
    numbers = re.findall(r"~(\d{10})\^\^\^NHS\^NH", text)
    assert numbers
    assert [each for each in numbers if not each.startswith("999")] == []
    telephones = re.findall(r"[|~](0[\d ]{9,})\^", text)
    assert telephones
    assert [t for t in telephones if not t.startswith(("0116 496 0", "07700 900"))] == []


def test_only_somebody_who_is_in_is_discharged():
    inside = set()
    for each in MESSAGES:
        visit = message_from(each.frame).text("PV1-19.1")
        if each.trigger in ("A01", "A13"):
            inside.add(visit)
        elif each.trigger in ("A03", "A11"):
            assert visit in inside
            inside.remove(visit)


def test_a_patient_set_apart_is_named_in_no_other_message():
    hospital = a_hospital()
    list(hospital.beginning(20, 10))
    adt, stay = hospital.admitted_apart("MARKED1")
    number = stay.patient.hospital_number.encode()
    assert number in adt.frame
    assert [each for each in hospital.day(500) if number in each.frame] == []


def test_a_patient_set_apart_goes_home_under_the_same_visit():
    hospital = a_hospital()
    admission, stay = hospital.admitted_apart("MARKED1")
    discharge = hospital.discharged_apart(stay)
    assert discharge.trigger == "A03"
    visits = {message_from(each.frame).text("PV1-19.1") for each in (admission, discharge)}
    assert len(visits) == 1


@pytest.mark.parametrize("with_carer", [True, False])
def test_whether_a_carer_is_known_is_as_asked(with_carer):
    roles = [
        nk1.text("NK1-3.1")
        for nk1 in message_from(a_hospital().admitted(with_carer=with_carer).frame).segments("NK1")
    ]
    assert ("20" in roles) == with_carer
