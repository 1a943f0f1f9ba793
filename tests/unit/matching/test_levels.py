"""How far two values agree, and that it does not matter which asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.matching.lists import name_tables
from hub.matching.normal.person import Home, Name, Person
from hub.matching.normal.record import compared
from hub.matching.scoring.comparison import Comparison
from hub.matching.scoring.fields import (
    ADDRESS_OF,
    BORN,
    FAMILY_OF,
    FIELDS,
    GIVEN_OF,
    HOME,
    LEVELS,
    NAME,
    POSTCODE_OF,
    Address,
    Born,
    Family,
    Given,
    Postcode,
)
from tests.unit.matching.evidence import matcher, record

COMPARISON = Comparison(name_tables())


def levels(one, other):
    return COMPARISON.levels(one, other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ada", "Ada", Given.EXACT),
        ("William", "Bill", Given.VARIANT),
        ("Mohammed", "Md", Given.VARIANT),
        ("Aisha", "Ayesha", Given.VARIANT),
        ("Laxmi", "Lakshmi", Given.VARIANT),
        ("Wojciech", "Vojtech", Given.VARIANT),
        ("Piotr", "Peter", Given.VARIANT),
        ("Jakeline", "Jakelinne", Given.CLOSE),
        ("Amit", "Amir", Given.NEAR),
        ("A", "Ada", Given.INITIAL),
        ("Ada", "Edwin", Given.OTHER),
        ("", "Ada", Given.MISSING),
    ],
)
def test_given_names(one, other, expected):
    assert GIVEN_OF[levels(record(one), record(other))[NAME]] is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Marsh", "Marsh", Family.EXACT),
        ("Smith-Jones", "Jones", Family.TOKEN),
        ("Thompson", "Thomson", Family.CLOSE),
        ("Shaw", "Shore", Family.OTHER),
        ("Kaur", "Gill", Family.MISSING),  # no disagreement
        ("Kaur", "Kaur Gill", Family.MISSING),
        ("Kaur", "Kaur", Family.EXACT),
        ("", "Marsh", Family.MISSING),
    ],
)
def test_family_names(one, other, expected):
    assert FAMILY_OF[levels(record(family=one), record(family=other))[NAME]] is expected


def test_names_in_each_others_place():
    assert LEVELS[NAME][levels(record("Okafor", "Ada"), record("Ada", "Okafor"))[NAME]] == "swapped"


def test_known_by_a_middle_name_or_a_name_in_two_pieces():
    known = levels(record("May"), record("Ada", middle="May"))
    pieces = levels(record("Ann Marie"), record("Annmarie"))
    assert GIVEN_OF[known[NAME]] is Given.TOKEN
    assert GIVEN_OF[pieces[NAME]] in (Given.TOKEN, Given.CLOSE, Given.NEAR)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1941-03-02", "1941-03-02", Born.EXACT),
        ("1941-03-02", "1941-02-03", Born.SWAPPED),
        ("1941-03-02", "1941-03-03", Born.SLIP),
        ("1941-03-02", "1941-11-02", Born.TWO_PARTS),
        ("1941-03-02", "1941", Born.YEAR),
        ("1941-01-01", "1941-01-01", Born.YEAR),
        ("1941-03-02", "1963-11-20", Born.OTHER),
        ("1941-03-02", "1942", Born.OTHER),
        ("", "1941-03-02", Born.MISSING),
    ],
)
def test_dates_of_birth(one, other, expected):
    assert levels(record(born=one), record(born=other))[BORN] == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("12 High Street", "LE2 7AB"), ("12 High St", "le27ab"), (Postcode.EXACT, Address.EXACT)),
        (
            ("12 High Street", "LE2 7AB"),
            ("12 Hihg Street", "LE2 7AC"),
            (Postcode.SECTOR, Address.CLOSE),
        ),
        (
            ("12 High Street", "LE2 7AB"),
            ("14 High Street", "LE2 9XY"),
            (Postcode.OUTCODE, Address.PART),
        ),
        (("12 High Street", "LE2 7AB"), ("9 Mill Lane", "B1 1AA"), (Postcode.OTHER, Address.OTHER)),
        (("12 High Street", ""), ("", "LE2 7AB"), (Postcode.MISSING, Address.MISSING)),
    ],
)
def test_homes(one, other, expected):
    here, there = (record(line=line, postcode=code) for line, code in (one, other))
    level = levels(here, there)[HOME]
    assert (POSTCODE_OF[level], ADDRESS_OF[level]) == expected


def test_of_several_names_and_homes_the_best_pair_counts():
    moved = compared(
        Person(
            names=(Name(given="Ada", family="Okafor"), Name(given="Ada", family="Marsh")),
            homes=(
                Home(line="1 Mill Lane", postcode="B1 1AA"),
                Home(line="12 High Street", postcode="LE2 7AB"),
            ),
            born="1941-03-02",
        ),
        name_tables(),
    )
    found = levels(moved, record())
    assert [LEVELS[field][found[field]] for field in (NAME, HOME)] == ["exact/exact", "exact/exact"]


WORDS = st.sampled_from(
    [
        "",
        "Ada",
        "Adda",
        "Bill",
        "William",
        "Mohd",
        "Kaur",
        "Smith-Jones",
        "Jones",
        "A",
        "Marsh",
        "Mash",
    ]
)
PEOPLE = st.builds(
    Person,
    names=st.lists(st.builds(Name, given=WORDS, middle=WORDS, family=WORDS), max_size=2).map(tuple),
    born=st.sampled_from(["", "1941", "1941-03-02", "1941-02-03", "1941-03-03", "1999-09-09"]),
    sex=st.sampled_from(["", "m", "f"]),
    nhs_number=st.sampled_from(["", "9990000018", "9990000026"]),
    nhs_number_status=st.sampled_from(["", "01", "03"]),
    homes=st.lists(
        st.builds(
            Home,
            line=st.sampled_from(["", "12 High Street", "12 Hihg St", "9 Mill Lane"]),
            postcode=st.sampled_from(["", "LE2 7AB", "LE2 7AC", "B1 1AA"]),
        ),
        max_size=2,
    ).map(tuple),
    telephones=st.lists(
        st.sampled_from(["07700 900142", "0116 496 0001", "07700 900999"]), max_size=2
    ).map(tuple),
    emails=st.sampled_from([(), ("a@example.org",), ("b@example.org", "a@example.org")]),
)
RECORDS = PEOPLE.map(lambda each: compared(each, name_tables()))


@given(RECORDS, RECORDS)
def test_levels_and_bits_are_the_same_from_both_sides(one, other):
    found = levels(one, other)
    assert levels(other, one) == found
    weights = matcher().weights
    assert weights.total(one, other, found) == pytest.approx(
        weights.total(other, one, found), abs=1e-9
    )


@given(RECORDS, RECORDS)
def test_prior_and_fields_add_up_to_the_whole(one, other):
    weights, found = matcher().weights, levels(one, other)
    fields = weights.fields(one, other, found)
    assert weights.prior + sum(each.bits for each in fields) == pytest.approx(
        weights.total(one, other, found), abs=1e-9
    )
    assert {each.field for each in fields} <= set(FIELDS)
