"""Each condition of AUTO stops what it is there for, and nothing else does: without it the same record is AUTO."""

from dataclasses import replace

import pytest

from deploy.matching.lists import name_tables, read_model
from hub.matching.candidates import Matcher
from hub.matching.index.keys import MOST_FINE
from hub.matching.matcher import decide
from hub.matching.normal.person import Name
from hub.matching.normal.record import NOT_VERIFIED, compared
from hub.matching.scoring.decision import Grade, Outcome, Rule
from tests.unit.matching.evidence import decided, person, record, register

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
        record("Robin", born="1941-03-12", phone="07700 900142", sex="m"),
        {"robin": record("Robin", phone="07700 900142", sex="f")},
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


HIDDEN = [
    # the father, or the son whom nobody knows: name and home are both theirs
    (record("John", "Smith", ""), record("John", "Smith"), Rule.BIRTH_DATE_DISAGREES),
    (
        record("Zebedee", "Quill", "1941", phone=MOBILE),
        record("Zebedee", "Quill", phone=OTHER_MOBILE),
        Rule.BIRTH_DATE_DISAGREES,
    ),
]
HIDDEN_FROM_A_TELEPHONE = [
    # nor does the family's telephone say which of the two, or of man and wife, or of twins
    (record("Amara", "Quill", "1941"), record("Amar", "Quill"), Rule.BIRTH_DATE_DISAGREES),
    (record("Pat", "Quill", ""), record("Patricia", "Quill"), Rule.BIRTH_DATE_DISAGREES),
    *(
        (
            record("Michael", "Quill", son),
            record("Michael", "Quill", father),
            Rule.BIRTH_DATE_DISAGREES,
        )
        for son, father in (
            ("1973-02-11", "1952-02-11"),
            ("1971-02-11", "1941-02-11"),
            ("1985-02-11", "1958-02-11"),
        )
    ),
    # whose names stand crosswise: Hassan Ali is the father of Ali Hassan
    (record("Ali", "Hassan", ""), record("Hassan", "Ali"), Rule.BIRTH_DATE_DISAGREES),
    (record("Ali", "Hassan", "1941"), record("Hassan", "Ali"), Rule.BIRTH_DATE_DISAGREES),
    (record("Ali", "Hassan", "1941"), record("Hassan", "Ali", "1941"), Rule.BIRTH_DATE_DISAGREES),
    (record("Jan", "Quill"), record("Joan", "Quill"), Rule.TWIN),
    (record("Patricia", "Quill"), record("Ann", "Quill", middle="Patricia"), Rule.TWIN),
    (
        record("Mohammed", "Quill", middle="Ali"),
        record("Mohammed", "Quill", middle="Amir"),
        Rule.GIVEN_NAME_DISAGREES,
    ),
]


def both_with(query, known, **what):
    return query._replace(**what), known._replace(**what)


def is_auto(query, known, **others):
    return decided(query, register(known=known, **others)).outcome is Outcome.AUTO


@pytest.mark.parametrize(("query", "known", "rule"), HIDDEN + HIDDEN_FROM_A_TELEPHONE)
def test_whom_a_household_may_hide_is_asked_for(query, known, rule):
    decision = decided(query, register(known=known))
    assert decision.outcome is Outcome.REVIEW
    assert rule in decision.rules


@pytest.mark.parametrize("born", ["", "1941"])
def test_unless_a_telephone_agrees_that_nobody_else_has(born):
    query, known = record("John", "Smith", born), record("John", "Smith")
    query, known = both_with(query, known, mobile=447700900142)
    assert is_auto(query, known)
    wife = record("Ruth", "Quill", "1950-05-05", phone=MOBILE)
    assert not is_auto(query, known, wife=wife)
    assert is_auto(query, known, wife=wife._replace(mobile=447700900999))
    mail = {"email": "q@example.org"}
    assert is_auto(*both_with(query, known, **mail), wife=wife)
    assert not is_auto(*both_with(query, known, **mail), wife=wife._replace(**mail))
    residents = {f"r{number}": wife for number in range(MOST_FINE)}
    assert not is_auto(query, known, **residents)


@pytest.mark.parametrize(("query", "known", "rule"), HIDDEN_FROM_A_TELEPHONE)
def test_or_an_nhs_number_where_a_telephone_does_not_say_which_of_two(query, known, rule):
    query, known = both_with(query, known, mobile=447700900142)
    assert rule in decided(query, register(known=known)).rules
    assert is_auto(*both_with(query, known, nhs=int(NUMBER), marks=NOT_VERIFIED))


