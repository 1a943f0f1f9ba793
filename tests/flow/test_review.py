"""Questions that people answer: what they say joins or parts records, whenever it is heard, and can be undone."""

from dataclasses import replace
from itertools import permutations
from random import Random
from uuid import UUID

import pytest

from hub.identity import derived
from hub.records import (
    AlertStatus,
    InvolvementAlert,
    NoticeKind,
    ReviewItem,
    StayPicture,
)
from hub.testing.answers import notice
from hub.testing.flags import CARER_ROLE, Form, carer_flag
from hub.testing.people import ADA, BEN, Person
from hub.testing.resources import related
from hub.testing.senders import TRUST
from hub.testing.visits import encounter
from tests.flow.scenes import (
    BEN_AS_CARER,
    CARLA,
    FLAG,
    STAY,
    actions,
    after,
    last_words,
    new_hub,
    picture,
)
from tests.flow.wrong_merges import (
    BOTH,
    CANNOT_TELL,
    DIFFERENT,
    FIRST_STAY,
    HELD,
    MERGED,
    REVOKED,
    SAME,
    SECOND,
    SECOND_STAY,
    answer_on,
    item_in,
)

OTHER_DATE = replace(ADA, born="1950-05-05")
"""Ada as the ward has her: the number is hers, the date of birth is not."""
ADMITTED = encounter("A01", "2026-11-22 09:30", replace(STAY, patient=OTHER_DATE))
CORRECTED = encounter("A08", "2026-11-28 09:30", STAY)

THE_FIRST, THE_SECOND = (
    (each.given, int(each.born[:4]), each.nhs_number, each.hospital_number)
    for each in (ADA, SECOND)
)

ITEM = item_in(after(FLAG, ADMITTED))


def answer(verdict, recorded, by="40123456", item=ITEM, evidence="", **more):
    """One reviewer's word on the pair of an item, of November 2026."""
    return answer_on(item, verdict, f"2026-11-{recorded}", by, evidence, **more)


def of_two(verdict, recorded, by, **more):
    """The same of a question that two reviewers are asked."""
    return answer(verdict, recorded, by, of_two=True, **more)


def names_in(hub):
    """Visit -> the given names of its carers."""
    return {
        each.ward: sorted(carer.names[0].given[0] for carer in each.carers)
        for each in hub.last(StayPicture).values()
    }


def patients_in(hub):
    """Ward -> who the picture says is there: given name, year of birth, NHS number, hospital number."""
    return {
        each.ward: (
            each.patient.names[0].given[0],
            each.patient.birth_on.year,
            each.patient.nhs_number,
            each.patient.hospital_number,
        )
        for each in hub.last(StayPicture).values()
    }


def end_of(events, batch_size=1):
    """What stands in the end, and what was said last of everything."""
    hub = new_hub(batch_size)
    for each in events:
        hub.publish(each)
    hub.run()
    assert hub.refusals == []
    said = last_words(hub)
    people = {each: hub.memory.person(UUID(int=each)) for each in hub.memory.records.own}
    hub.crash()
    assert people == {each: hub.memory.person(UUID(int=each)) for each in hub.memory.records.own}
    return said, people, dict(hub.memory.reviews.own)


def test_same_joins_different_parts_and_a_revocation_asks_anew():
    hub = after(FLAG, ADMITTED)
    assert (item_in(hub).settled, item_in(hub).in_hospital, picture(hub).carers) == (
        False,
        True,
        (),
    )
    hub.hear(answer(SAME, "23 10:00"))
    assert [carer.names[0].given for carer in picture(hub).carers] == [("Ben",)]
    assert (item_in(hub).settled, item_in(hub).answer) == (True, "same")
    hub.hear(answer(REVOKED, "24 10:00"))
    assert picture(hub).carers == ()
    assert actions(hub) == ["raised", "withdrawn"]
    assert not item_in(hub).settled
    hub.hear(answer(DIFFERENT, "25 10:00"))
    assert (item_in(hub).settled, item_in(hub).answer) == (True, "different")


