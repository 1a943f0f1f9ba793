"""What national services say of people: deaths, superseded numbers, practices, proxies; whoever is heard of first."""

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest

from hub.decisions import NO_FRAME
from hub.fhir.systems import ROLE_CODE
from hub.records import (
    AlertStatus,
    CarerPicture,
    Coding,
    Confidence,
    EvidenceKind,
    InvolvementAlert,
    NoticeKind,
    ReviewItem,
    StayPicture,
)
from hub.testing.answers import notice
from hub.testing.flags import CARER_ROLE, Form, agreement, carer_flag
from hub.testing.people import ADA, BEN
from hub.testing.resources import related
from hub.testing.senders import at
from hub.testing.visits import encounter
from tests.flow.scenes import ADMISSION, CARLA, FLAG, STAY, actions, after, last, new_hub, picture

DIED = notice(NoticeKind.DEATH, ADA, "2026-11-23 08:00")
TAKEN_BACK = replace(notice(NoticeKind.DEATH, ADA, "2026-11-24 08:00"), deceased=False)
BEN_DIED = notice(NoticeKind.DEATH, BEN, "2026-11-23 08:00")
DISCHARGE = encounter("A03", "2026-11-23 12:00", replace(STAY, discharged="2026-11-23 11:50"))
MOTHER = Coding(system=ROLE_CODE, code="MTH", display=None)

OLD = replace(ADA, nhs_number="9990000042", hospital_number="H100")
"""Ada by the number that was superseded, as the hospital has her."""
REPLACED = replace(
    notice(NoticeKind.NHS_NUMBER_CHANGE, OLD, "2026-11-20 08:00"), new_nhs_number=ADA.nhs_number
)
STANDS_ALONE = replace(
    notice(NoticeKind.NHS_NUMBER_CHANGE, OLD, "2026-11-26 08:00"), new_nhs_number=OLD.nhs_number
)
ADMITTED_OLD = encounter("A01", "2026-11-22 09:30", replace(STAY, patient=OLD))

PROXY = replace(
    notice(NoticeKind.PROXY_ROLE_CREATED, ADA, "2026-11-01 10:00"),
    related_nhs_number=BEN.nhs_number,
    role_id="c-1",
    role_active=True,
    relationships=(MOTHER,),
)
ENDED = replace(notice(NoticeKind.PROXY_ROLE_DELETED, ADA, "2026-11-25 10:00"), role_id="c-1")
BEN_ALONE = carer_flag(BEN, "2026-11-02 12:00")
"""A practice says that Ben is a carer, and not of whom."""


def end_of(*events) -> tuple[object, ...]:
    """What stands once all is heard: pictures, alerts and open questions, without what numbers them."""
    hub = after(*events)
    pictures = (*hub.last(StayPicture).items(), *carers_of(hub).items())
    alerts = [(each.status, each.carers, each.due_at) for each in alerts_of(hub)]
    shown = sorted((str(key), bare(each)) for key, each in pictures)
    questions = {each.reasons for each in hub.last(ReviewItem).values() if not each.settled}
    return shown, alerts, questions


def carers_of(hub):
    """The pictures of carers who go on under no other id."""
    return {key: each for key, each in hub.last(CarerPicture).items() if each.superseded_by is None}


def alerts_of(hub):
    return [alert for _, alert in sorted(hub.last(InvolvementAlert).items())]


def bare(said) -> str:
    return repr(replace(said, **NO_FRAME, version=0, as_of=at("1970-01-01 00:00")))


# Death


def test_the_alert_of_a_patient_who_died_is_withdrawn_and_comes_back_when_the_death_is_taken_back():
    hub = after(FLAG, ADMISSION, DIED)
    assert actions(hub) == ["raised", "withdrawn"]
    assert picture(hub).patient.deceased
    hub.hear(TAKEN_BACK)
    assert not picture(hub).patient.deceased
    assert [each.carer.names for each in last(hub).carers] == [picture(hub).carers[0].names]


def test_a_time_of_death_stands_in_the_picture():
    hub = after(ADMISSION, replace(DIED, died_at=at("2026-11-23 07:10")))
    assert picture(hub).patient.died_at == at("2026-11-23 07:10")


