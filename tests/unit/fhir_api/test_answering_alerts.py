"""A trust answers an alert by putting its Task: the right events, durable first, the same again the same."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.task import Task

from connectors.fhir_api import desk as desk_module
from hub.fhir.conformance import refuse_malformed
from hub.fhir.task import AGE_BAND, LINK, OUTCOME, RECORDED_BY
from hub.outcomes import STEPS
from hub.records import AlertOutcome, AlertStatus, InvolvementAlert, OutcomeKind
from hub.testing.visits import Visit, encounter
from tests.unit.fhir_api.desks import ADMITTED, FLAGGED, NOW, AskedDesk

STAFF = [{"url": RECORDED_BY, "valueIdentifier": {"value": "staff-4417"}}]
OWN = "4dd8e1f8-2a0c-4a3e-9d52-6a3a0f8f2f11"
SECRET = "Zaphrodite"


def output(code: str, carer: str = "#carer-1") -> dict:
    return {
        "type": {"coding": [{"system": OUTCOME, "code": code}]},
        "valueReference": {"reference": carer},
    }


@pytest.fixture
def desk(shapes) -> AskedDesk:
    desk = AskedDesk(shapes, patience_seconds=5.0)
    desk.hub.hear(FLAGGED, ADMITTED)
    return desk


async def answered(desk, version=1, by="RWE", headers=None, **changes):
    """The Task as read, put back with these changes."""
    path, task = await desk.task()
    return await desk.put(path, {**task, **changes}, version, by, **(headers or {}))


async def refused(desk, place, **changes) -> str:
    """The code of the dead letter; nothing was published, and the place is said."""
    answer = await answered(desk, **changes)
    assert answer.status_code == 422, answer.text
    (issue,) = OperationOutcome.model_validate(answer.json()).issue
    assert issue.expression == [place]
    assert SECRET not in answer.text
    assert not desk.published
    (letter,) = desk.refused
    assert (letter.expression, letter.region, letter.defect) == (place, 0, False)
    return letter.code


def link_of(desk, number: int) -> str:
    return str(desk.alert.carers[number - 1].carer.link_id)


async def test_a_contact_is_an_event_and_the_task_shows_it(desk, shapes):
    answer = await answered(desk, output=[output("contacted-able")], extension=STAFF)
    assert answer.status_code == 200, answer.text
    task = answer.json()
    refuse_malformed(task, shapes)
    Task.model_validate(task)
    assert (task["status"], task["output"]) == ("in-progress", [output("contacted-able")])
    assert answer.headers["etag"] == 'W/"2"'
    ((key, event),) = desk.published
    first = desk.hub.said(InvolvementAlert)[0]
    assert key == first.alert_id
    assert event.evidence_id in {each.evidence_id for each in first.carers[0].carer.evidence}
    assert event == AlertOutcome(
        event_id=event.event_id,
        correlation_id=event.correlation_id,
        source="fhir_api",
        source_event_id="",
        occurred_at=NOW,
        recorded_at=NOW,
        received_at=NOW,
        region=0,
        alert_id=first.alert_id,
        alert_version=1,
        evidence_id=event.evidence_id,
        kind=OutcomeKind.CONTACTED_ABLE,
        by="staff-4417",
        organisation_ods="RWE",
    )


async def test_an_outcome_for_each_carer_completes_the_alert(desk):
    both = [output("contacted-able"), output("not-a-carer", "#carer-2")]
    answer = await answered(desk, status="completed", output=both)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "completed"
    assert desk.alert.status is AlertStatus.COMPLETED
    assert len({each.event_id for each in desk.events}) == 2


async def test_outcomes_come_one_after_the_other_beside_those_that_were_told(desk):
    assert (await answered(desk, output=[output("not-reached")])).status_code == 200
    _, task = await desk.task()
    more = [*task["output"], output("young-carer-lead-told", "#carer-2")]
    answer = await answered(desk, version=2, output=more)
    assert answer.json()["output"] == more
    assert [each.kind for each in desk.events] == ["not_reached", "young_carer_lead_told"]


async def test_the_offer_of_a_referral_is_read_and_is_no_carer_to_say_an_outcome_of(desk):
    _, task = await desk.task()
    (offer,) = (each for each in task["contained"] if each["id"].startswith("offer-"))
    (named,) = (each for each in task["contained"] if f"#{each['id']}" == offer["for"]["reference"])
    assert named["name"][0]["given"] == ["Ben"]
    assert offer["description"].startswith("Ask whether they want support from Leicester Carers")
    code = await refused(
        desk, "Task.output[0].valueReference", output=[output("contacted-able", f"#{offer['id']}")]
    )
    assert code == "no-such-carer"


def bands(task) -> list[str]:
    return [
        each["valueCode"]
        for person in task["contained"]
        if person["resourceType"] == "RelatedPerson"
        for each in person["extension"]
        if each["url"] == AGE_BAND
    ]


@pytest.mark.parametrize("able", ["able", "partly-able", "not-able"])
async def test_no_child_is_asked_whether_they_can_care(desk, able):
    _, task = await desk.task()
    assert bands(task) == ["adult", "young_carer"]
    answer = await answered(desk, output=[output(f"contacted-{able}", "#carer-2")])
    assert answer.status_code == 422
    assert "young-carer-lead-told" in answer.json()["issue"][0]["diagnostics"]
    assert not desk.published


async def test_the_same_outcome_again_is_one_more_attempt(desk):
    await answered(desk, output=[output("not-reached")])
    desk.now = NOW + timedelta(hours=1)
    answer = await answered(desk, version=2, output=[output("not-reached")] * 2)
    assert answer.status_code == 200, answer.text
    assert [each.occurred_at for each in desk.events] == [NOW, NOW + timedelta(hours=1)]


@pytest.mark.parametrize(
    ("status", "kind"), [("received", OutcomeKind.SEEN), ("accepted", OutcomeKind.ACCEPTED)]
)
async def test_a_status_is_a_step_of_the_whole_alert(desk, status, kind):
    answer = await answered(desk, status=status)
    assert (answer.status_code, answer.json()["status"]) == (200, status)
    (event,) = desk.events
    assert (event.kind, event.evidence_id, event.by) == (kind, None, "")


async def test_a_step_and_an_outcome_may_come_together(desk):
    answer = await answered(desk, status="accepted", output=[output("contacted-able")])
    assert answer.status_code == 200
    assert {each.kind for each in desk.events} == {"accepted", "contacted_able"}


@pytest.mark.parametrize(
    "code", [each.value.replace("_", "-") for each in OutcomeKind if each not in STEPS]
)
async def test_every_outcome_of_a_carer_has_its_code(desk, code):
    answer = await answered(desk, output=[output(code)])
    if code == "unknown":
        assert answer.status_code == 422
    else:
        assert answer.json()["output"] == [output(code)]


async def test_a_carer_is_named_by_the_place_in_the_task_or_by_the_link(desk):
    by_link = output("wrong-person")
    by_link["valueReference"] = {"identifier": {"system": LINK, "value": link_of(desk, 2)}}
    answer = await answered(desk, output=[by_link])
    assert answer.json()["output"] == [output("wrong-person", "#carer-2")]


async def test_what_is_left_out_stays_as_it_is(desk):
    path, task = await desk.task()
    small = {
        "resourceType": "Task",
        "id": task["id"],
        "intent": "order",
        "status": "accepted",
        "output": [output("young-carer-lead-told", "#carer-2")],
    }
    answer = await desk.put(path, small, 1)
    assert answer.status_code == 200, answer.text
    assert {each.kind for each in desk.events} == {"accepted", "young_carer_lead_told"}


async def test_a_task_that_went_through_another_library_is_unchanged(desk):
    path, _ = await desk.task()
    text = (await desk.get(path)).content
    answer = await desk.put(path, Task.model_validate_json(text).model_dump_json().encode(), 1)
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"1"')
    assert not desk.published


async def test_what_says_nothing_new_is_no_event(desk):
    answer = await answered(
        desk,
        meta={"profile": ["urn:x"]},
        text={"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'},
        extension=[{"url": "urn:somebody:else", "valueString": "x"}],
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"1"')
    assert not desk.published


# When and who


async def test_when_it_was_done_is_said_by_last_modified(desk):
    await answered(desk, lastModified="2026-11-25T09:30:00+00:00", status="received")
    (event,) = desk.events
    assert event.occurred_at == datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    assert event.received_at == NOW


async def test_nothing_was_done_after_it_was_received(desk):
    await answered(desk, lastModified="2026-11-25T10:30:00Z", status="received")
    assert desk.events[0].occurred_at == NOW


async def test_a_day_is_no_time(desk):
    place = "Task.lastModified"
    await refused(desk, place, lastModified="2026-11-25", status="received")


@pytest.mark.parametrize(
    "value", ["", "Mrs Zaphrodite Hale", "x" * 65, "zaphrodite@example.org", "Zaphrodite"]
)
async def test_who_is_a_staff_id_and_never_a_name(desk, value):
    said = [{"url": RECORDED_BY, "valueIdentifier": {"value": value} if value else {}}]
    place = "Task.extension[0].valueIdentifier.value"
    await refused(desk, place, extension=said, status="received")


# Versions


async def test_without_a_version_nothing_is_changed_and_nothing_kept(desk):
    answer = await answered(desk, version=None, status="received")
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["expression"] == ["http.if-match"]
    assert (desk.published, desk.refused) == ([], [])


@pytest.mark.parametrize("version", [0, 2, 99])
async def test_another_version_than_the_one_that_stands_is_refused_and_not_kept(desk, version):
    answer = await answered(desk, version=version, status="received")
    assert answer.status_code == 412
    assert answer.json()["issue"][0]["code"] == "conflict"
    assert (desk.published, desk.refused) == ([], [])


async def test_two_who_read_the_same_version_do_not_write_over_each_other(desk):
    path, task = await desk.task()
    first = await desk.put(path, {**task, "output": [output("contacted-able")]}, 1)
    second = await desk.put(path, {**task, "output": [output("wrong-person")]}, 1)
    assert (first.status_code, second.status_code) == (200, 412)


async def test_the_same_put_again_is_the_same_events(desk):
    desk.passes_on, desk.patience_seconds = False, 0.0
    both = [output("contacted-able"), output("not-a-carer", "#carer-2")]
    for _ in range(2):
        assert (await answered(desk, status="accepted", output=both)).status_code == 202
    ids = [each.event_id for each in desk.events]
    assert ids[:3] == ids[3:]
    assert len(set(ids)) == 3
    answer = await answered(desk, status="received", output=both)
    assert answer.status_code == 202
    assert not {each.event_id for each in desk.events[6:]} & set(ids)


async def test_the_same_put_with_its_names_in_another_order_is_the_same_event(desk):
    desk.passes_on, desk.patience_seconds = False, 0.0
    path, task = await desk.task()
    body = {**task, "status": "received"}
    for each in (body, dict(reversed(body.items()))):
        assert (await desk.put(path, each, 1)).status_code == 202
    assert len({each.event_id for each in desk.events}) == 1


# Durable first


async def test_what_is_not_seen_in_time_is_kept_and_being_passed_on(desk):
    desk.passes_on, desk.patience_seconds = False, 0.0
    answer = await answered(desk, output=[output("contacted-able")])
    assert answer.status_code == 202
    outcome = OperationOutcome.model_validate(answer.json())
    (event,) = desk.events
    assert str(event.event_id) in outcome.issue[0].diagnostics
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    "changes", [{"status": "received"}, {"output": [output("not-reached")] * 2}]
)
async def test_an_old_version_never_stands_for_what_was_said(desk, changes):
    """Neither a step, of which the Task may show nothing, nor an outcome like the one before it."""
    await answered(desk, output=[output("not-reached")])
    desk.passes_on, desk.patience_seconds = False, 0.1
    assert (await answered(desk, version=2, **changes)).status_code == 202


async def test_it_waits_until_all_that_was_said_is_seen(desk):
    """The first of two outcomes makes a new version, but not the one that was asked for."""
    desk.patience_seconds = 0.2
    desk.passes_on = False
    both = [output("contacted-able"), output("not-a-carer", "#carer-2")]

    async def only_the_first(event, key):
        desk.published.append((key, event))
        if len(desk.published) == 1:
            desk.hub.publish(event, key)
            desk.hub.run()

    desk.publish = only_the_first
    answer = await answered(desk, output=both)
    assert desk.alert.version == 2
    assert answer.status_code == 202


async def test_without_the_broker_the_same_again_later(desk):
    desk.broker_away = True
    answer = await answered(desk, status="received")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not desk.refused


async def test_a_database_that_goes_away_after_the_broker_has_it_loses_nothing(desk):
    path, task = await desk.task()

    async def then_away(event, key):
        desk.published.append((key, event))
        desk.ledger.away = True

    desk.publish = then_away
    answer = await desk.put(path, {**task, "status": "received"}, 1)
    assert answer.status_code == 202
    assert len(desk.published) == 1


async def test_what_cannot_be_kept_is_not_refused_either(desk):
    desk.keeps = False
    answer = await answered(desk, status="failed")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_a_fault_of_ours_keeps_what_was_sent_and_says_no_word_of_it(desk, monkeypatch):
    def broken(*_):
        raise KeyError(SECRET)

    monkeypatch.setattr(desk_module, "answered_from", broken)
    answer = await answered(desk, status="received")
    (letter,) = desk.refused
    assert answer.status_code == 500
    assert str(letter.dead_letter_id) in answer.text
    assert (letter.defect, letter.code, letter.source) == (True, "KeyError", "fhir_api")
    assert SECRET not in f"{answer.text} {letter.reason}"


async def test_who_wants_no_body_gets_none(desk):
    wish = {"Prefer": "return=minimal"}
    answer = await answered(desk, headers=wish, status="received")
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (200, b"", 'W/"2"')
    desk.passes_on, desk.patience_seconds = False, 0.0
    answer = await answered(desk, 2, headers=wish, status="accepted")
    assert (answer.status_code, answer.content) == (202, b"")


async def test_a_correlation_id_goes_on_with_every_event(desk):
    await answered(desk, headers={"X-Correlation-ID": OWN}, status="received")
    assert str(desk.events[0].correlation_id) == OWN


# What is no answer


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("Task.for", {"for": {"reference": "Patient/7"}}),
        ("Task.contained", {"contained": [{"resourceType": "Patient", "id": "patient"}]}),
        ("Task.priority", {"priority": "stat"}),
        ("Task.owner", {"owner": {"identifier": {"value": "RR8"}}}),
        ("Task.note", {"note": [{"text": SECRET}]}),
        ("Task.description", {"description": SECRET}),
        ("Task.description", {"_description": {"id": "x"}}),
        ("Task.restriction", {"restriction": {"period": {"end": "2027-01-01"}}}),
        ("Task.businessStatus", {"businessStatus": {"text": SECRET}}),
        ("Task.statusReason", {"statusReason": {"text": SECRET}}),
        ("Task.input", {"input": [{"type": {"text": "x"}, "valueString": SECRET}]}),
    ],
)
async def test_what_an_answer_may_not_change_is_refused_and_not_lost_in_silence(
    desk, place, changes
):
    assert await refused(desk, place, **changes) == "not-changeable"


@pytest.mark.parametrize(
    "status", ["rejected", "failed", "cancelled", "draft", "on-hold", "in-progress", "completed"]
)
async def test_a_status_that_nobody_sets_is_refused(desk, status):
    assert await refused(desk, "Task.status", status=status) == "no-such-step"


async def test_a_step_is_not_taken_back(desk):
    await answered(desk, status="received")
    desk.published.clear()
    assert await refused(desk, "Task.status", version=2, status="requested") == "no-such-step"


@pytest.mark.parametrize(
    ("place", "entry"),
    [
        ("Task.output[0].type", output("contacted_able")),
        ("Task.output[0].type", output("seen")),
        ("Task.output[0].type", {**output("contacted-able"), "type": {"text": SECRET}}),
        (
            "Task.output[0].type",
            {**output("x"), "type": {"coding": [{"system": "urn:x", "code": "not-reached"}]}},
        ),
        ("Task.output[0].valueReference", output("not-reached", "#carer-3")),
        ("Task.output[0].valueReference", output("not-reached", "#patient")),
        ("Task.output[0].valueReference", output("not-reached", "RelatedPerson/carer-1")),
        (
            "Task.output[0].valueReference",
            {"type": output("not-reached")["type"], "valueString": SECRET},
        ),
    ],
)
async def test_an_outcome_that_means_nothing_is_refused_with_its_place(desk, place, entry):
    await refused(desk, place, output=[entry])


async def test_a_link_of_another_system_names_nobody(desk):
    entry = output("not-reached")
    entry["valueReference"] = {"identifier": {"system": "urn:x", "value": link_of(desk, 1)}}
    await refused(desk, "Task.output[0].valueReference", output=[entry])


async def test_of_one_carer_there_is_one_new_outcome_at_a_time(desk):
    two = [output("not-reached"), output("contacted-able")]
    assert await refused(desk, "Task.output[1]", output=two) == "two-outcomes"


async def test_what_was_recorded_is_not_taken_back(desk):
    await answered(desk, output=[output("not-reached")])
    desk.published.clear()
    code = await refused(
        desk, "Task.output", version=2, output=[output("contacted-able", "#carer-2")]
    )
    assert code == "output-missing"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"resourceType":"Task","id":"1","id":"1"}', 400),
        (orjson.dumps({"resourceType": "Task", "id": "1", SECRET: 1}), 422),
        (orjson.dumps({"resourceType": "Task", "status": "seen"}), 422),
        (orjson.dumps({"resourceType": "Task", "status": "received"}), 400),
        (orjson.dumps({"resourceType": "Task", "id": "1", "status": "received"}), 400),
        (orjson.dumps({"resourceType": "Flag", "id": "1"}), 422),
        (orjson.dumps({"resourceType": SECRET}), 422),
    ],
)
async def test_a_body_that_is_no_such_task_is_kept_and_refused(desk, body, status):
    path, _ = await desk.task()
    answer = await desk.put(path, body, 1)
    assert answer.status_code == status, answer.text
    assert SECRET not in answer.text
    assert [each.value for each in desk.refused] == [body]
    assert not desk.published


async def test_what_is_not_yours_is_not_there_and_not_kept(desk):
    answer = await answered(desk, by="RR8", status="received")
    assert answer.status_code == 404
    assert (desk.published, desk.refused) == ([], [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/xml"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Length": str(2 * 1024 * 1024)}, 413),
    ],
)
async def test_what_is_not_read_is_not_kept(desk, headers, status):
    answer = await answered(desk, headers=headers, status="received")
    assert answer.status_code == status
    assert not desk.refused


async def test_an_alert_that_was_withdrawn_takes_no_answer_and_says_what_to_do(desk):
    desk.hub.hear(encounter("A11", "2026-11-24 12:00", Visit(admitted="2026-11-24 09:20")))
    answer = await answered(desk, version=2, output=[output("contacted-able")])
    assert answer.status_code == 409
    (issue,) = OperationOutcome.model_validate(answer.json()).issue
    assert issue.code == "conflict"
    assert "Search again" in issue.diagnostics
    assert [each.code for each in desk.refused] == ["withdrawn"]


async def test_a_completed_alert_can_still_be_corrected(desk):
    both = [output("contacted-able"), output("not-a-carer", "#carer-2")]
    await answered(desk, output=both)
    version = desk.alert.version
    desk.now = NOW + timedelta(hours=1)
    answer = await answered(desk, version, output=[*both, output("not-reached", "#carer-2")])
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "in-progress"
