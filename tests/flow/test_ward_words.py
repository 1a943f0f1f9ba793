"""What a ward says in ADT stands in the picture as it was meant: roles, number, methods, dates, place, shielding."""

from datetime import UTC, date, datetime

import pytest

from connectors.ward_mllp.mapping import encounter_event_from
from connectors.ward_mllp.settings import SenderSettings
from hub.hl7v2 import message_from
from hub.testing.memory_hub import MemoryHub
from processors.carer_matching.processor import carer_matching
from tests.flow.scenes import MATCHING, picture

WARD = SenderSettings(name="rwe-pas", region=0, trust_ods="RWE", test_numbers="accept")
RECEIVED = datetime(2026, 11, 30, tzinfo=UTC)
PID = {3: "S1^^^PAS^MR~9990000018^^^NHS^NH", 5: "GREEN^ANN", 7: "19410712", 32: "NSTS01"}
PV1 = {2: "I", 3: "RWE^WARD 1^BED 2^RWEAA", 4: "2A", 19: "V1^^^PASV", 44: "202611221010"}
PHONE = "07700900123"
DAUGHTER, CARER = {"2": "GREEN^JO", "3": "43"}, {"2": "GREEN^JO", "3": "20"}


def segment(name, fields):
    places = {int(place): value for place, value in fields.items()}
    return "|".join([name, *(places.get(each, "") for each in range(1, max(places) + 1))])


def heard(*segments, trigger="A01", minute="1015", hub=None) -> MemoryHub:
    """A hub after one message."""
    head = rf"MSH|^~\&|PAS|RWE|HUB|HUB|20261122{minute}00||ADT^{trigger}|M{minute}|P|2.4"
    frame = "\r".join([head, f"EVN||20261122{minute}", *segments]).encode()
    hub = hub or MemoryHub((carer_matching(MATCHING),))
    hub.hear(encounter_event_from(frame, message_from(frame), WARD, RECEIVED).event)
    return hub


def admitted(*segments, pid=PID, pv1=PV1):
    return heard(segment("PID", pid), *segments, segment("PV1", pv1))


def roles(hub):
    (carer,) = picture(hub).carers
    return [each.code for each in carer.relationships]


@pytest.mark.parametrize(
    ("contacts", "kept"),
    [
        ([{**DAUGHTER, "7": "20"}], ["43", "DAU", "20", "Carer"]),
        ([{**CARER, "7": "43"}], ["20", "Carer", "43", "DAU"]),
        ([{**DAUGHTER, "3": "43~20"}], ["43", "DAU", "20", "Carer"]),
        ([DAUGHTER, CARER], ["43", "DAU", "20", "Carer"]),
        ([CARER, DAUGHTER], ["20", "Carer", "43", "DAU"]),
        ([{**DAUGHTER, "3": "4"}, CARER, {**DAUGHTER, "3": "17"}], ["4", "N", "20", "Carer", "17"]),
    ],
)
def test_a_daughter_who_is_a_carer_stays_both_however_it_is_written(contacts, kept):
    found = roles(admitted(*(segment("NK1", each) for each in contacts)))
    assert found[: len(kept)] == kept


def test_each_contact_is_somebody_and_only_those_who_care_are_carers():
    others = [segment("NK1", {2: f"GREEN^{each}", 3: "14"}) for each in ("AMY", "BEA")]
    hub = admitted(*others, segment("NK1", CARER))
    assert len(hub.memory.evidence.own) == 3
    assert len(picture(hub).carers) == 1


@pytest.mark.parametrize(
    ("sent", "number", "status", "unusable"),
    [
        ("9990000018", "9990000018", "01", None),
        ("9990000019", None, None, "check-digit"),
        ("9999999999", None, None, "placeholder"),
        ("99900000180", None, None, "length"),
    ],
)
def test_a_number_keeps_its_status_and_one_that_fails_its_reason(sent, number, status, unusable):
    hub = admitted(pid={**PID, 3: f"S1^^^PAS^MR~{sent}^^^NHS^NH"})
    (record,) = hub.memory.records.values()
    facts = record.facts
    assert (facts.nhs_number, facts.unusable_nhs_number) == (number, unusable)
    assert number is None or facts.nhs_number_status == status


def test_two_people_under_one_number_that_fails_are_never_joined():
    hub = admitted(pid={**PID, 3: "S1^^^PAS^MR~9999999999^^^NHS^NH"})
    other = {**PID, 3: "S2^^^PAS^MR~9999999999^^^NHS^NH", 5: "BROWN^TOM", 7: "19500101"}
    heard(segment("PID", other), segment("PV1", {**PV1, 19: "V2^^^PASV"}), minute="1016", hub=hub)
    assert len({hub.memory.person(each.record_id) for each in hub.memory.records.values()}) == 2


def test_where_when_and_how_stand_in_the_picture():
    hub = admitted(segment("NK1", CARER))
    seen = picture(hub)
    assert (seen.trust_ods, seen.site_ods, seen.ward, seen.bed) == (
        *("RWE", "RWEAA", "WARD 1", "BED 2"),
    )
    later = [segment("PV2", {9: "20261127"}), segment("ZU1", {24: "20261126"})]
    heard(segment("PID", PID), segment("PV1", PV1), *later, trigger="A08", minute="1116", hub=hub)
    last = list(hub.last(type(seen)).values())[-1]
    assert last.expected_discharge.precision == "day"
    assert last.expected_discharge.at == datetime(2026, 11, 27, tzinfo=UTC)
    assert last.ready_on == date(2026, 11, 26)


@pytest.mark.parametrize(("pv1_36", "pv1_37"), [("1", "19"), ("19", "1"), ("19", ""), ("", "19")])
@pytest.mark.parametrize("destination", ["19", "51", "55", "56"])
def test_the_destination_is_understood_whichever_field_it_stands_in(pv1_36, pv1_37, destination):
    out = {36: pv1_36, 37: pv1_37, 45: "202611231500"}
    out = {
        place: value.replace("19", destination) if place != 45 else value
        for place, value in out.items()
    }
    hub = heard(segment("PID", PID), segment("PV1", {**PV1, **out}), trigger="A03")
    seen = picture(hub)
    assert seen.destination.code == destination
    assert "discharge" in seen.destination.system.lower()
    assert seen.discharged_at == datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(("hiding", "shielded"), [("0", False), ("1", True), ("2", True)])
def test_shielding_takes_every_contact_out_of_the_picture(hiding, shielded):
    contact = segment("NK1", {**CARER, 5: PHONE})
    frame = [segment("PID", {**PID, 13: PHONE}), contact, segment("PV1", PV1)]
    hub = heard(*frame, segment("ZU8", {4: hiding}))
    seen = picture(hub)
    (carer,) = seen.carers
    assert seen.patient.shielded is shielded
    assert bool(carer.contacts) is not shielded
