"""What stands around the resource: who, which ids, how much comes back, and when nothing was kept."""

import asyncio
import threading
from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome

from connectors.fhir_api import inbound
from hub.fhir.systems import CONSENT_CODE, NHS_NUMBER
from hub.records import PersonDecision
from hub.testing.flags import carer_flag
from hub.testing.people import ADA, BEN

GOOD = carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource
FHIR = {"Content-Type": "application/fhir+json"}
OWN = "4dd8e1f8-2a0c-4a3e-9d52-6a3a0f8f2f11"


async def test_what_was_kept_is_told_with_the_ids_of_its_events(door):
    answer = await door.post(GOOD)
    ((_, event),) = door.published
    outcome = OperationOutcome.model_validate(answer.json())
    assert answer.status_code == 202
    assert outcome.issue[0].diagnostics == f"Kept as event {event.event_id}."
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("said", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic x"])
async def test_without_a_good_token_nothing_is_read(door, said):
    headers = FHIR if said is None else {**FHIR, "Authorization": said}
    answer = await door.ask("POST", "/fhir/R4", b"{", headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["issue"][0]["code"] == "login"
    assert not door.refused


@pytest.mark.parametrize(
    ("sent", "back"),
    [
        ("3f2c-1.A_b", "3f2c-1.A_b"),
        ("a" * 100, "a" * 64),
        ("<script>x</script>", "scriptxscript"),
        (b"\xe4\t\xf6", None),
        ("", None),
    ],
)
async def test_a_request_id_comes_back_harmless(door, sent, back):
    answer = await door.post(GOOD, **{"X-Request-ID": sent})
    assert answer.headers.get("x-request-id") == back


async def test_a_correlation_id_that_is_a_uuid_goes_on_with_every_event(door):
    answer = await door.post(GOOD, **{"X-Correlation-ID": OWN.upper()})
    assert answer.headers["x-correlation-id"] == OWN
    assert {event.correlation_id for _, event in door.published} == {UUID(OWN)}


async def test_any_other_correlation_id_is_left_out(door):
    answer = await door.post(GOOD, **{"X-Correlation-ID": "9990000018"})
    assert "x-correlation-id" not in answer.headers
    ((_, event),) = door.published
    assert event.correlation_id == event.event_id


async def test_ids_come_back_with_refusals_too(door):
    ids = {"X-Request-ID": "r1", "X-Correlation-ID": OWN}
    for answer in (await door.post(b"{", **ids), await door.ask("GET", "/fhir/R4/x", headers=ids)):
        assert (answer.headers["x-request-id"], answer.headers["x-correlation-id"]) == ("r1", OWN)


@pytest.mark.parametrize("wish", ["return=minimal", "respond-async, Return=Minimal;x=1"])
async def test_who_wants_no_body_gets_none(door, wish):
    answer = await door.post(GOOD, Prefer=wish)
    assert (answer.status_code, answer.content) == (202, b"")


async def test_who_wants_no_body_still_gets_an_entry_for_each_entry(door):
    batch = GOOD.replace(b'"collection"', b'"batch"')
    full, minimal = [await door.post(batch, **more) for more in ({}, {"Prefer": "return=minimal"})]
    for answer in (full, minimal):
        bundle = Bundle.model_validate(answer.json())
        assert (answer.status_code, bundle.type, len(bundle.entry)) == (200, "batch-response", 4)
    assert full.json()["entry"][0]["response"]["outcome"]
    assert set(minimal.json()["entry"][0]["response"]) == {"status"}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/fhir+json; charset=utf-8; fhirVersion=4.0", 202),
        ('application/json;fhirVersion="4.0"', 202),
        ("application/fhir+json; fhirVersion=3.0", 415),
    ],
)
async def test_another_version_of_fhir_is_not_read(door, kind, status):
    assert (await door.post(GOOD, **{"Content-Type": kind})).status_code == status


