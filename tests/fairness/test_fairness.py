"""A small dose: nobody wrong, hardly anybody lost, whatever their name; and gates that notice an unfair matcher."""

from dataclasses import replace

import pytest

from tests.fairness.gates import SMALLEST, Slice, gaps_in
from tests.fairness.people import register
from tests.fairness.run import measured, overlap

FAIR = Slice("british", 1_000, 0.90, 0.99, 0.08, 0, (0.0, 38.0))


def test_in_a_mixed_area_nobody_is_taken_for_another_and_hardly_anybody_is_lost():
    area = measured("leicester", people=2_500, events=2_000, seed=1)
    assert sum(each.events for each in area.whole) == 2_000
    assert len(area.whole) == 5
    assert area.wrong == 0
    assert min(each.found for each in area.whole) > 0.96


@pytest.mark.parametrize(
    ("other", "about"),
    [
        (replace(FAIR, group="other", recall=0.87), "recall"),
        (replace(FAIR, group="other", found=0.95), "recall with review"),
        (replace(FAIR, group="other", review=0.15), "share to review"),
        (replace(FAIR, group="other", wrong_many=30, wrong=(200.0, 420.0)), "wrong decisions"),
    ],
)
def test_a_matcher_that_is_worse_for_some_names_is_noticed(other, about):
    assert list(gaps_in((FAIR, replace(FAIR, group="other")))) == []
    assert [gap.startswith(about) for gap in gaps_in((FAIR, other))] == [True]
    assert list(gaps_in((FAIR, replace(other, events=SMALLEST - 1)))) == []


def test_the_register_is_the_same_for_the_same_seed_and_no_number_is_there_twice():
    people = register("leeds", 600, 3)
    assert people == register("leeds", 600, 3) != register("leeds", 600, 4)
    assert len({each.nhs_number for each in people}) == 600


def test_the_matcher_does_not_know_all_spellings_that_it_is_tried_with():
    """Else the test would only ask for what the table of names already holds."""
    spellings, known = overlap()
    assert known < 0.8 * spellings
