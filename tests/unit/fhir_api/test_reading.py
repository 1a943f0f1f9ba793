"""Organisations read what they were told, and nobody else does."""

from uuid import UUID

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task

from connectors.fhir_api import search
from connectors.fhir_api.told import TASK
from hub.fhir.conformance import refuse_malformed
from hub.testing.visits import Visit, encounter
from tests.unit.fhir_api.desks import ADMITTED, FLAGGED, AskedDesk, admitted, agreement

PEOPLE = ("Marsh", "Ada", "Ben", "Nina", "9990000018", "9990000026", "H100", "LE2", "0116")


@pytest.fixture
def desk(shapes) -> AskedDesk:
    desk = AskedDesk(shapes)
    desk.hub.hear(FLAGGED, agreement(minute=0), ADMITTED)
    return desk


async def test_a_trust_reads_the_task_of_its_alert(desk, shapes):
    answer = await desk.get(f"/Task/{desk.alert.alert_id}")
    task = answer.json()
    refuse_malformed(task, shapes)
    Task.model_validate(task)
    assert (answer.status_code, task["status"]) == (200, "requested")
    assert task["meta"] == {
        "versionId": str(desk.alert.version),
        "lastUpdated": "2026-11-25T10:00:00.001Z",
    }
    assert [each["id"] for each in task["contained"]] == ["patient", "carer-1", "carer-2"]


async def test_every_answer_says_version_and_time_and_is_kept_by_no_cache(desk):
    headers = (await desk.get(f"/Task/{desk.alert.alert_id}")).headers
    assert headers["etag"] == f'W/"{desk.alert.version}"'
    assert headers["last-modified"] == "Wed, 25 Nov 2026 10:00:00 GMT"
    assert headers["cache-control"] == "no-store"
    assert headers["content-type"] == "application/fhir+json"


async def test_a_service_reads_its_referral_and_the_task_that_asks_for_an_answer(desk, shapes):
    for kind, model in (("ServiceRequest", ServiceRequest), ("Task", Task)):
        answer = await desk.get(f"/{kind}/{desk.referral.referral_id}", by="ADULT")
        refuse_malformed(answer.json(), shapes)
        model.model_validate(answer.json())
        assert answer.headers["etag"] == f'W/"{desk.referral.version}"'


async def test_what_is_not_yours_and_what_is_not_there_look_the_same(desk):
    alert, referral = desk.alert.alert_id, desk.referral.referral_id
    hidden = [
        await desk.get(f"/Task/{alert}", by="RR8"),
        await desk.get(f"/Task/{alert}", by="ADULT"),
        await desk.get(f"/Task/{referral}", by="RWE"),
        await desk.get(f"/Task/{UUID(int=1)}"),
        await desk.get("/Task/1"),
        await desk.get(f"/Task/{str(alert).upper()}"),
        await desk.get(f"/Task/urn:uuid:{alert}"),
    ]
    assert {each.status_code for each in hidden} == {404}
    assert len({each.content for each in hidden}) == 1
    assert len({tuple(each.headers) for each in hidden}) == 1
    OperationOutcome.model_validate(hidden[0].json())
    for by, named in (("RWE", referral), ("RWE", alert), ("ADULT", alert)):
        assert (await desk.get(f"/ServiceRequest/{named}", by=by)).status_code == 404


