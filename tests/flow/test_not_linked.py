"""Somebody does not want to be linked: what ends everywhere, what brings nothing back, and what a permit does."""

from dataclasses import replace

import pytest

from hub.identity import derived
from hub.matching.answers import unasked
from hub.matching.region import RegionView
from hub.records import (
    CarerPicture,
    CarerReferral,
    NoticeKind,
    ReviewItem,
    ReviewVerdict,
    StayPicture,
)
from hub.reviewing import UNLINKED
from hub.testing.answers import notice
from hub.testing.flags import CARER_ROLE, agreement, carer_flag
from hub.testing.linking import linking
from hub.testing.people import ADA, BEN, Person
from hub.testing.resources import related
from hub.testing.visits import Visit, encounter
from tests.flow.scenes import BEN_AS_CARER, CARLA, STAY, actions, last_words, orders, picture
from tests.flow.scenes import FLAG as PLAIN_FLAG
from tests.flow.scenes import after as plainly_after
from tests.flow.test_by_evidence import CONTACT, FLAG, HOME, SON, admitted, after, only_item
from tests.flow.test_shielding import BEN_AT_HOME, holds_whereabouts, hub_with, standing
from tests.flow.wrong_merges import answer_on

SAME, DIFFERENT = ReviewVerdict.SAME, ReviewVerdict.DIFFERENT
ADMITTED = admitted(HOME)
OBJECTS = linking(SON, "2026-11-22 10:00")
AGREES = linking(SON, "2026-11-24 10:00", "permit")
BY_NUMBER = Person("", "", "", SON.nhs_number)
"""Named by the NHS number and by nothing else."""
SENT_AGAIN = carer_flag(SON, "2026-11-22 11:00", of=HOME)
BY_ANOTHER_NUMBER = carer_flag(
    replace(SON, nhs_number=None, hospital_number="L77"), "2026-11-22 12:00", of=HOME
)
"""The same carer under a number of the practice's own: joined by evidence, did nobody object."""
LISTED = admitted(HOME, "2026-11-22 13:00", "A08", contacts=(CONTACT,))
"""The ward lists the carer without any number."""
REGISTERED = replace(SENT_AGAIN, event_id=derived("test-event", "register"), source="register")
"""Another source's record of the same person, by the verified number."""
EVERYTHING = (FLAG, ADMITTED, SENT_AGAIN, BY_ANOTHER_NUMBER, LISTED, REGISTERED)


def carers(hub):
    return [each.names[0].given[0] for each in picture(hub).carers]


def told(hub):
    """The last words that say anything: whose picture was told once and says nothing now depends on the order."""
    of_carers = hub.last(CarerPicture)
    empty = {key for key, each in of_carers.items() if not (each.cares_for or each.agreements)}
    return {key: each for key, each in last_words(hub).items() if key not in empty}


def is_told_of_anybody(hub):
    """Whether any picture names a link."""
    return any(each.carers or each.cares_for for each in hub.last(StayPicture).values()) or any(
        each.cares_for for each in hub.last(CarerPicture).values()
    )


def test_nothing_that_is_sent_again_brings_the_link_back_in_any_order():
    ends = set()
    for order in orders(*EVERYTHING, OBJECTS, most=20):
        hub = after(*order)
        assert not is_told_of_anybody(hub)
        assert actions(hub)[-1:] in ([], ["withdrawn"])
        ends.add(frozenset(told(hub).items()))
    assert len(ends) == 1


def test_a_later_permit_brings_back_exactly_what_was_in_any_order():
    never = told(after(*EVERYTHING))
    for order in orders(*EVERYTHING, OBJECTS, AGREES, most=12):
        assert told(after(*order)) == never


def test_the_alert_is_withdrawn_and_raised_again_and_a_repeat_a_crash_and_a_replay_change_nothing():
    hub = after(FLAG, ADMITTED, OBJECTS)
    hub.crash()
    hub.hear(OBJECTS, SENT_AGAIN)
    assert (carers(hub), actions(hub)) == ([], ["raised", "withdrawn"])
    hub.hear(AGREES, OBJECTS, replace(OBJECTS, event_id=derived("test-event", "once more")))
    assert (carers(hub), actions(hub)) == (["Ben"], ["raised", "withdrawn", "reopened"])
    words = last_words(hub)
    hub.redeliver()
    assert last_words(hub) == words


def test_a_withdrawn_permit_objects_and_of_two_words_of_one_time_the_objection_counts():
    permit = linking(SON, "2026-11-23 10:00", "permit")
    taken_back = linking(SON, "2026-11-23 11:00", "permit", "inactive")
    hub = after(FLAG, ADMITTED, OBJECTS, permit, taken_back)
    assert carers(hub) == []
    at_once = linking(SON, "2026-11-23 10:00")
    for order in ((permit, at_once), (at_once, permit)):
        assert carers(after(FLAG, ADMITTED, *order)) == []