def test_somebody_may_be_alone_where_whoever_is_in_hospital_may_be_the_one_who_looks_after_them():
    """The ward's Ben has Ben's number and another date of birth."""
    admitted, discharged = (
        encounter(kind, recorded, replace(STAY, patient=replace(BEN, born="1950-05-05")))
        for kind, recorded in (("A01", "2026-11-22 09:30"), ("A03", "2026-11-23 09:30"))
    )
    ended = carer_flag(BEN, "2026-11-24 12:00", of=ADA, form=Form(None, link_active=False))
    for events in ((FLAG, admitted), (admitted, FLAG)):
        hub = after(*events)
        assert (item_in(hub).in_hospital, item_in(hub).alone) == (True, True)
        hub.hear(ended)
        assert (item_in(hub).in_hospital, item_in(hub).alone) == (True, False)
    assert not item_in(after(FLAG, admitted, discharged)).alone
    assert not item_in(after(FLAG, ADMITTED)).alone, "Ada is in hospital, and looks after nobody"


def test_two_people_are_never_asked_about_again_nor_joined_whatever_sources_say_later():
    hub = after(FLAG, ADMITTED, answer(DIFFERENT, "23 10:00"))
    told = len(hub.said(ReviewItem))
    hub.hear(CORRECTED, carer_flag(BEN, "2026-11-29 12:00", of=ADA))
    assert picture(hub).carers == ()
    assert {each.settled for each in hub.said(ReviewItem)[told:]} <= {True}
    hub.hear(answer(REVOKED, "30 10:00"))
    assert [carer.names[0].given for carer in picture(hub).carers] == [("Ben",)]


def test_cannot_tell_closes_the_question_until_something_that_is_compared_changes():
    hub = after(FLAG, ADMITTED)
    hub.hear(answer(CANNOT_TELL, "23 10:00", evidence=item_in(hub).evidence))
    assert (item_in(hub).settled, item_in(hub).answer) == (True, "cannot-tell")
    hub.hear(encounter("A08", "2026-11-24 09:30", replace(STAY, patient=OTHER_DATE, ward="W9")))
    assert item_in(hub).settled
    moved = replace(OTHER_DATE, postcode="LE1 5WW")
    hub.hear(encounter("A08", "2026-11-25 09:30", replace(STAY, patient=moved)))
    assert not item_in(hub).settled
    assert picture(hub).carers == ()


def test_reviewers_who_disagree_leave_two_people_until_two_of_them_agree():
    hub = after(
        FLAG, ADMITTED, answer(SAME, "23 10:00", by="1"), answer(DIFFERENT, "23 11:00", by="2")
    )
    item = item_in(hub)
    assert (item.settled, item.disagreed, item.needs, item.answers) == (False, True, 2, 2)
    hub.hear(CORRECTED)  # now the sources would join them
    assert picture(hub).carers == ()
    hub.hear(answer(SAME, "28 12:00", by="3"))
    assert item_in(hub).answer == "same"
    assert len(picture(hub).carers) == 1


def test_nothing_is_told_of_what_two_are_asked_until_two_say_the_same():
    hub = after(FLAG, ADMITTED, of_two(SAME, "23 10:00", "1"))
    item = item_in(hub)
    assert (item.settled, item.asked_of_two, item.needs) == (False, True, 2)
    assert [(each.by, each.answer) for each in item.opinions] == [(f"{TRUST}/1", SAME)]
    assert (picture(hub).carers, actions(hub)) == ((), [])
    hub.hear(of_two(SAME, "23 10:05", "1"))
    assert not item_in(hub).settled, "twice the same reviewer"
    hub.hear(of_two(SAME, "23 11:00", "2"))
    assert (item_in(hub).settled, item_in(hub).answer) == (True, "same")
    assert len(picture(hub).carers) == 1


def test_of_two_who_disagree_nothing_is_joined_until_a_third_has_answered():
    asked = (FLAG, ADMITTED, of_two(SAME, "23 10:00", "1"), of_two(DIFFERENT, "23 11:00", "2"))
    hub = after(*asked, CORRECTED)  # now the sources would join them
    assert (item_in(hub).settled, picture(hub).carers) == (False, ())
    hub.hear(of_two(CANNOT_TELL, "28 11:00", "3", evidence=item_in(hub).evidence))
    assert (item_in(hub).settled, picture(hub).carers) == (False, ())
    hub.hear(of_two(SAME, "28 12:00", "4"))
    assert item_in(hub).answer == "same"
    assert len(picture(hub).carers) == 1
    ended = after(*asked, CORRECTED, of_two(DIFFERENT, "28 12:00", "4"))
    assert (item_in(ended).answer, picture(ended).carers) == ("different", ())


