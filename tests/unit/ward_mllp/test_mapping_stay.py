"""MSH, EVN, PV1, PV2 and ZU1: what a message says of a stay, and the event that it becomes."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from fhir.resources.R4B.bundle import Bundle

from connectors.ward_mllp.mapping import Ignored, bundle_from, encounter_event_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries
from hub.fhir.encounter import discharge_stop, encounter_news_from
from hub.fhir.message_header import header_news_from
from hub.fhir.patient import patient_news_from
from hub.fhir.record import hospital_number_of, person_record_id, stay_ids
from hub.hl7v2 import message_from
from hub.identity import derived, message_event_id, source_record_id, stay_id, unnumbered_stay_id
from hub.records import Coding, ExpectedDischarge, Identifier

RECEIVED = datetime(2026, 3, 1, 10, 15, 2, tzinfo=UTC)
PID = "PID|||S1^^^PAS^MR||GREEN^ANN"
DESTINATION = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland"
METHOD = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland"
ITK_DISPOSITION = "urn:carers-hub:codesystem:itk-0112"
AS_SENT = "urn:carers-hub:codesystem:pv1-36"


def sender(**settings):
    return SenderSettings(
        **{"name": "pas", "region": 3, "trust_ods": "RWE", "test_numbers": "accept"} | settings
    )


def segment(name, fields):
    return "|".join([name, *(fields.get(number, "") for number in range(1, max(fields) + 1))])


def frame(trigger, *segments, msh=None, evn="EVN||202603011015||||202603011010"):
    header = msh or rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301101500||ADT^{trigger}|M1|P|2.4|7"
    return "\r".join([header, *([evn] if evn else []), *segments]).encode()


def stay(pv1=None, *segments, trigger="A01", pid=PID, settings=None):
    """The news of the stay, from the Bundle that a message becomes."""
    content = frame(trigger, pid, segment("PV1", {19: "V1^^^PASV"} | (pv1 or {})), *segments)
    keyed = encounter_event_from(content, message_from(content), settings or sender(), RECEIVED)
    body = json.loads(keyed.event.resource)
    Bundle.model_validate(body)
    entries = bundle_entries(body)
    entry = entries.of_type("Encounter")[0]
    alone = encounter_news_from(entry.resource, entry.path)
    assert alone == encounter_news_from(entry.resource, entry.path, entries)
    return alone


def event_from(content, received_at=RECEIVED, **settings):
    return encounter_event_from(content, message_from(content), sender(**settings), received_at)


def refusal_of(content, **settings):
    with pytest.raises(InvalidResource) as refusal:
        event_from(content, **settings)
    return refusal.value.expression


def test_an_admission_reads_back_as_the_message_said():
    news = stay(
        {
            2: "I",
            3: "RWEAA^WARD 23^BAY2-6^RWEAA",
            4: "21",
            14: "19",
            44: "202603011010",
        },
        segment("PV2", {9: "20260305"}),
        segment("ZU1", {24: "20260304"}),
    )
    facts = news.facts
    assert facts.visit == Identifier(
        system="urn:carers-hub:authority:RWE:visit:PASV", value="V1", type="VN"
    )
    assert (facts.patient_class, facts.status, facts.trust_ods) == ("IMP", "in-progress", "RWE")
    assert (facts.site_ods, facts.ward, facts.bed) == ("RWEAA", "WARD 23", "BAY2-6")
    assert facts.admitted_at == datetime(2026, 3, 1, 10, 10, tzinfo=UTC)
    assert facts.admission_method.code == "21"
    assert facts.expected_discharge == ExpectedDischarge(
        at=datetime(2026, 3, 5, tzinfo=UTC), precision="day"
    )
    assert facts.ready_on == date(2026, 3, 4)
    assert news.spoken == {
        "visit", "class", "admitted", "location", "expected", "ready", "leave",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("register", "pv1", "segments"),
    [
        ("class", {2: '""'}, ()),
        ("location", {3: '""'}, ()),
        ("discharge", {37: '""'}, ()),
        ("admitted", {44: '""'}, ()),
        ("discharge", {45: '""'}, ()),
        ("expected", {}, ('PV2|||||||||""',)),
        ("ready", {}, ("ZU1" + "|" * 24 + '""',)),
    ],
)
def test_two_double_quotes_clear_what_was_known(register, pv1, segments):
    news = stay(pv1, *segments, trigger="A08")
    assert news.spoken == {register, "visit"}
    assert news.facts == stay(trigger="A08").facts


@pytest.mark.parametrize(
    ("trigger", "status"),
    [
        ("A01", "in-progress"), ("A02", "in-progress"), ("A03", "finished"), ("A04", "in-progress"),
        ("A05", "planned"), ("A06", "in-progress"), ("A07", "in-progress"), ("A08", "unknown"),
        ("A11", "cancelled"), ("A12", "in-progress"), ("A13", "in-progress"),
        ("A16", "in-progress"), ("A21", "onleave"), ("A22", "in-progress"),
        ("A25", "in-progress"), ("A38", "cancelled"), ("A52", "in-progress"), ("A53", "onleave"),
    ],
)  # fmt: skip
def test_the_status_follows_the_event(trigger, status):
    assert stay(trigger=trigger).facts.status == status


@pytest.mark.parametrize(
    ("sent", "read"),
    [("I", "IMP"), ("i", "IMP"), ("E", "EMER"), ("O", "AMB"), ("P", "PRENC"), ("W", "W"),
     ("ff", "ff"), ("DAY  CASE", "DAY CASE"), ("99", "99"), ("", None)],
)  # fmt: skip
def test_trap_3_a_class_that_is_in_no_table_is_kept_as_sent(sent, read):
    assert stay({2: sent}).facts.patient_class == read


@pytest.mark.parametrize(
    ("sent", "site", "ward", "bed"),
    [
        ("RCB^OBS1^BAY2-6^RCB55", "RCB55", "OBS1", "BAY2-6"),
        ("WARD 4^^12^RCB55", "RCB55", "WARD 4", "12"),
        ("WARD 4", None, "WARD 4", None),
        ("^^^^^^^^My Ward", None, "My Ward", None),
        ("^WARD 4^^General Hospital", None, "WARD 4", None),
        ("^WARD 4^^rcb55&York&L", "RCB55", "WARD 4", None),
    ],
)
def test_the_ward_is_the_second_part_and_else_the_first(sent, site, ward, bed):
    facts = stay({3: sent}).facts
    assert (facts.site_ods, facts.ward, facts.bed) == (site, ward, bed)


@pytest.mark.parametrize(
    ("sent", "ward", "bed"),
    [
        ("WARD7^BAY2^BED3^RCB55", "WARD7", "BED3"),
        ("^BAY2^BED3", None, "BED3"),
        ("^BAY2^^^^^^^My Ward", "My Ward", None),
    ],
)
def test_a_sender_whose_ward_is_the_point_of_care_has_no_room_taken_for_it(sent, ward, bed):
    facts = stay({3: sent}, settings=sender(ward_component=1)).facts
    assert (facts.ward, facts.bed) == (ward, bed)


@pytest.mark.parametrize(
    ("disposition", "destination", "read", "method"),
    [
        ("3", "19", "19", "3"),  # the right way round
        ("19", "", "19", None),
        ("19", "1", "19", "1"),
        ("19", "19", "19", "19"),
        ("", "19", "19", None),
        ("1", "", None, "1"),
    ],
)
def test_trap_1_the_destination_is_found_in_either_field(disposition, destination, read, method):
    facts = stay({36: disposition, 37: destination}, trigger="A03").facts
    assert facts.destination == (None if read is None else Coding(system=DESTINATION, code=read))
    assert (None if facts.discharge_method is None else facts.discharge_method.code) == method


@pytest.mark.parametrize(
    ("disposition", "pv1", "pid", "method", "stop"),
    [
        ("unsure", {36: "4"}, PID, (AS_SENT, "4"), None),
        ("unsure", {36: "4", 37: "79"}, PID, (METHOD, "4"), "died"),
        ("unsure", {36: "4"}, PID + "|" * 25 + "Y", (METHOD, "4"), "died"),
        ("unsure", {36: "5"}, PID, (AS_SENT, "5"), None),
        ("unsure", {36: "8"}, PID, (AS_SENT, "8"), None),
        ("unsure", {36: "8", 37: "98"}, PID, (METHOD, "8"), "not-discharged"),
        ("unsure", {36: "10"}, PID, (AS_SENT, "10"), None),
        ("discharge-method", {36: "4"}, PID, (METHOD, "4"), "died"),
        ("discharge-method", {36: "1", 37: "19"}, PID, (METHOD, "1"), None),
        ("itk-0112", {36: "4"}, PID, (ITK_DISPOSITION, "4"), None),
        ("itk-0112", {36: "10"}, PID, (METHOD, "4"), "died"),
    ],
)
def test_trap_2_a_4_is_death_only_where_it_cannot_be_a_referral(
    disposition, pv1, pid, method, stop
):
    facts = stay(pv1, trigger="A03", pid=pid, settings=sender(disposition=disposition)).facts
    assert (facts.discharge_method.system, facts.discharge_method.code) == method
    assert discharge_stop(facts) == stop


@pytest.mark.parametrize("text", ["Feeling great", "Dead", "home"])
def test_trap_3_free_text_in_a_coded_field_stays_text(text):
    facts = stay({36: text, 37: text}, trigger="A03").facts
    assert facts.destination == Coding(system="", code="", display=text)
    assert facts.discharge_method == Coding(system="", code="", display=text)
    assert discharge_stop(facts) is None


def test_times_keep_the_precision_they_were_sent_with():
    expected = stay({}, "PV2|||||||||202607051430").facts.expected_discharge
    assert expected == ExpectedDischarge(
        at=datetime(2026, 7, 5, 13, 30, tzinfo=UTC), precision="minute"
    )
    day = stay({44: "20260701", 45: "20260701"}, trigger="A03").facts
    assert day.admitted_at == day.discharged_at == datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    assert stay({}, "ZU1" + "|" * 24 + "202607012330").facts.ready_on == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("pv1", "place"),
    [
        ({44: "202613011010"}, "PV1-44"),
        ({44: "202603"}, "PV1-44"),
        ({45: "soon"}, "PV1-45"),
        ({44: "202603021010", 45: "202603011010"}, "PV1-45"),
        ({44: "202603021010", 45: "20260301"}, "PV1-45"),
    ],
)
def test_a_time_that_decides_something_and_cannot_be_read_is_refused(pv1, place):
    pv1_segment = segment("PV1", {19: "V1"} | pv1)
    assert refusal_of(frame("A03", PID, pv1_segment)) == place


@pytest.mark.parametrize("written", ["TBC", "unknown", "2026", "202611", "99999999", "20261131"])
def test_a_date_of_going_home_that_cannot_be_read_is_no_news_and_costs_nobody_the_stay(written):
    said = stay({2: "I"}, "PV2" + "|" * 9 + written, "ZU1" + "|" * 24 + written)
    assert said == stay({2: "I"})
    readable = stay({2: "I"}, "PV2" + "|" * 9 + written, "ZU1" + "|" * 24 + "20260304")
    assert readable.spoken - said.spoken == {"ready"}


def test_the_trust_is_the_senders_and_never_the_messages():
    entries = bundle_entries(
        bundle_from(
            message_from(frame("A01", PID, "PV1||I|RCB^W^B^RCB55|||||||||||||||||V1")),
            sender(),
            derived("event", 1),
        )
    )
    encounter = entries.of_type("Encounter")[0].resource
    assert encounter["serviceProvider"]["identifier"]["value"] == "RWE"


def test_a_moved_visit_names_the_one_that_it_replaces():
    facts = stay({}, "MRG|||||V0^^^PASV", trigger="A45").facts
    assert facts.replaces_visit == Identifier(
        system="urn:carers-hub:authority:RWE:visit:PASV", value="V0"
    )
    assert stay({}, "MRG|S0^^^PAS||||V0", trigger="A47").facts.replaces_visit.value == "V0"
    assert stay({}, "MRG|||||V0", trigger="A06").facts.replaces_visit.value == "V0"
    assert stay({}, trigger="A07").facts.replaces_visit is None
    pv1 = segment("PV1", {19: "V1"})
    assert refusal_of(frame("A45", PID, pv1)) == "MRG"
    assert refusal_of(frame("A45", PID, pv1, "MRG|S0")) == "MRG-5"


def test_an_episode_number_is_another_identifier_of_the_stay():
    facts = stay({50: "E7^^^EPISODE"}).facts
    assert facts.visit.value == "V1"
    assert [visit.value for visit in facts.other_visits] == ["E7"]


def test_an_event_is_what_the_message_says_it_is():
    content = frame("A01", PID, "PV1||I|||||||||||||||||V1^^^PASV")
    keyed = event_from(content)
    event = keyed.event
    assert event.event_id == message_event_id("pas", "M1", content) == event.correlation_id
    assert (event.source, event.source_event_id, event.region) == ("pas", "M1", 3)
    assert (event.trust_ods, event.event, event.sequence) == ("RWE", "A01", 7)
    assert event.occurred_at == datetime(2026, 3, 1, 10, 10, tzinfo=UTC)
    assert event.recorded_at == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    assert event.received_at == RECEIVED
    assert event.original == content
    assert event.original_type == "x-application/hl7-v2+er7"
    assert event.caused_by is None
    assert keyed.key == stay_id("RWE", "PASV", "V1")
    assert not keyed.clamped


def test_a_resend_is_the_same_event_to_the_byte_and_a_reused_control_id_is_another():
    content = frame("A01", PID, "PV1||I|||||||||||||||||V1")
    assert event_from(content) == event_from(content)
    other = frame("A01", PID, "PV1||O|||||||||||||||||V1")
    assert event_from(other).event.event_id != event_from(content).event.event_id
    assert event_from(other).key == event_from(content).key


@pytest.mark.parametrize(
    ("evn", "recorded", "occurred"),
    [
        ("EVN||202603011000", (10, 0), (10, 0)),
        ("EVN||202603011000||||202603010900", (10, 0), (9, 0)),
        ('EVN||202603011000||||""', (10, 0), (10, 0)),
        ("EVN||||||202603010900", (10, 15), (9, 0)),
        ("EVN|A99", (10, 15), (10, 15)),
        (None, (10, 15), (10, 15)),
    ],
)
def test_a_message_was_recorded_at_evn_2_or_else_at_msh_7(evn, recorded, occurred):
    event = event_from(frame("A01", PID, "PV1||I|||||||||||||||||V1", evn=evn)).event
    assert event.recorded_at == datetime(2026, 3, 1, *recorded, tzinfo=UTC)
    assert event.occurred_at == datetime(2026, 3, 1, *occurred, tzinfo=UTC)
    assert event.event == "A01"


def test_a_message_without_any_time_is_refused():
    msh = r"MSH|^~\&|PAS|RWE|HUB|HUB|||ADT^A01|M1|P|2.4"
    pv1 = "PV1||I|||||||||||||||||V1"
    assert refusal_of(frame("A01", PID, pv1, msh=msh, evn="EVN")) == "EVN-2"
    assert refusal_of(frame("A01", PID, pv1, msh=msh, evn="EVN||noon")) == "EVN-2"
    assert refusal_of(frame("A01", PID, pv1, evn="EVN||202603011015||||noon")) == "EVN-6"


def test_a_clock_that_runs_ahead_is_not_believed():
    content = frame("A01", PID, "PV1||I|||||||||||||||||V1")
    recorded = datetime(2026, 3, 1, 10, 15, tzinfo=UTC)
    within = event_from(content, recorded - timedelta(minutes=5))
    assert (within.event.recorded_at, within.clamped) == (recorded, False)
    early = recorded - timedelta(minutes=5, seconds=1)
    ahead = event_from(content, early)
    assert (ahead.event.recorded_at, ahead.clamped) == (early, True)
    assert ahead.event.occurred_at == datetime(2026, 3, 1, 10, 10, tzinfo=UTC)


def test_trap_28_a_message_may_speak_of_another_day_than_its_own():
    pv1 = segment("PV1", {2: "I", 19: "V1", 44: "202603110900"})
    event = event_from(frame("A01", PID, pv1, evn="EVN||202603011015||||202505011015")).event
    assert event.occurred_at == datetime(2025, 5, 1, 9, 15, tzinfo=UTC)
    assert event.recorded_at == datetime(2026, 3, 1, 10, 15, tzinfo=UTC)


def test_the_doubled_hour_is_told_apart_by_receipt():
    content = frame("A01", PID, "PV1||I|||||||||||||||||V1", evn="EVN||202510260130")
    before = event_from(content, datetime(2025, 10, 26, 0, 31, tzinfo=UTC)).event
    after = event_from(content, datetime(2025, 10, 26, 1, 31, tzinfo=UTC)).event
    assert before.recorded_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert after.recorded_at == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "place"),
    [("", "MSH-9.1"), ("ADT", "MSH-9.2"), ("^A01", "MSH-9.1")],
)
def test_a_message_that_does_not_say_what_it_is_is_refused(kind, place):
    msh = rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301||{kind}|M1|P|2.4"
    assert refusal_of(frame("A01", PID, msh=msh)) == place


def test_a_message_without_a_control_id_is_refused():
    msh = r"MSH|^~\&|PAS|RWE|HUB|HUB|20260301||ADT^A01||P|2.4"
    assert refusal_of(frame("A01", PID, "PV1||I", msh=msh)) == "MSH-10"


@pytest.mark.parametrize("kind", ["ADT^A29", "ADT^A60", "ORU^R01", "MDM^T02", "ACK^A01"])
def test_other_messages_are_ignored_with_a_reason(kind):
    content = frame("A01", PID, msh=rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301||{kind}|M1|P|2.4")
    with pytest.raises(Ignored) as ignored:
        event_from(content)
    assert ignored.value.reason


@pytest.mark.parametrize(
    ("written", "sequence"), [("", 0), ("7", 7), ("0", 0), ("-1", 0), ("x", 0), ("9" * 16, 0)]
)
def test_a_sequence_is_a_number_or_orders_nothing(written, sequence):
    msh = rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301||ADT^A01|M1|P|2.4|{written}"
    content = frame("A01", PID, "PV1||I|||||||||||||||||V1", msh=msh)
    assert event_from(content).event.sequence == sequence


@pytest.mark.parametrize(
    ("pid", "pv1", "settings", "key"),
    [
        (PID, {19: "V1^^^PASV"}, {}, stay_id("RWE", "PASV", "V1")),
        (PID, {19: "V1"}, {}, stay_id("RWE", "", "V1")),
        (PID, {44: "202607011010"}, {}, unnumbered_stay_id("RWE", "S1", "2026-07-01T09:10Z")),
        (
            PID,
            {19: "V1", 44: "20260701101059"},
            {"visit_number_rule": "admission"},
            unnumbered_stay_id("RWE", "S1", "2026-07-01T09:10Z"),
        ),
        (
            "PID|||9990000018^^^NHS",
            {44: "202603011010"},
            {},
            unnumbered_stay_id("RWE", "9990000018", "2026-03-01T10:10Z"),
        ),
    ],
)
def test_the_key_is_the_stay_as_the_region_will_know_it(pid, pv1, settings, key):
    keyed = event_from(frame("A01", pid, segment("PV1", pv1 | {2: "I"})), **settings)
    assert keyed.key == key
    entries = bundle_entries(json.loads(keyed.event.resource))
    patient, encounter = entries.of_type("Patient")[0], entries.of_type("Encounter")[0]
    person = patient_news_from(patient.resource, patient.path, "accept").facts
    facts = encounter_news_from(encounter.resource, encounter.path).facts
    assert stay_ids("RWE", facts, hospital_number_of(person))[0] == key


@pytest.mark.parametrize(
    ("pid", "pv1", "settings"),
    [
        (PID, {2: "I"}, {}),
        (PID, {19: "V1"}, {"visit_number_rule": "admission"}),
        ("PID|||9999999999^^^NHS", {44: "202603011010"}, {}),
        ("PID|||9990000018^^^NHS", {44: "202603011010"}, {"test_numbers": "refuse"}),
    ],
)
def test_a_stay_that_nothing_names_is_refused(pid, pv1, settings):
    assert refusal_of(frame("A01", pid, segment("PV1", pv1)), **settings) == "PV1-19"


def test_a_stay_without_pv1_is_refused():
    assert refusal_of(frame("A01", PID)) == "PV1"


@pytest.mark.parametrize("trigger", ["A28", "A31", "A40", "A47"])
def test_an_event_of_a_person_is_keyed_by_the_persons_record(trigger):
    keyed = event_from(frame(trigger, PID, "PV1||N", "MRG|S2^^^PAS"))
    assert keyed.key == source_record_id("pas", "PAS", "S1")
    entries = bundle_entries(json.loads(keyed.event.resource))
    assert entries.of_type("Encounter") == ()
    patient = entries.of_type("Patient")[0]
    facts = patient_news_from(patient.resource, patient.path, "accept").facts
    assert person_record_id("pas", facts, "PID-3") == keyed.key


def test_trap_5_a_person_known_only_by_a_shared_number_is_refused_where_no_stay_names_them():
    pid = "PID|||9999999999^^^NHS"
    assert refusal_of(frame("A28", pid)) == "PID-3"
    admission = event_from(frame("A01", pid, "PV1||I|||||||||||||||||V1"))
    assert admission.key == stay_id("RWE", "", "V1")


@pytest.mark.parametrize("numbers", ["", '""', "^^^RWE^MR", '""^^^NHS^NH'])
@pytest.mark.parametrize("trigger", ["A01", "A02", "A08", "A28"])
def test_a_patient_without_any_number_is_refused_whatever_names_the_stay(trigger, numbers):
    """Else the visit would be somebody else's from then on, and its alert be withdrawn."""
    assert (
        refusal_of(frame(trigger, f"PID|||{numbers}||GREEN^ANN", "PV1||I" + "|" * 17 + "V1"))
        == "PID-3"
    )


