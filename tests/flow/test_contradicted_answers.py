"""An answer "same" holds for what was shown: two who have two NHS numbers since then are asked about again."""

from dataclasses import replace
from itertools import permutations

import pytest

from hub.records import ReviewItem, ReviewVerdict
from tests.flow.scenes import actions
from tests.flow.test_by_evidence import (
    BEN_FOR_SURE,
    FLAG,
    HOME,
    UNSURE,
    admitted,
    after,
    answer,
    carers,
    end_of,
    only_item,
)

SAME, DIFFERENT = ReviewVerdict.SAME, ReviewVerdict.DIFFERENT
OLGA = replace(
    UNSURE,
    given="Olga",
    family="Petrova",
    born="1999-09-09",
    nhs_number="9990000042",
    postcode="LS6 3HN",
)
ASKED = (FLAG, admitted(UNSURE))
NOW_ANOTHER = admitted(OLGA, "2026-11-24 10:00", "A08")
AGAIN = ("two-numbers-since-the-answer",)


def shown(item: ReviewItem, verdict, recorded, by="1"):
    """The word of a reviewer who was shown an item."""
    said = answer(item, verdict, recorded, by)
    review = replace(said.review, evidence=item.evidence)
    return replace(said, review=review)


FIRST = shown(only_item(after(*ASKED)), SAME, "23 10:00")
REOPENED = only_item(after(*ASKED, FIRST, NOW_ANOTHER))


@pytest.mark.parametrize("says", [answer, shown], ids=["without what was shown", "with it"])
def test_who_was_said_to_be_one_is_two_and_asked_about_again_when_each_has_a_number(says):
    first = says(only_item(after(*ASKED)), SAME, "23 10:00")
    hub = after(*ASKED, first)
    assert carers(hub) == BEN_FOR_SURE
    hub.hear(NOW_ANOTHER)
    item = only_item(hub)
    assert (carers(hub), actions(hub)[-1]) == ([], "withdrawn")
    assert (item.settled, item.reasons, item.opinions) == (False, AGAIN, ())
    corrected = replace(UNSURE, nhs_number=HOME.nhs_number)
    hub.hear(admitted(corrected, "2026-11-25 10:00", "A08"))
    assert (only_item(hub).answer, carers(hub)) == ("same", BEN_FOR_SURE)


@pytest.mark.parametrize(("verdict", "by"), [(SAME, "1"), (SAME, "2"), (DIFFERENT, "2")])
def test_who_was_shown_both_numbers_settles_it_whatever_they_say(verdict, by):
    hub = after(*ASKED, FIRST, NOW_ANOTHER, shown(REOPENED, verdict, "25 10:00", by))
    item = only_item(hub)
    assert (item.settled, item.answer) == (True, verdict.value)
    assert carers(hub) == (BEN_FOR_SURE if verdict is SAME else [])


def test_what_cannot_be_told_now_leaves_them_two():
    hub = after(
        *ASKED, FIRST, NOW_ANOTHER, shown(REOPENED, ReviewVerdict.CANNOT_TELL, "25 10:00", "2")
    )
    assert (only_item(hub).answer, carers(hub)) == ("cannot-tell", [])


def test_an_answer_and_what_contradicts_it_end_the_same_in_any_order():
    for events in (
        (*ASKED, FIRST, NOW_ANOTHER),
        (*ASKED, NOW_ANOTHER, FIRST, shown(REOPENED, SAME, "25 10:00", "2")),
    ):
        first = end_of(events)
        for order in list(permutations(events))[1::7]:
            assert end_of(order) == first
