"""Two ways to write one thing are one; what stands for nothing is nothing; folding twice changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.matching.lists import name_tables
from hub.matching.normal.dates import born
from hub.matching.normal.names import compared_name, sound
from hub.matching.normal.numbers import Line, email, nhs_number, telephone
from hub.matching.normal.person import Name, Person, person_from
from hub.matching.normal.places import address, outcode, postcode, sector
from hub.matching.normal.record import Mark, compared
from hub.matching.normal.words import folded
from hub.records import Address, HumanName, PersonFacts, Precision, Telecom
from tests.unit.matching.evidence import person

TABLES = name_tables()


@pytest.mark.parametrize(
    ("given_name", "middle", "family", "expected"),
    [
        ("Dr Ada", "", "O'Neill", ("ada", "", "oneill")),
        ("Ada", "", "O’ Neill", ("ada", "", "oneill")),
        ("ADA", "M.", "Mc Donald", ("ada", "m", "mcdonald")),
        ("Zoë-Anne", "", "Smith-Jones", ("zoe", "anne", "smith jones")),
        ("Łukasz", "", "Wiśniewski", ("lukasz", "", "wisniewski")),
        ("Harpreet", "Kaur", "Gill", ("harpreet", "", "gill")),
        ("Harpreet", "", "Kaur", ("harpreet", "", "kaur")),
        ("Baby Boy", "", "Marsh", ("", "", "marsh")),
        ("Sir", "", "Baronet", ("", "", "")),
        ("Not Known", "", "Unknown", ("", "", "")),
        ("Twin 1", "", "Marsh", ("", "", "marsh")),
        ("Major", "", "Marsh", ("major", "", "marsh")),
        ("Junior", "Mr", "Marsh", ("junior", "", "marsh")),
        ("Major Ada", "", "Marsh", ("ada", "", "marsh")),
        ("Major", "Ada", "Marsh", ("", "ada", "marsh")),
        ("Na", "", "Marsh", ("", "", "marsh")),
    ],
)
def test_names_are_compared_without_titles_and_what_names_nobody(
    given_name, middle, family, expected
):
    assert compared_name(Name(given=given_name, middle=middle, family=family), TABLES) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1941-03-02", 19410302),
        ("19410302", 19410302),
        ("02/03/1941", 19410302),
        ("1941-03-02T00:00:00Z", 19410302),
        ("1941-03", 19410300),
        ("1941", 19410000),
        ("1960-01-01", 19600000),  # typed where only the year is known
        ("1900-01-01", 0),
        ("1941-02-30", 19410230),  # on no calendar, and near to a date that is
        ("19450493", 19450493),
        ("1945-04-93", 19450493),
        ("1945-13-32", 0),
        ("1945-13-00", 0),
        ("1741-03-02", 0),
        ("yesterday", 0),
        ("", 0),
    ],
)
def test_dates_of_birth(text, expected):
    assert born(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("le2 7ab", "LE27AB"),
        ("LE2 7AB ", "LE27AB"),
        ("LE2 7AO", "LE27AO"),
        ("LEO 7AB", "LE07AB"),
        ("LE2 OAB", "LE20AB"),
        ("ZZ99 3VZ", ""),
        ("3056", "3056"),
        ("", ""),
    ],
)
def test_postcodes(text, expected):
    assert postcode(text) == expected


def test_districts_of_a_postcode():
    assert (outcode("LE27AB"), sector("LE27AB")) == ("LE2", "LE27")
    assert (outcode("3056"), sector("3056")) == ("3056", "3056")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 High St", "12 High Street"),
        ("12, High Road.", "12 HIGH RD"),
        ("Flat 3, 12 High Street", "12 High Street, Flat 3"),
        ("Apt 3 12 High Street", "Flat 3 12 High Street"),
    ],
)
def test_two_ways_to_write_an_address_are_one(one, other):
    assert address(one) == address(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07700 900142", (Line.MOBILE, 447700900142)),
        ("+44 7700 900142", (Line.MOBILE, 447700900142)),
        ("+44 (0)7700 900142", (Line.MOBILE, 447700900142)),
        ("0044 7700 900142", (Line.MOBILE, 447700900142)),
        ("0116 496 0001", (Line.HOME, 441164960001)),
        ("+48 22 123 45 67", (Line.HOME, 48221234567)),
        ("07777 777777", (Line.NONE, 0)),
        ("ext 12", (Line.NONE, 0)),
        ("", (Line.NONE, 0)),
    ],
)
def test_telephones_tell_a_person_or_a_household_apart(text, expected):
    assert telephone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("999 000 0018", 9990000018),
        ("9990000018", 9990000018),
        ("9990000019", 0),  # wrong check digit
        ("1111111111", 0),
        ("123", 0),
    ],
)
def test_nhs_numbers(text, expected):
    assert nhs_number(text) == expected


def test_email():
    assert (email(" Ada@Example.org"), email("none")) == ("ada@example.org", "")


@pytest.mark.parametrize(
    ("name", "code"),
    [("robert", "r163"), ("rupert", "r163"), ("ashcraft", "a261"), ("lee", "l000"), ("", "")],
)
def test_sounds_are_soundex(name, code):
    assert sound(name) == code


def test_a_status_that_is_not_verified_marks_the_number():
    assert compared(person(nhs_number="9990000018"), TABLES).marks == 0
    stated = compared(person(nhs_number="9990000018", nhs_number_status="02"), TABLES)
    assert stated.marks == Mark.NUMBER_NOT_VERIFIED


def test_facts_of_a_record_as_the_matcher_takes_them():
    from datetime import date

    facts = PersonFacts(
        names=(HumanName(family="Marsh", given=("Ada", "May")), HumanName(text="Ada Okafor")),
        birth_on=date(1941, 3, 1),
        birth_precision=Precision.MONTH,
        gender="female",
        addresses=(Address(lines=("12 High St",), postcode="LE2 7AB"),),
        telecoms=(
            Telecom(system="phone", value="07700 900142"),
            Telecom(system="email", value="a@example.org"),
        ),
        shielded=True,
    )
    record = compared(person_from(facts), TABLES)
    assert record[:11] == (
        "ada", "may", "marsh", 19410300, "f", "LE27AB", "12 high street", 447700900142, 0, "a@example.org", 0,
    )  # fmt: skip
    assert record.marks == Mark.RESTRICTED
    assert record.more is not None
    assert [name.family for name in record.more.names] == ["okafor"]


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    once = folded(text)
    assert folded(once) == once
    assert address(address(text)) == address(text)
    assert postcode(postcode(text)) == postcode(text)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_compared_name_compares_to_itself(given_name, middle, family):
    once = compared_name(Name(given=given_name, middle=middle, family=family), TABLES)
    again = compared_name(Name(given=once.given, middle=once.middle, family=once.family), TABLES)
    assert again == once


def test_nothing_known_is_a_record_of_nothing():
    assert not any(compared(Person(), TABLES))