def test_a_question_of_two_closes_when_two_cannot_tell_and_opens_with_new_evidence():
    hub = after(FLAG, ADMITTED)
    shown = item_in(hub).evidence
    hub.hear(of_two(CANNOT_TELL, "23 10:00", "1", evidence=shown))
    assert not item_in(hub).settled
    hub.hear(of_two(CANNOT_TELL, "23 11:00", "2", evidence=shown))
    assert item_in(hub).answer == "cannot-tell"
    moved = replace(OTHER_DATE, postcode="LE1 5WW")
    hub.hear(encounter("A08", "2026-11-25 09:30", replace(STAY, patient=moved)))
    assert not item_in(hub).settled


def test_a_question_of_two_settles_itself_when_the_sources_agree_with_the_first_answer():
    hub = after(FLAG, ADMITTED, of_two(SAME, "23 10:00", "1"), CORRECTED)
    assert item_in(hub).answer == "no longer in question"
    assert len(picture(hub).carers) == 1
    parted = after(FLAG, ADMITTED, of_two(DIFFERENT, "23 10:00", "1"), CORRECTED)
    assert (item_in(parted).settled, picture(parted).carers) == (False, ())


def test_somebody_shielded_needs_two_reviewers_and_shows_no_postcode():
    shielded = replace(OTHER_DATE, shielded=True, postcode="LE1 5WW")
    admitted = encounter("A01", "2026-11-22 09:30", replace(STAY, patient=shielded))
    hub = after(FLAG, admitted)
    assert "postcode" not in {each.field for each in item_in(hub).fields}
    hub.hear(answer(SAME, "23 10:00", by="1"), answer(SAME, "23 10:05", by="1"))
    assert (item_in(hub).restricted, item_in(hub).settled, picture(hub).carers) == (True, False, ())
    hub.hear(answer(SAME, "23 11:00", by="2"))
    assert item_in(hub).settled
    assert len(picture(hub).carers) == 1


def test_who_was_joined_by_one_answer_needs_a_second_one_once_anybody_they_were_joined_with_is_shielded():
    third = replace(ADA, born="1960-06-06", hospital_number="H300")
    hub = after(FLAG, encounter("A01", "2026-11-22 10:00", replace(STAY, patient=third)))
    item = item_in(hub)
    hub.hear(answer(SAME, "23 10:00", item=item))
    assert (item_in(hub).settled, len(picture(hub).carers)) == (True, 1)
    hub.hear(encounter("A01", "2026-11-22 09:30", replace(STAY, number="V2", patient=OTHER_DATE)))
    another = next(each for each in hub.last(ReviewItem).values() if not each.settled)
    hub.hear(answer(SAME, "24 10:00", item=another))
    assert all(each.settled for each in hub.last(ReviewItem).values())
    shielded = replace(STAY, number="V2", patient=replace(OTHER_DATE, shielded=True))
    hub.hear(encounter("A08", "2026-11-25 09:30", shielded))
    asked = [hub.last(ReviewItem)[each.item_id] for each in (item, another)]
    assert [(each.settled, each.needs, each.answers) for each in asked] == [(False, 2, 1)] * 2
    hub.hear(answer(SAME, "26 10:00", "3", item), answer(SAME, "26 10:00", "3", another))
    assert all(each.settled for each in hub.last(ReviewItem).values())


def test_one_different_parts_somebody_shielded_until_two_say_same_and_one_alone_undoes_nothing():
    admitted = encounter(
        "A01", "2026-11-22 09:30", replace(STAY, patient=replace(OTHER_DATE, shielded=True))
    )
    corrected = encounter(
        "A08", "2026-11-28 09:30", replace(STAY, patient=replace(ADA, shielded=True))
    )
    hub = after(FLAG, admitted, answer(DIFFERENT, "23 10:00", by="1"), corrected)
    item = item_in(hub)
    assert (picture(hub).carers, item.settled, item.answers, item.needs) == ((), False, 1, 2)
    hub.hear(answer(REVOKED, "29 09:00", by="2"), answer(SAME, "29 10:00", by="3"))
    assert picture(hub).carers == ()
    hub.hear(answer(SAME, "29 11:00", by="4"))
    assert len(picture(hub).carers) == 1
    hub.hear(answer(REVOKED, "30 10:00", by="1"))
    assert len(picture(hub).carers) == 1


