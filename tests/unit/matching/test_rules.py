"""Each condition of AUTO stops what it is there for, and nothing else does: without it the same record is AUTO."""

import pytest

from hub.matching.scoring.decision import Grade, Outcome, Rule
from tests.unit.matching.evidence import decided, record, register

NUMBER, OTHER_NUMBER = "9990000018", "9990000026"
ADA = record()
FATHER = record("John", "Okafor", "1940-05-06", sex="male")

CASES = {
    Rule.TOO_FEW_BITS: (
        record("Ada", "Unlike", line="", postcode=""),
        {"ada": record(line="", postcode="")},
    ),
    Rule.CLOSE_RUNNER_UP: (
        record(line="", postcode="", phone="07700 900142"),
        {
            "without": record(line="1 Mill Lane", postcode="LE1 1AA"),
            "another": record(line="2 Park Road", postcode="LE3 3CC", phone="07700 900999"),
        },
    ),
    Rule.GIVEN_NAME_DISAGREES: (record("Edwin", sex="f"), {"ada": record(sex="f")}),
    Rule.BIRTH_DATE_DISAGREES: (record(born="1963-11-20"), {"ada": ADA}),
    Rule.NAMESAKE_AT_ADDRESS: (
        FATHER,
        {"father": FATHER, "son": record("John", "Okafor", "1971-12-24", sex="male")},
    ),
    Rule.TWIN: (
        record("Amir", "Okafor", phone="07700 900142"),
        {
            "one": record("Amit", "Okafor", phone="07700 900142"),
            "other": record("Gordon", "Okafor"),
        },
    ),
    Rule.SEX_CONFLICT: (
        record("Daniel", phone="07700 900142", sex="m"),
        {"danielle": record("Danielle", phone="07700 900142", sex="f")},
    ),
    Rule.NUMBER_CONFLICT: (
        record(phone="07700 900142", nhs_number=NUMBER),
        {"ada": record(phone="07700 900142", nhs_number=OTHER_NUMBER)},
    ),
    Rule.DECEASED: (ADA, {"ada": record(deceased=True)}),
    Rule.RESTRICTED: (ADA, {"ada": record(restricted=True)}),
    Rule.WITHDRAWN: (ADA, {"ada": record(withdrawn=True)}),
}


@pytest.mark.parametrize("rule", CASES)
def test_a_condition_stops_what_it_is_there_for(rule):
    query, people = CASES[rule]
    index = register(**people)
    decision = decided(query, index)
    assert (decision.outcome, decision.rules) == (Outcome.REVIEW, (rule,))
    assert decided(query, index, without=[rule]).outcome is Outcome.AUTO


MOBILE, OTHER_MOBILE = "07700 900142", "07700 900999"


@pytest.mark.parametrize(
    ("query", "known", "rule"),
    [
        # the father, or the son whom nobody knows: name and home are both theirs
        (record("John", "Smith", ""), record("John", "Smith"), Rule.BIRTH_DATE_DISAGREES),
        (
            record("Zebedee", "Quill", "", phone=MOBILE),
            record("Zebedee", "Quill", phone=OTHER_MOBILE),
            Rule.BIRTH_DATE_DISAGREES,
        ),
        (record("Amara", "Quill", ""), record("Amar", "Quill"), Rule.BIRTH_DATE_DISAGREES),
        (
            record("Michael", "Quill", "1973-02-11"),
            record("Michael", "Quill", "1952-02-11"),
            Rule.BIRTH_DATE_DISAGREES,
        ),
        (
            record("Michael", "Quill", "1971-02-11"),
            record("Michael", "Quill", "1941-02-11"),
            Rule.BIRTH_DATE_DISAGREES,
        ),
        (
            record("Michael", "Quill", "1985-02-11"),
            record("Michael", "Quill", "1958-02-11"),
            Rule.BIRTH_DATE_DISAGREES,
        ),
        # one twin, or the other
        (record("Jan", "Quill"), record("Joan", "Quill"), Rule.TWIN),
        (record("Patricia", "Quill"), record("Ann", "Quill", middle="Patricia"), Rule.TWIN),
    ],
)
def test_whom_a_household_may_hide_is_asked_for_unless_something_personal_agrees(
    query, known, rule
):
    decision = decided(query, register(known=known))
    assert decision.outcome is Outcome.REVIEW
    assert rule in decision.rules
    both = (each._replace(mobile=447700900142, email="q@example.org") for each in (query, known))
    query, known = both
    assert decided(query, register(known=known)).outcome is Outcome.AUTO