def test_of_all_records_of_a_person_the_latest_word_counts_also_when_an_earlier_one_says_it_once_more():
    elsewhere = linking(SON, "2026-11-23 10:00", "permit", source="llr-shared-record")
    hub = after(FLAG, ADMITTED, OBJECTS, elsewhere)
    assert carers(hub) == ["Ben"]
    hub.hear(linking(SON, "2026-11-23 11:00"))
    assert carers(hub) == []


def test_nobody_elses_link_is_touched_and_the_ward_is_told_of_them_alone():
    other = carer_flag(CARLA, "2026-11-03 13:00", of=HOME)
    hub = after(FLAG, other, ADMITTED, LISTED, OBJECTS)
    assert (carers(hub), actions(hub)[-1]) == (["Carla"], "corrected")
    (carla,) = (each for each in hub.last(CarerPicture).values() if each.cares_for)
    assert carla.names[0].given == ("Carla",)


def test_who_is_cared_for_and_objects_is_named_with_no_carer_nor_with_whom_they_look_after():
    mutual = carer_flag(replace(HOME, phone=None), "2026-11-04 12:00", of=CARLA)
    hub = after(FLAG, mutual, ADMITTED)
    assert carers(hub) == ["Ben"]
    assert picture(hub).cares_for
    hub.hear(linking(HOME, "2026-11-23 10:00"))
    assert not is_told_of_anybody(hub)
    assert actions(hub)[-1] == "withdrawn"


def test_by_the_number_alone_whoever_has_it_is_meant_heard_of_before_or_after():
    said = linking(BY_NUMBER, "2026-11-22 10:00")
    taken_back = linking(BY_NUMBER, "2026-11-24 10:00", "permit")
    for order in orders(FLAG, ADMITTED, LISTED, said, most=24):
        hub = after(*order)
        assert not is_told_of_anybody(hub)
        hub.hear(taken_back)
        assert carers(hub) == ["Ben"]


def test_of_several_people_with_the_number_alone_nobody_is_told():
    """Whose the number is, is in question; none of them may be told of."""
    namesake = replace(SON, given="Olivia", born="1987-06-05", hospital_number="L78")
    other = replace(carer_flag(namesake, "2026-11-04 12:00", of=HOME), source="register")
    hub = after(FLAG, other, ADMITTED)
    assert sorted(carers(hub)) == ["Ben", "Olivia"]
    hub.hear(linking(BY_NUMBER, "2026-11-22 10:00"))
    assert carers(hub) == []
    hub.hear(AGREES)
    assert carers(hub) == ["Ben"]
    hub.hear(linking(BY_NUMBER, "2026-11-25 10:00"))
    assert carers(hub) == []


def test_a_word_on_a_number_that_was_superseded_is_that_of_whoever_has_the_new_one():
    new = "9990000069"
    superseded = replace(
        notice(NoticeKind.NHS_NUMBER_CHANGE, SON, "2026-11-20 08:00"), new_nhs_number=new
    )
    son = replace(SON, nhs_number=new)
    namesake = replace(son, given="Olivia", born="1987-06-05", hospital_number="L78")
    flag = carer_flag(son, "2026-11-03 12:00", of=HOME)
    other = replace(carer_flag(namesake, "2026-11-04 12:00", of=HOME), source="register")
    said = linking(BY_NUMBER, "2026-11-22 10:00")
    for order in orders(flag, other, ADMITTED, superseded, said, most=12):
        assert not is_told_of_anybody(plainly_after(*order))
    still_has_it = replace(carer_flag(SON, "2026-11-04 13:00", of=HOME), source="other")
    hub = plainly_after(flag, other, still_has_it, ADMITTED, superseded, said)
    assert carers(hub) == ["Olivia"]


def test_without_joining_by_evidence_a_contact_of_the_same_name_and_birth_date_is_the_same_carer():
    listed = encounter("A01", "2026-11-22 09:30", replace(STAY, contacts=BEN_AS_CARER))
    objects = linking(BEN, "2026-11-22 10:00")
    for order in orders(PLAIN_FLAG, listed, objects, most=6):
        assert not is_told_of_anybody(plainly_after(*order))


