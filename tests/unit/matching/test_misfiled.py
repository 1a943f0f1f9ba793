"""One verified number and one date of birth are one person, unless given name and sex are both others: twins."""

import pytest

from hub.matching.compare import Answer, compared
from tests.unit.matching.regions import record, region, same

NUMBER = "9990000018"
REVIEW = (Answer.REVIEW, ("nhs-number", "number-conflict"))
SAME = (Answer.SAME, ("nhs-number", "birth-date"))


def facts(given="Adam", gender="male", **more):
    return record("any", given, number=NUMBER, gender=gender, **more).facts


@pytest.mark.parametrize(
    ("given", "gender", "family", "answer"),
    [
        ("Zoe", "female", "Marsh", REVIEW),
        ("Zoe", "male", "Marsh", SAME),
        ("Zoe", None, "Marsh", SAME),
        ("Zoe", "other", "Marsh", SAME),
        ("Adam", "female", "Marsh", SAME),
        ("Adams", "female", "Marsh", SAME),
        ("Adham", "female", "Marsh", SAME),
        ("A", "female", "Marsh", SAME),
        ("Marsh", "female", "Zoe", SAME),
        ("Baby", "female", "Marsh", SAME),
    ],
)
def test_a_twin_has_another_sex_and_a_name_that_is_no_slip_variant_initial_or_placeholder(
    given, gender, family, answer
):
    left, right = facts(), facts(given, gender, family=family)
    for pair in ((left, right), (right, left)):
        verdict = compared(*pair)
        assert (verdict.answer, verdict.reasons) == answer


def test_two_names_in_another_script_are_two():
    assert compared(facts("محمد"), facts("حليمة", "female")).answer is Answer.REVIEW


def test_a_corrected_sex_joins_and_parts_who_has_the_number():
    practice = record("practice", "Zoe", number=NUMBER, gender="female")
    ward = record("ward", "Adam", number=NUMBER, gender="male")
    slip = record("ward", "Adam", number=NUMBER, gender="female")
    assert not same(region(practice, ward), practice, ward)
    assert same(region(practice, ward, slip), practice, ward)
    assert not same(region(practice, slip, ward), practice, ward)