@pytest.mark.parametrize(
    ("line", "postcode", "phone"),
    [
        ("", "", ""),
        ("12 High Strete", "LE2 7AD", ""),
        ("9 Far Lane", "LS6 3HN", MOBILE),  # which may be their mother's
    ],
)
def test_nor_need_the_home_of_two_names_on_one_date_be_known_to_be_one(line, postcode, phone):
    jan = record("Jan", "Quill", line=line, postcode=postcode, phone=phone)
    decision = decided(jan, register(joan=record("Joan", "Quill", phone=phone)))
    assert (decision.outcome, decision.rules) == (Outcome.REVIEW, (Rule.TWIN,))


def test_of_several_names_those_are_two_that_agree():
    names = (Name(given="Zmarai", family="Quill"), Name(given="Jane", family="Quill"))
    query = compared(replace(person(), names=names), name_tables())
    decision = decided(query, register(janet=record("Janet", "Quill")))
    assert decision.rules == (Rule.TWIN,)


def test_a_name_that_the_models_people_have_not_is_not_rare_where_it_meets_others():
    one, other = (
        record("Hussein", "Mohamed", line=line, postcode=postcode)
        for line, postcode in (("1 Mill Lane", "LE1 1AA"), ("2 Park Road", "B3 3CC"))
    )
    shipped = Matcher(read_model(), name_tables())
    assert shipped.model.people >= 1_000_000
    assert decide(one, register(other=other), shipped).outcome is Outcome.REVIEW
    newcomer, known = (
        record("Abdul", "Rahman", "1990-01-01"),
        record("Abdul", "Rahman", "1990-05-06"),
    )
    decision = decide(newcomer, register(known=known), shipped)
    assert decision.rules == (Rule.BIRTH_DATE_DISAGREES,)


@pytest.mark.parametrize("born", ["1955-02-11", "1954-02-11", "1945-02-17"])
def test_a_date_of_birth_that_is_a_slip_within_one_generation_is_enough(born):
    known = record("Michael", "Quill", "1945-02-11")
    decision = decided(record("Michael", "Quill", born), register(known=known))
    assert decision.outcome is Outcome.AUTO


@pytest.mark.parametrize(
    ("given", "born", "outcome"),
    [
        ("Zebedee", "", Outcome.REVIEW),  # or the son of that name, whom nobody knows
        ("Zebedee", "1941", Outcome.AUTO),
        ("Zebedee", "1941-01-01", Outcome.AUTO),
        ("John", "1941", Outcome.AUTO),  # John is common, and Quill makes up for it
    ],
)
def test_uncommon_names_in_one_home_are_enough_if_the_year_agrees(given, born, outcome):
    index = register(known=record(given, "Quill"))
    assert decided(record(given, "Quill", born), index).outcome is outcome


def test_nor_is_a_year_enough_that_is_all_that_is_known_of_either_or_in_another_home():
    known = record("Zebedee", "Quill", "1941", phone="0116 496 0001")
    one_home = decided(record("Zebedee", "Quill", "1941"), register(known=known))
    assert one_home.rules == (Rule.BIRTH_DATE_DISAGREES,)
    index = register(known=record("Zebedee", "Quill"))
    moved = record("Zebedee", "Quill", "1941", "9 Far Lane", postcode="LE2 7AC")
    assert Rule.BIRTH_DATE_DISAGREES in decided(moved, index).rules


def test_common_names_and_a_year_are_not_enough():
    decision = decided(record("John", "Smith", "1941"), register(known=record("John", "Smith")))
    assert decision.rules == (Rule.BIRTH_DATE_DISAGREES,)


def test_a_date_that_is_on_no_calendar_is_one_slip_away_from_the_one_that_was_meant():
    index = register(known=record(born="1945-04-03", sex="f"))
    for born in ("1945-04-93", "1945-40-03", "19450503"):
        assert decided(record(born=born, sex="f"), index).rules == ()


# Which of two of one home


MAIL, UNVERIFIED = {"emails": ("g@example.org",)}, {"nhs_number": NUMBER, "nhs_number_status": "03"}
HIS = {"phone": "07700 900142", "middle": "Rufus", **MAIL, **UNVERIFIED}