def test_a_proxy_role_names_nobody_who_objects():
    role = replace(
        notice(NoticeKind.PROXY_ROLE_CREATED, HOME, "2026-11-21 10:00"),
        related_nhs_number=SON.nhs_number,
        role_id="role-1",
    )
    known = carer_flag(SON, "2026-11-03 12:00")
    hub = after(known, ADMITTED, role)
    assert carers(hub) == ["Ben"]
    hub.hear(OBJECTS)
    assert carers(hub) == []


def test_a_merge_with_somebody_who_objects_ends_the_links_and_undone_brings_them_back():
    """The hospital's second number of the patient has a carer of its own; the patient of the first objects."""
    ward = Person("Ada", "Marsh", "1941-03-02", None, "H900")
    contact = (related(replace(CARLA, nhs_number=None), CARER_ROLE),)
    stay = Visit("V9", admitted="2026-11-22 09:20", patient=ward, contacts=contact)
    begins = (encounter("A01", "2026-11-22 09:30", stay), ADMITTED)
    merged = encounter("A40", "2026-11-22 12:00", Visit(patient=HOME, replaces_number="H900"))
    said = linking(HOME, "2026-11-22 10:00")
    for order in orders(*begins, said, merged, most=10):
        hub = plainly_after(*order)
        assert not is_told_of_anybody(hub)
    one, other = (each.patient_record for each in hub.memory.stays.values())
    hub.hear(answer_on(unasked(one, other), DIFFERENT, "2026-11-23 10:00"))
    named = {
        each.names[0].given[0] for one in hub.last(StayPicture).values() for each in one.carers
    }
    assert named == {"Carla"}


# The charity


def test_a_referral_is_withdrawn_and_comes_back_with_the_permit():
    flag = carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA)
    agreed = agreement(BEN_AT_HOME, "2026-11-04 09:00")
    hub = hub_with(flag, agreed)
    assert standing(hub) == [("raised", "FAR")]
    hub.hear(linking(BEN_AT_HOME, "2026-11-05 09:00"))
    last = hub.said(CarerReferral)[-1]
    assert (last.action.value, last.contacts, last.postcode) == ("withdrawn", (), None)
    hub.hear(linking(BEN_AT_HOME, "2026-11-06 09:00", "permit"))
    assert standing(hub) == [("raised", "FAR")]


def test_the_charity_hears_nothing_of_who_objected_before_they_were_flagged():
    said = linking(BEN_AT_HOME, "2026-11-01 09:00")
    flag = carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA)
    assert (
        hub_with(said, flag, agreement(BEN_AT_HOME, "2026-11-04 09:00")).said(CarerReferral) == []
    )


def test_an_objection_of_somebody_shielded_does_not_show_where_their_carer_lives():
    """With the link gone the carer would be somebody who looks after nobody shielded; who finds them finds both."""
    ada = replace(ADA, shielded=True)
    events = (
        carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ada),
        carer_flag(BEN_AT_HOME, "2026-11-03 13:00", of=CARLA),
        agreement(BEN_AT_HOME, "2026-11-04 09:00"),
        linking(ada, "2026-11-05 09:00"),
    )
    for order in orders(*events, most=24):
        hub = hub_with(*order)
        assert [service for _, service in standing(hub)] == ["NEAR"]
        last = [*hub.last(CarerReferral).values(), *hub.last(CarerPicture).values()]
        assert not any(holds_whereabouts(each) for each in last)


# Who may be somebody who objects

IN_QUESTION = (carer_flag(SON, "2026-11-03 12:00", of=CARLA), OBJECTS, LISTED)
"""The practice's carer of another person objects; the ward lists somebody who, but for that, is the same."""


def verdicts(hub, *said, of_two=True):
    """Each word of a reviewer of their own, an hour later than the one before."""
    item = only_item(hub)
    for number, each in enumerate(said):
        hub.hear(answer_on(item, each, f"2026-11-25 {10 + number}:00", str(number), of_two=of_two))
    return hub


def test_whom_nothing_else_keeps_from_being_one_with_them_is_told_of_to_nobody_in_any_order():
    for order in orders(*IN_QUESTION, ADMITTED, most=24):
        hub = after(*order)
        assert not is_told_of_anybody(hub)
        assert actions(hub)[-1:] in ([], ["withdrawn"])
    hub.hear(AGREES)
    assert carers(hub) == ["Ben"]
    assert only_item(hub).settled


def test_whom_something_else_keeps_apart_stands():
    other = related(replace(SON, given="Olivia", nhs_number=None, born="1987-06-05"), CARER_ROLE)
    hub = after(*IN_QUESTION[:2], admitted(HOME, contacts=(other,)))
    assert carers(hub) == ["Olivia"]


