"""Hostile repeats and numbers (rows H9 and H12 of tests/README.md): nothing happens twice, nobody is joined by them."""

from dataclasses import replace

import pytest

from connectors.ward_mllp.hearing import Understood, heard
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from hub.records import InvolvementAlert, StayPicture
from hub.testing.flags import carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN
from hub.testing.senders import at
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from tests.flow.scenes import MATCHING, picture

FLAG = carer_flag(BEN, "2026-11-03 12:00", of=ADA)


def next_of_kin(name: str, role: str, born: str, number: str = "") -> str:
    return f"NK1|1|{name}|{role}{'|' * 13}{born}{'|' * 17}{number}"


def admission(number: str, person: str = "Ferris^Zoe||19410302", contact: str = "") -> bytes:
    identifiers = f"H900^^^RWE^MR~{number}^^^NHS^NH"
    return (
        "MSH|^~\\&|PAS|RWE|HUB|HUB|20261122093000||ADT^A01^ADT_A01|1|P|2.4\r"
        f"EVN||20261122093000||||20261122092500\rPID|1||{identifiers}||{person}\r{contact}\r"
        "PV1|1|I|WARD23^^B4^RWEAA||||||||||||||||V9|||||||||||||||||||||||||20261122092500\r"
    ).encode()


def understood(frame: bytes, test_numbers: str = "accept") -> Understood:
    settings = SenderSettings(name="rwe-adt", region=0, trust_ods="RWE", test_numbers=test_numbers)
    what = heard(frame, [KnownSender(settings=settings)], at("2026-11-22 09:31"))
    assert isinstance(what, Understood), what
    return what


def hub_after(frame: bytes, test_numbers: str = "accept") -> MemoryHub:
    """A hub that heard the practice's flag, and then the ward."""
    what = understood(frame, test_numbers)
    policy = replace(MATCHING, test_numbers=test_numbers)
    hub = MemoryHub((carer_matching(policy), discharge_involvement(AlertPolicy())))
    hub.hear(FLAG)
    hub.publish(what.event, what.key)
    hub.run()
    assert {each.topic for each in hub.refusals} <= {"gp.carer-flag.v1"}
    return hub


def test_h09_a_frame_that_comes_again_changes_nothing_and_tells_nothing():
    frame = admission("9990000018")
    hub = hub_after(frame)
    before = (hub.said(StayPicture), hub.said(InvolvementAlert))
    assert len(before[1]) == 1
    for _ in range(50):
        again = understood(frame)
        hub.publish(again.event, again.key)
        hub.run()
    assert (hub.said(StayPicture), hub.said(InvolvementAlert)) == before


def test_h12_a_right_number_of_the_test_range_joins_where_it_is_a_person():
    assert [named(each) for each in picture(hub_after(admission("9990000018"))).carers] == ["Ben"]


@pytest.mark.parametrize(
    ("number", "test_numbers"),
    [
        ("9990000019", "accept"),  # the check digit is another
        ("9990000108", "accept"),  # two digits changed places
        ("999000001", "accept"),
        ("99900000180", "accept"),
        ("9999999999", "accept"),  # stands for nobody
        ("9990000018", "refuse"),  # the test range, in production
        ("٩٩٩٠٠٠٠٠١٨", "accept"),
    ],
)
def test_h12_a_number_that_cannot_be_used_joins_nobody_and_is_kept_out(number, test_numbers):
    hub = hub_after(admission(number), test_numbers)
    assert picture(hub).patient.nhs_number is None
    assert picture(hub).patient.hospital_number == "H900"
    assert picture(hub).carers == ()
    assert hub.said(InvolvementAlert) == []


@pytest.mark.parametrize("number", ["9990000018", "9990000019"])
def test_h12_patient_and_next_of_kin_that_changed_places_are_still_two_people(number):
    """The ward has the carer in PID, under the patient's number, and the patient in NK1."""
    swapped = next_of_kin("Marsh^Ada", "1", "19410302")
    hub = hub_after(admission(number, "Marsh^Ben||19690721", swapped))
    shown = picture(hub)
    assert {named(each) for each in shown.carers} <= {"Ben", "Ada"}
    assert all(each.confidence.value != "confirmed" for each in shown.carers)


def test_h12_a_patient_is_never_their_own_carer():
    own = next_of_kin("Marsh^Ada", "20", "19410302", "9990000018^^^NHS^NH")
    hub = hub_after(admission("9990000018", "Marsh^Ada||19410302", own))
    assert [named(each) for each in picture(hub).carers] == ["Ben"]


def named(each) -> str:
    return each.names[0].given[0]