def test_the_bundle_keeps_to_its_profile():
    content = frame(
        "A01", PID, "NK1|1|GREEN^PETER|20", "PV1||I|X^W^B^RWEAA||||||||||||||||V1", "NK1|2|HALL|4"
    )
    keyed = event_from(content)
    body = json.loads(keyed.event.resource)
    Bundle.model_validate(body)
    assert body["type"] == "message"
    assert body["identifier"] == {"system": "urn:carers-hub:control-id:pas", "value": "M1"}
    assert body["timestamp"] == "2026-03-01T10:15:00+00:00"
    entries = bundle_entries(body)
    numbers = {}
    for entry in entries:
        numbers[entry.type] = numbers.get(entry.type, 0) + 1
        resource_id = derived("resource", keyed.event.event_id, entry.type, numbers[entry.type])
        assert entry.full_url == f"urn:uuid:{resource_id}"
    assert numbers == {
        "MessageHeader": 1, "Patient": 1, "Encounter": 1, "Location": 3, "RelatedPerson": 2,
    }  # fmt: skip
    header = entries.all[0]
    news = header_news_from(header.resource, header.path)
    assert (news.event.code, news.endpoint, news.contacts) == (
        "A01",
        "urn:carers-hub:sender:pas",
        "replace",
    )
    assert header.resource["source"]["name"] == "PAS"
    focus = [each["reference"] for each in header.resource["focus"]]
    assert focus == [entries.of_type(name)[0].full_url for name in ("Encounter", "Patient")]
    addresses = {entry.full_url for entry in entries}
    assert set(references_in(body)) <= addresses


def references_in(value):
    if isinstance(value, dict):
        for name, part in value.items():
            yield from [part] if name == "reference" else references_in(part)
    if isinstance(value, list):
        for part in value:
            yield from references_in(part)


def test_trap_22_other_delimiters_and_line_ends_say_the_same():
    usual = frame("A01", PID, "PV1||I|RWE^W 1^B^RWEAA||||||||||||||||V1^^^PASV")
    other = usual.decode().translate(str.maketrans({"|": "!", "^": "$", "~": "@", "&": "%"}))
    keyed = event_from(other.replace("\r", "\r\n").encode())
    assert keyed.key == event_from(usual).key
    body = json.loads(keyed.event.resource)
    resources = [entry["resource"]["resourceType"] for entry in body["entry"]]
    assert resources == [
        "MessageHeader", "Patient", "Encounter", "Location", "Location", "Location",
    ]  # fmt: skip
