"""Dead letters: kept with their place, redriven as late events, settled by the batch that processes them."""

from dataclasses import replace
from uuid import UUID

import pytest

from hub import codec
from hub.errors import Rejected
from hub.identity import derived
from hub.matching.region import RegionView
from hub.ports.dead_letters import KeptLetter
from hub.processor import Processor
from hub.records import (
    AlertStatus,
    CarerFlagEvent,
    DeadLetter,
    DecisionKind,
    HubCommand,
    InvolvementAlert,
    PersonDecision,
    StayPicture,
)
from hub.runtime.batch import handle_batch
from hub.runtime.batch_state import Inbound
from hub.runtime.redrive import NO_MEANING
from hub.runtime.refusals import MOST_DEFECTS_IN_A_ROW, TooManyDefects
from hub.testing.flags import carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.memory_unit import EPOCH, MemoryRows, MemoryUnit
from hub.testing.people import ADA, BEN
from hub.testing.senders import frame_of
from hub.testing.visits import Visit, encounter
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement

MATCHING = MatchingPolicy(
    test_numbers="accept",
    carer_codes=frozenset({"http://snomed.info/sct|224484003"}),
    not_carer_codes=frozenset({"http://snomed.info/sct|199361000000101"}),
)
ADMITTED = Visit(admitted="2026-11-22 09:20")


def chain():
    return (carer_matching(MATCHING), discharge_involvement(AlertPolicy()))


def broken(processor: Processor, fault: Exception) -> Processor:
    def decide(*_):
        raise fault

    return replace(processor, decide=decide)


def redrive(dead_letter_id: UUID, recorded: str) -> PersonDecision:
    return PersonDecision(
        **frame_of("operator", f"redrive-{recorded}", recorded),
        decision_key=derived("test-decision", dead_letter_id, recorded),
        kind=DecisionKind.COMMAND,
        by="operator-1",
        organisation_ods="HUB",
        command=HubCommand(name="redrive", argument=str(dead_letter_id)),
    )


def test_a_processor_that_failed_is_handed_the_current_picture_and_the_alert_is_raised():
    matching, involvement = chain()
    hub = MemoryHub((matching, broken(involvement, ZeroDivisionError())))
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=ADA), encounter("A01", "2026-11-22 09:30", ADMITTED)
    )
    (letter,) = hub.refusals
    assert (letter.processor, letter.defect, letter.code) == (
        "discharge_involvement",
        True,
        "ZeroDivisionError",
    )
    assert hub.said(StayPicture)
    assert not hub.said(InvolvementAlert)

    hub.chain = chain()
    hub.hear(redrive(letter.dead_letter_id, "2026-11-22 11:00"))
    (alert,) = hub.said(InvolvementAlert)
    assert alert.status is AlertStatus.REQUESTED
    assert hub.rows.settled == {letter.dead_letter_id}
    told = hub.said(DeadLetter)
    assert [(each.dead_letter_id, each.settled) for each in told] == [
        (letter.dead_letter_id, False),
        (letter.dead_letter_id, True),
    ]
    assert len({each.event_id for each in told}) == 2
    hub.hear(redrive(letter.dead_letter_id, "2026-11-22 11:05"))
    assert len(hub.said(InvolvementAlert)) == 1
    assert hub.said(DeadLetter) == told


@pytest.mark.parametrize(
    ("because", "settles"), [("resent", True), ("Mrs Marsh rang", False), ("", False)]
)
def test_what_was_mended_elsewhere_is_settled_by_hand_with_a_reason_of_the_list(because, settles):
    matching, involvement = chain()
    hub = MemoryHub((matching, broken(involvement, ZeroDivisionError())))
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=ADA), encounter("A01", "2026-11-22 09:30", ADMITTED)
    )
    (letter,) = hub.refusals
    command = redrive(letter.dead_letter_id, "2026-11-22 11:00")
    name = f"{letter.dead_letter_id} {because}"
    hub.hear(replace(command, command=HubCommand(name="settle", argument=name)))
    assert (hub.rows.settled == {letter.dead_letter_id}) is settles
    last = hub.said(DeadLetter)[-1]
    assert last.settled is settles
    assert last.reason.startswith("Settled by hand. It was corrected") is settles
    assert not hub.said(InvolvementAlert)


def test_failing_again_keeps_the_one_dead_letter_open():
    matching, involvement = chain()
    hub = MemoryHub((matching, broken(involvement, ZeroDivisionError())))
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=ADA), encounter("A01", "2026-11-22 09:30", ADMITTED)
    )
    (letter,) = hub.refusals
    hub.hear(redrive(letter.dead_letter_id, "2026-11-22 11:00"))
    assert [each.dead_letter_id for each in hub.refusals] == [letter.dead_letter_id]
    assert not hub.rows.settled
    assert not any(each.settled for each in hub.said(DeadLetter))


