"""What a contact of both adds: it settles a question of too little evidence, never which member of a home is meant."""

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest

from hub.matching.candidates import Matcher
from hub.matching.scoring.decision import Rule
from tests.unit.matching.evidence import matcher
from tests.unit.matching.regions import asked, link, pair, record, region, same

ADA, GRACE, BEN = "9990000018", "9990000026", "9990000034"
KNOWN = record("practice", number=ADA)
MOVED = record("ward", born="1941-03-09", line="9 Far Lane", postcode="LS6 3HN")
"""Nine bits: by itself a question."""
ELSEWHERE = {"line": "4 Side Street", "postcode": "LE5 1AA", "family": "Okonkwo"}
CARER = record("carer", "Ben", "1969-07-21", BEN, mobile="07700 900001", **ELSEWHERE)
LISTED = record("listed", "Ben", None, family="Okonkwo", line=None, mobile="07700 900001")
FLAG, NK1 = link(KNOWN, CARER), link(MOVED, LISTED)
BOTH = (KNOWN, MOVED, CARER, LISTED, FLAG, NK1)


def counting(most):
    policy = replace(matcher().model.policy, most_by_contacts=most)
    return Matcher(replace(matcher().model, policy=policy), matcher().tables)


COUNTED, PASSED_OVER = counting(8.0), counting(0.0)


def decision(one, other, *rows, by=COUNTED):
    return region(*rows, cold=True, by=by).decision_on(one.record_id, other.record_id)


def by_contact(*rows, patients=(MOVED, KNOWN)):
    """The line of the explanation that is a contact's."""
    found = [each for each in decision(*patients, *rows).fields if each.field == "contact"]
    return found[0] if found else None


def test_a_question_of_too_little_evidence_is_settled_by_a_contact_of_both_in_whatever_order():
    for order in Random(6).sample(list(permutations(BOTH)), 40):  # all of them would be 720
        assert same(region(*order, by=COUNTED), KNOWN, MOVED)
    assert asked(region(*BOTH, cold=True, by=PASSED_OVER), MOVED) == {pair(KNOWN, MOVED)}


def test_what_no_longer_holds_of_a_contact_joins_nobody():
    other = replace(LISTED, facts=record("listed", "Leo").facts)
    shielded = replace(CARER, facts=replace(CARER.facts, shielded=True))
    for later, earlier in (
        (replace(NK1, active=False), NK1),
        (replace(FLAG, active=False), FLAG),
        (other, LISTED),
        (shielded, CARER),
    ):
        view = region(*BOTH, by=COUNTED)
        for row, joined in ((later, False), (earlier, True)):
            overlay = view.overlay()
            overlay.put(row)
            assert same(overlay, KNOWN, MOVED) is joined
            overlay.join()


def test_a_second_record_of_the_patient_brings_its_contacts_along():
    likelier = record(
        "namesake", born="1941-09-03", number=GRACE, line="1 Long Row", postcode="S1 2HE"
    )
    unlike = record("other practice", "Olivia", number=ADA, **ELSEWHERE)
    rows = (KNOWN, likelier, MOVED, CARER, LISTED, NK1, link(unlike, CARER), unlike)
    before, *after = (region(*each, by=COUNTED) for each in (rows[:-1], rows, (unlike, *rows[:-1])))
    assert before.judged(MOVED.record_id).other == likelier.record_id
    assert [each.judged(MOVED.record_id).pair[1] for each in after] == [KNOWN.record_id] * 2


def test_the_waterfall_has_a_line_for_it_and_still_adds_up():
    found = decision(MOVED, KNOWN, *BOTH)
    assert [each.field for each in found.fields][-1] == "contact"
    assert by_contact(*BOTH)[1:3] == ("name+mobile", 8.0)
    assert found.prior + sum(each.bits for each in found.fields) == pytest.approx(
        found.bits, abs=1e-9
    )
    assert found.bits == pytest.approx(
        decision(MOVED, KNOWN, *BOTH, by=PASSED_OVER).bits + 8.0, abs=1e-9
    )


@pytest.mark.parametrize(
    ("carer", "listed"),
    [
        pytest.param({"mobile": None}, {"given": "Leo"}, id="another given name"),
        pytest.param({"given": "Leo"}, {}, id="a telephone that two people answer"),
        pytest.param({}, {"given": "B"}, id="an initial and a telephone"),
        pytest.param({"given": "Ada", "family": "Marsh"}, {"given": "Ada", "family": "Marsh"}, id="a namesake"),
        pytest.param({"shielded": True}, {}, id="somebody shielded"),
    ],
)  # fmt: skip
def test_who_is_not_surely_one_contact_of_both_adds_nothing(carer, listed):
    of_both = {"given": "Ben", "born": None, "mobile": "07700 900001", **ELSEWHERE}
    two = (record("carer", **(of_both | carer)), record("listed", **(of_both | listed)))
    assert by_contact(KNOWN, MOVED, *two, link(KNOWN, two[0]), link(MOVED, two[1])) is None
    fine = (record("carer", **of_both), record("listed", **of_both))
    assert by_contact(KNOWN, MOVED, *fine, link(KNOWN, fine[0]), link(MOVED, fine[1]))


