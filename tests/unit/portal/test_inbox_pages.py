"""A carers' service works with its inbox."""

from dataclasses import replace
from uuid import UUID

import pytest

from hub.records import ReferralAction, ReferralOutcome, ReferralOutcomeKind
from tests.unit.portal.desk_kit import NOW, REFERRAL, SERVICE_TOKEN, Page

PATH = f"/referral/{REFERRAL.referral_id}"
DECLINED = {"answer": "declined", "reason": "full", "staff_id": "S77"}


@pytest.fixture
def service(kit):
    return kit.hand(REFERRAL).signed_in(SERVICE_TOKEN)


def page_of(kit, path) -> Page:
    answer = kit.client.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def test_an_entry_says_whom_to_reach_how_and_what_to_do(service):
    text = page_of(service, "/inbox").one("article").text
    for said in (
        "Susan Jane Hale",
        "New",
        "07700 900142 (mobile)",
        "large print",
        "Adult",
        "LE18 1XX",
        "Doris (as daughter)",
        "9 November 2026",
        "Accept or decline: Susan Hale agreed to be contacted.",
    ):
        assert said in text


@pytest.mark.parametrize("path", ["/inbox", PATH])
def test_what_was_said_last_stands_on_the_list_and_on_the_form(service, path):
    assert "Last answer" not in page_of(service, path).text
    tried = {"last_answer": "contact_attempted", "last_answer_at": NOW}
    service.hand(replace(REFERRAL, version=2, action=ReferralAction.ACCEPTED, **tried))
    text = page_of(service, path).text
    assert "Tried, not reached, 3 November 2026" in text
    assert "Contact Susan Hale again and record what came of it." in text


def test_an_empty_inbox_says_why(kit):
    kit.signed_in(SERVICE_TOKEN)
    assert "only when they have agreed" in page_of(kit, "/inbox").text


def test_an_answer_is_one_form_and_one_event(service):
    answer = service.send(PATH, **DECLINED)
    assert answer.headers["location"] == f"/inbox?saved={REFERRAL.referral_id}"
    ((event, key),) = service.log.said
    assert key == REFERRAL.referral_id
    assert isinstance(event, ReferralOutcome)
    assert (event.kind, event.reason) == (ReferralOutcomeKind.DECLINED, "full")
    assert (event.by, event.organisation_ods, event.recorded_at) == ("S77", "DEMO1", NOW)
    assert event.agreement_id == REFERRAL.agreement_id
    assert "Saved: Susan Jane Hale" in page_of(service, answer.headers["location"]).text


def test_the_same_form_twice_is_one_event(service):
    form = {**service.own_form(PATH), **DECLINED}
    for _ in range(2):
        service.client.post(PATH, data=form)
    assert len({event.event_id for event, _ in service.log.said}) == 1
    service.client.post(PATH, data={**form, "reason": "other"})
    assert len({event.event_id for event, _ in service.log.said}) == 2


def test_a_decline_needs_a_reason_and_keeps_what_was_chosen(service):
    answer = service.send(PATH, answer="declined", staff_id="S77")
    assert (answer.status_code, service.log.said) == (422, [])
    page = Page(answer.text)
    assert "Choose why you decline" in page.text
    assert page.forms[page.actions.index(PATH)]["answer"] == "declined"


def test_a_reason_can_be_taken_back_without_a_script(service):
    form = page_of(service, PATH)
    values = [each["value"] for each in form.all("input") if each["name"] == "reason"]
    assert values[0] == ""
    assert service.own_form(PATH)["reason"] == ""


def test_broker_away_says_not_saved_and_keeps_the_form(service):
    service.log.away = True
    answer = service.send(PATH, **DECLINED)
    assert (answer.status_code, "Not saved. Try again in a minute." in answer.text) == (503, True)
    page = Page(answer.text)
    form = page.forms[page.actions.index(PATH)]
    assert {name: form[name] for name in DECLINED} == DECLINED


def test_a_referral_that_was_withdrawn_meanwhile_names_nobody(service):
    form = {**service.own_form(PATH), **DECLINED}
    service.hand(replace(REFERRAL, version=2, action=ReferralAction.WITHDRAWN))
    answer = service.client.post(PATH, data=form)
    assert answer.headers["location"] == f"{PATH}?saved={REFERRAL.referral_id}"
    text = page_of(service, answer.headers["location"]).text
    assert "Do not contact them because of it" in text
    assert "Hale" not in text


def test_anothers_referral_is_not_there(kit):
    kit.hand(replace(REFERRAL, service_ods="DEMO2")).signed_in(SERVICE_TOKEN)
    other = kit.client.get(PATH)
    assert other.status_code == 404
    assert other.text == kit.client.get(f"/referral/{UUID(int=3)}").text
    assert "Hale" not in kit.client.get("/inbox").text


def test_a_trust_has_no_inbox(kit):
    kit.hand(REFERRAL).signed_in()
    assert kit.client.get("/inbox").status_code == 404
    assert kit.client.get(PATH).status_code == 404
