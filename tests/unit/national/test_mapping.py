"""Every form of a national notice says the same of the same thing; what says too little says what it lacks."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from connectors.national.mapping import NotForUs, heard_from, is_notice, parts_of
from deploy.generate import ROOT
from deploy.generating.examples import record_from_example
from hub.errors import Rejected
from hub.records import NoticeKind, PersonNotice
from tests.unit.national.notices import (
    ADA,
    BEN,
    CONSENT,
    NOW,
    OLD,
    consent,
    death_status,
    event,
    in_fhir,
    patient,
    registered_with,
    sender,
    sent,
    version_1,
)

FRAME = {"event_id", "correlation_id", "source", "source_event_id", "received_at", "region"}
EXAMPLES = sorted((ROOT / "schemas/examples/person.notice.v1").glob("*.json"))
DEATH, GP, NUMBER = "pds-death-notification-2", "pds-change-of-gp-2", "nhs-number-change-2"
CREATED, CHANGED, DELETED = (
    f"vrs-proxy-role-{each}-1" for each in ("created", "changed", "deleted")
)


def heard(value, **settings):
    return heard_from(sent(value), sender(**settings), NOW)


def notice(value, **settings) -> PersonNotice:
    return heard(value, **settings)[0].event


def said(found: PersonNotice) -> dict[str, object]:
    """What a notice says beside its frame and its bytes, where it says something."""
    kept = {each.name: getattr(found, each.name) for each in fields(found)}
    return {
        name: value
        for name, value in kept.items()
        if name not in FRAME | {"original", "occurred_at", "recorded_at"}
        and value not in (None, (), "unknown")
    }


MEANINGS = {
    "a death, as a pointer": (event(DEATH), {"deceased": True}),
    "a death with its time": (
        event(DEATH, data=patient(deceasedDateTime="2026-11-22T21:00:00Z")),
        {"deceased": True, "died_at": datetime(2026, 11, 22, 21, tzinfo=UTC)},
    ),
    "a death of a known day of birth": (
        event(DEATH, data=patient(birthDate="1941-03-02", **death_status("1"))),
        {"deceased": True, "birth_on": date(1941, 3, 2), "birth_precision": "day"},
    ),
    "a death that is taken back": (
        event(DEATH, data=patient(**death_status("U"))),
        {"deceased": False},
    ),
    "a Patient said to live": (
        event(DEATH, data=patient(deceasedBoolean=False)),
        {"deceased": False},
    ),
    "another practice": (
        event(GP, data=patient(**registered_with("c82009"))),
        {"practice_ods": "C82009"},
    ),
    "a superseded number": (
        event(NUMBER, subject=OLD, data=patient(ADA)),
        {"nhs_number": OLD, "new_nhs_number": ADA},
    ),
    "a role": (
        event(CREATED, dataref=CONSENT, data=consent()),
        {"related_nhs_number": BEN, "role_id": "c-1", "role_active": True},
    ),
    "a role by the proxy's number": (
        event(CREATED, subject=BEN, data=consent()),
        {"related_nhs_number": BEN, "role_id": "c-1", "role_active": True},
    ),
    "a role only proposed": (
        event(CHANGED, data=consent("proposed")),
        {"related_nhs_number": BEN, "role_id": "c-1", "role_active": False},
    ),
    "the end of a role, as a pointer": (
        event(DELETED, dataref=CONSENT),
        {"role_id": "c-1", "role_active": False},
    ),
}
KINDS = {
    DEATH: NoticeKind.DEATH,
    GP: NoticeKind.CHANGE_OF_GP,
    NUMBER: NoticeKind.NHS_NUMBER_CHANGE,
    CREATED: NoticeKind.PROXY_ROLE_CREATED,
    CHANGED: NoticeKind.PROXY_ROLE_CHANGED,
    DELETED: NoticeKind.PROXY_ROLE_DELETED,
}


@pytest.mark.parametrize(("signal", "meaning"), MEANINGS.values(), ids=MEANINGS)
def test_a_cloud_event_and_its_bundle_are_the_same_notice(signal, meaning):
    first, other = notice(signal), notice(in_fhir(signal))
    assert said(first) == {"kind": KINDS[signal["type"]], "nhs_number": ADA, **meaning}
    assert said(other) == said(first)
    assert (other.event_id, other.recorded_at) == (first.event_id, first.recorded_at)
    assert first.original == sent(signal)


@pytest.mark.parametrize(("code", "deceased"), [("1", True), ("2", True), ("U", False)])
def test_version_1_says_of_a_death_what_its_status_says(code, deceased):
    found = said(notice(version_1("pds-death-notification-1", deathNotificationStatus=code)))
    assert found == {
        "kind": NoticeKind.DEATH,
        "nhs_number": ADA,
        "deceased": deceased,
        "birth_on": date(1941, 3, 1),
        "birth_precision": "month",
    }


def test_version_1_and_2_of_one_event_are_one_event():
    first = notice(version_1("pds-death-notification-1", deathNotificationStatus="2"))
    assert first.event_id == notice(event(DEATH, source="https://asid.example/4771")).event_id


def test_a_notice_goes_to_every_region_as_one_event():
    first, other = heard(event(DEATH))
    assert [first.event.region, other.event.region] == [0, 1]
    assert (first.event.event_id, first.key) == (other.event.event_id, other.key)


def test_whoever_hands_it_on_an_event_is_its_source_and_id():
    base = notice(event(DEATH)).event_id
    assert notice(event(DEATH), name="other-relay").event_id == base
    assert notice(event(DEATH, id="e-2")).event_id != base
    assert notice(event(DEATH, source="uk.nhs.other")).event_id != base


def test_all_that_is_said_of_one_role_takes_the_place_of_what_was_said():
    created, changed, deleted = (
        heard(event(kind, dataref=CONSENT, data=consent()))[0].key
        for kind in (CREATED, CHANGED, DELETED)
    )
    assert created == changed == deleted
    other = heard(event(CREATED, data=consent(id="c-2")))[0].key
    assert len({created, other, heard(event(DEATH))[0].key}) == 3


def test_a_time_too_far_ahead_is_taken_as_the_receipt():
    ahead = (NOW + timedelta(minutes=6)).isoformat()
    assert notice(event(DEATH, time=ahead)).recorded_at == NOW


POINTERS = {
    "a practice": event(GP),
    "a practice in version 1": version_1("pds-change-of-gp-1", registrationEncounterCode="3"),
    "a Patient without a practice": event(GP, data=patient()),
    "a number": event(NUMBER),
    "a number in version 1": version_1("nhs-number-change-1", nhsNumberStatus="R"),
    "an invalidated number": version_1("nhs-number-change-1", nhsNumberStatus="I"),
    "a new role": event(CREATED, dataref=CONSENT),
    "a changed role": event(CHANGED, dataref=CONSENT),
    "the end of a role without a name": event(DELETED),
    "a record": event("pds-record-change-2"),
    "a version to come": event("pds-death-notification-3"),
}


@pytest.mark.parametrize("signal", POINTERS.values(), ids=POINTERS)
def test_what_says_too_little_is_ignored_and_says_what_it_lacks(signal):
    found = heard(signal)
    assert isinstance(found, NotForUs)
    assert (found.id, found.reason[-1]) == ("e-1", ".")


def test_a_death_without_a_status_is_ignored_where_that_is_the_policy():
    assert isinstance(heard(event(DEATH), unstated_death="ignore"), NotForUs)
    whole = event(DEATH, data=patient(**death_status("2")))
    assert notice(whole, unstated_death="ignore").deceased


def test_a_type_that_could_name_somebody_is_not_kept_as_a_word():
    assert heard(event("Ada Marsh 9990000018")).type == "unknown"


REFUSED = {
    "no JSON": (b"{", "not-json", ""),
    "nothing": (b"", "not-json", ""),
    "a text": ("text", "structure", "event"),
    "no event": ({"id": "1"}, "no-signal", "specversion"),
    "another specversion": (event(DEATH, specversion="0.3"), "specversion", "specversion"),
    "no id": (event(DEATH, id=None), "required", "id"),
    "an empty source": (event(DEATH, source=" "), "required", "source"),
    "a long id": (event(DEATH, id="x" * 301), "required", "id"),
    "no time": (event(DEATH, time=None), "required", "time"),
    "a time without offset": (event(DEATH, time="2026-11-23T08:00:00"), "value", "time"),
    "no subject": (event(DEATH, subject=None), "required", "subject"),
    "a subject that is no text": (event(DEATH, subject=9990000018), "structure", "subject"),
    "a wrong check digit": (event(DEATH, subject="9990000019"), "check-digit", "subject"),
    "a placeholder": (event(DEATH, subject="9999999999"), "placeholder", "subject"),
    "packed data": (event(DEATH, data_base64="e30="), "not-supported", "data_base64"),
    "data that is no object": (event(DEATH, data=[1]), "structure", "data"),
    "another Patient": (event(DEATH, data=patient(BEN)), "subject-differs", "data.identifier"),
    "an unknown status": (
        event(DEATH, data=patient(**death_status("7"))),
        "value",
        "data.extension",
    ),
    "version 1 without a status": (
        version_1("pds-death-notification-1"),
        "required",
        "data.deathNotificationStatus",
    ),
    "a role of others": (
        event(CREATED, subject=OLD, data=consent()),
        "subject-differs",
        "subject",
    ),
    "a role of nobody": (
        event(CREATED, data=consent(performer=[])),
        "required",
        "data.performer",
    ),
    "a Bundle without Parameters": (
        {"resourceType": "Bundle", "type": "history", "entry": [{"resource": patient()}]},
        "no-signal",
        "Bundle.entry[0].resource",
    ),
}


@pytest.mark.parametrize(("signal", "code", "place"), REFUSED.values(), ids=REFUSED)
def test_what_can_never_be_right_is_refused_with_its_place(signal, code, place):
    with pytest.raises(Rejected) as refused:
        heard(signal)
    assert refused.value.code == code
    assert refused.value.expression == place or not place
    assert "999" not in refused.value.reason


def test_numbers_of_the_test_range_are_refused_where_they_stand_for_nobody():
    with pytest.raises(Rejected) as refused:
        heard(event(DEATH), test_numbers="refuse")
    assert (refused.value.code, refused.value.expression) == ("test-range", "subject")


def test_a_file_holds_one_event_or_an_array_or_one_on_each_line():
    one, other = sent(event(DEATH)), sent(event(GP))
    assert parts_of(one) == [("", one)]
    assert parts_of(json.dumps(event(DEATH), indent=2).encode())[0][0] == ""
    both = [("[0]", one), ("[1]", other)]
    assert parts_of(b"[" + one + b", " + other + b"]") == both
    assert parts_of(one + b"\n\n" + other + b"\r\n") == both
    assert parts_of(b"[]") == []


def test_a_file_of_too_many_events_is_refused_whole():
    with pytest.raises(Rejected) as refused:
        parts_of(b"[" + b",".join([b"{}"] * 501) + b"]")
    assert refused.value.code == "too-many"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_what_its_own_bytes_are_read_as(path):
    example = record_from_example(PersonNotice, json.loads(path.read_text()))
    (found,) = heard_from(example.original, sender(regions=(0,)), example.received_at)
    assert found.event == example


def test_official_examples_are_known_by_their_form(samples):
    files = sorted((samples / "nhs-mns").rglob("*ignal.json"))
    bodies = [orjson.loads(path.read_bytes()) for path in files]
    assert len(bodies) > 20
    assert all(map(is_notice, bodies))
    kinds = [found[0].event.kind for each in bodies if isinstance(found := heard(each), tuple)]
    assert {*kinds} == {NoticeKind.DEATH, NoticeKind.PROXY_ROLE_DELETED}


@pytest.mark.parametrize("address", ["http://[::1/Consent/3", "//\u2100.test/Consent/3"])
def test_a_reference_that_is_no_address_names_nothing(address):
    found = notice(event(CREATED, dataref=address, data=consent()))
    assert found.role_id == notice(event(CREATED, data=consent())).role_id


def test_an_id_that_is_used_again_for_somebody_else_is_another_event():
    first = notice(event(DEATH))
    assert notice(event(DEATH)).event_id == first.event_id
    assert notice(event(DEATH, subject=BEN)).event_id != first.event_id
    assert notice(event(GP, data=patient(**registered_with("c82009")))).event_id != first.event_id