def test_an_item_shows_what_is_compared_and_nothing_else():
    compared = {each.field: (each.level, each.left, each.right) for each in ITEM.fields}
    assert compared["nhs-number"] == ("same", ADA.nhs_number, ADA.nhs_number)
    assert compared["given-name"] == ("same", "Ada", "Ada")
    assert (compared["birth-date"][0], {*compared["birth-date"][1:]}) == (
        "different",
        {"1941-03-02", "1950-05-05"},
    )
    assert set(compared) == {
        "nhs-number",
        "family-name",
        "given-name",
        "birth-date",
        "sex",
        "postcode",
    }


@pytest.mark.parametrize("seed", range(4))
def test_answers_end_the_same_in_whatever_order_however_often_and_before_their_item(seed):
    random = Random(seed)
    events = [
        FLAG,
        ADMITTED,
        CORRECTED,
        answer(SAME, "23 10:00", by="1"),
        answer(DIFFERENT, "23 11:00", by="2"),
        answer(REVOKED, "23 11:30", by="3"),
        answer(SAME, "23 11:40", by="4"),
        answer(DIFFERENT, "23 11:50", by="4"),
        of_two(SAME, "23 11:55", by="5"),
        *(answer(DIFFERENT, f"2{4 + n} 12:00", by=str(n)) for n in range(random.randint(0, 2))),
    ]
    first = end_of(events)
    for batch_size in (1, 3, 100):
        shuffled = [*events, *random.choices(events, k=3)]
        random.shuffle(shuffled)
        assert end_of(shuffled, batch_size) == first, f"seed {seed}"


def test_two_people_stay_two_when_a_third_record_is_like_both():
    """Another number of the hospital would join both; people said that those are two."""
    pair = item_in(after(FLAG, ADMITTED))
    third = encounter(
        "A31", "2026-11-23 09:00", replace(STAY, patient=replace(ADA, hospital_number="H900"))
    )
    ends = set()
    for order in permutations((FLAG, ADMITTED, CORRECTED, third, answer(DIFFERENT, "23 10:00"))):
        people = after(*order).memory
        ends.add(tuple(people.person(each) for each in sorted(people_in(people))))
        assert people.person(pair.left) != people.person(pair.right)
    assert len(ends) == 1
    hub = after(FLAG, ADMITTED, CORRECTED, third)
    assert hub.memory.person(pair.left) == hub.memory.person(pair.right)


def people_in(memory):
    """All records."""
    return [UUID(int=each) for each in memory.records.own]


# Merges with other carers on either side


def test_a_merge_of_two_with_other_carers_changes_no_carer_until_somebody_has_looked():
    dora = (related(Person("Dora", "Marsh", "1972-05-05"), CARER_ROLE),)
    second = replace(SECOND_STAY, ward="Ward 9", contacts=dora)
    events = (*BOTH[:3], encounter("A01", "2026-11-22 09:40", second), MERGED)
    before = {"Ward 23": ["Ben"], "Ward 9": ["Carla", "Dora"]}
    were = {"Ward 23": THE_FIRST, "Ward 9": THE_SECOND}
    for order in (events, events[::-1], (MERGED, *events[:4])):
        hub = after(*order)
        assert (names_in(hub), patients_in(hub)) == (before, were)
        assert (item_in(hub).reasons, item_in(hub).settled) == (
            ("merged-with-other-carers", "merged-though-unlike"),
            False,
        )
    # From now on the hospital names the number that goes on, also of the stay under the old one.
    renamed = replace(second, patient=ADA, contacts=BEN_AS_CARER)
    hub.hear(encounter("A08", "2026-11-23 11:00", renamed))
    assert (names_in(hub), patients_in(hub)) == (before, were)
    told = len(hub.said(InvolvementAlert))
    hub.hear(answer(CANNOT_TELL, "24 10:00", item=HELD, evidence=item_in(hub).evidence))
    assert names_in(hub) == before
    assert len(hub.said(InvolvementAlert)) == told
    hub.hear(answer(SAME, "24 11:00", item=HELD))
    assert names_in(hub) == {each: ["Ben", "Carla"] for each in before}, (
        "one patient, one list of the ward"
    )
    assert patients_in(hub) == dict.fromkeys(before, THE_FIRST)
    hub.hear(answer(REVOKED, "25 10:00", item=HELD))
    assert (names_in(hub), patients_in(hub)) == (before, were)
    hub.hear(answer(DIFFERENT, "25 11:00", item=HELD))
    assert (names_in(hub), patients_in(hub)) == (before, were)