def test_a_discharge_after_a_death_raises_nothing():
    for order in permutations((DIED, DISCHARGE)):
        alert = last(after(FLAG, ADMISSION, *order))
        assert (alert.status, alert.carers, alert.due_at) == (AlertStatus.CANCELLED, (), None)


def test_a_carer_who_died_is_named_no_more_and_neither_is_their_alert():
    hub = after(FLAG, ADMISSION, BEN_DIED)
    assert picture(hub).carers == ()
    assert actions(hub) == ["raised", "withdrawn"]
    assert [each.deceased for each in carers_of(hub).values()] == [True]


def test_a_number_that_two_people_have_tells_of_nobodys_death_until_a_birth_date_says_whose():
    twin = replace(CARLA, nhs_number=ADA.nhs_number)
    both = (FLAG, ADMISSION, carer_flag(twin, "2026-11-03 12:00"))
    assert not picture(after(*both, DIED)).patient.deceased
    born = replace(DIED, birth_on=at("1941-03-02 00:00").date(), birth_precision="day")
    for events in permutations((*both, born)):
        hub = after(*events)
        assert [each.patient.deceased for each in hub.last(StayPicture).values()] == [True]


def test_a_notice_whose_birth_date_is_another_is_a_question_and_no_death():
    born = replace(DIED, birth_on=at("1950-03-02 00:00").date(), birth_precision="day")
    for events in permutations((FLAG, ADMISSION, born)):
        hub = after(*events)
        assert not picture(hub).patient.deceased
        asked = hub.last(ReviewItem).values()
        assert {(each.reasons, each.settled) for each in asked} == {
            (("nhs-number", "number-conflict"), False)
        }


# A superseded number


def test_records_of_a_superseded_number_are_the_person_of_the_new_one():
    hub = after(FLAG, ADMITTED_OLD)
    assert picture(hub).carers == ()
    hub.hear(REPLACED)
    assert [carer.names[0].given for carer in picture(hub).carers] == [("Ben",)]
    assert picture(hub).patient.nhs_number == ADA.nhs_number
    assert hub.last(ReviewItem) == {}


def test_a_replacement_that_is_taken_back_parts_them_again():
    hub = after(FLAG, ADMITTED_OLD, REPLACED, STANDS_ALONE)
    assert picture(hub).carers == ()
    assert picture(hub).patient.nhs_number == OLD.nhs_number


def test_a_replacement_and_its_end_are_the_same_in_any_order():
    traced = encounter("A03", "2026-11-23 12:00", replace(STAY, discharged="2026-11-23 11:50"))
    first, *others = (
        end_of(*events) for events in permutations((ADMITTED_OLD, traced, REPLACED, STANDS_ALONE))
    )
    assert all(each == first for each in others)


def test_a_superseded_number_of_somebody_else_is_a_question_and_joins_nobody():
    other = replace(OLD, born="1950-05-05", given="Mary")
    hub = after(FLAG, encounter("A01", "2026-11-22 09:30", replace(STAY, patient=other)), REPLACED)
    assert picture(hub).carers == ()
    reasons = {each.reasons for each in hub.last(ReviewItem).values()}
    assert reasons == {("superseded-number", "number-conflict")}
    assert picture(hub).patient.nhs_number == OLD.nhs_number


def test_two_numbers_with_carers_of_their_own_wait_until_somebody_has_looked():
    contact = (related(CARLA, CARER_ROLE),)
    own = encounter("A01", "2026-11-22 09:30", replace(STAY, patient=OLD, contacts=contact))
    for events in permutations((FLAG, own, REPLACED)):
        hub = after(*events)
        assert {carer.names[0].given for carer in picture(hub).carers} == {("Carla",)}
        assert picture(hub).patient.nhs_number == OLD.nhs_number
        (asked,) = hub.last(ReviewItem).values()
        assert (asked.reasons, asked.settled, asked.in_hospital) == (
            ("superseded-number-with-other-carers",),
            False,
            True,
        )
    hub.hear(carer_flag(BEN, "2026-11-27 12:00", of=ADA, form=Form(None, link_active=False)))
    (asked,) = hub.last(ReviewItem).values()
    assert asked.settled
    assert picture(hub).patient.nhs_number == ADA.nhs_number


def test_a_notice_on_the_new_number_means_whoever_is_known_by_the_old_one():
    hub = after(ADMITTED_OLD, DIED)
    assert not picture(hub).patient.deceased
    hub.hear(REPLACED)
    assert picture(hub).patient.deceased


