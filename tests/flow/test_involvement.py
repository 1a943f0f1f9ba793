"""The flow from a hospital's and a practice's words to the right alert. Each name is a promise of the README."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.fhir.systems import DISCHARGE_METHODS
from hub.records import (
    AdmissionState,
    AgeBand,
    AlertAction,
    AlertStatus,
    Confidence,
    EvidenceKind,
    InvolvementAlert,
    OutcomeKind,
    ReminderDue,
    StayPicture,
    StayStatus,
)
from hub.testing.answers import outcome
from hub.testing.flags import CARER_ROLE, NO_LONGER, Form, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, NINA, Person
from hub.testing.resources import related
from hub.testing.senders import at
from hub.testing.visits import Visit, encounter
from processors.carer_matching.policy import Trust
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from tests.flow.scenes import (
    ADMISSION,
    BEN_AS_CARER,
    BEN_AS_CHILD,
    BEN_UNNUMBERED,
    CARLA,
    FLAG,
    MATCHING,
    STAY,
    actions,
    after,
    alert_of,
    evidence_on,
    last,
    named,
    new_hub,
    picture,
    spoken_with,
)

DAUGHTER = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "DAUC"}
NEXT_OF_KIN = {"system": "http://terminology.hl7.org/CodeSystem/v2-0131", "code": "N"}


@pytest.fixture
def hub() -> MemoryHub:
    return new_hub()


def test_an_in_patient_whose_carer_is_known_raises_one_alert_due_at_the_next_board_round(hub):
    hub.hear(FLAG, ADMISSION)
    alert = last(hub)
    assert (alert.action, alert.status, alert.version) == (
        AlertAction.RAISED,
        AlertStatus.REQUESTED,
        1,
    )
    assert alert.due_at == at("2026-11-22 10:00")
    assert [(each.carer.names[0].given[0], each.age_band) for each in alert.carers] == [
        ("Ben", AgeBand.ADULT)
    ]


def test_a_flag_that_comes_late_joins_the_open_stay_at_once(hub):
    hub.hear(ADMISSION)
    assert actions(hub) == []
    hub.hear(carer_flag(BEN, "2026-11-23 15:00", of=ADA))
    assert last(hub).due_at == at("2026-11-24 10:00")


@pytest.mark.parametrize(
    ("admitted", "expected", "due"),
    [
        ("2026-11-22 09:20", "2026-11-22T09:45:00Z", "2026-11-22 09:45"),
        ("2026-11-22 14:20", "2026-11-22T18:30:00Z", "2026-11-22 18:30"),
        ("2026-11-22 14:20", "2026-11-23", "2026-11-23 10:00"),
        ("2026-11-22 14:20", "2026-11-22", "2026-11-22 17:00"),
        ("2026-11-22 14:20", "2026-11-22T13:00:00Z", "2026-11-22 17:00"),
        ("2026-11-22 09:20", "2026-11-22T09:20:00Z", "2026-11-22 10:00"),
        ("2026-11-22 17:00", "2026-11-22", "2026-11-23 10:00"),
        ("2026-11-22 14:20", "2026-11-20", "2026-11-23 10:00"),
    ],
    ids=[
        "the expected time is before the board round",
        "the expected time is before the next day's board round",
        "a day without a time means its board round",
        "admitted after the board round of that day: by five",
        "expected before the admission: by five",
        "expected in the minute of the admission: the board round",
        "admitted at five: the next board round",
        "expected days ago: the next board round",
    ],
)
def test_the_deadline_is_never_after_the_expected_discharge_nor_before_the_admission(
    hub, admitted, expected, due
):
    stay = replace(STAY, admitted=admitted, expected=expected)
    hub.hear(FLAG, encounter("A01", "2026-11-22 18:00", stay))
    assert last(hub).due_at == at(due)


def test_the_deadline_is_never_before_the_first_word_on_a_carer(hub):
    hub.hear(
        encounter("A01", "2026-11-22 09:30", replace(STAY, expected="2026-11-24T12:00:00Z")),
        carer_flag(BEN, "2026-11-24 13:00", of=ADA),
    )
    assert last(hub).due_at == at("2026-11-24 17:00")


def test_no_carer_known_says_nothing(hub):
    hub.hear(ADMISSION)
    assert hub.said(StayPicture)[0].carers == ()
    assert actions(hub) == []


def test_next_of_kin_is_not_a_carer(hub):
    hub.hear(
        encounter("A01", "2026-11-22 09:30", replace(STAY, contacts=(related(BEN, NEXT_OF_KIN),)))
    )
    assert actions(hub) == []


def test_a_contact_whom_the_hospital_calls_carer_is_probable_and_stays_a_daughter(hub):
    carla = Person("Carla", "Marsh", "1970-02-02")
    hub.hear(
        encounter(
            "A01",
            "2026-11-22 09:30",
            replace(STAY, contacts=(related(carla, DAUGHTER, CARER_ROLE),)),
        )
    )
    (carer,) = last(hub).carers
    assert carer.carer.confidence.value == "probable"
    assert {role.code for role in carer.carer.relationships} == {"DAUC", "Carer"}


def test_a_new_list_of_contacts_without_the_carer_withdraws_the_alert(hub):
    carla = Person("Carla", "Marsh", "1970-02-02")
    hub.hear(
        encounter("A01", "2026-11-22 09:30", replace(STAY, contacts=(related(carla, CARER_ROLE),)))
    )
    hub.hear(
        encounter("A08", "2026-11-22 10:30", replace(STAY, contacts=(related(BEN, NEXT_OF_KIN),)))
    )
    assert actions(hub) == ["raised", "withdrawn"]
    hub.hear(
        encounter("A08", "2026-11-22 11:30", replace(STAY, contacts=(related(carla, CARER_ROLE),)))
    )
    assert actions(hub) == ["raised", "withdrawn", "reopened"]


def test_a_message_without_contacts_says_nothing_about_them(hub):
    carla = Person("Carla", "Marsh", "1970-02-02")
    hub.hear(
        encounter("A01", "2026-11-22 09:30", replace(STAY, contacts=(related(carla, CARER_ROLE),)))
    )
    hub.hear(encounter("A08", "2026-11-22 10:30", STAY))
    assert actions(hub) == ["raised"]


@pytest.mark.parametrize("patient_class", ["EMER", "AMB", "SS"])
def test_a_visit_that_is_no_in_patient_stay_raises_no_alert(hub, patient_class):
    hub.hear(FLAG, encounter("A04", "2026-11-22 09:30", replace(STAY, patient_class=patient_class)))
    assert actions(hub) == []


def test_a_planned_stay_raises_no_alert_until_it_begins(hub):
    hub.hear(FLAG, encounter("A05", "2026-11-20 09:30", Visit()))
    assert actions(hub) == []
    hub.hear(ADMISSION)
    assert actions(hub) == ["raised"]


def test_a_child_in_hospital_raises_no_alert(hub):
    child = replace(ADA, born="2012-03-02")
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=child),
        encounter("A01", "2026-11-22 09:30", replace(STAY, patient=child)),
    )
    assert actions(hub) == []


def test_a_young_carer_is_named_as_one(hub):
    hub.hear(carer_flag(NINA, "2026-11-03 12:00", of=ADA), ADMISSION)
    assert last(hub).carers[0].age_band is AgeBand.YOUNG_CARER


def lead_told(hub: MemoryHub, recorded: str) -> None:
    """The team tells the young-carer lead of Nina."""
    (nina,) = (each for each in last(hub).carers if each.age_band is AgeBand.YOUNG_CARER)
    evidence = nina.carer.evidence[0].evidence_id
    hub.hear(outcome(OutcomeKind.YOUNG_CARER_LEAD_TOLD, recorded, last(hub).alert_id, evidence))


def test_a_young_carer_is_done_when_the_lead_was_told(hub):
    hub.hear(carer_flag(NINA, "2026-11-03 12:00", of=ADA), ADMISSION)
    lead_told(hub, "2026-11-22 09:50")
    assert (last(hub).action, last(hub).status) == (AlertAction.CLOSED, AlertStatus.COMPLETED)
    assert last(hub).carers[0].outcome == "young_carer_lead_told"


def test_that_the_lead_was_told_of_a_child_leaves_an_adult_waiting_also_after_the_discharge(hub):
    hub.hear(carer_flag(NINA, "2026-11-02 12:00", of=ADA), FLAG, ADMISSION)
    lead_told(hub, "2026-11-22 09:50")
    assert last(hub).status is AlertStatus.IN_PROGRESS
    hub.advance(at("2026-11-23 10:01"))
    assert last(hub).level > 0
    hub.hear(encounter("A03", "2026-11-24 11:00", replace(STAY, discharged="2026-11-24 10:50")))
    assert last(hub).status is AlertStatus.IN_PROGRESS
    assert last(hub).went_home_without_contact


def test_a_cancelled_admission_withdraws_the_alert_whichever_comes_first(hub):
    cancel = encounter("A11", "2026-11-22 09:40", STAY)
    hub.hear(FLAG, cancel, ADMISSION)
    assert actions(hub) == []
    other = new_hub()
    other.hear(FLAG, ADMISSION, cancel)
    assert actions(other) == ["raised", "withdrawn"]


def test_a_transfer_moves_the_alert_and_its_cancel_moves_it_back(hub):
    hub.hear(FLAG, ADMISSION, encounter("A02", "2026-11-22 12:00", replace(STAY, ward="Ward 9")))
    assert (last(hub).action, last(hub).ward) == (AlertAction.MOVED, "Ward 9")
    hub.hear(encounter("A12", "2026-11-22 12:10", STAY))
    assert (last(hub).action, last(hub).ward) == (AlertAction.MOVED, "Ward 23")


def test_going_home_without_a_contact_keeps_the_alert_open_until_five_that_day(hub):
    hub.hear(
        FLAG,
        ADMISSION,
        encounter("A03", "2026-11-24 11:00", replace(STAY, discharged="2026-11-24 10:50")),
    )
    alert = last(hub)
    assert (alert.status, alert.went_home_without_contact, alert.due_at) == (
        AlertStatus.REQUESTED,
        True,
        at("2026-11-24 17:00"),
    )


def test_a_late_discharge_without_a_contact_is_due_the_next_morning(hub):
    hub.hear(
        FLAG,
        ADMISSION,
        encounter("A03", "2026-11-24 18:00", replace(STAY, discharged="2026-11-24 17:50")),
    )
    assert last(hub).due_at == at("2026-11-25 10:00")


def test_going_home_after_a_contact_closes_the_alert_and_a_cancelled_discharge_returns_it(hub):
    hub.hear(carer_flag(NINA, "2026-11-02 12:00", of=ADA), FLAG, ADMISSION)
    evidence = last(hub).carers[0].carer.evidence[0].evidence_id
    hub.hear(outcome(OutcomeKind.CONTACTED_ABLE, "2026-11-22 09:50", last(hub).alert_id, evidence))
    assert last(hub).status is AlertStatus.IN_PROGRESS
    hub.hear(encounter("A03", "2026-11-24 11:00", replace(STAY, discharged="2026-11-24 10:50")))
    assert (last(hub).action, last(hub).status) == (AlertAction.CLOSED, AlertStatus.COMPLETED)
    hub.hear(encounter("A13", "2026-11-24 11:30", STAY))
    assert (last(hub).action, last(hub).status) == (AlertAction.REOPENED, AlertStatus.IN_PROGRESS)


def test_an_outcome_for_every_carer_completes_the_alert_and_a_new_carer_opens_it_again(hub):
    hub.hear(FLAG, ADMISSION)
    evidence = last(hub).carers[0].carer.evidence[0].evidence_id
    hub.hear(
        outcome(OutcomeKind.CONTACTED_PARTLY_ABLE, "2026-11-22 09:50", last(hub).alert_id, evidence)
    )
    assert last(hub).action is AlertAction.CLOSED
    hub.hear(carer_flag(NINA, "2026-11-22 12:00", of=ADA))
    assert (last(hub).action, len(last(hub).carers)) == (AlertAction.REOPENED, 2)


def test_a_deadline_without_a_contact_escalates_once_for_each_board_round(hub):
    hub.hear(FLAG, ADMISSION)
    hub.advance(at("2026-11-22 10:01"))
    assert (last(hub).action, last(hub).level) == (AlertAction.ESCALATED, 1)
    hub.advance(at("2026-11-30 12:00"))
    assert [alert.level for alert in hub.said(InvolvementAlert)] == [0, 1, 2, 3]


def test_a_deadline_that_is_waited_for_again_fires_again(hub):
    carla = Person("Carla", "Marsh", "1970-02-02")
    stay = Visit(admitted="2026-11-03 09:00", contacts=(related(carla, CARER_ROLE),))
    hub.hear(encounter("A01", "2026-11-03 09:30", stay))
    hub.now = at("2026-11-20 12:00")
    hub._batch()  # the first deadline is said, and is on its way
    hub.publish(encounter("A03", "2026-11-05 09:30", stay))
    hub._batch()
    hub._relay()
    hub._batch()  # it comes back when another one is waited for
    hub.publish(encounter("A13", "2026-11-05 09:40", stay))
    hub._batch()
    hub.run()
    assert last(hub).level == 3


def test_a_contact_before_the_deadline_counts_whenever_it_is_read(hub):
    hub.hear(FLAG, carer_flag(NINA, "2026-11-03 13:00", of=ADA), ADMISSION)
    hub.advance(at("2026-11-22 10:01"))
    assert last(hub).level == 1
    evidence = last(hub).carers[0].carer.evidence[0].evidence_id
    hub.hear(outcome(OutcomeKind.CONTACTED_ABLE, "2026-11-22 09:50", last(hub).alert_id, evidence))
    assert last(hub).level == 0


def test_the_level_falls_back_when_nobody_waits_any_more_though_the_contact_came_late(hub):
    hub.hear(FLAG, carer_flag(CARLA, "2026-11-03 13:00", of=ADA), ADMISSION)
    hub.advance(at("2026-11-22 10:30"))
    assert last(hub).level == 1
    contacted(hub, "2026-11-22 12:00")
    assert (last(hub).status, last(hub).level) == (AlertStatus.IN_PROGRESS, 0)
    hub.advance(at("2026-12-24 12:00"))
    assert (last(hub).level, len(reminders(hub))) == (0, 1)


def test_recorded_contact_keeps_the_deadline_silent(hub):
    hub.hear(FLAG, ADMISSION)
    evidence = last(hub).carers[0].carer.evidence[0].evidence_id
    hub.hear(outcome(OutcomeKind.CONTACTED_ABLE, "2026-11-22 09:50", last(hub).alert_id, evidence))
    hub.advance(at("2026-11-30 12:00"))
    assert actions(hub) == ["raised", "closed"]


def contacted(hub: MemoryHub, recorded: str, given: str = "Ben") -> None:
    """The team speaks with one of the carers."""
    (carer,) = (each for each in last(hub).carers if each.carer.names[0].given[0] == given)
    evidence = carer.carer.evidence[0].evidence_id
    hub.hear(outcome(OutcomeKind.CONTACTED_ABLE, recorded, last(hub).alert_id, evidence))


def reminders(hub: MemoryHub) -> list[datetime]:
    """Every deadline that was said."""
    return [each.due_at for each in hub.said(ReminderDue)]


def test_a_carer_found_after_a_contact_has_a_time_ahead_and_levels_of_their_own(hub):
    hub.hear(FLAG, ADMISSION)
    hub.advance(at("2026-11-22 10:30"))
    assert last(hub).level == 1
    contacted(hub, "2026-11-22 11:00")
    assert last(hub).action is AlertAction.CLOSED
    hub.advance(at("2026-11-24 12:00"))
    hub.hear(carer_flag(CARLA, "2026-11-24 11:55", of=ADA))
    assert (last(hub).action, last(hub).level) == (AlertAction.REOPENED, 0)
    assert last(hub).due_at == at("2026-11-25 10:00")
    hub.advance(at("2026-12-24 12:00"))
    assert (last(hub).level, last(hub).due_at) == (3, at("2026-11-25 10:00"))
    assert reminders(hub) == [at(f"2026-11-{day} 10:00") for day in (22, 25, 26, 27)]
    assert not hub.rows.reminders


def test_time_after_time_the_number_of_reminders_is_bounded_by_the_carers_found(hub):
    dev = Person("Dev", "Marsh", "1980-01-01", "9990000069")
    found = (CARLA, NINA, dev, Person("Ed", "Marsh", "1981-01-01", "9990000077"))
    hub.hear(FLAG, ADMISSION)
    for number, carer in enumerate(found):
        day = 24 + number
        contacted(hub, f"2026-11-{day} 09:00", last(hub).carers[-1].carer.names[0].given[0])
        hub.advance(at(f"2026-11-{day} 11:00"))
        hub.hear(carer_flag(carer, f"2026-11-{day} 11:00", of=ADA))
        assert (last(hub).due_at, last(hub).level) == (at(f"2026-11-{day + 1} 10:00"), 0)
    hub.advance(at("2027-01-31 12:00"))
    assert last(hub).level == 3
    assert len(reminders(hub)) <= 3 * (1 + len(found))
    assert not hub.rows.reminders


def test_after_a_contact_no_morning_is_waited_for_until_somebody_new_is_found(hub):
    hub.hear(FLAG, carer_flag(CARLA, "2026-11-03 13:00", of=ADA), ADMISSION)
    contacted(hub, "2026-11-22 09:50")
    assert last(hub).status is AlertStatus.IN_PROGRESS
    assert not hub.rows.reminders
    hub.advance(at("2026-12-24 12:00"))
    assert (last(hub).level, reminders(hub)) == (0, [])


def test_a_carer_whom_nobody_spoke_for_is_escalated_though_another_is_no_carer(hub):
    hub.hear(FLAG, carer_flag(CARLA, "2026-11-03 13:00", of=ADA), ADMISSION)
    (ben,) = (each for each in last(hub).carers if each.carer.names[0].given[0] == "Ben")
    evidence = ben.carer.evidence[0].evidence_id
    hub.hear(outcome(OutcomeKind.NOT_A_CARER, "2026-11-22 09:50", last(hub).alert_id, evidence))
    hub.advance(at("2026-12-24 12:00"))
    assert last(hub).level == 3


def test_evidence_that_arrives_after_its_time_catches_up_at_once_and_no_further(hub):
    hub.now = at("2026-11-28 12:00")
    hub.hear(ADMISSION)
    hub.hear(FLAG)
    assert (last(hub).due_at, last(hub).level) == (at("2026-11-22 10:00"), 3)
    assert len(reminders(hub)) == 3
    assert not hub.rows.reminders


METHOD = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland"


def test_a_death_in_hospital_withdraws_the_alert(hub):
    hub.hear(FLAG, ADMISSION)
    hub.hear(
        encounter(
            "A03",
            "2026-11-24 11:00",
            replace(STAY, discharged="2026-11-24 10:50", discharge_method=(METHOD, "4")),
        )
    )
    assert actions(hub) == ["raised", "withdrawn"]


def test_a_discharge_whose_code_says_not_finished_is_no_discharge(hub):
    hub.hear(FLAG, ADMISSION)
    hub.hear(
        encounter(
            "A03",
            "2026-11-24 11:00",
            replace(STAY, discharged="2026-11-24 10:50", discharge_method=(METHOD, "8")),
        )
    )
    assert actions(hub)[0] == "raised"
    assert not last(hub).went_home_without_contact


def test_no_longer_a_carer_withdraws_the_alert(hub):
    hub.hear(FLAG, ADMISSION, carer_flag(BEN, "2026-11-22 12:00", code=NO_LONGER))
    assert actions(hub) == ["raised", "withdrawn"]


def test_an_older_no_longer_a_carer_changes_nothing(hub):
    hub.hear(FLAG, ADMISSION, carer_flag(BEN, "2026-11-01 12:00", code=NO_LONGER))
    assert actions(hub) == ["raised"]


WITHOUT_FLAG = carer_flag(BEN, "2026-11-03 12:00", of=ADA, form=Form(None, link_active=True))


@pytest.mark.parametrize(
    ("told", "ended"),
    [
        (WITHOUT_FLAG, Form("inactive", link_active=False)),
        (FLAG, Form(None, link_active=False)),
    ],
    ids=["told alone, ended with the flag", "told with a flag, ended alone"],
)
def test_a_practice_ends_a_link_in_either_form_in_any_order(hub, told, ended):
    def end(recorded):
        return carer_flag(BEN, recorded, of=ADA, message=f"end-{recorded}", form=ended)

    hub.hear(told, ADMISSION, end("2026-11-22 12:00"))
    assert actions(hub) == ["raised", "withdrawn"]
    other = new_hub()
    other.hear(end("2026-11-22 12:00"), ADMISSION, told)
    assert actions(other) == []
    older = new_hub()
    older.hear(end("2026-11-01 12:00"), ADMISSION, told)
    assert actions(older) == ["raised"]


EMERGENCY = replace(STAY, patient_class="EMER")
SENT_HOME = encounter("A03", "2026-11-22 12:00", replace(EMERGENCY, discharged="2026-11-22 11:50"))
SEEN_IN_EMERGENCY = (encounter("A04", "2026-11-22 09:30", EMERGENCY), SENT_HOME)


@pytest.mark.parametrize("event", ["A01", "A06"])
def test_a_discharge_from_emergency_does_not_end_the_stay_under_the_same_visit_number(hub, event):
    comes_back = encounter(event, "2026-11-22 13:00", replace(STAY, admitted="2026-11-22 12:40"))
    for order in permutations((FLAG, *SEEN_IN_EMERGENCY, comes_back)):
        alert = last(after(*order))
        assert (alert.status, alert.went_home_without_contact, alert.discharged_at) == (
            AlertStatus.REQUESTED,
            False,
            None,
        )
        assert alert.due_at == at("2026-11-23 10:00")


HOME = encounter("A03", "2026-11-24 11:00", replace(STAY, discharged="2026-11-24 10:50"))
GONE, THERE = StayStatus.DISCHARGED, StayStatus.IN_PATIENT


@pytest.mark.parametrize(
    ("later", "status"),
    [
        (encounter("A13", "2026-11-24 11:30", STAY), THERE),
        (encounter("A01", "2026-11-24 11:30", STAY), THERE),
        (encounter("A01", "2026-11-24 11:30", replace(STAY, discharged="2026-11-24 10:50")), GONE),
        (encounter("A01", "2026-11-24 11:00", STAY, message="same instant"), GONE),
        (encounter("A01", "2026-11-24 10:59", STAY), GONE),
        (encounter("A08", "2026-11-24 11:30", STAY), GONE),
        (encounter("A02", "2026-11-24 11:30", replace(STAY, ward="Ward 9")), GONE),
        (encounter("A31", "2026-11-24 11:30", STAY), GONE),
    ],
    ids=[
        "A13 cancels it",
        "a later admission",
        "a later admission that says when they left",
        "an admission in the same instant",
        "an earlier admission",
        "an update",
        "a transfer",
        "a change of the person",
    ],
)
def test_what_is_said_after_a_discharge(later, status):
    for order in permutations((FLAG, ADMISSION, HOME, later)):
        assert picture(after(*order)).status is status


def test_a_merge_corrects_and_never_doubles_the_alert(hub):
    unnumbered = replace(ADA, nhs_number=None, hospital_number="H900")
    hub.hear(FLAG, encounter("A01", "2026-11-22 09:30", replace(STAY, patient=unnumbered)))
    assert actions(hub) == []
    hub.hear(encounter("A40", "2026-11-22 10:30", Visit(patient=ADA, replaces_number="H900")))
    assert actions(hub) == ["raised"]
    assert last(hub).patient.nhs_number == ADA.nhs_number


def test_a_moved_visit_supersedes_its_alert(hub):
    hub.hear(FLAG, ADMISSION)
    first = last(hub).alert_id
    hub.hear(encounter("A45", "2026-11-22 12:00", replace(STAY, number="V2", replaces_visit="V1")))
    alerts = hub.last(InvolvementAlert)
    assert (alerts[first].action, alerts[first].status) == (
        AlertAction.SUPERSEDED,
        AlertStatus.CANCELLED,
    )
    assert alerts[first].superseded_by in alerts
    assert alerts[alerts[first].superseded_by].status is AlertStatus.REQUESTED


@pytest.mark.parametrize("number", ["P1", "P2", "P3", "P4", "P5", "P6"])
def test_a_corrected_identity_takes_somebody_elses_carer_off_the_alert_at_once(hub, number):
    at_practice = replace(
        ADA, hospital_number=number
    )  # whichever of the two record ids is the smaller one
    hub.hear(carer_flag(BEN, "2026-11-03 12:00", of=at_practice), ADMISSION)
    assert actions(hub) == ["raised"]
    somebody_else = replace(at_practice, nhs_number="9990000042", given="Adele", born="1951-03-02")
    hub.hear(carer_flag(BEN, "2026-11-22 12:00", of=somebody_else))
    assert actions(hub) == ["raised", "withdrawn"]
    (picture,) = hub.last(StayPicture).values()
    assert picture.carers == ()


def test_an_update_that_changes_nothing_says_nothing(hub):
    hub.hear(
        FLAG,
        ADMISSION,
        encounter("A08", "2026-11-22 10:00", STAY),
        encounter("A08", "2026-11-22 11:00", STAY),
    )
    assert actions(hub) == ["raised"]
    assert len(hub.said(StayPicture)) == 1


def test_somebody_else_with_the_same_nhs_number_is_not_joined(hub):
    stranger = Person("Zoe", "Other", "1980-12-12", ADA.nhs_number)
    hub.hear(carer_flag(BEN, "2026-11-03 12:00", of=stranger), ADMISSION)
    assert actions(hub) == []


def test_a_crash_loses_nothing_and_a_redelivery_says_nothing_twice(hub):
    hub.hear(FLAG, ADMISSION)
    hub.crash()
    hub.redeliver()
    hub.hear(encounter("A02", "2026-11-22 12:00", replace(STAY, ward="Ward 9")))
    assert actions(hub) == ["raised", "moved"]


BEN_BY_FLAG = evidence_on(FLAG, ADMISSION)[0]
SECOND_VISIT = replace(STAY, number="V2", admitted="2026-11-22 11:00")
THIRD_VISIT = replace(STAY, number="V3", admitted="2026-11-22 11:00")
UNKNOWN_MAN = replace(ADA, nhs_number=None, hospital_number="H900")

DAY = (
    FLAG,
    carer_flag(NINA, "2026-11-04 12:00", of=ADA),
    carer_flag(NINA, "2026-11-22 16:00", code=NO_LONGER),
    encounter("A05", "2026-11-20 09:30", Visit()),
    ADMISSION,
    encounter("A08", "2026-11-22 10:30", replace(STAY, expected="2026-11-25")),
    encounter("A02", "2026-11-22 12:00", replace(STAY, ward="Ward 9")),
    encounter("A12", "2026-11-22 12:10", STAY),
    encounter("A11", "2026-11-22 12:20", STAY),
    encounter("A01", "2026-11-22 12:30", STAY, message="again"),
    encounter("A03", "2026-11-24 11:00", replace(STAY, discharged="2026-11-24 10:50")),
    encounter("A13", "2026-11-24 11:30", STAY),
    encounter(
        "A01", "2026-11-22 09:30", Visit(number="V2", patient=BEN, admitted="2026-11-22 09:00")
    ),
)

CALLED_CARER_LATER = (
    encounter("A01", "2026-11-22 08:00", replace(STAY, contacts=BEN_AS_CHILD)),
    encounter("A08", "2026-11-22 12:00", replace(STAY, contacts=BEN_AS_CARER)),
    encounter("A08", "2026-11-22 12:30", replace(STAY, contacts=BEN_AS_CHILD)),
    encounter("A08", "2026-11-22 12:45", replace(STAY, contacts=BEN_AS_CARER)),
)
VISIT_MOVED_TWICE = (
    FLAG,
    ADMISSION,
    spoken_with("2026-11-22 09:50", "V1", BEN_BY_FLAG),
    encounter("A01", "2026-11-22 11:10", SECOND_VISIT),
    encounter("A45", "2026-11-22 11:30", replace(SECOND_VISIT, replaces_visit="V1")),
    outcome(OutcomeKind.ACCEPTED, "2026-11-22 11:40", alert_of("V1")),
    carer_flag(CARLA, "2026-11-22 11:50", of=ADA),
    encounter("A45", "2026-11-22 12:30", replace(THIRD_VISIT, replaces_visit="V2")),
)
VISIT_MOVED_AND_BACK = (
    FLAG,
    ADMISSION,
    encounter("A45", "2026-11-22 11:30", replace(SECOND_VISIT, replaces_visit="V1")),
    spoken_with("2026-11-22 11:40", "V2", BEN_BY_FLAG),
    encounter("A45", "2026-11-22 12:30", replace(STAY, replaces_visit="V2")),
    encounter("A45", "2026-11-22 12:40", replace(THIRD_VISIT, replaces_visit="V2")),
)
CONTACTS_OF_MERGED_RECORDS = (
    encounter("A01", "2026-11-22 09:30", replace(STAY, patient=UNKNOWN_MAN, contacts=BEN_AS_CARER)),
    encounter("A40", "2026-11-22 10:30", Visit(patient=ADA, replaces_number="H900")),
    encounter("A08", "2026-11-22 11:30", replace(STAY, contacts=BEN_AS_CARER)),
    encounter(
        "A08",
        "2026-11-22 12:30",
        replace(STAY, contacts=(*BEN_AS_CHILD, related(NINA, CARER_ROLE))),
    ),
    carer_flag(BEN, "2026-11-22 12:00", of=ADA),
)
SAME_CARER_TWICE = (
    FLAG,
    encounter("A01", "2026-11-22 09:30", replace(STAY, contacts=BEN_AS_CARER)),
    encounter("A08", "2026-11-22 10:30", replace(STAY, contacts=BEN_AS_CARER)),
    encounter(
        "A08",
        "2026-11-22 11:30",
        replace(
            STAY, contacts=(related(replace(BEN_UNNUMBERED, phone="07700 900142"), CARER_ROLE),)
        ),
    ),
    carer_flag(replace(BEN, phone="0116 4960001"), "2026-11-22 12:00", of=ADA),
    spoken_with("2026-11-22 09:50", "V1", BEN_BY_FLAG),
)
ADMITTED_AGAIN = (
    FLAG,
    *SEEN_IN_EMERGENCY,
    encounter("A01", "2026-11-22 13:00", replace(STAY, admitted="2026-11-22 12:40")),
    encounter("A08", "2026-11-22 13:10", replace(STAY, admitted="2026-11-22 12:40")),
)
HISTORIES = {
    "a day": DAY,
    "called carer later": CALLED_CARER_LATER,
    "a visit moved twice": VISIT_MOVED_TWICE,
    "a visit moved and back": VISIT_MOVED_AND_BACK,
    "contacts of merged records": CONTACTS_OF_MERGED_RECORDS,
    "the same carer twice": SAME_CARER_TWICE,
    "admitted again": ADMITTED_AGAIN,
}


@cache
def true_end(name):
    return ends(after(*HISTORIES[name]))


@pytest.mark.parametrize("name", HISTORIES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_same_events_in_any_order_end_the_same(name, data):
    history = HISTORIES[name]
    order = data.draw(st.permutations(history))
    crash_after = data.draw(st.integers(0, len(history)))
    one_by_one = data.draw(st.booleans())  # else topic by topic, as the region happens to read them
    hub = new_hub(data.draw(st.sampled_from([1, 3, 100])))
    for number, event in enumerate([*order, *order[:4]]):
        hub.publish(event)
        if one_by_one or number == crash_after:
            hub.run()
        if number == crash_after:
            hub.crash()
    hub.run()
    assert hub.refusals == []
    assert ends(hub) == true_end(name)


def ends(hub: MemoryHub) -> dict:
    """The last word on everything, without what counts how often something was said."""
    frame = {
        "event_id",
        "caused_by",
        "correlation_id",
        "source_event_id",
        "occurred_at",
        "recorded_at",
        "received_at",
    }
    counted = frame | {"version", "picture_version", "as_of", "action"}
    alerts = [
        alert
        for alert in hub.last(InvolvementAlert).values()
        if alert.status is not AlertStatus.CANCELLED
    ]
    return {
        "alerts": {alert.alert_id: without(alert, counted) for alert in alerts},
        "pictures": {
            key: without(picture, counted) for key, picture in hub.last(StayPicture).items()
        },
        "reminders": {key: each.due_at for key, each in hub.rows.reminders.items()},
    }


def without(record, names: set[str]) -> dict:
    return {name: getattr(record, name) for name in record.__slots__ if name not in names}


def test_the_builders_clock_is_utc():
    assert at("2026-11-22 09:20") == datetime(2026, 11, 22, 9, 20, tzinfo=UTC)


NOT_FINISHED = (sorted(DISCHARGE_METHODS)[0], "8")
"""NHS Data Dictionary, discharge method: not applicable, the patient has not been discharged."""


def test_a_discharge_that_is_not_finished_keeps_the_deadline_and_the_carers_of_a_patient_in_hospital():
    discharge = encounter(
        "A03",
        "2026-11-23 11:00",
        replace(STAY, discharged="2026-11-23 10:50", discharge_method=NOT_FINISHED),
    )
    for order in permutations((ADMISSION, discharge, carer_flag(BEN, "2026-11-23 15:00", of=ADA))):
        hub = after(*order)
        assert picture(hub).discharged_at is not None
        assert last(hub).due_at == at("2026-11-24 10:00")
        assert [named(each) for each in last(hub).carers] == ["Ben"]


@pytest.mark.parametrize(
    ("then", "status"),
    [
        ("A38", StayStatus.CANCELLED),
        ("A27", StayStatus.CANCELLED),
        ("A08", StayStatus.EXPECTED),
        ("A01", StayStatus.IN_PATIENT),
    ],
)
def test_a_plan_that_an_older_row_kept_as_an_admission_is_a_plan(hub, then, status):
    hub.hear(encounter("A05", "2026-11-20 09:30", Visit()))
    (stay,) = hub.memory.stays.values()
    words = tuple(
        replace(each, about=each.about.replace("plan", "admission")) for each in stay.words
    )
    older = replace(
        stay, admission=AdmissionState.PLANNED, plan=AdmissionState.UNKNOWN, words=words
    )
    hub.memory.put(older)
    hub.hear(encounter(then, "2026-11-21 09:30", Visit()))
    assert picture(hub).status is status


# A register that is only to be checked


def with_a_charity_to_be_checked(*events) -> MemoryHub:
    trust = Trust("charity", EvidenceKind.REGISTER, Confidence.CHECK)
    matching = carer_matching(replace(MATCHING, trusts=(trust,)))
    hub = MemoryHub((matching, discharge_involvement(AlertPolicy())))
    hub.hear(replace(FLAG, source="charity"), *events)
    return hub


PRACTICE_SAYS_LATE = carer_flag(BEN, "2026-11-27 12:00", of=ADA)


def test_a_register_that_is_only_to_be_checked_moves_no_deadline():
    hub = with_a_charity_to_be_checked(ADMISSION, PRACTICE_SAYS_LATE)
    assert last(hub).due_at == last(after(ADMISSION, PRACTICE_SAYS_LATE)).due_at
    assert last(hub).due_at == at("2026-11-28 10:00")


def test_a_register_that_is_only_to_be_checked_opens_no_alert_after_the_patient_went_home():
    discharge = encounter("A03", "2026-11-25 12:00", replace(STAY, discharged="2026-11-25 11:50"))
    hub = with_a_charity_to_be_checked(ADMISSION, discharge, PRACTICE_SAYS_LATE)
    assert picture(hub).carers[0].confidence is Confidence.CONFIRMED
    assert actions(hub) == []
