"""A ward works with its list: what it shows, what is recorded, and what happens when something is wrong."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from connectors.portal import alert_pages, answering
from hub.records import (
    AgeBand,
    AlertOutcome,
    AlertStatus,
    ByEvidence,
    ExpectedDischarge,
    HumanName,
    OutcomeKind,
)
from tests.unit.portal.desk_kit import (
    ALERT,
    NOW,
    SERVICE_TOKEN,
    Page,
    alert,
    carer,
    name,
)

PATH = f"/alert/{ALERT.alert_id}"
STEP = f"{PATH}/step"
ABLE = {"outcome": "contacted_able", "staff_id": "40123456"}
EVIDENCE = UUID("7073c3a3-6e3e-5179-bdc2-45b5ef5afccf")
FOREIGN = alert(99, trust_ods="RR8")


@pytest.fixture
def ward(kit):
    """A trust that looks at its list of one alert."""
    return kit.show(alert()).signed_in()


def page_of(kit, path) -> Page:
    answer = kit.client.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


# The list


def test_an_entry_says_everything_that_a_call_needs(ward):
    text = page_of(ward, "/worklist").one("article").text
    for said in (
        "Bed B3-2: Doris May Whitlock",
        "17 May 1941 (aged 85)",
        "999 120 4318",
        "S2046317",
        "9 November 2026",
        "Susan Hale, daughter",
        "07700 900142 (mobile)",
        "After 4 pm; a message may be left.",
        "large print",
        "Confirmed by the GP practice",
        "The patient agreed that you may share information with them.",
        "Due today, 10:00",
        "Phone Susan Hale before the discharge on 9 November",
    ):
        assert said in text
    links = [each["href"] for each in page_of(ward, "/worklist").one("article").all("a")]
    assert links == ["tel:07700900142", PATH]


def test_list_and_alert_say_that_a_carer_is_known_by_evidence_and_of_nobody_else(kit):
    found = ByEvidence(ends=("carer",), agreed=("name", "born", "home"))
    kit.show(alert(carers=(carer(by_evidence=found), carer(1)))).signed_in()
    said = (
        "Matched by name, date of birth and address, without a verified NHS number: "
        "please check who it is when you call"
    )
    for path in ("/worklist", PATH):
        text = page_of(kit, path).text
        assert (text.count(said), text.count("Who it is")) == (1, 1)


def test_wards_are_links_and_the_list_keeps_its_order(kit):
    kit.show(
        alert(1, ward="30", bed="B1"),
        alert(2, ward="30", bed="B2"),
        alert(3, ward="31 & 32", bed="B1"),
        alert(4, ward=None, bed=None),
    ).signed_in()
    page = page_of(kit, "/worklist")
    nav = next(each for each in page.all("nav") if each["aria-label"] == "Wards")
    assert [each.text for each in nav.all("a")] == [
        "All wards (4)",
        "Ward 30 (2)",
        "Ward 31 & 32 (1)",
        "No ward known (1)",
    ]
    assert [each.text for each in page.all("h2")] == ["Ward 30", "Ward 31 & 32", "No ward known"]
    assert [each["aria-current"] for each in nav.all("a")] == ["page", "", "", ""]
    one = page_of(kit, nav.all("a")[2]["href"])
    assert [each.text for each in one.all("h2")] == ["Ward 31 & 32"]
    assert len(page_of(kit, nav.all("a")[3]["href"]).all("article")) == 1


def test_an_empty_list_never_says_that_there_is_no_carer(kit):
    kit.signed_in()
    text = page_of(kit, "/worklist").one("main").text
    assert "No alerts are open. A patient without an alert may still have somebody: ask." in text
    assert "no carer" not in text.lower()
    kit.show(alert())
    assert "may still have somebody: ask" in page_of(kit, "/worklist").text
    assert "on this ward" in page_of(kit, "/worklist?ward=99").text


def test_an_organisation_sees_its_own_alerts_alone(kit):
    kit.show(alert(), FOREIGN).signed_in()
    assert len(page_of(kit, "/worklist").all("article")) == 1


def test_h13_names_are_text_whatever_they_hold(kit):
    hostile = '<script>alert("x")</script>'
    kit.show(
        alert(
            ward=f"{hostile}30",
            bed="{{ 7 * 7 }}",
            patient=replace(ALERT.patient, names=name(hostile, "O'Brien & Søn")),
            carers=(carer(names=(HumanName(given=(hostile,), family="فاطمة"),)),),
        )
    ).signed_in()
    for path in ("/worklist", PATH, f"/worklist?saved={ALERT.alert_id}"):
        page = page_of(kit, path)
        assert page.all("script") == []
        assert hostile in page.text
        assert "O'Brien & Søn" in page.text
        assert "{{ 7 * 7 }}" in page.text


def test_names_of_every_script_and_length_stand_in_their_own_direction(kit):
    kit.show(alert(patient=replace(ALERT.patient, names=name("فاطمة", "x" * 300)))).signed_in()
    page = page_of(kit, "/worklist")
    assert f"فاطمة {'x' * 300}" in {each.text for each in page.all("bdi")}


def test_no_page_names_anybody_in_its_title_or_address(kit):
    kit.show(alert()).signed_in()
    answer = kit.send(PATH, **ABLE)
    page = page_of(kit, answer.headers["location"])
    people = re.compile(r"whitlock|doris|hale|susan|9991204318|S2046317", re.IGNORECASE)
    for path in ("/worklist", PATH, answer.headers["location"]):
        page = page_of(kit, path)
        assert not people.search(page.one("title").text)
        addresses = [each["href"] for each in page.all("a")] + page.actions
        assert not people.search(" ".join(addresses))
    assert not people.search(answer.headers["location"])


# Recording a contact


def test_a_contact_is_one_form_and_one_event(ward):
    answer = ward.send(PATH, **ABLE)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/worklist?saved={ALERT.alert_id}",
    )
    ((event, key),) = ward.log.said
    assert key == ALERT.alert_id
    assert isinstance(event, AlertOutcome)
    assert (event.kind, event.evidence_id) == (OutcomeKind.CONTACTED_ABLE, EVIDENCE)
    assert (event.by, event.organisation_ods, event.source) == ("40123456", "RWE", "portal")
    assert (event.alert_version, event.recorded_at, event.received_at) == (1, NOW, NOW)
    said = page_of(ward, answer.headers["location"]).text
    assert "Saved: Doris May Whitlock, Ward 30, bed B3-2" in said


def test_the_same_form_twice_is_one_event(ward):
    form = {**ward.own_form(PATH), **ABLE}
    for _ in range(2):
        assert ward.client.post(PATH, data=form).status_code == 303
    first, second = (event.event_id for event, _ in ward.log.said)
    assert first == second


def test_two_forms_are_two_events_and_so_is_another_answer_in_the_same_form(ward):
    form = {**ward.own_form(PATH), **ABLE}
    ward.client.post(PATH, data=form)
    ward.client.post(PATH, data={**form, "outcome": "not_reached"})
    ward.client.post(PATH, data={**ward.own_form(PATH), **ABLE})
    assert len({event.event_id for event, _ in ward.log.said}) == 3


def test_one_nonce_at_two_organisations_is_two_events(kit):
    other = alert(1, trust_ods="RR8")
    kit.show(alert(), other).signed_in()
    form = {**kit.own_form(PATH), **ABLE}
    kit.client.post(PATH, data=form)
    kit.signed_in("another")
    path = f"/alert/{other.alert_id}"
    kit.client.post(path, data={**kit.own_form(path), **ABLE, "nonce": form["nonce"]})
    assert len({event.event_id for event, _ in kit.log.said}) == 2


def test_when_it_was_done_counts_and_never_lies_after_now(ward):
    ward.send(PATH, **ABLE, day="2", month="11", year="2026", time="16:45")
    ward.send(PATH, **ABLE, time="09:13")
    yesterday, just_now = (event.recorded_at for event, _ in ward.log.said)
    assert yesterday == datetime(2026, 11, 2, 16, 45, tzinfo=UTC)
    assert just_now == NOW


def test_the_only_carer_is_chosen_and_the_staff_id_is_asked_once(ward):
    assert ward.own_form(PATH)["carer"] == str(ALERT.carers[0].carer.link_id)
    assert ward.own_form(PATH)["staff_id"] == ""
    ward.send(PATH, **ABLE)
    assert ward.own_form(PATH)["staff_id"] == "40123456"
    assert "carer" in ward.own_form(PATH)


def test_of_several_carers_none_is_chosen(kit):
    kit.show(alert(carers=(carer(), carer(1)))).signed_in()
    assert "carer" not in kit.own_form(PATH)


def test_what_is_wrong_is_said_at_the_top_and_at_the_field_and_what_was_typed_stays(ward):
    answer = ward.send(PATH, staff_id="Mary", day="31", time="08:15")
    assert answer.status_code == 422
    assert ward.log.said == []
    page = Page(answer.text)
    assert page.one("title").text.startswith("Error: ")
    (summary,) = (each for each in page.all("div") if each["role"] == "alert")
    ids = {each["id"] for each in page.all() if "id" in each}
    targets = [each["href"].removeprefix("#") for each in summary.all("a")]
    assert targets == ["outcome", "day", "staff_id"]
    assert set(targets) | {f"{each}-error" for each in targets} <= ids
    typed = page.forms[page.actions.index(PATH)]
    assert (typed["staff_id"], typed["day"], typed["time"]) == ("Mary", "31", "08:15")
    assert "open" in page.one("details")


def test_the_form_that_is_shown_again_is_the_same_form(ward):
    form = ward.own_form(PATH)
    page = Page(ward.client.post(PATH, data=form).text)
    again = page.forms[page.actions.index(PATH)]
    assert (again["nonce"], again["version"]) == (form["nonce"], form["version"])


def test_broker_away_says_not_saved_and_keeps_the_form(ward):
    form = {**ward.own_form(PATH), **ABLE, "outcome": "not_reached", "time": "08:15"}
    ward.log.away = True
    answer = ward.client.post(PATH, data=form)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    page = Page(answer.text)
    assert "Not saved. Try again in a minute." in page.text
    again = page.forms[page.actions.index(PATH)]
    assert {name: again[name] for name in ("outcome", "time", "staff_id", "nonce")} == {
        name: form[name] for name in ("outcome", "time", "staff_id", "nonce")
    }
    ward.log.away = False
    assert ward.client.post(PATH, data=again).status_code == 303


def test_database_away_says_what_to_do(ward):
    form = ward.own_form(PATH)
    ward.worklist.away = True
    shown = ward.client.get("/worklist")
    assert (shown.status_code, "Try again in a minute" in shown.text) == (503, True)
    sent = ward.client.post(PATH, data={**form, **ABLE})
    assert (sent.status_code, "Not saved. Go back in your browser" in sent.text) == (503, True)
    assert ward.log.said == []


def test_what_the_pages_do_not_show_yet_is_said_to_be_on_its_way(ward):
    ward.log.deaf = True
    answer = ward.send(PATH, **ABLE)
    assert answer.headers["location"] == f"/worklist?passing={ALERT.alert_id}&at=09%3A12"
    assert "Saved at 09:12, being passed on" in page_of(ward, answer.headers["location"]).text


def test_the_answer_waits_until_the_pages_show_it(ward, monkeypatch):
    monkeypatch.setattr(answering, "WAIT_SECONDS", 30.0)
    ward.log.deaf = True
    looked = []

    def one(trust_ods, alert_id, look=ward.worklist.one):
        looked.append(alert_id)
        if len(looked) == 4:
            ward.worklist.alerts[alert_id] = alert(version=2)
        return look(trust_ods, alert_id)

    form = {**ward.own_form(PATH), **ABLE}
    monkeypatch.setattr(ward.worklist, "one", one)
    answer = ward.client.post(PATH, data=form)
    assert answer.headers["location"] == f"/worklist?saved={ALERT.alert_id}"


def test_the_ward_that_was_looked_at_is_gone_back_to(ward):
    page = page_of(ward, "/worklist?ward=30")
    path = next(each["href"] for each in page.all("a") if each["href"].startswith(PATH))
    assert path == f"{PATH}?ward=30"
    form = page_of(ward, path)
    sent = {**form.forms[form.actions.index(PATH)], **ABLE}
    answer = ward.client.post(PATH, data=sent)
    assert answer.headers["location"] == f"/worklist?saved={ALERT.alert_id}&ward=30"


# Older versions


def test_an_older_version_counts_for_the_carer_it_names(ward):
    form = {**ward.own_form(PATH), **ABLE}
    ward.show(alert(version=5, carers=(carer(), carer(1))))
    assert ward.client.post(PATH, data=form).status_code == 303
    ((event, _),) = ward.log.said
    assert (event.alert_version, event.evidence_id) == (1, EVIDENCE)


def test_a_version_that_was_never_told_is_worn_out(ward, monkeypatch):
    form = {**ward.own_form(PATH), **ABLE, "version": "9"}
    answer = ward.client.post(PATH, data=form)
    assert answer.status_code == 503, "the ledger may be behind the page"
    assert ward.log.said == []


def test_a_carer_who_is_no_longer_named_is_said_to_be_gone(ward):
    form = {**ward.own_form(PATH), **ABLE}
    other = carer(5)
    evidence = tuple(replace(each, evidence_id=UUID(int=9)) for each in other.carer.evidence)
    ward.show(alert(version=2, carers=(carer(5, evidence=evidence),)))
    answer = ward.client.post(PATH, data=form)
    assert (answer.status_code, ward.log.said) == (422, [])
    assert alert_pages.GONE.text in answer.text


def test_an_alert_that_was_withdrawn_meanwhile_takes_no_outcome_and_says_so(ward):
    form = {**ward.own_form(PATH), **ABLE}
    ward.show(alert(version=2, status=AlertStatus.CANCELLED))
    answer = ward.client.post(PATH, data=form)
    assert (answer.status_code, ward.log.said) == (422, [])
    page = Page(answer.text)
    assert page.one("h1").text == "This alert is closed"
    assert "Nothing is left to do" in page.text
    assert PATH not in page.actions


def test_an_alert_that_closed_meanwhile_takes_the_outcome_and_says_so(ward):
    form = {**ward.own_form(PATH), **ABLE}
    ward.show(alert(version=2, status=AlertStatus.COMPLETED))
    answer = ward.client.post(PATH, data=form)
    assert answer.headers["location"] == f"{PATH}?saved={ALERT.alert_id}"
    assert len(ward.log.said) == 1
    page = page_of(ward, answer.headers["location"])
    assert page.one("h1").text == "This alert is closed"
    assert "Saved" in page.text
    assert PATH not in page.actions


def test_a_withdrawn_alert_names_nobody(ward):
    ward.show(alert(version=2, status=AlertStatus.CANCELLED))
    text = page_of(ward, PATH).one("main").text
    assert "It was withdrawn" in text
    assert "Whitlock" not in text
    assert "Hale" not in text


# Young carers


def test_a_page_for_a_child_does_not_ask_whether_they_are_able(kit):
    kit.show(
        alert(carers=(carer(age_band=AgeBand.YOUNG_CARER, names=name("Nina", "Marsh")),))
    ).signed_in()
    assert "Able / partly" not in page_of(kit, "/worklist").text
    text = page_of(kit, PATH).one("main").text
    assert "Under 18: do not ask a child to care. Tell the young-carer lead." in text
    assert "willing" not in text
    answer = kit.send(PATH, outcome="young_carer_lead_told", staff_id="40123456")
    assert answer.status_code == 303
    assert kit.log.said[0][0].kind is OutcomeKind.YOUNG_CARER_LEAD_TOLD
    answer = kit.send(PATH, outcome="contacted_able", staff_id="40123456")
    assert (answer.status_code, len(kit.log.said)) == (422, 1)


# One click


def step_form(kit, path="/worklist") -> dict[str, str]:
    page = page_of(kit, path)
    return page.forms[page.actions.index(STEP)]


def test_one_click_says_seen_or_taken_on_once_the_staff_id_is_known(ward):
    ward.send(PATH, outcome="not_reached", staff_id="40123456")
    for step, kind in (("seen", OutcomeKind.SEEN), ("accepted", OutcomeKind.ACCEPTED)):
        answer = ward.client.post(STEP, data={**step_form(ward), "step": step})
        assert answer.status_code == 303
        event, _ = ward.log.said[-1]
        assert (event.kind, event.evidence_id, event.by) == (kind, None, "40123456")


def test_whoever_clicks_first_is_asked_who_they_are_and_the_click_is_not_lost(ward):
    answer = ward.client.post(STEP, data={**step_form(ward), "step": "accepted"})
    assert (answer.status_code, ward.log.said) == (422, [])
    page = Page(answer.text)
    assert page.one("h1").text == "Take this on"
    button = page.one("main").one_button()
    form = {**page.forms[page.actions.index(STEP)], **button, "staff_id": "40123456"}
    assert ward.client.post(STEP, data=form).status_code == 303
    assert ward.log.said[0][0].kind is OutcomeKind.ACCEPTED


def test_a_click_while_the_broker_is_away_can_be_made_again(ward):
    ward.log.away = True
    form = {**step_form(ward), "step": "seen", "staff_id": "40123456"}
    answer = ward.client.post(STEP, data=form)
    assert (answer.status_code, "Not saved" in answer.text) == (503, True)


def test_a_step_that_is_no_news_is_not_offered(ward):
    ward.show(alert(version=2, status=AlertStatus.ACCEPTED))
    assert STEP not in page_of(ward, "/worklist").actions
    ward.show(alert(version=3, status=AlertStatus.RECEIVED))
    buttons = [each["value"] for each in page_of(ward, "/worklist").all("button") if each["value"]]
    assert buttons == ["accepted"]


# What is not there


def test_what_is_not_there_and_what_is_anothers_look_the_same(kit):
    kit.show(alert(), FOREIGN).signed_in()
    paths = [
        f"/alert/{FOREIGN.alert_id}",
        f"/alert/{UUID(int=1)}",
        "/alert/x",
        "/alert/../worklist%00",
        "/inbox",
        f"/referral/{UUID(int=1)}",
        "/nothing",
        "/style-x/y.css",
    ]
    answers = [kit.client.get(path) for path in paths]
    assert {each.status_code for each in answers} == {404}
    assert len({each.text for each in answers}) == 1
    posted = kit.client.post(f"/alert/{FOREIGN.alert_id}", data={**kit.own_form(PATH), **ABLE})
    assert (posted.status_code, posted.text) == (404, answers[0].text)
    assert kit.log.said == []


def test_a_service_has_no_worklist(kit):
    kit.show(alert()).signed_in(SERVICE_TOKEN)
    assert kit.client.get("/worklist").status_code == 404
    assert kit.client.get(PATH).status_code == 404


def test_a_defect_says_fixed_words_and_quotes_nothing(ward, monkeypatch, capsys):
    def broken(*_):
        raise ValueError("Whitlock 9991204318")

    monkeypatch.setattr(ward.worklist, "open_for", broken)
    answer = ward.client.get("/worklist")
    assert answer.status_code == 500
    assert "A fault of the hub" in answer.text
    logged = capsys.readouterr()
    for text in (answer.text, logged.out, logged.err):
        assert "Whitlock" not in text
        assert "9991204318" not in text


# Every answer


def test_no_answer_is_kept_or_tells_where_it_came_from_or_runs_a_script(ward):
    paths = ["/login", "/login/abc", "/worklist", PATH, "/nothing", "/inbox", "/"]
    answers = [
        *(ward.client.get(path) for path in paths),
        ward.send(PATH),
        ward.send(PATH, **ABLE),
        ward.browser().get("/worklist"),
    ]
    for answer in answers:
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy
        assert "script" not in answer.text
        assert "style=" not in answer.text
        assert " on" not in json.dumps(re.findall(r"<[^>]* on[a-z]+=", answer.text))


def test_the_style_sheet_is_there_and_names_nothing_from_elsewhere(kit):
    page = Page(kit.client.get("/login").text)
    answer = kit.client.get(page.one("link")["href"])
    assert answer.headers["content-type"].startswith("text/css")
    assert "max-age" in answer.headers["cache-control"]
    assert "url(" not in answer.text
    assert "@import" not in answer.text


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
)
def test_a_time_at_the_end_of_the_calendar_hides_no_other_alert(ward, moment):
    ward.show(
        alert(1, due_at=moment, expected_discharge=ExpectedDischarge(at=moment)),
        alert(2, carers=(carer(outcome="not_reached", outcome_at=moment),)),
        alert(3, patient=replace(ALERT.patient, birth_on=moment.date())),
    )
    assert len(page_of(ward, "/worklist").all("article")) == 4


def test_a_page_shows_the_200_that_are_due_first_in_the_order_of_the_list(ward):
    due = {number: NOW + timedelta(hours=number) for number in range(1, 203)}
    ward.show(*(alert(number, due_at=at, bed=f"{500 - number}") for number, at in due.items()))
    ward.show(alert(due_at=None))
    page = page_of(ward, "/worklist")
    shown = [each["id"] for each in page.all("article")]
    wanted = [f"alert-{alert(number).alert_id}" for number in range(200, 0, -1)]
    assert shown == wanted
    assert "There are 3 more" in page.text