# Practice


def test_a_carers_practice_is_the_one_they_registered_with_whatever_others_repeat():
    moved = replace(notice(NoticeKind.CHANGE_OF_GP, BEN, "2026-11-20 08:00"), practice_ods="C82002")
    registered = replace(BEN, practice="C82001")
    events = (carer_flag(registered, "2026-11-03 12:00", of=ADA), moved)
    late = carer_flag(registered, "2026-11-21 12:00", of=ADA)
    for order in permutations((*events, late)):
        (carer,) = carers_of(after(*order)).values()
        assert carer.practice_ods == "C82002"


# Proxy roles


def test_a_proxy_is_perhaps_a_carer_and_raises_no_alert():
    for events in permutations((PROXY, ADMISSION, BEN_ALONE)):
        hub = after(*events)
        (carer,) = picture(hub).carers
        assert carer.confidence is Confidence.CHECK
        assert [each.kind for each in carer.evidence] == [EvidenceKind.PROXY_ROLE]
        assert carer.relationships == (MOTHER,)
        assert actions(hub) == []


def test_a_proxy_of_whom_only_the_number_is_known_is_not_shown():
    assert picture(after(PROXY, ADMISSION)).carers == ()


def test_a_role_that_ended_is_gone_also_when_its_end_is_heard_first():
    for events in permutations((PROXY, ADMISSION, BEN_ALONE, ENDED)):
        assert picture(after(*events)).carers == ()


@pytest.mark.parametrize(
    "change",
    [{"role_active": False}, {"role_ends_at": at("2026-11-04 00:00")}],
    ids=["no longer active", "its time is over"],
)
def test_a_role_that_changed_to_an_end_is_gone(change):
    changed = notice(NoticeKind.PROXY_ROLE_CHANGED, ADA, "2026-11-05 10:00")
    changed = replace(changed, related_nhs_number=BEN.nhs_number, role_id="c-1", **change)
    for events in permutations((PROXY, changed, ADMISSION, BEN_ALONE)):
        assert picture(after(*events)).carers == ()


def test_a_role_beside_a_flag_moves_neither_link_nor_deadline():
    late_flag = carer_flag(BEN, "2026-11-24 12:00", of=ADA)
    without, with_role = after(ADMISSION, late_flag), after(PROXY, ADMISSION, late_flag)
    assert last(with_role).due_at == last(without).due_at
    carers = [last(each).carers[0].carer for each in (without, with_role)]
    assert [each.confidence for each in carers] == [Confidence.CONFIRMED] * 2
    assert carers[0].link_id == carers[1].link_id
    assert EvidenceKind.PROXY_ROLE in {each.kind for each in carers[1].evidence}


# Any order


def test_a_notice_of_a_kind_that_is_not_known_changes_nothing():
    hub = after(FLAG, ADMISSION)
    before = len(hub.said(StayPicture))
    hub.hear(notice(NoticeKind.UNKNOWN, ADA, "2026-11-23 08:00"))
    assert (len(hub.said(StayPicture)), hub.refusals) == (before, [])


EVERYTHING = (
    FLAG,
    ADMITTED_OLD,
    REPLACED,
    DIED,
    TAKEN_BACK,
    DISCHARGE,
    PROXY,
    ENDED,
    agreement(BEN, "2026-11-04 09:00"),
    carer_flag(CARLA, "2026-11-03 12:00", of=OLD),
)


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_and_doubled_notices_end_the_same(seed):
    chance = Random(seed)
    events = [*EVERYTHING, *chance.sample(EVERYTHING, 4)]
    chance.shuffle(events)
    assert end_of(*events) == end_of(*EVERYTHING)


@pytest.mark.parametrize("seed", range(3))
def test_a_region_that_is_loaded_again_knows_what_it_knew(seed):
    events = list(EVERYTHING)
    Random(seed).shuffle(events)
    hub = new_hub()
    hub.hear(*events[:5])
    hub.crash()
    hub.hear(*events[5:])
    knew = {
        each.record_id: hub.memory.person(each.record_id) for each in hub.memory.records.values()
    }
    hub.crash()
    assert {each: hub.memory.person(each) for each in knew} == knew
