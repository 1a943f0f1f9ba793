"""A service answers a referral by putting its Task, or the ServiceRequest itself."""

from datetime import timedelta

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.servicerequest import ServiceRequest

from connectors.fhir_api.referral_answers import STATUS_REASON
from hub.fhir.conformance import refuse_malformed
from hub.fhir.referral_task import OUTCOME, REASON
from hub.fhir.task import RECORDED_BY
from hub.outcomes import REASONS
from hub.records import ReferralAction, ReferralOutcome, ReferralOutcomeKind
from tests.unit.fhir_api.desks import ADMITTED, FLAGGED, NOW, AskedDesk, agreement


def coded(system: str, code: str) -> dict:
    return {"coding": [{"system": system, "code": code}]}


def because(code: str) -> dict:
    return {"url": STATUS_REASON, "valueCodeableConcept": coded(REASON, code)}


@pytest.fixture
def desk(shapes) -> AskedDesk:
    desk = AskedDesk(shapes, patience_seconds=5.0)
    desk.hub.hear(FLAGGED, ADMITTED, agreement())
    return desk


async def answered(desk, kind="Task", version=None, **changes):
    """The Task or ServiceRequest as read, put back with these changes."""
    path, resource = await desk.requested(kind)
    current = desk.referral.version if version is None else version
    return await desk.put(path, {**resource, **changes}, current, by="ADULT")


async def refused(desk, place, kind="Task", **changes) -> str:
    answer = await answered(desk, kind, **changes)
    assert answer.status_code == 422, answer.text
    (issue,) = OperationOutcome.model_validate(answer.json()).issue
    assert issue.expression == [place]
    assert not desk.published
    (letter,) = desk.refused
    assert (letter.expression, letter.source) == (place, "fhir_api")
    return letter.code


async def test_a_service_accepts_and_the_task_says_so(desk):
    staff = [{"url": RECORDED_BY, "valueIdentifier": {"value": "worker-03"}}]
    before = desk.referral
    answer = await answered(desk, status="accepted", extension=staff)
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    ((key, event),) = desk.published
    assert key == before.referral_id
    assert event == ReferralOutcome(
        event_id=event.event_id,
        correlation_id=event.correlation_id,
        source="fhir_api",
        source_event_id="",
        occurred_at=NOW,
        recorded_at=NOW,
        received_at=NOW,
        region=0,
        referral_id=before.referral_id,
        agreement_id=before.agreement_id,
        referral_version=before.version,
        kind=ReferralOutcomeKind.ACCEPTED,
        reason=None,
        by="worker-03",
        organisation_ods="ADULT",
    )


@pytest.mark.parametrize("reason", REASONS)
async def test_a_service_declines_with_a_reason_of_the_list(desk, reason):
    answer = await answered(desk, status="rejected", statusReason=coded(REASON, reason))
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    assert answer.json()["statusReason"] == coded(REASON, reason)
    assert [(each.kind, each.reason) for each in desk.events] == [("declined", reason)]


@pytest.mark.parametrize("reason", [{}, {"statusReason": coded(REASON, "carer-declined")}])
async def test_a_service_closes_with_or_without_a_reason(desk, reason):
    answer = await answered(desk, status="completed", **reason)
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")
    assert desk.referral.action is ReferralAction.CLOSED


@pytest.mark.parametrize("status", ["in-progress", "accepted", "requested"])
@pytest.mark.parametrize(
    "code", ["contact-attempted", "engaged", "assessment-offered", "assessment-done"]
)
async def test_a_step_on_the_way_is_a_business_status(desk, status, code):
    answer = await answered(desk, status=status, businessStatus=coded(OUTCOME, code))
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    assert [each.kind for each in desk.events] == [code.replace("-", "_")]
    (output,) = answer.json()["output"]
    assert output["type"] == coded(OUTCOME, code)


async def test_two_attempts_at_different_times_are_two(desk):
    await answered(desk, status="accepted", lastModified="2026-11-25T08:30:00Z")
    step = {"status": "in-progress", "businessStatus": coded(OUTCOME, "contact-attempted")}
    for at in ("2026-11-25T09:00:00Z", "2026-11-25T09:30:00Z"):
        answer = await answered(desk, lastModified=at, **step)
        assert (answer.status_code, answer.json()["output"][0]["valueDateTime"]) == (200, at)
    attempts = desk.events[1:]
    assert len({each.event_id for each in attempts}) == 2


async def test_an_attempt_that_was_made_before_the_last_answer_is_kept_and_changes_nothing(desk):
    await answered(desk, status="accepted", lastModified="2026-11-25T09:30:00Z")
    desk.patience_seconds = 0.0
    step = {"status": "in-progress", "businessStatus": coded(OUTCOME, "contact-attempted")}
    answer = await answered(desk, lastModified="2026-11-25T09:00:00Z", **step)
    assert answer.status_code == 202
    assert "no new version" in answer.text
    assert [each.kind for each in desk.events] == ["accepted", "contact_attempted"]


async def test_received_stands_in_the_task_before_anybody_accepts(desk, shapes):
    answer = await answered(desk, status="received")
    assert answer.status_code == 200
    refuse_malformed(answer.json(), shapes)
    (output,) = answer.json()["output"]
    assert output["type"] == coded(OUTCOME, "received")
    assert desk.referral.action is ReferralAction.RAISED
    assert (await answered(desk)).status_code == 200
    assert len(desk.published) == 1, "the Task as it was read is no answer"


