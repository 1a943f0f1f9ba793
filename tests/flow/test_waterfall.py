"""Whatever decides of two records, what the weights come to is shown: in the question, by `hub explain`, in the log."""

from dataclasses import replace

import pytest

from deploy.explaining import in_words
from hub.matching.candidates import Matcher
from hub.matching.region import RegionView
from hub.records import ReviewItem, ReviewVerdict
from hub.testing.linking import linking
from hub.testing.people import ADA
from hub.testing.visits import encounter
from processors.carer_matching.explaining_weights import explained
from processors.carer_matching.reviews import Said, items_of
from tests.flow.scenes import FLAG, STAY, after, evidence, picture
from tests.flow.test_national_notices import OLD, REPLACED
from tests.flow.test_review import ADMITTED, CORRECTED, OTHER_DATE, answer
from tests.flow.wrong_merges import BOTH, DIFFERENT, HELD, MERGED, REVOKED, SAME, answer_on
from tests.unit.matching.regions import merged, record, region, said

NUMBER, OTHER_NUMBER = "9990000018", "9990000042"
EVENT = Said(encounter("A01", "2026-11-22 09:30", STAY), "test")
ONE = record("one", number=NUMBER, mobile="07700 900001")
TWO = record("two", number=NUMBER, mobile="07700 900001")
NOT_VERIFIED = replace(TWO, facts=replace(TWO.facts, nhs_number_status="02"))
STRANGER = record(
    "two",
    "George",
    born="1966-08-14",
    line="3 Mill Lane",
    postcode="LS6 3HN",
    number=NUMBER,
    nhs_number_status="02",
)
ASKED = {
    "number-conflict": (ONE, record("two", number=NUMBER, born="1950-05-05"), "nhs-number"),
    "birth-date-unknown": (ONE, record("two", number=NUMBER, born=None), "nhs-number"),
    "status-not-verified": (ONE, STRANGER, "nhs-number"),
    "merged-though-unlike": (
        ONE,
        merged(record("two", "George", born="1938-01-09", number=OTHER_NUMBER), ONE),
        "merge",
    ),
    "may-be-the-same": (ONE, record("two", "Adele"), "evidence"),
}  # fmt: skip


def only_weighing() -> Matcher:
    """The same model where joining by evidence is switched off."""
    return Matcher(evidence().model, evidence().tables, joins=False)


def question(view: RegionView) -> ReviewItem:
    ids = [each.record_id for each in view.records.values()]
    (item,) = items_of(view, view, ids, EVENT)
    return item


def total_of(prior: float, bits: list[float]) -> float:
    return prior + sum(bits)


@pytest.mark.parametrize("reason", ASKED)
def test_a_question_has_its_weights_whatever_it_is_asked_because_of(reason):
    one, two, by = ASKED[reason]
    views = [region(*rows) for rows in ((one, two), (two, one))]
    if by == "merge":
        for view in views:
            view.put(replace(said(one, two), answers=(), held=True))
    item, again = map(question, views)
    assert reason in item.reasons
    assert item.decided_by == by
    assert total_of(item.prior, [each.bits for each in item.weights]) == pytest.approx(
        item.total, abs=1e-9
    )
    assert {"name", "home"} <= {each.field for each in item.weights}
    assert again.weights == item.weights
    (because,) = explained(views[0], item.item_id)
    told = because.as_json()
    found = told["evidence"]
    assert (told["decided_by"], told["reasons"]) == (by, list(item.reasons))
    assert found["bits"] == pytest.approx(item.total, abs=1e-9)
    assert total_of(found["prior"], [each["bits"] for each in found["fields"]]) == pytest.approx(
        found["bits"], abs=1e-9
    )
    assert told["match_grade"] == item.grade in ("possible", "probable")


@pytest.mark.parametrize("reason", sorted(ASKED.keys() - {"may-be-the-same"}))
def test_where_joining_by_evidence_is_off_the_same_weights_are_shown_and_it_is_said_that_they_decided_nothing(
    reason,
):
    one, two, by = ASKED[reason]
    views = [region(one, two), region(one, two, by=only_weighing())]
    if by == "merge":
        for view in views:
            view.put(replace(said(one, two), answers=(), held=True))
    on, off = map(question, views)
    assert views[1].matcher is None
    assert (off.total, off.weights, off.decided_by) == (on.total, on.weights, by)
    (because,) = explained(views[1], off.item_id)
    assert any("these weights decided nothing" in line for line in in_words(because))


def test_the_grade_of_a_question_is_probable_only_where_the_weights_are_enough():
    """A father's number on the son's record; and a number that is not verified on a record that else agrees."""
    far = region(ONE, record("two", "George", born="1966-08-14", number=NUMBER, line=None))
    near = region(ONE, NOT_VERIFIED, by=only_weighing())
    assert [question(each).grade for each in (far, near)] == ["possible", "probable"]


def test_what_a_number_joins_without_a_question_is_explained_with_its_weights():
    view = region(ONE, TWO)
    (because,) = explained(view, ONE.record_id)
    told = because.as_json()
    found = told["evidence"]
    assert (told["by"], told["match_grade"], told["decided_by"]) == (
        "nhs-number", "certain", "nhs-number",
    )  # fmt: skip
    assert found["rules"] == [{"id": "NHS_NUMBER", "effect": "AUTO"}]
    assert total_of(found["prior"], [each["bits"] for each in found["fields"]]) == pytest.approx(
        found["bits"], abs=1e-9
    )
    text = "\n".join(in_words(because))
    assert "these weights decided nothing: the NHS number did" in text
    assert "name exact/exact" in text
    for whole in (text, repr(told)):
        assert not any(
            value in whole.lower() for value in ("ada", "marsh", "le2", "1941", "999", "7700")
        )


