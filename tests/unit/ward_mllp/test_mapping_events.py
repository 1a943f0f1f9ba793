"""Events beyond the usual ones: several patients in one message, older merges, accounts, what is ignored."""

import json
from datetime import UTC, datetime

import pytest
from fhir.resources.R4B.bundle import Bundle

from connectors.ward_mllp.mapping import Ignored, encounter_event_from
from connectors.ward_mllp.mapping.triggers import IGNORED, MERGES, NEEDS_VISIT
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries
from hub.fhir.encounter import encounter_news_from
from hub.fhir.patient import patient_news_from, replaced_by_this
from hub.hl7v2 import message_from
from hub.identity import source_record_id, stay_id

SENDER = SenderSettings(name="pas", region=0, trust_ods="RWE", test_numbers="accept")
RECEIVED = datetime(2026, 3, 1, 10, 15, tzinfo=UTC)


def pid(number):
    return f"PID|||{number}^^^PAS^MR||GREEN^ANN"


def pv1(visit, ward="W1"):
    return f"PV1||I|^{ward}||||||||||||||||{visit}"


def keyed(trigger, *segments):
    header = rf"MSH|^~\&|PAS|RWE|HUB|HUB|20260301101500||ADT^{trigger}|M1|P|2.4"
    frame = "\r".join([header, "EVN||202603011015", *segments]).encode()
    return encounter_event_from(frame, message_from(frame), SENDER, RECEIVED)


def entries_of(trigger, *segments):
    body = json.loads(keyed(trigger, *segments).event.resource)
    Bundle.model_validate(body)
    return bundle_entries(body)


def stays_in(entries):
    found = []
    for entry in entries.of_type("Encounter"):
        facts = encounter_news_from(entry.resource, entry.path, entries).facts
        replaced = facts.replaces_visit
        found.append((facts.visit.value, facts.ward, replaced.value if replaced else None))
    return found


def people_in(entries):
    return [
        (
            patient_news_from(entry.resource, entry.path, "accept").facts.identifiers[0].value,
            [each.value for each in replaced_by_this(entry.resource, entry.path)],
        )
        for entry in entries.of_type("Patient")
    ]


def test_a_swap_tells_of_both_patients():
    segments = (pid("S1"), pv1("V1", "W2"), pid("S2"), "NK1|1|HALL^JO|20", pv1("V2", "W1"))
    entries = entries_of("A17", *segments)
    assert people_in(entries) == [("S1", []), ("S2", [])]
    assert stays_in(entries) == [("V1", "W2", None), ("V2", "W1", None)]
    assert keyed("A17", *segments).key == stay_id("RWE", "", "V1")
    subjects = [each.resource["subject"]["reference"] for each in entries.of_type("Encounter")]
    assert subjects == [each.full_url for each in entries.of_type("Patient")]
    (contact,) = entries.of_type("RelatedPerson")
    assert contact.resource["patient"]["reference"] == subjects[1]
    assert len({each.full_url for each in entries.all}) == len(entries.all)


@pytest.mark.parametrize("trigger", sorted(MERGES - {"A47"}))
def test_a_merge_in_any_of_its_forms_names_the_record_that_is_replaced(trigger):
    segments = (pid("S1"), "MRG|S9", pid("S2"), "PV1||I", "MRG|S8~S7")
    entries = entries_of(trigger, *segments)
    assert people_in(entries) == [("S1", ["S9"]), ("S2", ["S8", "S7"])]
    assert entries.of_type("Encounter") == ()
    assert keyed(trigger, *segments).key == source_record_id("pas", "PAS", "S1")


@pytest.mark.parametrize("trigger", ["A42", "A45", "A50"])
def test_several_visits_of_one_patient_are_moved_by_one_message(trigger):
    segments = ("MRG|S2||||V8", pv1("V1"), "MRG|S2||||V9", pv1("V2"))
    entries = entries_of(trigger, pid("S1"), "PD1|||^^C82001", *segments)
    assert people_in(entries) == [("S1", []), ("S1", [])]
    assert stays_in(entries) == [("V1", "W1", "V8"), ("V2", "W1", "V9")]
    with pytest.raises(InvalidResource, match="replaced") as refusal:
        keyed(trigger, pid("S1"), "MRG|S2||||V8", pv1("V1"), "MRG|S2", pv1("V2"))
    assert refusal.value.expression == "MRG[2]-5"


def test_several_merges_without_a_patient_are_refused():
    with pytest.raises(InvalidResource) as refusal:
        keyed("A40", "MRG|S1", "MRG|S2")
    assert refusal.value.expression == "PID"


def test_a_second_group_that_nothing_names_is_refused_at_the_door():
    with pytest.raises(InvalidResource) as refusal:
        keyed("A17", pid("S1"), pv1("V1"), pid("S2"), pv1(""))
    assert refusal.value.expression == "PV1-19"


@pytest.mark.parametrize("trigger", sorted(NEEDS_VISIT))
def test_an_account_is_ignored_unless_the_message_names_a_visit(trigger):
    with pytest.raises(Ignored, match="account"):
        keyed(trigger, pid("S1"), "MRG|S2||A9")
    entries = entries_of(trigger, pid("S1"), "MRG|S2||A9||V0", pv1("V1"))
    assert people_in(entries) == [("S1", [])]
    assert stays_in(entries) == [("V1", "W1", "V0")]


@pytest.mark.parametrize("trigger", sorted(IGNORED))
def test_an_event_without_a_meaning_is_ignored_with_its_reason(trigger):
    with pytest.raises(Ignored) as ignored:
        keyed(trigger)
    assert ignored.value.reason == IGNORED[trigger]


def test_what_is_no_event_of_the_standard_is_ignored_as_such():
    with pytest.raises(Ignored, match="no ADT event"):
        keyed("Z99", pid("S1"))
