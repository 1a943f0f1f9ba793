"""What is said of the model when a region is taken over."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from hub.matching.candidates import Matcher
from hub.runtime.notes import say_smaller_model
from tests.unit.matching.evidence import matcher
from tests.unit.matching.regions import record, region

PEOPLE = [record(f"r{number}", "Ada", number=None) for number in range(9)]


@pytest.mark.parametrize(("learned_from", "said"), [(1, [9]), (2, [9]), (3, []), (60_000, [])])
def test_a_model_that_was_learned_from_far_fewer_than_are_compared_is_named(learned_from, said):
    usual = matcher()
    small = Matcher(replace(usual.model, people=learned_from), usual.tables)
    with capture_logs() as logs:
        say_smaller_model(0, small, region(*PEOPLE, cold=True))
    assert [each["records"] for each in logs] == said


def test_without_a_matcher_nothing_is_said():
    with capture_logs() as logs:
        say_smaller_model(0, None, region(*PEOPLE))
    assert logs == []
