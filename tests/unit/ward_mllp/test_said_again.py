"""Segments that come again: what they became is remembered, and nothing of one message is left in the next."""

from uuid import UUID

import orjson
import pytest

from connectors.ward_mllp.mapping import bundle_from
from connectors.ward_mllp.mapping.fields import LARGEST, Written
from connectors.ward_mllp.mapping.next_of_kin import _related_person_from
from connectors.ward_mllp.mapping.patient import _patient
from connectors.ward_mllp.settings import SenderSettings
from hub.hl7v2 import message_from
from hub.hl7v2.charset import Charset
from hub.hl7v2.delimiters import Delimiters
from hub.hl7v2.notation import Notation

RWE = SenderSettings(name="rwe", region=0, trust_ods="RWE", test_numbers="accept")
RR8 = SenderSettings(name="rr8", region=0, trust_ods="RR8", test_numbers="accept")
PID = "PID|1||H100^^^^MR~9990000018^^^NHS^NH||Marsh^Ada||19410302|2"
NK1 = "NK1|1|Marsh^Ben|20|||07700 900142"
MRG = "MRG|H099^^^^MR"


@pytest.fixture(autouse=True)
def nothing_known():
    _patient.cache_clear()
    _related_person_from.cache_clear()


def bundle(trigger, *segments, sender=RWE, event=1, separators=r"^~\&"):
    kind = f"ADT{separators[0]}{trigger}"
    header = f"MSH|{separators}|PAS|{sender.trust_ods}|HUB|HUB|20260301101500||{kind}|M1|P|2.4"
    frame = "\r".join([header, "EVN||20260301101500", *segments]).encode()
    return orjson.dumps(bundle_from(message_from(frame), sender, UUID(int=event)))


def afresh(*of, **more):
    """The same without anything remembered."""
    _patient.cache_clear()
    _related_person_from.cache_clear()
    return bundle(*of, **more)


def test_a_merge_leaves_no_link_on_the_patient_of_the_next_message():
    usual = ("A31", PID, NK1)
    before = bundle(*usual)
    merge = bundle("A40", PID, MRG)
    assert b'"replaces"' in merge
    assert bundle(*usual) == before == afresh(*usual)
    assert bundle("A40", PID, MRG) == merge == afresh("A40", PID, MRG)


def test_a_contact_is_of_the_patient_of_its_own_message():
    first, second = bundle("A31", PID, NK1, event=1), bundle("A31", PID, NK1, event=2)
    assert _related_person_from.cache_info().hits == 1
    assert second == afresh("A31", PID, NK1, event=2)
    assert first == afresh("A31", PID, NK1, event=1)


@pytest.mark.parametrize(
    "other",
    [
        ("A31", PID.replace("Ada", "Ida"), NK1),
        ("A31", PID, "PD1||||G9990012^Verma", NK1),
        ("A31", PID, NK1, "ZU8||||Y"),
        ("A31", PID, NK1.replace("Ben", "Bea")),
    ],
)
def test_another_word_is_another_person(other):
    bundle("A31", PID, NK1)
    assert bundle(*other) == afresh(*other)


def test_the_same_words_of_another_trust_or_under_other_delimiters_are_others():
    bundle("A31", PID, NK1)
    assert bundle("A31", PID, NK1, sender=RR8) == afresh("A31", PID, NK1, sender=RR8)
    bundle("A31", PID, NK1)
    swapped = {"separators": r"~^\&"}
    assert bundle("A31", PID, NK1, **swapped) == afresh("A31", PID, NK1, **swapped)


def test_a_segment_shows_nothing_of_its_text():
    notation = Notation(Delimiters("|", "^", "~", "\\", "&"), Charset.UTF_8)
    assert "Marsh" not in repr(Written("PID", 1, PID, notation))


def test_what_is_longer_than_usual_is_not_kept():
    longest = "|" * LARGEST
    long = ("A31", PID, f"{NK1}|{longest}", f"PD1|{longest}")
    assert bundle(*long) == bundle(*long)
    assert _patient.cache_info().currsize == _related_person_from.cache_info().currsize == 0
