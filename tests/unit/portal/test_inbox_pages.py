"""A carers' service works with its inbox."""

from dataclasses import replace
from datetime import UTC, datetime
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


def test_a_referral_that_was_withdrawn_meanwhile_takes_no_answer_and_names_nobody(service):
    form = {**service.own_form(PATH), **DECLINED}
    service.hand(replace(REFERRAL, version=2, action=ReferralAction.WITHDRAWN))
    answer = service.client.post(PATH, data=form)
    assert (answer.status_code, service.log.said) == (422, [])
    page = Page(answer.text)
    assert "Do not contact them because of it" in page.text
    assert PATH not in page.actions
    assert "Hale" not in page.text


@pytest.mark.parametrize("action", [ReferralAction.DECLINED, ReferralAction.CLOSED])
def test_a_referral_that_ended_names_nobody(service, action):
    service.hand(replace(REFERRAL, version=2, action=action))
    page = page_of(service, f"{PATH}?saved={REFERRAL.referral_id}")
    assert "Saved: A closed referral" in page.text
    assert "Nothing is left to do" in page.text
    assert PATH not in page.actions
    assert not any(said in page.text for said in ("Hale", "07700", "LE18", "Doris"))


def test_the_same_form_with_another_staff_id_is_another_event(service):
    form = {**service.own_form(PATH), **DECLINED}
    for staff_id in ("S77", "S78", "S78"):
        service.client.post(PATH, data={**form, "staff_id": staff_id})
    first, second, again = (event for event, _ in service.log.said)
    assert (first.by, second.by) == ("S77", "S78")
    assert first.event_id != second.event_id == again.event_id


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


def test_a_page_shows_200_and_says_how_many_more_there_are(service):
    service.hand(*(replace(REFERRAL, referral_id=UUID(int=number)) for number in range(1, 203)))
    page = page_of(service, "/inbox")
    assert len(page.all("article")) == 200
    assert "There are 3 more" in page.text
    assert REFERRAL.names[0].family in page.all("article")[0].text


def test_the_page_says_when_it_was_looked_at(service):
    assert "Looked at 3 November 2026, 09:12." in page_of(service, "/inbox").text


def test_a_time_at_the_end_of_the_calendar_hides_no_other_referral(service):
    odd = {"last_answer": "engaged", "last_answer_at": datetime(1, 1, 1, tzinfo=UTC)}
    service.hand(replace(REFERRAL, referral_id=UUID(int=9), **odd))
    assert len(page_of(service, "/inbox").all("article")) == 2
