"""The review queue: who may see what, in which order, and an answer that is one event however often it is sent."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from connectors.portal.asked_of_two import AskedOfTwo
from connectors.portal.known_pairs import KnownPair, KnownPairs
from connectors.portal.made_up import made_up_pairs
from connectors.portal.review_shown import item_from
from connectors.portal.review_words import REASONS
from hub.fhir.nhs_number import nhs_number_from
from hub.records import FieldWeight, ReviewVerdict
from hub.reviewing import UNLINKED, Seen, Told, seen_version
from tests.unit.portal.desk_kit import NOW, Kit, Page
from tests.unit.portal.desk_kit import TOKEN as TRUST_TOKEN
from tests.unit.portal.review_kit import (
    CLEARED_TOKEN,
    HELD,
    ITEM,
    THIRD_TOKEN,
    TOKEN,
    example,
    row_from,
)

PATH = f"/review/{ITEM.item_id}"
API = f"/review/items/{ITEM.item_id}"
NONCE = "a-nonce-of-22-letters_"


def asked(number: int, **changes):
    return replace(ITEM, item_id=UUID(int=number), **changes)


def by(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def send(kit: Kit, token: str = TOKEN, path: str = API, headers=None, **body):
    version = kit.client.get(path, headers=by(token)).json().get("version", 1)
    body = {"answer": "same", "nonce": NONCE, "version": version, **body}
    return kit.client.post(path, json=body, headers={**by(token), **(headers or {})})


VERSION = seen_version(row_from(ITEM))
"""Of the question before anybody has answered it."""

# For programs


def test_one_request_clears_one_item_and_the_same_request_is_the_same_answer():
    kit = Kit().ask(ITEM)
    (item,) = kit.client.get("/review/items", headers=by(TOKEN)).json()["items"]
    first = send(kit, path=f"/review/items/{item['item_id']}", version=item["version"])
    again = send(kit, path=f"/review/items/{item['item_id']}", version=item["version"])
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert kit.client.get("/review/items", headers=by(TOKEN)).json()["open"] == 0
    (decision, key), (second, _) = kit.log.said
    assert second.event_id == decision.event_id
    assert key == decision.decision_key
    assert (decision.by, decision.organisation_ods, decision.region) == ("40123456", "RWE", 0)
    assert (decision.review.left, decision.review.right) == (ITEM.left, ITEM.right)
    assert (decision.review.answer, decision.review.evidence) == (ReviewVerdict.SAME, ITEM.evidence)


def test_answers_of_two_reviewers_are_two_and_each_stands_under_a_key_of_its_own():
    kit = Kit().ask(ITEM)
    kit.log.deaf = True
    send(kit)
    send(kit, CLEARED_TOKEN)
    send(kit, answer="revoked")
    ids = {(said.event_id, said.decision_key) for said, _ in kit.log.said}
    assert [len(set(each)) for each in zip(*ids, strict=True)] == [3, 3]


def test_the_most_urgent_comes_first():
    late, early = ITEM.asked_at, ITEM.asked_at - timedelta(days=2)
    calm = {"in_hospital": False, "alone": False, "matchability": None}
    kit = Kit().ask(
        asked(1, **{**calm, "asked_at": late}),
        asked(2, **{**calm, "asked_at": early}),
        asked(3, **{**calm, "matchability": 0.9, "perplexity": 3.0}),
        asked(4, **{**calm, "matchability": 0.8, "perplexity": 1.0}),
        asked(5, in_hospital=True, alone=False),
        asked(6, in_hospital=True, alone=True),
        asked(7, settled=True, answer="same"),
    )
    answer = kit.client.get("/review/items", headers=by(TOKEN)).json()
    assert [UUID(each["item_id"]).int for each in answer["items"]] == [6, 5, 4, 3, 2, 1]
    assert (answer["open"], answer["oldest_at"]) == (6, early.isoformat())


def test_the_list_says_how_many_wait_and_how_long_the_oldest_has():
    kit = Kit().ask(asked(1, asked_at=NOW - timedelta(days=3)), asked(2, asked_at=NOW))
    page = Page(kit.signed_in(TOKEN).client.get("/review").text)
    assert "2 questions wait. The oldest: waiting for 3 days." in page.text


def test_a_list_says_nothing_of_anybody_and_one_item_what_is_compared_alone():
    kit = Kit().ask(ITEM)
    assert "Whitlock" not in kit.client.get("/review/items", headers=by(TOKEN)).text
    answer = kit.client.get(API, headers=by(TOKEN))
    assert answer.headers["etag"] == f'W/"{answer.json()["version"]}"'
    assert {each["field"] for each in answer.json()["fields"]} == {
        each.field for each in ITEM.fields
    }
    assert answer.headers["cache-control"] == "no-store"


def test_only_cleared_staff_learn_that_there_is_a_question_about_somebody_shielded():
    kit = Kit().ask(HELD)
    path = f"/review/items/{HELD.item_id}"
    assert kit.client.get("/review/items", headers=by(TOKEN)).json()["open"] == 0
    assert kit.client.get(path, headers=by(TOKEN)).status_code == 404
    assert send(kit, path=path).status_code == 404
    assert kit.client.get(path, headers=by(CLEARED_TOKEN)).status_code == 200
    assert send(kit, CLEARED_TOKEN, path).status_code == 202


def test_questions_of_other_regions_are_not_there():
    kit = Kit().ask(replace(ITEM, region=1))
    assert kit.client.get(API, headers=by(TOKEN)).status_code == 404


@pytest.mark.parametrize("token", ["", TRUST_TOKEN, "nobody's"])
def test_a_trusts_own_token_is_no_reviewers(token):
    kit = Kit().ask(ITEM)
    assert kit.client.get("/review/items", headers=by(token)).status_code == 401
    assert send(kit, token).status_code == 401
    assert kit.log.said == []


@pytest.mark.parametrize(
    ("changes", "headers", "status", "code"),
    [
        ({"version": 7}, {}, 412, "stale"),
        ({"version": 7}, {"If-Match": f'W/"{VERSION}"'}, 202, None),
        ({"version": VERSION}, {"If-Match": 'W/"7"'}, 412, "stale"),
        ({"version": None}, {}, 428, "no-version"),
        ({"version": True}, {}, 428, "no-version"),
        ({"answer": "perhaps"}, {}, 422, "unknown-answer"),
        ({"nonce": "short"}, {}, 422, "no-nonce"),
        ({"why": "Mrs Marsh said so"}, {}, 422, "unknown-reason"),
        ({"why": "asked-the-practice"}, {}, 202, None),
    ],
)
def test_an_answer_is_of_one_version_and_in_words_of_the_hub(changes, headers, status, code):
    kit = Kit().ask(ITEM)
    answer = send(kit, headers=headers, **changes)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert bool(kit.log.said) is (status == 202)


def test_a_question_that_settled_itself_takes_no_answer():
    kit = Kit().ask(replace(ITEM, settled=True, answer="no longer in question"))
    assert send(kit).status_code == 409


def test_a_broker_that_is_away_is_said_and_nothing_is_taken():
    kit = Kit().ask(ITEM)
    kit.log.away = True
    assert send(kit).status_code == 503


# Pages


def test_a_page_says_field_by_field_what_evidence_is_worth_and_what_it_waits_for():
    item = example("may-be-the-same.json")
    contact = FieldWeight(field="contact", level="name+mobile", bits=8.0)
    item = replace(item, weights=(*item.weights, contact), total=item.total + contact.bits)
    kit = Kit().ask(item).signed_in(TOKEN)
    page = Page(kit.client.get(f"/review/{item.item_id}").text)
    rows = [[cell.text for cell in row.all("th", "td")] for row in page.all("tr")]
    weights = {row[0]: row[1] for row in rows if len(row) == 3}
    names = "Names: given name different, family name the same (+6.0 because uncommon)"
    assert weights[names] == "+3.5"
    assert weights["Home: postcode the same, address not known"] == "+10.3"
    assert weights["A contact of both, the same by: Names, Mobile telephone"] == "+8.0"
    assert weights["Together"] == "+20.6"
    assert "The given names do not agree for certain" in page.text
    assert "The match is probable; how likely it is that there is one: over 99%." in page.text


@pytest.mark.parametrize(
    "bits", [(3.14, 2.24, -0.04, 1.06), (0.05,) * 9, (-30.26, 0.04, 0.04, 12.345)]
)
def test_the_weights_add_up_to_the_total_as_numbers_and_as_a_picture(bits):
    weights = tuple(FieldWeight(field="sex", level="exact", bits=each) for each in bits)
    prior, item = -18.25, example("may-be-the-same.json")
    kit = Kit().ask(replace(item, prior=prior, total=prior + sum(bits), weights=weights))
    page = Page(kit.signed_in(TOKEN).client.get(f"/review/{item.item_id}").text)
    (table,) = (each for each in page.all("table") if each["class"] == "weights")
    *steps, total = (row.all("td")[0].text for row in table.all("tr")[1:])
    assert sum(round(10 * float(each)) for each in steps) == round(10 * float(total))
    *bars, whole = page.all("rect")
    assert (whole["class"], len(bars)) == ("sum", 1 + len(bits))
    left, right = ends_of(bars[0])  # from nothing down to the prior
    at, scale = left, (right - left) / -prior
    for bar, length in zip(bars[1:], bits, strict=True):
        low, high = sorted((at, at + length * scale))
        assert ends_of(bar)[0] == pytest.approx(low, abs=0.2)
        assert ends_of(bar)[1] == pytest.approx(high, abs=0.2 if high - low > 0.5 else 0.6)
        at += length * scale
    assert ends_of(whole) == pytest.approx(tuple(sorted((at, right))), abs=0.2)


@pytest.mark.parametrize(
    ("by", "reasons", "who"),
    [
        ("nhs-number", ("nhs-number", "number-conflict"), "the NHS number did"),
        ("nhs-number", ("nhs-number", "status-not-verified"), "the NHS number did"),
        ("merge", ("merged-though-unlike",), "a hospital's merge did"),
        ("notice", ("superseded-number", "number-conflict"), "a notice of the national services"),
        ("answer", (), "what people answered did"),
        ("other-records", ("may-be-the-same",), "other records of the same two did"),
    ],
)
def test_a_page_has_the_picture_of_the_weights_whatever_asks_and_says_that_they_decided_nothing(
    by, reasons, who
):
    item = replace(
        example("may-be-the-same.json"),
        reasons=reasons,
        decided_by=by,
        rules=(),
        matchability=None,
        perplexity=None,
    )
    kit = Kit().ask(item).signed_in(TOKEN)
    page = Page(kit.client.get(f"/review/{item.item_id}").text)
    (table,) = (each for each in page.all("table") if each["class"] == "weights")
    rows = table.all("tr")[1:]
    assert len(rows) == len(page.all("rect")) == 2 + len(item.weights)
    assert all(row.all("span")[-1].text for row in rows), "what each bar says, in words"
    assert f"These weights decided nothing: {who}" in page.text
    assert "does not decide this by itself" not in page.text
    deciding = replace(item, decided_by="evidence", rules=("TWIN",))
    page = Page(Kit().ask(deciding).signed_in(TOKEN).client.get(f"/review/{item.item_id}").text)
    assert "decided nothing" not in page.text


def ends_of(bar) -> tuple[float, float]:
    """Where a bar of a picture begins and ends."""
    return float(bar["x"]), float(bar["x"]) + float(bar["width"])


def test_a_page_shows_both_records_and_the_weights_and_goes_on_to_the_next():
    kit = Kit().ask(ITEM, asked(1)).signed_in(TOKEN)
    page = Page(kit.client.get(PATH).text)
    rows = [[cell.text for cell in row.all("th", "td")] for row in page.all("tr")]
    assert ["NHS number", "999 120 4318", "not known", "Known on one side only"] in rows
    assert ["Date of birth", "17 May 1941", "17 May 1941", "The same"] in rows
    weights = [row[1] for row in rows if len(row) == 3][1:]
    assert weights[0] == "-18.2"
    assert weights[-1] == "+9.0"
    answer = kit.send(PATH, answer="different")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/review/{UUID(int=1)}?saved=")
    ((decision, _),) = kit.log.said
    assert (decision.review.answer, decision.by) == (ReviewVerdict.DIFFERENT, "40123456")


def test_six_keys_are_enough_for_an_answer():
    """Tab to the second skip link, Enter, arrows to an answer, Enter sends the form: five or six."""
    kit = Kit().ask(ITEM).signed_in(TOKEN)
    page = Page(kit.client.get(PATH).text)
    before = [each for each in page.one("body").all() if each.tag in ("a", "button", "input")]
    place = next(n for n, each in enumerate(before, 1) if each.text == "Skip to the answer")
    radios = [each for each in page.all("input") if each["type"] == "radio"]
    assert radios[0]["id"] == before[place - 1]["href"][1:]
    assert [each["value"] for each in radios] == ["same", "different", "cannot-tell"]
    to_the_answer, send_it = place + 1, 1
    arrows = len(radios) - 1
    assert to_the_answer + arrows + send_it <= 6


def test_an_answer_that_is_taken_back_asks_anew():
    kit = Kit().ask(ITEM).signed_in(TOKEN)
    kit.send(PATH, answer="same")
    page = Page(kit.client.get(PATH).text)
    assert "Settled: The same person" in page.text
    form = kit.own_form(PATH)
    kit.client.post(PATH, data={**form, "answer": "revoked"})
    assert [said.review.answer for said, _ in kit.log.said][-1] is ReviewVerdict.REVOKED
    assert "Skip to the answer" in Page(kit.client.get(PATH).text).text


def test_a_question_that_changed_meanwhile_is_shown_again_and_not_answered():
    kit = Kit().ask(ITEM).signed_in(TOKEN)
    form = kit.own_form(PATH)
    kit.ask(replace(ITEM, version=2, in_hospital=not ITEM.in_hospital))
    answer = kit.client.post(PATH, data={**form, "answer": "same"})
    assert answer.status_code == 422
    assert "changed while you looked" in answer.text
    assert kit.log.said == []


def test_a_reviewer_has_no_worklist_and_a_trust_no_queue():
    kit = Kit().ask(ITEM).signed_in(TOKEN)
    assert kit.client.get("/").headers["location"] == "/review"
    assert kit.client.get("/worklist").status_code == 404
    trust = Kit().ask(ITEM).signed_in()
    assert trust.client.get("/review").status_code == 404
    assert trust.client.get(PATH).status_code == 404


def test_a_link_for_a_reviewer_is_a_session_of_theirs():
    kit = Kit().ask(ITEM)
    secret = kit.link("RWE/40123456")
    assert kit.client.post("/login/link", data={"secret": secret}).status_code == 303
    assert kit.client.get(PATH).status_code == 200


# Questions that two are asked

OF_TWO = AskedOfTwo(100, frozenset({0}))


def test_the_second_of_two_sees_neither_an_answer_nor_that_there_is_one():
    kit, fresh = Kit(of_two=OF_TWO).ask(ITEM), Kit(of_two=OF_TWO).ask(ITEM)
    shown = fresh.client.get(API, headers=by(THIRD_TOKEN)).json()
    send(kit, answer="different")
    assert kit.client.get(API, headers=by(THIRD_TOKEN)).json() == shown
    kit.signed_in(THIRD_TOKEN), fresh.signed_in(THIRD_TOKEN)
    pages = [each.client.get(PATH).text for each in (kit, fresh)]
    assert len({Page(each).text for each in pages}) == 1
    send(kit, THIRD_TOKEN, answer="same", version=shown["version"])
    third = kit.client.get(API, headers=by(CLEARED_TOKEN)).json()
    assert third == shown
    assert [said.review.asked_of_two for said, _ in kit.log.said] == [True, True]


def test_who_has_answered_is_not_asked_again_and_can_look_again():
    kit = Kit(of_two=OF_TWO).ask(ITEM).signed_in(TOKEN)
    assert kit.send(PATH, answer="same").headers["location"].startswith("/review?saved=")
    assert kit.client.get("/review/items", headers=by(TOKEN)).json()["open"] == 0
    queue = Page(kit.client.get("/review").text)
    assert "Nothing waits for an answer" in queue.text
    (link,) = (each for each in queue.one("main").all("a") if each["href"] == PATH)
    assert "answered question 1" in link.text
    assert "You have answered this" in Page(kit.client.get(PATH).text).text
    assert kit.client.get("/review/items", headers=by(THIRD_TOKEN)).json()["open"] == 1


def test_about_the_share_is_asked_of_two_where_there_are_reviewers_and_nobody_has_answered():
    of_two = AskedOfTwo(2, frozenset({0}))
    rows = [row_from(asked(number)) for number in range(5_000)]
    drawn = [row for row in rows if of_two.asks_two(row)]
    assert 60 <= len(drawn) <= 140
    assert drawn == [row for row in reversed(rows) if of_two.asks_two(row)][::-1]
    row = drawn[0]
    for other in (
        replace(row, region=1),
        replace(row, restricted=True),
        replace(row, heard=[str(row.item_id)]),
        replace(row, settled=True),
    ):
        assert of_two.as_asked(other) == other
    assert of_two.as_asked(row) == replace(row, asked_of_two=True)


def test_of_somebody_who_does_not_want_to_be_linked_two_are_always_asked():
    of_two = AskedOfTwo(0, frozenset())
    row = replace(row_from(asked(1)), restricted=True, reasons=["may-be-the-same", UNLINKED])
    for each in (row, replace(row, heard=[str(row.item_id)])):
        assert of_two.as_asked(each) == replace(each, asked_of_two=True)
    also_shielded = replace(row, needs=2)
    assert of_two.as_asked(also_shielded) == also_shielded
    (why,) = (each for each in item_from(row, NOW).reasons if "does not want to be linked" in each)
    assert not any(name in why for name in ("Ada", "Ben"))


def test_a_lead_sees_how_often_reviewers_agree_with_each_other_and_nothing_of_whom():
    kit = Kit(of_two=OF_TWO).ask(ITEM)
    send(kit, answer="different")
    send(kit, THIRD_TOKEN, answer="same")
    send(kit, CLEARED_TOKEN, answer="same")
    kit.signed_in(CLEARED_TOKEN)
    page = Page(kit.client.get("/review").text)
    (table,) = page.all("table")
    rows = [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]
    assert rows[1:] == [["40123456", "1", "0"], ["40777777", "1", "0"]]
    assert "Whitlock" not in page.text
    other = Kit(queue=kit.queue, of_two=OF_TWO).signed_in(TOKEN)
    assert Page(other.client.get("/review").text).all("table") == []


# Made-up pairs


def test_a_made_up_pair_is_answered_like_any_other_and_touches_nobody():
    twins = KnownPair(
        "twins", Told.DIFFERENT, ({"field": "sex", "level": "different", "left": "female"},)
    )
    kit = Kit(known=KnownPairs((twins,), 100, NOW)).ask(ITEM).signed_in(CLEARED_TOKEN)
    first, second = kit.client.get("/review/items", headers=by(CLEARED_TOKEN)).json()["items"]
    assert (first["item_id"], second["item_id"]) == (str(twins.item_id), str(ITEM.item_id))
    path = f"/review/{twins.item_id}"
    assert kit.send(path, answer="different").headers["location"].startswith(PATH)
    kit.client.post(path, data={**kit.own_form(path), "answer": "same"})
    asked_for = f"/review/items/{twins.item_id}"
    seen = kit.client.get(asked_for, headers=by(TOKEN)).json()["version"]
    answer = send(kit, path=asked_for, answer="same", version=seen)
    assert answer.status_code == 202
    assert send(kit, path=asked_for, answer="same", version=seen).json() == answer.json()
    assert kit.log.said == []
    page = Page(kit.client.get("/review").text)
    rows = [[cell.text for cell in row.all("th", "td")] for row in page.all("tr")]
    assert rows == [
        ["Staff ID", "Answered", "Agreed"],
        ["40123456", "1", "0"],
        ["40999999", "1", "1"],
    ]
    assert "About 100 in 100 questions are made up" in page.text
    other = Kit(known=kit.known, known_answers=kit.known_answers).signed_in(TOKEN)
    assert "Agreed" not in other.client.get("/review").text


def test_a_made_up_pair_is_drawn_as_often_as_its_share_says():
    pairs = KnownPairs((KnownPair("twins", Told.SAME, ()),), 5, NOW)
    rows = [row_from(asked(number)) for number in range(2_000)]
    seen = Seen(frozenset({0}), cleared=True, by="RWE/1")
    drawn = sum(pairs.due_before(row, seen) is not None for row in rows)
    assert 60 <= drawn <= 140
    assert len(pairs.mixed(rows, seen, {})) == len(rows) + 1


def test_the_hubs_own_pairs_are_of_nobody_and_look_like_real_questions():
    pairs = made_up_pairs()
    assert {each.truth for each in pairs} == {Told.SAME, Told.DIFFERENT}
    assert len({each.item_id for each in pairs}) == len(pairs) >= 10
    for pair in pairs:
        fields = {each["field"]: each for each in pair.fields}
        assert set(fields) == {each.field for each in ITEM.fields}
        numbers = {fields["nhs-number"]["left"], fields["nhs-number"]["right"]}
        assert all(each.startswith("999") for each in numbers)
        assert all(nhs_number_from(each, "accept") == each for each in numbers)
        assert set(pair.reasons) <= set(REASONS)
