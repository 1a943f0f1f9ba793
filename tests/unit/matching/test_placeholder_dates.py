"""A day that is typed where no date of birth is known is none: two who share it agree in nothing."""

from datetime import date

import pytest

from hub.matching.compare import ALL_PARTS, Answer, birth_parts_agreeing, compared, contradicts
from hub.records import PersonFacts, Precision
from tests.unit.matching.regions import record


def said(given="Ada", born="1900-01-01"):
    return record("any", given, born, number="9990000018").facts


@pytest.mark.parametrize("born", ["1900-01-01", "1901-01-01", "1911-11-11", "9999-12-31"])
def test_one_number_and_one_placeholder_of_a_date_are_a_question(born):
    verdict = compared(said(born=born), said("Zoe", born))
    assert (verdict.answer, verdict.reasons) == (
        Answer.REVIEW,
        ("nhs-number", "birth-date-unknown"),
    )
    assert compared(said(born=born), said(born=born)).answer is Answer.REVIEW


def test_a_placeholder_contradicts_no_date():
    assert not contradicts(said(), said(born="1941-03-02"))


def test_a_day_beside_it_and_the_year_alone_are_dates():
    assert birth_parts_agreeing(said(born="1900-01-02"), said(born="1900-01-02")) == ALL_PARTS
    year = PersonFacts(birth_on=date(1900, 1, 1), birth_precision=Precision.YEAR)
    assert birth_parts_agreeing(year, year) == 1