@pytest.mark.parametrize("said", [None, "", "Bearer ", "Bearer wrong", "Basic x"])
async def test_without_a_token_of_an_organisation_nothing_is_read(desk, said):
    headers = {} if said is None else {"Authorization": said}
    for method, path in (
        ("GET", f"/Task/{desk.alert.alert_id}"),
        ("GET", "/Task"),
        ("POST", "/Task/_search"),
        ("PUT", f"/Task/{desk.alert.alert_id}"),
    ):
        answer = await desk.ask(method, path, None, None, **headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_who_has_this_version_gets_nothing_again(desk):
    path = f"/Task/{desk.alert.alert_id}"
    tag = (await desk.get(path)).headers["etag"]
    same = await desk.get(path, **{"If-None-Match": tag})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (await desk.get(path, **{"If-None-Match": 'W/"99"'})).status_code == 200
    hidden = await desk.get(path, by="RR8", **{"If-None-Match": tag})
    assert hidden.status_code == 404


async def test_a_head_request_says_the_same_without_a_body(desk):
    answer = await desk.ask("HEAD", f"/Task/{desk.alert.alert_id}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["etag"] == f'W/"{desk.alert.version}"'


async def test_after_a_withdrawal_the_owner_reads_the_bare_resource(desk):
    desk.hub.hear(encounter("A11", "2026-11-24 12:00", Visit(admitted="2026-11-24 09:20")))
    task = (await desk.get(f"/Task/{desk.alert.alert_id}")).json()
    Task.model_validate(task)
    assert task["status"] == "cancelled"
    assert [each for each in PEOPLE if each in str(task)] == []


async def test_after_an_agreement_is_withdrawn_the_service_reads_that_and_nobody(desk):
    desk.hub.hear(agreement(status="inactive", minute=30))
    for kind, status in (("Task", "cancelled"), ("ServiceRequest", "revoked")):
        _, resource = await desk.requested(kind)
        assert resource["status"] == status
        assert [each for each in PEOPLE if each in str(resource)] == []


async def test_without_the_database_the_same_again_later(desk):
    path = f"/Task/{desk.alert.alert_id}"
    desk.ledger.away = True
    for answer in (await desk.get(path), await desk.get("/Task"), await desk.put(path, {}, 1)):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


# Searching


async def searched(desk, query="", by="RWE", kind="Task", **headers) -> dict:
    answer = await desk.get(f"/{kind}{query}", by=by, **headers)
    assert answer.status_code == 200, answer.text
    Bundle.model_validate(answer.json())
    return answer.json()


def ids(bundle) -> list[str]:
    return [
        each["resource"]["id"]
        for each in bundle.get("entry", ())
        if each["search"]["mode"] == "match"
    ]


def link(bundle, relation) -> str | None:
    return next((each["url"] for each in bundle["link"] if each["relation"] == relation), None)


async def test_a_search_finds_what_the_organisation_was_told_and_nothing_else(desk, shapes):
    alert, referral = str(desk.alert.alert_id), str(desk.referral.referral_id)
    bundle = await searched(desk)
    refuse_malformed(bundle, shapes)
    assert (bundle["type"], ids(bundle)) == ("searchset", [alert])
    assert bundle["entry"][0]["fullUrl"] == f"http://hub/fhir/R4/Task/{alert}"
    assert ids(await searched(desk, by="ADULT")) == [referral]
    assert ids(await searched(desk, by="ADULT", kind="ServiceRequest")) == [referral]
    for by, kind in (("RR8", "Task"), ("RWE", "ServiceRequest")):
        assert "entry" not in await searched(desk, by=by, kind=kind)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=requested", True),
        ("?status=completed,requested", True),
        ("?status=http://hl7.org/fhir/task-status|requested", True),
        ("?status=|requested", True),
        ("?status=", True),
        ("?status=completed", False),
        ("?status=on-hold", False),
        ("?status=requested&status=completed", False),
        ("?_lastUpdated=ge2026-11-25T10:00:00Z", True),
        ("?_lastUpdated=ge2026-11-25", True),
        ("?_lastUpdated=ge2026-11-25T11:00:00%2B01:00", True),
        ("?_lastUpdated=ge2026-11-25T10:00:01Z", False),
        ("?_lastUpdated=ge2026-11-25&_lastUpdated=ge2027", False),
        ("?_format=json", True),
        ("?owner=RWE", True),
        ("?owner=Organization/RWE,Organization/RR8", True),
        ("?owner:identifier=https://fhir.nhs.uk/Id/ods-organization-code|RWE", True),
        ("?owner=RR8", False),
        ("?owner=RWE&owner=RR8", False),
    ],
)
async def test_a_search_is_narrowed_by_status_time_and_owner(desk, query, found):
    assert bool(ids(await searched(desk, query))) is found


@pytest.mark.parametrize(
    ("query", "found"),
    [("?status=active", True), ("?status=revoked", False), ("?performer=ADULT", True)],
)
async def test_service_requests_are_searched_by_their_own_words(desk, query, found):
    assert bool(ids(await searched(desk, query, "ADULT", "ServiceRequest"))) is found


@pytest.mark.parametrize(
    "query",
    [
        *("?status=done", "?status:not=requested", "?_lastUpdated=2026-11-25"),
        *("?_lastUpdated=le2026-11-25", "?_lastUpdated=gesoon", "?_lastUpdated:missing=true"),
        *("?_count=0", "?_count=-1", "?_count=ten", "?_count=99999999999999999999"),
        *("?owner=Ada+Marsh", "?owner:Practitioner=7", "?_cursor=xyz", "?_cursor=MjAyNg=="),
        "?_format=xml",
        "?_cursor=MjAyNi0xMS0yNVQxMDowMDowMCAwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDA=",
    ],
)
async def test_what_cannot_be_carried_out_is_refused_and_not_passed_over(desk, query):
    answer = await desk.get(f"/Task{query}")
    assert answer.status_code == 400, answer.text
    (issue,) = OperationOutcome.model_validate(answer.json()).issue
    assert issue.code == "value"
    assert issue.expression[0].startswith("http.")
    assert query.partition("=")[2] not in issue.diagnostics
    assert not desk.refused