def test_a_held_merge_goes_through_by_itself_when_the_carers_agree():
    twin = replace(ADA, born=OTHER_DATE.born, hospital_number="H200")
    elsewhere = replace(
        carer_flag(CARLA, "2026-11-03 12:10", of=twin), source="c82901-gp", event_id=derived("a")
    )
    ended = replace(
        carer_flag(CARLA, "2026-11-27 12:00", of=twin, form=Form(None, link_active=False)),
        source="c82901-gp",
        event_id=derived("b"),
    )
    hub = after(
        BOTH[0],
        elsewhere,
        BOTH[2],
        encounter("A01", "2026-11-22 09:40", replace(SECOND_STAY, patient=twin, ward="Ward 9")),
        MERGED,
    )
    open_now = [each.reasons for each in hub.last(ReviewItem).values() if not each.settled]
    assert ("merged-with-other-carers", "nhs-number", "number-conflict") in open_now
    assert names_in(hub) == {"Ward 23": ["Ben"], "Ward 9": ["Carla"]}
    hub.hear(ended)
    assert all(names == ["Ben"] for names in names_in(hub).values())


UNNUMBERED = replace(SECOND, nhs_number=None)
TWICE = replace(ADA, nhs_number=None, hospital_number="H200")
"""Ada, registered again by somebody who did not ask for her NHS number."""


@pytest.mark.parametrize(
    ("second", "waits"),
    [
        (SECOND, True),
        (replace(ADA, nhs_number=SECOND.nhs_number, hospital_number="H200"), True),
        (UNNUMBERED, True),
        (TWICE, False),
        (replace(UNNUMBERED, born=ADA.born), False),
        (replace(UNNUMBERED, given="ADA"), False),
        (replace(UNNUMBERED, given="Unknown"), False),
        (replace(UNNUMBERED, born="1900-01-01"), False),
    ],
)
def test_a_merge_of_two_who_are_plainly_two_waits_whoever_looks_after_them(second, waits):
    """By a number of their own each, or by given name and date of birth; one carer comes from the ward alone."""
    dora = (related(Person("Dora", "Marsh", "1972-05-05"), CARER_ROLE),)
    stay = replace(SECOND_STAY, patient=second, ward="Ward 9", contacts=dora)
    events = (BOTH[0], BOTH[2], encounter("A01", "2026-11-22 09:40", stay), MERGED)
    two, both = {"Ward 23": ["Ben"], "Ward 9": ["Dora"]}, ["Ben", "Dora"]
    for order in permutations(events):
        hub = after(*order)
        assert names_in(hub) == (two if waits else dict.fromkeys(two, both))
        reasons = {each.reasons for each in hub.last(ReviewItem).values() if not each.settled}
        assert reasons == ({("merged-though-unlike",)} if waits else set())


def test_a_merge_of_two_who_are_plainly_two_never_goes_through_unasked():
    hub = after(*BOTH, MERGED)
    were = patients_in(hub)
    hub.hear(carer_flag(CARLA, "2026-11-27 12:00", of=SECOND, form=Form(None, link_active=False)))
    assert (item_in(hub).reasons, item_in(hub).settled) == (("merged-though-unlike",), False)
    assert patients_in(hub) == were
    hub.hear(answer(SAME, "28 10:00", item=HELD))
    assert patients_in(hub) == dict.fromkeys(were, THE_FIRST)


def test_two_numbers_of_one_patient_that_are_merged_into_anothers_both_wait():
    again = replace(SECOND, hospital_number="H201")
    second = encounter(
        "A40", "2026-11-23 10:05", replace(STAY, patient=ADA, replaces_number="H201")
    )
    events = (
        BOTH[0],
        *BOTH[2:],
        encounter("A31", "2026-11-22 09:50", replace(STAY, patient=again)),
        MERGED,
        second,
    )
    for order in (events, events[::-1], (*events[3:], *events[:3])):
        hub = after(*order)
        items = hub.last(ReviewItem).values()
        assert [each.reasons for each in items] == [("merged-though-unlike",)] * 2
        assert set(patients_in(hub).values()) == {THE_FIRST, THE_SECOND}