@pytest.mark.parametrize(
    ("query", "son", "outcome"),
    [
        # quite another day, and a name that is only like it
        ({}, {"given": "Gorden"}, Outcome.AUTO),
        ({}, {"given": "Rufus", "middle": "Gordon"}, Outcome.AUTO),
        # his very name: dates are copied within a home
        ({}, {}, Outcome.REVIEW),
        ({"phone": HIS["phone"]}, {}, Outcome.AUTO),
        (MAIL, {}, Outcome.AUTO),
        (UNVERIFIED, {}, Outcome.AUTO),
        ({"middle": "Rufus"}, {"middle": "Edwin"}, Outcome.AUTO),
        ({"phone": HIS["phone"]}, {"phone": HIS["phone"]}, Outcome.REVIEW),
        (MAIL, MAIL, Outcome.REVIEW),
        (UNVERIFIED, {"nhs_number": NUMBER, "nhs_number_status": "03"}, Outcome.REVIEW),
        ({"middle": "Rufus"}, {"middle": "Rufus"}, Outcome.REVIEW),
        # a date of birth that is not quite the father's may be the son's, and so may a name
        ({"born": "1940-05-07"}, {"given": "Gorden"}, Outcome.REVIEW),
        ({"given": "Gordom"}, {"given": "Gorden"}, Outcome.REVIEW),
        ({}, {"given": "Gorden", "born": "1940-05-16"}, Outcome.REVIEW),
        ({}, {"given": "Gorden", "born": ""}, Outcome.REVIEW),
    ],
)
def test_father_and_son_are_told_apart_by_the_very_birth_date_and_what_else_only_one_of_them_has(
    query, son, outcome
):
    def okafor(given="Gordon", born="1971-12-24", **more):
        return record(given, "Okafor", born, sex="male", **more)

    index = register(father=okafor(born="1940-05-06", **HIS), son=okafor(**son))
    decision = decided(okafor(**{"born": "1940-05-06", **query}), index)
    assert (decision.match, decision.outcome) == ("father", outcome)
    assert set(decision.rules) <= {Rule.NAMESAKE_AT_ADDRESS, Rule.TWIN}
    assert (Rule.NAMESAKE_AT_ADDRESS in decision.rules) is (outcome is Outcome.REVIEW)


@pytest.mark.parametrize("middle", ["", "R"])
def test_a_middle_name_that_is_not_known_whole_of_both_tells_nobody_apart(middle):
    father, son = (
        record("Gordon", middle=middle),
        record("Gordon", "Marsh", "1971-12-24", middle="Edwin"),
    )
    index = register(father=father, son=son)
    for asked in ("R", "Rufus"):
        decision = decided(record("Gordon", middle=asked), index)
        assert decision.rules == (Rule.NAMESAKE_AT_ADDRESS,)


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        ("Michael", "Mlchael", Outcome.AUTO),  # a known name and a slip of the keys in it
        ("Michael", "Mixhael", Outcome.AUTO),
        ("Mark", "Marx", Outcome.REVIEW),  # which may be a name that the model does not know
        ("Ian", "Ianm", Outcome.REVIEW),
        (
            "Ahmea",
            "Ahmet",
            Outcome.REVIEW,
        ),  # several bear the one, the other is in the lists of names
        ("Zorvantil", "Zorvanitl", Outcome.AUTO),  # nobody knows either
        ("Zorvantil", "Zorrvantil", Outcome.AUTO),
        ("Zorvantil", "Zorvintil", Outcome.REVIEW),
        ("Zorvantil", "Zorvantila", Outcome.REVIEW),
        ("Jan", "Joan", Outcome.REVIEW),
        ("Jean", "Joan", Outcome.REVIEW),  # several people bear both
        ("Alex", "Alexei", Outcome.REVIEW),  # both are in the lists of names
    ],
)
def test_a_slip_of_the_keys_is_no_twin(one, other, outcome):
    decision = decided(record(other, "Quill"), register(known=record(one, "Quill")))
    assert decision.outcome is outcome
    assert set(decision.rules) <= {Rule.TWIN}


@pytest.mark.parametrize("born", ["1941-03-03", "1941-02-03", "1941-11-02"])
def test_nor_does_a_date_of_birth_that_is_a_slip_apart_make_one_of_two_names(born):
    query, known = record("Jean", "Quill", born), record("Joan", "Quill")
    assert Rule.TWIN in decided(query, register(known=known)).rules


def test_a_twin_who_is_known_counts_also_where_the_query_comes_from_another_home():
    home = {"line": "9 Far Lane", "postcode": "B1 1AA"}
    query = record("Jean", "Quill", "1941-03-02", **home)
    twins = {"joan": record("Joan", "Quill"), "edna": record("Edna", "Quill")}
    assert Rule.TWIN in decided(query, register(**twins)).rules
    assert Rule.TWIN not in decided(query, register(joan=twins["joan"])).rules


def test_an_initial_agrees_where_something_personal_and_the_very_birth_date_do():
    index = register(known=record("Zebedee", "Quill", phone=MOBILE))
    assert decided(record("Z", "Quill", phone=MOBILE), index).outcome is Outcome.AUTO
    for query in (
        record("Z", "Quill"),
        record("Z", "Quill", "1941-03-03", phone=MOBILE),
        record("Z", "Unlike", phone=MOBILE),
        record("", "Quill", phone=MOBILE),
    ):
        assert Rule.GIVEN_NAME_DISAGREES in decided(query, index).rules


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
            Outcome.REVIEW,
            (Rule.NUMBER_CONFLICT,),
        ),
        (
            record("Xi", "Marsh", "1941-02-03", line="", postcode="", nhs_number=NUMBER),
            Outcome.AUTO,
            (),
        ),
        (
            record("Xi", "Unlike", "1941-03-03", line="", postcode="", nhs_number=NUMBER),
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