def test_without_a_model_there_are_no_weights_and_it_is_still_said_what_decides():
    hub = after(FLAG, ADMITTED)
    (item,) = hub.last(ReviewItem).values()
    assert (item.total, item.weights, item.decided_by) == (None, (), None)
    (because,) = explained(hub.memory, item.item_id)
    assert (because.decided_by, because.weights) == ("nhs-number", None)
    assert "evidence" not in because.as_json()


@pytest.mark.parametrize("joins", [True, False])
def test_of_somebody_shielded_there_is_no_weight_anywhere(joins):
    admitted = encounter(
        "A01", "2026-11-22 09:30", replace(STAY, patient=replace(OTHER_DATE, shielded=True))
    )
    hub = after(FLAG, admitted, matcher=evidence() if joins else only_weighing())
    (item,) = hub.last(ReviewItem).values()
    assert (item.restricted, item.total, item.prior, item.weights) == (True, None, None, ())
    assert (item.grade, item.decided_by) == ("possible", "nhs-number")
    hub.hear(*(answer_on(item, SAME, f"2026-11-23 1{by}:00", str(by)) for by in range(2)))
    (item,) = hub.last(ReviewItem).values()
    assert (item.answer, item.weights, item.decided_by) == ("same", (), "answer")
    for asked in (item.item_id, item.left, picture(hub).stay_id):
        for because in explained(hub.memory, asked):
            assert "evidence" not in because.as_json()
            words = "\n".join(in_words(because))
            assert "shielded" in words
            assert not any(each in words for each in ("home", "together", "bits"))
    assert {(note.by, note.bits, note.fields) for _, note in hub.notes} == {
        ("nhs-number", None, ()),
        ("answer", None, ()),
    }


def test_a_merge_that_waits_is_weighed_and_so_is_what_an_answer_makes_of_it():
    hub = after(*BOTH, MERGED, matcher=only_weighing())
    (item,) = hub.last(ReviewItem).values()
    assert (item.decided_by, item.grade) == ("merge", "possible")
    assert {each.field: each.level for each in item.weights}["nhs"] == "other"
    for verdict, grade in ((SAME, "certain"), (DIFFERENT, "certainly-not")):
        ended = after(*BOTH, MERGED, answer_on(HELD, verdict, "2026-11-24 10:00"), matcher=only_weighing())  # fmt: skip
        (settled,) = ended.last(ReviewItem).values()
        assert (settled.decided_by, settled.grade) == ("answer", grade)
        assert (settled.total, settled.weights) == (item.total, item.weights)


def test_a_number_that_replaced_another_is_weighed_as_two_numbers_and_decided_by_the_notice():
    other = replace(OLD, born="1950-05-05", given="Mary")
    admitted = encounter("A01", "2026-11-22 09:30", replace(STAY, patient=other))
    hub = after(FLAG, admitted, REPLACED, matcher=only_weighing())
    items = hub.last(ReviewItem).values()
    assert items
    for item in items:
        assert item.decided_by == "notice"
        assert total_of(item.prior, [each.bits for each in item.weights]) == pytest.approx(
            item.total, abs=1e-9
        )


def test_each_question_and_what_settles_it_is_one_line_of_the_log_with_levels_and_bits():
    hub = after(FLAG, matcher=only_weighing())
    moved = replace(STAY, patient=replace(OTHER_DATE, postcode="LE1 5WW"))
    hub.hear(ADMITTED, encounter("A08", "2026-11-22 12:00", moved))
    assert len(hub.said(ReviewItem)) == 2, "the question reads otherwise, and is the same one"
    hub.hear(answer(SAME, "23 10:00"), answer(REVOKED, "24 10:00"), answer(DIFFERENT, "25 10:00"))
    notes = [each for _, each in hub.notes]
    assert [(each.was, each.outcome, each.by, each.decision) for each in notes] == [
        ("nothing", "asked", "nhs-number", "REVIEW"),
        ("asked", "settled", "answer", "AUTO"),
        ("settled", "asked", "nhs-number", "REVIEW"),
        ("asked", "nothing", "answer", "NONE"),
    ]
    for each in notes:
        assert total_of(each.prior, [field.bits for field in each.fields]) == pytest.approx(
            each.bits, abs=1e-9
        )


def test_who_is_joined_by_a_number_without_a_question_is_no_line_of_the_log():
    hub = after(FLAG, CORRECTED, matcher=only_weighing())
    assert len(picture(hub).carers) == 1
    assert hub.notes == []


def test_reviewers_of_two_do_not_learn_by_the_weights_that_one_has_answered():
    hub = after(FLAG, ADMITTED, matcher=only_weighing())
    (asked,) = hub.last(ReviewItem).values()
    for verdict in (ReviewVerdict.SAME, ReviewVerdict.DIFFERENT):
        first = answer_on(asked, verdict, "2026-11-23 10:00", of_two=True)
        half = after(FLAG, ADMITTED, first, matcher=only_weighing())
        (item,) = half.last(ReviewItem).values()
        assert (item.grade, item.decided_by, item.weights) == (
            asked.grade, asked.decided_by, asked.weights,
        )  # fmt: skip


def test_of_somebody_who_does_not_want_to_be_linked_there_is_no_weight_either():
    hub = after(FLAG, matcher=only_weighing())
    hub.hear(linking(ADA, "2026-11-21 10:00"), ADMITTED)
    items = hub.last(ReviewItem).values()
    assert items
    assert all((each.restricted, each.total, each.weights) == (True, None, ()) for each in items)
    for asked in (*hub.last(ReviewItem), picture(hub).stay_id):
        for each in explained(hub.memory, asked):
            assert "evidence" not in each.as_json()
    assert {note.fields for _, note in hub.notes} == {()}