def test_a_merge_waits_though_another_wrong_one_brought_somebody_who_is_alike():
    first = replace(ADA, nhs_number=None)
    third = Person("Harold", "Marsh", SECOND.born, None, "H300")
    stays = (
        replace(FIRST_STAY, patient=first),
        replace(SECOND_STAY, patient=UNNUMBERED),
        replace(STAY, number="V3", patient=third, ward="Ward 7"),
    )
    events = (
        *(encounter("A01", f"2026-11-22 09:3{n}", stay) for n, stay in enumerate(stays)),
        encounter("A40", "2026-11-23 10:00", replace(STAY, patient=first, replaces_number="H200")),
        encounter("A40", "2026-11-23 10:05", replace(STAY, patient=third, replaces_number="H100")),
    )
    for order in (events, events[::-1]):
        patients = patients_in(after(*order))
        assert {ward: patients[ward][3] for ward in patients} == {
            "Ward 23": "H100",
            "Ward 9": "H200",
            "Ward 7": "H300",
        }


def test_a_merge_that_waits_does_not_make_a_right_one_into_the_same_number_wait():
    again = replace(ADA, nhs_number=None, hospital_number="H300")
    stay = replace(STAY, number="V3", patient=again, ward="Ward 7", admitted="2026-11-22 09:50")
    right, wrong = (
        encounter("A40", recorded, replace(STAY, patient=again, replaces_number=number))
        for number, recorded in (("H100", "2026-11-22 11:00"), ("H200", "2026-11-23 10:00"))
    )
    events = (*BOTH, encounter("A01", "2026-11-22 10:00", stay), right, wrong)
    for order in (events, events[::-1]):
        hub = after(*order)
        assert names_in(hub) == {"Ward 23": ["Ben"], "Ward 9": ["Carla"], "Ward 7": ["Ben"]}
        (waits,) = (each for each in hub.last(ReviewItem).values() if not each.settled)
        hub.hear(answer(DIFFERENT, "24 10:00", item=waits))
        assert names_in(hub)["Ward 7"] == ["Ben"]
        hub.hear(answer(SAME, "25 10:00", item=waits))
        assert [each.reasons for each in hub.last(ReviewItem).values() if not each.settled] == [
            ("merged-with-other-carers", "merged-though-unlike")
        ], "two numbers of their own: whichever is right, the other one waits"


def test_a_merge_is_not_held_back_where_the_one_number_replaced_the_other():
    twin = replace(ADA, nhs_number=SECOND.nhs_number, hospital_number="H200")
    replaced = replace(
        notice(NoticeKind.NHS_NUMBER_CHANGE, SECOND, "2026-11-20 08:00"),
        new_nhs_number=ADA.nhs_number,
    )
    stay = replace(SECOND_STAY, patient=replace(twin, born="1950-05-20"), ward="Ward 9")
    hub = after(BOTH[0], BOTH[2], encounter("A01", "2026-11-22 09:40", stay), MERGED)
    assert not item_in(hub).settled
    hub.hear(replaced)
    assert all(each.settled for each in hub.last(ReviewItem).values())
    assert patients_in(hub) == dict.fromkeys(("Ward 23", "Ward 9"), THE_FIRST)


def test_a_plain_merge_is_not_held_back():
    """The same patient registered twice: the second number has only what the hospital itself lists, or nobody."""
    contacts = (related(CARLA, CARER_ROLE),)
    plain = replace(SECOND_STAY, patient=TWICE)
    for second in (plain, replace(plain, contacts=contacts)):
        hub = after(BOTH[0], BOTH[2], encounter("A01", "2026-11-22 09:40", second), MERGED)
        assert hub.last(ReviewItem) == {}
        assert all("Ben" in names for names in names_in(hub).values())
    assert {each.status for each in hub.last(InvolvementAlert).values()} == {AlertStatus.REQUESTED}


@pytest.mark.parametrize("seed", range(3))
def test_a_held_merge_and_its_answers_end_the_same_in_any_order(seed):
    random = Random(seed)
    events = [
        *BOTH,
        MERGED,
        encounter("A08", "2026-11-23 11:00", replace(SECOND_STAY, patient=ADA, ward="Ward 9")),
        answer(CANNOT_TELL, "24 10:00", by="9", item=HELD, evidence=HELD.evidence),
        *(
            answer(verdict, f"24 1{n}:30", by=str(n), item=HELD)
            for n, verdict in enumerate(random.choices((SAME, DIFFERENT, REVOKED), k=seed))
        ),
    ]
    first = end_of(events)
    for batch_size in (1, 3, 100):
        shuffled = [*events, *random.choices(events, k=3)]
        random.shuffle(shuffled)
        assert end_of(shuffled, batch_size) == first, f"seed {seed}"