def test_an_event_that_matching_refused_is_a_late_event_once_it_is_redriven():
    matching, involvement = chain()
    hub = MemoryHub((broken(matching, Rejected("No.", expression="PID-3", code="no")), involvement))
    admission = encounter("A01", "2026-11-22 09:30", ADMITTED)
    hub.hear(admission)
    (letter,) = hub.refusals
    assert (letter.code, letter.expression, letter.defect) == ("no", "PID-3", False)
    hub.chain = chain()
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=ADA),
        redrive(letter.dead_letter_id, "2026-11-22 11:00"),
    )
    assert len(hub.said(InvolvementAlert)) == 1


def test_an_old_picture_is_not_handed_over_after_a_newer_one():
    matching, involvement = chain()
    hub = MemoryHub((matching, broken(involvement, ZeroDivisionError())))
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=ADA), encounter("A01", "2026-11-22 09:30", ADMITTED)
    )
    (letter,) = hub.refusals
    hub.chain = chain()
    hub.hear(encounter("A02", "2026-11-22 10:30", Visit(ward="Ward 9")))
    hub.hear(redrive(letter.dead_letter_id, "2026-11-22 11:00"))
    (alert,) = hub.said(InvolvementAlert)
    assert alert.ward == "Ward 9"
    assert hub.rows.settled == {letter.dead_letter_id}


def test_bytes_that_are_no_record_hold_up_nobody():
    hub = MemoryHub(chain())
    hub.append("hospital.encounter.v1", b"\x01nonsense", UUID(int=1))
    hub.hear(
        carer_flag(BEN, "2026-11-03 12:00", of=ADA), encounter("A01", "2026-11-22 09:30", ADMITTED)
    )
    assert [letter.code for letter in hub.refusals] == ["no-magic-byte"]
    assert len(hub.said(InvolvementAlert)) == 1


def test_too_many_defects_in_a_row_stop_the_worker_instead_of_dead_lettering_a_day():
    matching, involvement = chain()
    hub = MemoryHub((broken(matching, ZeroDivisionError()), involvement))
    for number in range(MOST_DEFECTS_IN_A_ROW):
        hub.hear(encounter("A08", "2026-11-22 09:30", Visit(number=f"V{number}")))
    with pytest.raises(TooManyDefects):
        hub.hear(encounter("A08", "2026-11-22 09:30", Visit(number="V-last")))
    assert len(hub.refusals) == MOST_DEFECTS_IN_A_ROW


class WithADoor(MemoryUnit):
    """A store that holds one body which a door refused, as PostgreSQL does: its row keeps what the door read."""

    def letter(self, dead_letter_id):
        if dead_letter_id != AT_THE_DOOR or dead_letter_id in self.rows.settled:
            return None
        return KeptLetter(
            dead_letter_id, "gp", None, None, None, "no", "", "No.", False, b"a body", EPOCH
        )


AT_THE_DOOR = UUID(int=7)


FLAG = carer_flag(BEN, "2026-11-03 12:00", of=ADA)


def redriven_by(chain, rows, offset, reread=lambda *_: [FLAG]):
    """Once more what the door refused, and the rows that are durable after it."""
    command = redrive(AT_THE_DOOR, f"2026-11-22 1{offset}:00")
    unit = WithADoor(rows)
    handle_batch(
        chain,
        [Inbound("person.decision.v1", offset, codec.encode(command))],
        unit,
        RegionView(),
        0,
        reread=reread,
    )
    return unit.rows


def test_what_a_door_refused_and_the_chain_refuses_again_stays_open_until_it_succeeds():
    matching, involvement = chain()

    def no_flags(view, event, policy):
        if isinstance(event, CarerFlagEvent):
            raise Rejected("No.", code="still-no")
        return matching.decide(view, event, policy)

    stuck = (replace(matching, decide=no_flags), involvement)
    rows = redriven_by(stuck, MemoryRows(), 1)
    assert ([*rows.refusals], rows.settled) == ([AT_THE_DOOR], set())
    assert rows.refusals[AT_THE_DOOR].code == "still-no"
    rows = redriven_by(chain(), rows, 2)
    assert rows.settled == {AT_THE_DOOR}
    assert {name for name, _, _ in rows.state} == {"carer_matching"}


@pytest.mark.parametrize(("code", "settles"), [(NO_MEANING, True), ("no-identifier", False)])
def test_what_turns_out_to_mean_nothing_is_settled_as_ignored(code, settles):
    def refuse(*_):
        raise Rejected("Allergies are no concern of carers' services.", code=code)

    rows = redriven_by(chain(), MemoryRows(), 1, refuse)
    assert (rows.settled == {AT_THE_DOOR}) is settles
    assert (AT_THE_DOOR in rows.refusals) is not settles
