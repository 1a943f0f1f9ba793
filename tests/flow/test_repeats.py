"""An event that only says again what is known makes no picture: what is told is the same as if all were made."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.records import CarerPicture, NoticeKind, ReviewItem, StayStatus
from hub.testing.answers import notice
from hub.testing.flags import CARER_ROLE, NO_LONGER, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, NINA
from hub.testing.resources import related
from hub.testing.visits import Visit, encounter
from processors.carer_matching import decide as deciding
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from tests.flow.scenes import ADMISSION, FLAG, after, picture

MATCHING = MatchingPolicy(
    test_numbers="accept",
    carer_codes=frozenset({"http://snomed.info/sct|224484003"}),
    not_carer_codes=frozenset({"http://snomed.info/sct|199361000000101"}),
)
ADA_UNDER_ANOTHER_NUMBER = replace(ADA, hospital_number="H200", family="Field")
ADA_MOVED = replace(ADA, postcode="LE1 1AA")
BY_THE_HOSPITAL = (related(replace(BEN, nhs_number=None), CARER_ROLE),)
PERHAPS_ADA = replace(ADA, hospital_number="H300", given="Una", born="1952-05-06")
PEOPLE = (ADA, ADA_MOVED, ADA_UNDER_ANOTHER_NUMBER, PERHAPS_ADA, NINA)
NK1 = ((), BY_THE_HOSPITAL, (*BY_THE_HOSPITAL, related(NINA, CARER_ROLE)))


def chain():
    return (carer_matching(MATCHING), discharge_involvement(AlertPolicy()))


def recorded(minute):
    return f"2026-11-23 {9 + minute // 60:02}:{minute % 60:02}"


MINUTES = st.integers(0, 90).map(recorded)
ADT = st.builds(
    lambda event, when, patient, ward, contacts, replaces: encounter(
        event,
        when,
        Visit(
            number=f"V{patient.hospital_number or patient.given}",
            patient=patient,
            ward=ward,
            contacts=contacts,
            replaces_number=replaces if event == "A40" else None,
        ),
        message=f"{event}{when}{patient}{ward}{len(contacts)}",
    ),
    st.sampled_from(["A08", "A08", "A08", "A01", "A03", "A11", "A13", "A31", "A40"]),
    MINUTES,
    st.sampled_from(PEOPLE),
    st.sampled_from(["Ward 23", "Ward 23", "Ward 4"]),
    st.sampled_from(NK1),
    st.sampled_from(["H200", "H300"]),
)
FLAGS = st.builds(
    lambda carer, when, of, ended: carer_flag(
        carer,
        when,
        of=of,
        **({"code": NO_LONGER} if ended else {}),
        message=f"{carer.given}{when}{of}{ended}",
    ),
    st.sampled_from([BEN, ADA]),
    MINUTES,
    st.sampled_from([None, ADA, NINA]),
    st.booleans(),
)


def told_of(history):
    """Everything told, in order, and everything kept."""
    hub = MemoryHub(chain())
    hub.hear(*history)
    told = {topic: [(each.key, each.value) for each in rows] for topic, rows in hub.topics.items()}
    return told, hub.rows.state


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ADT | FLAGS, min_size=2, max_size=14))
def test_making_no_picture_of_what_is_said_again_leaves_nothing_untold(history):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(deciding, "says_it_again", lambda *_: False)
        every_picture_made = told_of(history)
    assert told_of(history) == every_picture_made


def test_an_update_that_says_it_again_makes_no_picture():
    made = []
    hub = MemoryHub(chain())
    hub.hear(
        carer_flag(BEN, "2026-11-01 09:00", of=ADA),
        encounter("A01", "2026-11-23 09:00", Visit(contacts=BY_THE_HOSPITAL)),
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(deciding, "what_differs", lambda *each: made.append(each) or ())
        hub.hear(encounter("A08", "2026-11-23 10:00", Visit(contacts=BY_THE_HOSPITAL)))
        assert made == []
        hub.hear(encounter("A08", "2026-11-23 11:00", Visit(contacts=(), ward="Ward 4")))
        assert len(made) == 1
    assert hub.refusals == []


def test_the_record_that_was_heard_of_last_speaks_for_a_carer_though_it_says_nothing_new():
    hub = MemoryHub(chain())
    hub.hear(
        carer_flag(ADA, "2026-11-01 09:00", of=NINA),
        encounter("A31", "2026-11-23 09:00", Visit(patient=ADA)),
        encounter("A31", "2026-11-23 09:10", Visit(patient=ADA_UNDER_ANOTHER_NUMBER)),
    )
    assert family_of_the_carer(hub) == "Field"
    hub.hear(encounter("A31", "2026-11-23 09:20", Visit(patient=ADA)))
    assert family_of_the_carer(hub) == "Marsh"


def family_of_the_carer(hub):
    (picture,) = (each for each in hub.last(CarerPicture).values() if each.superseded_by is None)
    return picture.names[0].family


@pytest.mark.parametrize("late", [False, True], ids=["in time", "late"])
def test_a_question_about_somebody_who_went_home_says_so_however_late_that_is_heard(late):
    update = encounter("A08", "2026-11-23 12:00", Visit(patient=ADA))
    discharge = encounter("A03", "2026-11-23 11:00", Visit(patient=ADA))
    hub = MemoryHub(chain())
    hub.hear(
        encounter("A31", "2026-11-23 09:00", Visit(patient=PERHAPS_ADA)),
        encounter("A01", "2026-11-23 10:00", Visit(patient=ADA)),
    )
    assert in_hospital(hub) == [True]
    hub.hear(*((update, discharge) if late else (discharge, update)))
    assert in_hospital(hub) == [False]


def in_hospital(hub):
    return [each.in_hospital for each in hub.last(ReviewItem).values()]


# What a later word alone changes


def test_an_admission_that_is_planned_again_after_it_was_cancelled_is_expected_again():
    hub = after(encounter("A05", "2026-11-20 09:00", Visit()))
    found = [picture(hub).status]
    for event, day in (("A11", 21), ("A05", 22), ("A11", 23)):
        hub.hear(encounter(event, f"2026-11-{day} 09:00", Visit()))
        found.append(picture(hub).status)
    planned, given_up = StayStatus.EXPECTED, StayStatus.CANCELLED
    assert found == [planned, given_up, planned, given_up]


def test_a_proxy_role_that_is_given_again_is_told_of_again():
    def role(kind, recorded):
        said = replace(notice(kind, ADA, recorded), role_id="c-1")
        if kind is NoticeKind.PROXY_ROLE_DELETED:
            return said
        return replace(said, related_nhs_number=BEN.nhs_number, role_active=True)

    hub = after(carer_flag(BEN, "2026-11-02 12:00"), ADMISSION)
    found = []
    for day in (23, 25):
        for kind in (NoticeKind.PROXY_ROLE_CREATED, NoticeKind.PROXY_ROLE_DELETED):
            recorded = day + (kind is NoticeKind.PROXY_ROLE_DELETED)
            hub.hear(role(kind, f"2026-11-{recorded} 10:00"))
            found.append([each.confidence.value for each in picture(hub).carers])
    assert found == [["check"], [], ["check"], []]


def test_a_practice_is_the_one_of_the_latest_notice_though_it_says_what_it_said():
    old = replace(BEN, nhs_number="9990000042")

    def registered(person, practice, recorded):
        return replace(notice(NoticeKind.CHANGE_OF_GP, person, recorded), practice_ods=practice)

    hub = after(
        FLAG,
        ADMISSION,
        replace(
            notice(NoticeKind.NHS_NUMBER_CHANGE, old, "2026-11-01 08:00"),
            new_nhs_number=BEN.nhs_number,
        ),
        registered(old, "C82001", "2026-11-23 08:00"),
        registered(BEN, "C82002", "2026-11-24 08:00"),
        # as late as what follows: the order of the records is not what tells
        replace(notice(NoticeKind.DEATH, old, "2026-11-25 08:00"), deceased=False),
    )
    assert practice_of_the_carer(hub) == "C82002"
    hub.hear(registered(old, "C82001", "2026-11-26 08:00"))
    assert practice_of_the_carer(hub) == "C82001"


def practice_of_the_carer(hub):
    (found,) = (each for each in hub.last(CarerPicture).values() if each.superseded_by is None)
    return found.practice_ods