async def test_an_unknown_parameter_is_ignored_and_said_so_without_its_words(desk):
    bundle = await searched(desk, "?status=requested&patient.name=Zaphrodite")
    match, outcome = bundle["entry"]
    assert (match["search"]["mode"], outcome["search"]["mode"]) == ("match", "outcome")
    (issue,) = OperationOutcome.model_validate(outcome["resource"]).issue
    assert (issue.severity, issue.code) == ("warning", "not-supported")
    assert "Parameter 2" in issue.diagnostics
    assert "Zaphrodite" not in str(bundle)
    assert link(bundle, "self") == "http://hub/fhir/R4/Task?status=requested"


async def test_an_unknown_parameter_is_refused_where_that_is_wished_for(desk):
    strict = {"Prefer": "handling=strict"}
    answer = await desk.get("/Task?patient.name=Zaphrodite", **strict)
    assert answer.status_code == 400
    assert "Zaphrodite" not in answer.text
    assert (await desk.get("/Task?status=requested", **strict)).status_code == 200
    lenient = await desk.get("/Task?patient=7", Prefer="handling=lenient")
    assert lenient.status_code == 200


async def test_pages_follow_one_another_and_hold_each_alert_once(desk):
    desk.hub.hear(*(admitted(number) for number in range(6)))
    whole = ids(await searched(desk))
    assert len(whole) == 7
    bundle = await searched(desk, "?_count=3&status=requested")
    pages = [ids(bundle)]
    while following := link(bundle, "next"):
        assert "_count=3" in following
        assert "status=requested" in following
        bundle = await searched(desk, following.removeprefix("http://hub/fhir/R4/Task"))
        pages.append(ids(bundle))
    assert [len(each) for each in pages] == [3, 3, 1]
    assert [each for page in pages for each in page] == whole


async def test_what_changes_between_two_pages_comes_once_more(desk):
    desk.hub.hear(*(admitted(number) for number in range(3)))
    first = await searched(desk, "?_count=3")
    changed = ids(first)[0]
    desk.hub.hear(
        encounter("A08", "2026-11-24 13:00", Visit(ward="Ward 9", admitted="2026-11-24 09:20"))
    )
    address = link(first, "next").removeprefix("http://hub/fhir/R4/Task")
    rest = await searched(desk, address)
    assert ids(rest)[-1] == changed
    assert {*ids(first), *ids(rest)} == {*ids(await searched(desk))}


async def test_reading_on_from_the_last_change_seen_misses_nothing(desk):
    seen = (await searched(desk))["entry"][-1]["resource"]["meta"]["lastUpdated"]
    desk.hub.hear(admitted(1))
    new = str(desk.alert.alert_id)
    assert new in ids(await searched(desk, f"?_lastUpdated=ge{seen}"))


async def test_no_page_holds_more_than_a_hundred_whatever_is_asked_for(desk, monkeypatch):
    asked = [[("_count", "1000")], [("_count", "100")], []]
    assert [search.query_from(TASK, each, strict=True).count for each in asked] == [100, 100, 50]
    monkeypatch.setattr(search, "MOST", 2)
    desk.hub.hear(*(admitted(number) for number in range(2)))
    bundle = await searched(desk, "?_count=1000")
    assert len(ids(bundle)) == 2
    assert link(bundle, "next")


async def test_a_search_may_be_posted_as_a_form(desk):
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    async def posted(body, **more):
        return await desk.ask("POST", "/Task/_search", body, **{**form, **more})

    found = await posted(b"status=requested&owner%3Aidentifier=RWE")
    assert ids(found.json()) == [str(desk.alert.alert_id)]
    assert "entry" not in (await posted(b"status=completed")).json()
    assert "entry" in (await posted(b"")).json()
    for body in (b"a=1&" * 101, "status=ä".encode()):
        assert (await posted(body)).status_code == 400
    assert (await posted(b"x" * (65 * 1024))).status_code == 413
    assert (await posted(b"{}", **{"Content-Type": "application/json"})).status_code == 415


async def test_no_address_in_an_answer_holds_anything_of_a_person(desk):
    bundle = await searched(desk, "?status=requested&name=Marsh&_count=1")
    urls = [*(each["url"] for each in bundle["link"]), bundle["entry"][0]["fullUrl"]]
    assert [each for each in PEOPLE for url in urls if each in url] == []


async def test_many_unknown_parameters_are_one_warning(desk):
    bundle = await searched(desk, "?" + "&".join(f"x{number}=1" for number in range(100)))
    (issue,) = OperationOutcome.model_validate(bundle["entry"][-1]["resource"]).issue
    assert "Parameter 1, 2, 3, " in issue.diagnostics
    assert " 100 are none that are known here, and were ignored" in issue.diagnostics


async def test_too_many_parameters_are_refused(desk):
    answer = await desk.get("/Task?" + "&".join(f"x{number}=1" for number in range(101)))
    assert answer.status_code == 400
    assert "100 parameters at most" in answer.text