async def test_a_service_request_is_revoked_with_a_reason_or_completed(desk, shapes):
    answer = await answered(
        desk, "ServiceRequest", status="revoked", extension=[because("out-of-area")]
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "revoked")
    refuse_malformed(answer.json(), shapes)
    ServiceRequest.model_validate(answer.json())
    desk.now = NOW + timedelta(hours=1)
    assert (await answered(desk, "ServiceRequest", status="completed")).status_code == 200
    assert [(each.kind, each.reason) for each in desk.events] == [
        ("declined", "out-of-area"),
        ("closed", None),
    ]


async def test_a_service_request_through_another_library_is_unchanged(desk):
    path, resource = await desk.requested("ServiceRequest")
    body = ServiceRequest.model_validate(resource).model_dump_json().encode()
    answer = await desk.put(path, body, desk.referral.version, by="ADULT")
    assert answer.status_code == 200
    assert not desk.published


async def test_what_the_task_said_is_no_news_by_the_service_request(desk):
    await answered(desk, status="completed")
    answer = await answered(desk, "ServiceRequest", status="completed")
    assert answer.status_code == 200
    assert len(desk.published) == 1, "it was closed already"


@pytest.mark.parametrize(
    ("place", "kind", "changes"),
    [
        ("Task.status", "Task", {"status": "failed"}),
        ("Task.status", "Task", {"status": "cancelled"}),
        ("Task.businessStatus", "Task", {"status": "in-progress"}),
        ("Task.businessStatus", "Task", {"businessStatus": coded(OUTCOME, "closed")}),
        ("Task.businessStatus", "Task", {"businessStatus": {"text": "engaged"}}),
        (
            "Task.status",
            "Task",
            {"status": "completed", "businessStatus": coded(OUTCOME, "engaged")},
        ),
        ("Task.statusReason", "Task", {"status": "rejected"}),
        (
            "Task.statusReason",
            "Task",
            {"status": "rejected", "statusReason": {"text": "She moved away"}},
        ),
        (
            "Task.statusReason",
            "Task",
            {"status": "completed", "statusReason": coded(REASON, "moved")},
        ),
        ("Task.statusReason", "Task", {"statusReason": coded(REASON, "full")}),
        (
            "Task.statusReason",
            "Task",
            {"status": "accepted", "statusReason": coded(REASON, "full")},
        ),
        ("Task.focus", "Task", {"focus": {"reference": "ServiceRequest/7"}}),
        ("Task.output", "Task", {"output": [{"type": {"text": "x"}, "valueString": "x"}]}),
        ("ServiceRequest.extension", "ServiceRequest", {"status": "revoked"}),
        (
            "ServiceRequest.extension[0].valueCodeableConcept",
            "ServiceRequest",
            {"status": "revoked", "extension": [because("moved")]},
        ),
        ("ServiceRequest.status", "ServiceRequest", {"status": "on-hold"}),
        ("ServiceRequest.intent", "ServiceRequest", {"intent": "order"}),
        ("ServiceRequest.subject", "ServiceRequest", {"subject": {"reference": "#x"}}),
        ("ServiceRequest.note", "ServiceRequest", {"note": [{"text": "x"}]}),
    ],
)
async def test_what_is_no_answer_is_kept_and_refused_with_its_place(desk, place, kind, changes):
    assert await refused(desk, place, kind, **changes)


async def test_after_an_agreement_is_withdrawn_nothing_is_answered(desk):
    desk.hub.hear(agreement(status="inactive", minute=30))
    for kind, status in (("Task", "accepted"), ("ServiceRequest", "completed")):
        answer = await answered(desk, kind, status=status)
        assert (answer.status_code, answer.json()["issue"][0]["code"]) == (409, "conflict")
    assert not desk.published


async def test_a_stale_version_is_refused_and_a_trust_finds_nothing_here(desk):
    assert (await answered(desk, version=99, status="accepted")).status_code == 412
    path, resource = await desk.requested()
    assert (await desk.put(path, resource, 1, by="RWE")).status_code == 404
    assert not desk.refused


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
async def test_an_answer_of_a_year_that_is_none_is_refused(desk, said):
    code = await refused(desk, "Task.lastModified", status="accepted", lastModified=said)
    assert code == "value"


async def test_an_answer_is_of_the_last_28_days(desk):
    before = (NOW - timedelta(days=28, seconds=1)).isoformat()
    code = await refused(desk, "Task.lastModified", status="accepted", lastModified=before)
    assert code == "too-long-ago"
    desk.refused.clear()
    at = (NOW - timedelta(days=28)).isoformat()
    assert (await answered(desk, status="accepted", lastModified=at)).status_code == 200


async def test_what_somebody_else_said_meanwhile_is_not_shown_as_this_answer(desk):
    (engaged, attempted) = (
        {"status": "in-progress", "businessStatus": coded(OUTCOME, step)}
        for step in ("engaged", "contact-attempted")
    )
    assert (await answered(desk, status="accepted")).status_code == 200
    desk.patience_seconds, desk.passes_on = 0.2, False
    desk.now += timedelta(minutes=1)
    path, task = await desk.requested()
    theirs = await desk.put(path, {**task, **attempted}, desk.referral.version, by="ADULT")
    assert theirs.status_code == 202
    (_, (_, said)) = desk.published
    desk.now += timedelta(minutes=1)

    async def another_first(event, key):
        desk.hub.publish(said, key)
        desk.hub.run()

    desk.publish = another_first
    mine = await desk.put(path, {**task, **engaged}, desk.referral.version, by="ADULT")
    assert mine.status_code == 202, mine.text
    assert desk.referral.last_answer == "contact_attempted"
