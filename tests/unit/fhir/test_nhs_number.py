"""NHS numbers: what is used, and the word for what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.fhir.nhs_number import PLACEHOLDERS, Unusable, check_digit, nhs_number_from

NINE = st.text("0123456789", min_size=9, max_size=9)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9990000018", "9990000018"),
        ("999 000 0018", "9990000018"),
        ("999-000-0018", "9990000018"),
        ("999000001", Unusable.LENGTH),
        ("91000000009", Unusable.LENGTH),  # eleven digits, in an official example
        ("999000001X", Unusable.LENGTH),
        ("٩٩٩٠٠٠٠٠١٨", Unusable.LENGTH),
        ("", Unusable.LENGTH),
        ("9990000019", Unusable.CHECK_DIGIT),
        ("9100000009", Unusable.CHECK_DIGIT),
        ("9912003890", Unusable.CHECK_DIGIT),
        ("3333333333", Unusable.PLACEHOLDER),
        ("999 999 9999", Unusable.PLACEHOLDER),
        ("0123456789", Unusable.PLACEHOLDER),
    ],
)
def test_a_number_is_read_or_refused_with_its_word(text, read):
    assert nhs_number_from(text, "accept") == read


def test_the_test_range_is_refused_where_it_is_not_accepted():
    assert nhs_number_from("9990000018", "refuse") is Unusable.TEST_RANGE
    assert nhs_number_from("9990000018", "accept") == "9990000018"
    assert nhs_number_from("9000000009", "refuse") == "9000000009"


def test_numbers_that_everybody_types_pass_the_check_digit_and_are_refused_all_the_same():
    passing = {number for number in PLACEHOLDERS if check_digit(number[:9]) == number[9]}
    assert {"0000000000", "1111111111", "3333333333", "4444444444", "9999999999"} <= passing
    assert all(nhs_number_from(number, "accept") is Unusable.PLACEHOLDER for number in PLACEHOLDERS)


@given(NINE)
def test_every_number_with_its_check_digit_is_read_as_it_is(nine):
    number = nine + check_digit(nine)
    read = nhs_number_from(number, "accept")
    if number.endswith("X"):
        assert read is Unusable.LENGTH
    elif number in PLACEHOLDERS:
        assert read is Unusable.PLACEHOLDER
    else:
        assert read == number


@given(NINE, st.integers(0, 9), st.integers(0, 8))
def test_one_wrong_digit_is_always_noticed(nine, wrong, position):
    number = nine + check_digit(nine)
    mistyped = number[:position] + str(wrong) + number[position + 1 :]
    if mistyped != number and not number.endswith("X"):
        assert isinstance(nhs_number_from(mistyped, "accept"), Unusable)


@given(NINE, st.integers(0, 8))
def test_two_neighbours_in_the_wrong_order_are_always_noticed(nine, position):
    number = nine + check_digit(nine)
    first, second = number[position : position + 2]
    swapped = number[:position] + second + first + number[position + 2 :]
    if first != second and not number.endswith("X"):
        assert isinstance(nhs_number_from(swapped, "accept"), Unusable)


@given(st.text())
def test_any_text_gets_an_answer(text):
    read = nhs_number_from(text, "accept")
    assert isinstance(read, Unusable) or (len(read) == 10 and read.isdigit())