def test_the_question_is_for_cleared_staff_without_home_or_weights_and_says_why_nobody_is_told():
    item = only_item(after(*IN_QUESTION))
    assert item.reasons == ("may-be-the-same", UNLINKED)
    assert (item.restricted, item.total, item.weights, item.rules) == (True, None, (), ())
    assert "postcode" not in [each.field for each in item.fields]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ((SAME,), []),
        ((SAME, SAME), []),
        ((DIFFERENT,), []),
        ((DIFFERENT, SAME), []),
        ((ReviewVerdict.CANNOT_TELL, ReviewVerdict.CANNOT_TELL), []),
        ((DIFFERENT, DIFFERENT), ["Ben"]),
        ((DIFFERENT, SAME, DIFFERENT), ["Ben"]),
    ],
)
def test_they_are_named_when_two_have_said_that_they_are_somebody_else(said, named):
    hub = verdicts(after(*IN_QUESTION), *said)
    assert carers(hub) == named


def test_one_answer_of_before_the_objection_is_enough_where_something_else_keeps_the_two_apart():
    """The ward's contact has another given name: never joined, asked about, and told apart by one reviewer."""
    like = related(replace(SON, nhs_number=None, given="Adele"), CARER_ROLE)
    hub = after(IN_QUESTION[0], admitted(HOME, contacts=(like,)))
    hub.hear(answer_on(only_item(hub), DIFFERENT, "2026-11-23 10:00"))
    assert carers(hub) == ["Adele"]
    hub.hear(linking(SON, "2026-11-24 10:00"))
    assert carers(hub) == ["Adele"]
    assert only_item(hub).settled


def test_a_question_about_a_carer_says_not_that_they_leave_somebody_alone_who_objects():
    """The carer is in hospital and may be one whom the practice named for somebody who does not want to be linked."""
    carer = replace(SON, hospital_number="H200")
    stay = encounter("A01", "2026-11-22 09:45", replace(STAY, number="V4", patient=carer))
    like = replace(SON, given="Adele", nhs_number=None, hospital_number="H201")
    other = encounter("A31", "2026-11-22 09:50", Visit("V5", patient=like))
    said = linking(HOME, "2026-11-23 10:00")
    assert any(each.alone for each in after(FLAG, stay, other).last(ReviewItem).values())
    for order in orders(FLAG, stay, other, said, most=24):
        items = after(*order).last(ReviewItem).values()
        assert items
        assert not any(each.alone for each in items)


def test_whoever_has_their_number_is_withheld_while_it_is_asked_whether_it_is_they():
    """The ward lists the contact with the number and without a date of birth."""
    listed = related(SON, CARER_ROLE)
    del listed["birthDate"]
    misfiled = related(replace(SON, given="Olivia"), CARER_ROLE)
    del misfiled["birthDate"]
    known = carer_flag(SON, "2026-11-03 12:00", of=CARLA)
    for order in orders(known, OBJECTS, admitted(HOME, contacts=(listed,)), most=6):
        for hub in (after(*order), plainly_after(*order)):
            assert not is_told_of_anybody(hub)
            assert actions(hub)[-1:] in ([], ["withdrawn"])
            hub.hear(answer_on(only_item(hub), DIFFERENT, "2026-11-25 10:00", of_two=True))
            assert carers(hub) == []
            hub.hear(answer_on(only_item(hub), DIFFERENT, "2026-11-25 11:00", "2", of_two=True))
            assert carers(hub) == ["Ben"]
    assert carers(plainly_after(known, OBJECTS, admitted(HOME, contacts=(misfiled,)))) == ["Olivia"]


def people_in(view):
    return {view.person(each.record_id) for each in view.records.values()}


def test_a_fresh_load_withholds_the_same():
    hub = after(*IN_QUESTION)
    assert any(hub.memory.is_unlinked(each) for each in people_in(hub.memory))
    hub.hear(ADMITTED, AGREES)
    assert not any(hub.memory.is_unlinked(each) for each in people_in(hub.memory))
    hub.hear(linking(SON, "2026-11-26 10:00"))
    fresh = RegionView(matcher=hub.memory.matcher)
    fresh.load(
        row
        for kind in (hub.memory.records, hub.memory.evidence, hub.memory.stays)
        for row in kind.values()
    )
    withheld = {each for each in people_in(fresh) if fresh.is_unlinked(each)}
    assert withheld == {each for each in people_in(hub.memory) if hub.memory.is_unlinked(each)}
    assert withheld


def test_questions_read_the_same_in_any_order():
    ends = {
        frozenset(
            (key, each.restricted, each.reasons, each.settled)
            for key, each in after(*order).last(ReviewItem).items()
        )
        for order in orders(*IN_QUESTION, ADMITTED, most=24)
    }
    assert len(ends) == 1