def test_family_name_home_and_telephone_that_the_patient_has_as_well_count_once():
    at_home = {"born": None, "mobile": "0116 496 0123"}
    patients = (
        record("practice", number=ADA, mobile="0116 496 0123"),
        record("ward", born="1941-12-02", mobile="0116 496 0123"),
    )
    home = (record("carer", "Ben", **at_home), record("listed", "Ben", **at_home))
    rows = (*patients, *home, link(patients[0], home[0]), link(patients[1], home[1]))
    assert by_contact(*rows, patients=patients[::-1]).level == "name"
    plain = {"born": None, "line": None, "postcode": "", "family": ""}
    bare = (record("carer", "Ben", **plain), record("listed", "Ben", **plain))
    alone = (*patients, *bare, link(patients[0], bare[0]), link(patients[1], bare[1]))
    assert by_contact(*rows, patients=patients[::-1]) == by_contact(*alone, patients=patients[::-1])


def test_one_of_several_contacts_agrees_more_easily_by_chance():
    name = {"born": None, "line": None, "postcode": ""}
    carer, listed = (record(each, "Ben", family="Okonkwo", **name) for each in ("carer", "listed"))
    rows = (KNOWN, MOVED, carer, listed, link(KNOWN, carer), link(MOVED, listed))
    most = counting(100.0)
    alone = decision(MOVED, KNOWN, *rows, by=most).bits
    others = [record(each, each, family="Okonkwo", **name) for each in ("Leo", "Zoe", "Max")]
    several = (*rows, *others, *(link(KNOWN, each) for each in others))
    assert decision(MOVED, KNOWN, *several, by=most).bits == pytest.approx(alone - 2.0)


def test_a_contact_never_says_which_member_of_a_home_is_meant():
    """Father and son have one mother; that only the one's practice names her says nothing of which of them came."""
    other = record("son", born="1941-03-28", number=GRACE)
    margins = [decision(MOVED, KNOWN, *BOTH, other, by=by).margin for by in (COUNTED, PASSED_OVER)]
    assert margins[0] == pytest.approx(margins[1])
    view = region(*BOTH, other, cold=True, by=COUNTED)
    assert Rule.CLOSE_RUNNER_UP in view.decision_on(MOVED.record_id, KNOWN.record_id).rules
    likelier = record("son", born="1941-03-09", number=GRACE)
    for by in (COUNTED, PASSED_OVER):
        view = region(*BOTH, likelier, cold=True, by=by)
        assert view.judged(MOVED.record_id).other == likelier.record_id


def test_a_contact_says_which_of_two_namesakes_in_two_towns_is_meant():
    namesake = record(
        "namesake", born="1941-03-19", number=GRACE, line="1 Long Row", postcode="S1 2HE"
    )
    assert same(region(*BOTH, namesake, cold=True, by=COUNTED), KNOWN, MOVED)
    view = region(*BOTH, namesake, cold=True, by=PASSED_OVER)
    assert Rule.CLOSE_RUNNER_UP in view.decision_on(*view.judged(MOVED.record_id).pair).rules


@pytest.mark.parametrize(
    ("ward", "rule"),
    [
        ({"born": "1963-03-02"}, Rule.BIRTH_DATE_DISAGREES),
        ({"given": "Ida"}, Rule.GIVEN_NAME_DISAGREES),
        ({"shielded": True}, Rule.RESTRICTED),
    ],
)
def test_every_other_condition_binds_as_before(ward, rule):
    at_ward = record("ward", **ward)
    rows = (KNOWN, at_ward, CARER, LISTED, FLAG, link(at_ward, LISTED))
    found = decision(at_ward, KNOWN, *rows)
    assert rule in found.rules
    assert "contact" in [each.field for each in found.fields]
    assert not same(region(*rows, cold=True, by=COUNTED), at_ward, KNOWN)


def test_a_contact_makes_no_question_where_there_was_none():
    nearly = record("ward", "Adele", "1990-03-02", line="9 Far Lane", postcode="LS6 3HN")
    rows = (KNOWN, nearly, CARER, LISTED, FLAG, link(nearly, LISTED))
    assert asked(region(*rows, cold=True, by=COUNTED), nearly) == set()


def test_one_record_that_stands_beside_both_of_one_sender_says_nothing():
    assert by_contact(KNOWN, MOVED, CARER, FLAG, link(MOVED, CARER)) is None