@pytest.mark.parametrize("born", ["1955-02-11", "1954-02-11", "1945-02-17"])
def test_a_date_of_birth_that_is_a_slip_within_one_generation_is_enough(born):
    known = record("Michael", "Quill", "1945-02-11")
    decision = decided(record("Michael", "Quill", born), register(known=known))
    assert decision.outcome is Outcome.AUTO


def test_uncommon_names_in_one_home_are_enough_without_a_date_of_birth():
    known = record("Zebedee", "Quill")
    assert decided(record("Zebedee", "Quill", ""), register(known=known)).outcome is Outcome.AUTO


def test_every_condition_is_tested():
    assert set(CASES) | {Rule.NOT_SURE_ENOUGH} == set(Rule)


def test_many_who_are_each_less_likely_weigh_as_much_as_one():
    query = record("Ada", "Marsh", line="", postcode="")
    people = {
        f"{number}": record(
            born="1941-03-02", line=f"{number} Mill Lane", postcode=f"LE{number} 1AA"
        )
        for number in range(1, 9)
    }
    rules = decided(query, register(**people)).rules
    assert Rule.NOT_SURE_ENOUGH in rules
    assert Rule.NOT_SURE_ENOUGH not in decided(query, register(one=people["1"])).rules


# The deterministic tier


@pytest.mark.parametrize(
    ("event", "outcome", "rules"),
    [
        (record("Xi", "Unlike", line="", postcode="", nhs_number=NUMBER), Outcome.AUTO, ()),
        (
            record("Xi", "Unlike", "1941-02-03", line="", postcode="", nhs_number=NUMBER),
            Outcome.AUTO,
            (),
        ),
        (
            record("Ada", "Unlike", "1952-03-02", line="", postcode="", nhs_number=NUMBER),
            Outcome.AUTO,
            (),
        ),
    ],
)
def test_a_verified_number_with_a_second_agreement_is_enough(event, outcome, rules):
    decision = decided(event, register(ada=record(nhs_number=NUMBER)))
    assert (decision.outcome, decision.rules, decision.by_number) == (outcome, rules, True)


def test_a_number_that_all_else_contradicts_was_filed_with_somebody_else():
    event = record("Xi", "Unlike", "1980-07-08", line="", postcode="", nhs_number=NUMBER)
    decision = decided(event, register(ada=record(nhs_number=NUMBER)))
    assert decision.outcome is not Outcome.AUTO
    assert not decision.by_number


def test_a_number_that_nobody_verified_is_evidence_and_no_more():
    event = record("Xi", "Unlike", line="", postcode="", nhs_number=NUMBER, nhs_number_status="03")
    decision = decided(event, register(ada=record(nhs_number=NUMBER)))
    assert not decision.by_number
    assert decision.outcome is not Outcome.AUTO
    (number,) = (each for each in decision.fields if each.field == "nhs")
    assert number.bits <= 12.0


def test_two_records_with_one_number_are_a_question():
    people = {"one": record(nhs_number=NUMBER), "other": record("Ben", nhs_number=NUMBER)}
    decision = decided(record(nhs_number=NUMBER), register(**people))
    assert decision.outcome is Outcome.REVIEW
    assert Rule.NUMBER_CONFLICT in decision.rules


# What is no match


def test_the_wife_is_not_the_husband():
    husband = record("John", "Okafor", "1940-05-06", sex="m", phone="0116 496 0001")
    event = record("Mary", "Okafor", "1943-09-10", sex="f", phone="0116 496 0001")
    assert decided(event, register(husband=husband)).outcome is not Outcome.AUTO


def test_nobody_near_is_nobody():
    decision = decided(
        record("Wilhelmina", "Zeta", "2001-01-09", "1 Far", postcode="ZE1 0AA"), register(ada=ADA)
    )
    assert (decision.outcome, decision.grade, decision.match) == (
        Outcome.NONE,
        Grade.CERTAINLY_NOT,
        None,
    )


def test_grades_are_those_of_fhir():
    assert decided(ADA, register(ada=ADA)).grade is Grade.CERTAIN
    assert decided(ADA, register(ada=record(deceased=True))).grade is Grade.PROBABLE
    weak = CASES[Rule.TOO_FEW_BITS]
    assert decided(weak[0], register(**weak[1])).grade is Grade.POSSIBLE
