"""A visit that goes on under another number takes along what people did, and a person their current number."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest

from hub import codec
from hub.records import (
    AlertAction,
    AlertStatus,
    AlertTold,
    InvolvementAlert,
    OutcomeKind,
    StayPicture,
)
from hub.testing.answers import outcome
from hub.testing.flags import carer_flag
from hub.testing.people import ADA
from hub.testing.visits import Visit, encounter
from tests.flow.scenes import (
    ADMISSION,
    CARLA,
    FLAG,
    STAY,
    after,
    alert_of,
    evidence_on,
    new_hub,
    orders,
    picture,
    spoken_with,
)

BEN = evidence_on(FLAG, ADMISSION)[0]
SECOND = replace(STAY, number="V2", admitted="2026-11-22 11:00")
THIRD = replace(STAY, number="V3", admitted="2026-11-22 12:00")
SECOND_ADMISSION = encounter("A01", "2026-11-22 11:10", SECOND)
SECOND_FOR_FIRST = encounter("A45", "2026-11-22 11:30", replace(SECOND, replaces_visit="V1"))
THIRD_FOR_SECOND = encounter("A45", "2026-11-22 12:30", replace(THIRD, replaces_visit="V2"))


def alert(hub, visit: str) -> InvolvementAlert:
    return hub.last(InvolvementAlert)[alert_of(visit)]


def kept(hub, visit: str) -> list[UUID]:
    """The outcomes that the row of an alert holds."""
    row = hub.rows.state[("discharge_involvement", "AlertTold", alert_of(visit))]
    return [each.event_id for each in codec.decode_as(AlertTold, row).outcomes]


@pytest.mark.parametrize("recorded", ["2026-11-22 09:50", "2026-11-22 11:50"])
@pytest.mark.parametrize("batch_size", [1, 100])
def test_what_was_done_about_a_moved_visit_counts_in_its_heir_in_any_order(recorded, batch_size):
    done = spoken_with(recorded, "V1", BEN)
    for order in orders(FLAG, ADMISSION, done, SECOND_ADMISSION, SECOND_FOR_FIRST):
        hub = new_hub(batch_size)
        for event in order:
            hub.publish(event)
            if batch_size == 1:
                hub.run()
        hub.run()
        assert alert(hub, "V2").status is AlertStatus.COMPLETED
        assert alert(hub, "V2").carers[0].outcome == "contacted_able"
        assert alert_of("V1") not in hub.last(InvolvementAlert) or (
            alert(hub, "V1").status,
            alert(hub, "V1").superseded_by,
        ) == (AlertStatus.CANCELLED, alert_of("V2"))


def test_a_visit_that_begins_with_its_merge_is_raised_as_what_was_done_already():
    hub = after(FLAG, ADMISSION, spoken_with("2026-11-22 09:50", "V1", BEN), SECOND_FOR_FIRST)
    versions = [each for each in hub.said(InvolvementAlert) if each.alert_id == alert_of("V2")]
    assert [each.status for each in versions] == [AlertStatus.COMPLETED]


def test_what_was_done_goes_along_a_chain_of_visits_in_any_order():
    done = spoken_with("2026-11-22 09:50", "V1", BEN)
    history = (FLAG, ADMISSION, done, SECOND_FOR_FIRST, THIRD_FOR_SECOND)
    for order in orders(*history):
        hub = after(*order)
        assert alert(hub, "V3").status is AlertStatus.COMPLETED
        assert [each.status for each in hub.last(InvolvementAlert).values()].count(
            AlertStatus.COMPLETED
        ) == 1


def test_an_outcome_that_comes_late_for_a_moved_visit_counts_at_the_end_of_the_chain():
    hub = after(FLAG, ADMISSION, SECOND_FOR_FIRST, THIRD_FOR_SECOND)
    assert alert(hub, "V3").status is AlertStatus.REQUESTED
    hub.crash()
    hub.hear(outcome(OutcomeKind.ACCEPTED, "2026-11-22 13:00", alert_of("V1")))
    assert alert(hub, "V3").status is AlertStatus.ACCEPTED
    hub.hear(spoken_with("2026-11-22 13:10", "V2", BEN))
    assert (alert(hub, "V3").action, alert(hub, "V3").status) == (
        AlertAction.CLOSED,
        AlertStatus.COMPLETED,
    )


def test_an_outcome_counts_once_however_often_it_is_delivered():
    hub = after(FLAG, ADMISSION, spoken_with("2026-11-22 09:50", "V1", BEN), SECOND_FOR_FIRST)
    told = len(hub.said(InvolvementAlert))
    hub.redeliver()
    assert len(hub.said(InvolvementAlert)) == told


def test_a_visit_that_was_moved_elsewhere_after_all_takes_what_was_done_along():
    fourth = Visit(number="V4", admitted="2026-11-22 12:20")
    elsewhere = encounter("A45", "2026-11-22 12:30", replace(fourth, replaces_visit="V1"))
    done = spoken_with("2026-11-22 09:50", "V1", BEN)
    for order in orders(FLAG, ADMISSION, done, SECOND_FOR_FIRST, elsewhere):
        hub = after(*order)
        assert alert(hub, "V4").status is AlertStatus.COMPLETED
        assert alert(hub, "V2").status is AlertStatus.REQUESTED


def test_a_visit_that_was_moved_the_wrong_way_round_goes_on_and_has_an_alert():
    back = encounter("A45", "2026-11-22 12:30", replace(STAY, replaces_visit="V2"))
    seen = outcome(OutcomeKind.SEEN, "2026-11-22 09:40", alert_of("V1"))
    done = spoken_with("2026-11-22 11:50", "V2", BEN)
    for order in orders(FLAG, ADMISSION, seen, SECOND_FOR_FIRST, back, done, most=150):
        hub = after(*order)
        assert kept(hub, "V1") == [seen.event_id, done.event_id]
        assert kept(hub, "V2") == [done.event_id]
        assert alert(hub, "V1").status is AlertStatus.COMPLETED
        pictures = {each.superseded_by is None for each in hub.last(StayPicture).values()}
        assert pictures == {True, False}


def test_a_carer_whom_nobody_spoke_with_is_open_in_the_heir():
    hub = after(
        FLAG,
        carer_flag(CARLA, "2026-11-04 12:00", of=ADA),
        ADMISSION,
        spoken_with("2026-11-22 09:50", "V1", BEN),
        SECOND_FOR_FIRST,
    )
    assert alert(hub, "V2").status is AlertStatus.IN_PROGRESS
    assert sorted(str(each.outcome) for each in alert(hub, "V2").carers) == [
        "None",
        "contacted_able",
    ]


@pytest.mark.parametrize("event", ["A40", "A47"])
def test_after_a_merge_the_picture_shows_the_number_that_goes_on(event):
    unknown = replace(
        ADA, nhs_number=None, hospital_number="H900", given="Unknown", family="Unknown"
    )
    admission = encounter("A01", "2026-11-22 09:30", replace(STAY, patient=unknown))
    merge = encounter(event, "2026-11-22 10:30", replace(STAY, replaces_number="H900"))
    for order in permutations((admission, merge)):
        patient = picture(after(*order)).patient
        assert (patient.hospital_number, patient.names[0].given) == ("H100", ("Ada",))


def test_a_chain_of_merges_shows_the_last_number_and_one_in_a_circle_the_number_as_sent():
    def merge(kept: str, gone: str, recorded: str):
        patient = replace(ADA, hospital_number=kept)
        return encounter("A40", recorded, Visit(patient=patient, replaces_number=gone))

    first, second = (
        merge("H200", "H100", "2026-11-22 10:30"),
        merge("H300", "H200", "2026-11-22 11:00"),
    )
    for order in permutations((ADMISSION, first, second)):
        assert picture(after(*order)).patient.hospital_number == "H300"
    circle = merge("H100", "H300", "2026-11-22 12:00")
    for order in permutations((ADMISSION, first, second, circle)):
        assert picture(after(*order)).patient.hospital_number == "H100"