async def test_without_the_broker_the_same_again_later(door):
    door.away = True
    answer = await door.post(GOOD)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not door.refused


async def test_a_fault_of_ours_says_nothing_but_a_reference(door, monkeypatch):
    def broken(*_):
        raise KeyError("Zaphrodite")

    monkeypatch.setattr(inbound, "bounded_body", broken)
    answer = await door.post(GOOD, **{"X-Correlation-ID": OWN})
    assert answer.status_code == 500
    assert "Zaphrodite" not in answer.text
    assert OWN in answer.text
    assert not door.refused


@pytest.fixture
def broken(monkeypatch):
    def fails(*_):
        raise KeyError("Zaphrodite")

    monkeypatch.setattr(inbound, "heard_from", fails)


async def test_a_body_on_which_the_hub_fails_is_kept_before_the_answer(door, broken):
    answer = await door.post(GOOD)
    (kept,) = door.refused
    assert (kept.source, kept.region, kept.code, kept.defect) == (
        "c82901-fhir",
        0,
        "KeyError",
        True,
    )
    assert kept.value == GOOD
    outcome = OperationOutcome.model_validate(answer.json())
    assert (answer.status_code, outcome.issue[0].code) == (500, "exception")
    assert str(kept.dead_letter_id) in outcome.issue[0].diagnostics
    assert "Zaphrodite" not in answer.text + kept.reason


async def test_others_are_heard_while_a_body_is_read(door, monkeypatch):
    begun, let_go = threading.Event(), threading.Event()
    reading = inbound.heard_from

    def slow(*said):
        begun.set()
        assert let_go.wait(5), "nobody else was heard"
        return reading(*said)

    monkeypatch.setattr(inbound, "heard_from", slow)
    posted = asyncio.create_task(door.post(GOOD))
    assert await asyncio.to_thread(begun.wait, 5)
    assert (await door.ask("GET", "/fhir/R4/metadata")).status_code == 200
    let_go.set()
    assert (await posted).status_code == 202


async def test_a_body_that_cannot_even_be_kept_is_asked_for_again(door, broken):
    door.keeps = False
    answer = await door.post(GOOD)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_an_event_that_the_log_will_never_take_is_refused_and_kept(door):
    door.too_large = True
    answer = await door.post(GOOD)
    assert answer.status_code == 422
    assert [kept.code for kept in door.refused] == ["too-large"]


async def test_a_root_with_a_slash_is_the_root(door):
    assert (await door.post(GOOD, "/fhir/R4/")).status_code == 202


LINKING = {
    "resourceType": "Consent",
    "status": "active",
    "scope": {"coding": [{"system": CONSENT_CODE, "code": "carer-link"}]},
    "category": [{"text": "disclosure"}],
    "patient": {"identifier": {"system": NHS_NUMBER, "value": BEN.nhs_number}},
    "dateTime": "2026-11-03T12:00:00Z",
    "policyRule": {"text": "Ben Marsh does not want it"},
    "provision": {"type": "deny"},
}


async def test_a_word_on_being_linked_is_kept_without_what_nobody_reads(door):
    answer = await door.post(LINKING, "/fhir/R4/Consent")
    assert answer.status_code == 202
    ((_, event),) = door.published
    assert isinstance(event, PersonDecision)
    assert b"Marsh" not in event.resource


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"provision": {}}, "Consent.provision.type"),
        ({"status": "inactive"}, "Consent.status"),
        ({"status": "draft"}, "Consent"),
        ({"patient": None}, "Consent.patient"),
    ],
)
async def test_one_that_says_neither_yes_nor_no_is_refused_with_its_place_and_names_nobody(
    door, changed, place
):
    door.shapes = None
    answer = await door.post({**LINKING, **changed}, "/fhir/R4/Consent")
    (issue,) = answer.json()["issue"]
    assert (answer.status_code, issue["expression"]) == (422, [place])
    assert not any(said in answer.text for said in ("Marsh", BEN.nhs_number))
    assert not door.published
