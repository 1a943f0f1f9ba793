"""The oracle and the checker, without any process: what they say of the chain in memory, right and spoilt."""

import ast
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from connectors.ward_mllp.hearing import Understood, heard
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from hub.records import AlertAction, AlertStatus, InvolvementAlert
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA
from hub.testing.visits import encounter
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from tests.chaos.checker import Encounter, Sent, Standing, check, stays_of
from tests.chaos.messages import TRUST, script_from
from tests.chaos.oracle import Right, right_from
from tests.chaos.run import hours_at
from tests.chaos.standing import KINDS_TOLD, PICTURES, told_from, version_of
from tests.flow.scenes import FLAG, STAY, after

SEED = 1
MESSAGES = 1_000
NOW = datetime.now(UTC)
HOURS = hours_at(NOW)
SCRIPT = script_from(SEED, MESSAGES, NOW)
WARD = KnownSender(
    settings=SenderSettings(name="ward", region=0, trust_ods=TRUST, test_numbers="accept")
)
ASKED_ABOUT = encounter(
    "A01", "2026-11-22 09:30", replace(STAY, patient=replace(ADA, born="1950-05-05"))
)
"""A stay of somebody who may be the one whom the GP's flag names: it leads to pictures and to a question."""
OWN_ROOM = Path(__file__).parent


@pytest.fixture(scope="module")
def standing() -> Standing:
    """What stands after the script went through the chain in memory."""
    return standing_after(SCRIPT.frames)


def standing_after(frames: Sequence[bytes]) -> Standing:
    """The same, after some frames."""
    policy = AlertPolicy(
        board_round=HOURS.board_round,
        closing_time=HOURS.closing_time,
        late_discharge=HOURS.late_discharge,
    )
    hub = MemoryHub(
        (carer_matching(MatchingPolicy(test_numbers="accept")), discharge_involvement(policy)),
        batch_size=50,
    )
    encounters = []
    for frame in frames:
        understood = heard(frame, [WARD], NOW)
        assert isinstance(understood, Understood)
        hub.publish(understood.event, understood.key)
        encounters.append(Encounter(understood.event.event_id, understood.key, frame))
    hub.advance(NOW)
    return standing_in(hub, encounters)


def standing_in(hub: MemoryHub, encounters: Sequence[Encounter] = ()) -> Standing:
    """What a hub in memory has told and remembers."""
    pictures = [
        version_of(each.value or b"") for topic in PICTURES for each in hub.topics.get(topic, ())
    ]
    told = told_from(body for (_, kind, _), body in hub.rows.state.items() if kind in KINDS_TOLD)
    return Standing(
        encounters=encounters,
        alerts=hub.said(InvolvementAlert),
        pictures=pictures,
        letters=0,
        inbox=[(event, "processed") for event in {each.event_id for each in encounters}],
        refused=[each.reason for each in hub.refusals],
        ignored=0,
        alerts_told=told.alerts,
        pictures_told=told.pictures,
        drained=True,
    )


@pytest.fixture(scope="module")
def sent() -> Sent:
    return sent_of(SCRIPT.frames)


def sent_of(sendings: Sequence[bytes]) -> Sent:
    frames = tuple(dict.fromkeys(sendings))
    return Sent(frames, unanswered=0, sendings=len(frames), not_kept=0, refused=0, differing=0)


NOTHING_SENT = sent_of(())


@pytest.fixture(scope="module")
def rights() -> dict[str, Right | None]:
    return right_from(SCRIPT.frames, HOURS, NOW)


def test_the_oracle_and_the_sender_know_nothing_of_the_hub():
    for module in ("oracle.py", "messages.py"):
        tree = ast.parse((OWN_ROOM / module).read_text())
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            for name in (
                [each.name for each in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert imported <= sys.stdlib_module_names, module


def test_the_oracle_says_the_same_of_the_same_messages_in_any_order(rights):
    frames = list(SCRIPT.frames) * 2
    Random(SEED).shuffle(frames)
    assert right_from(frames, HOURS, NOW) == rights
    assert sum(right is not None for right in rights.values()) > 40
    assert sum(right is None for right in rights.values()) > 40


def test_the_same_seed_gives_the_same_script():
    assert script_from(SEED, MESSAGES, NOW) == SCRIPT
    assert script_from(SEED + 1, MESSAGES, NOW) != SCRIPT
    assert len(set(SCRIPT.frames)) == MESSAGES < len(SCRIPT.frames)


def test_the_chain_as_it_is_has_nothing_lost_doubled_or_wrong(sent, standing, rights):
    found = check(sent, standing, rights)
    assert found.clean, found.lines


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_sender_that_leaves_off_in_the_middle_has_told_what_is_right_so_far(share):
    """A merge was heard, and what comes after it was not: the number that goes on is shown at once."""
    frames = SCRIPT.frames[: int(share * len(SCRIPT.frames))]
    found = check(sent_of(frames), standing_after(frames), right_from(frames, HOURS, NOW))
    assert found.clean, found


def test_whoever_is_admitted_again_is_in_hospital_though_nobody_took_the_discharge_back():
    begins = NOW - timedelta(hours=3)

    def adt(trigger, minutes, home=""):
        at = f"{begins + timedelta(minutes=minutes):%Y%m%d%H%M%S}+0000"
        return (
            f"MSH|^~\\&|PAS|RWE|HUB|HUB|{at}||ADT^{trigger}|C{minutes}|P|2.4|{minutes}\r"
            f"EVN||{at}||||{at}\r"
            "PID|1||H1^^^RWE^MR~9990000018^^^NHS^NH||Marsh^Ada||19410302|2\r"
            "NK1|1|Marsh^Ben|20^Carer||0116 496 0855\r"
            f"PV1|1|I|WARD2^^B9^RWEAA{'|' * 16}V1{'|' * 25}{begins:%Y%m%d%H%M%S}+0000|{at if home else ''}\r"
        ).encode()

    frames = [adt("A01", 1), adt("A03", 2, home="home"), adt("A01", 3)]
    rights = right_from(frames, HOURS, NOW)
    assert rights["V1"] is not None
    found = check(sent_of(frames), standing_after(frames), rights)
    assert found.clean, found.lines


def test_an_acknowledged_message_that_is_not_on_the_log_is_lost(sent, standing, rights):
    gone = sent.acknowledged[0]
    left = [each for each in standing.encounters if each.original != gone]
    assert check(sent, replace(standing, encounters=left), rights).lost_messages == 1


def test_an_event_without_a_row_in_the_inbox_is_lost(sent, standing, rights):
    assert check(sent, replace(standing, inbox=standing.inbox[1:]), rights).lost_messages == 1


def test_an_event_with_two_rows_in_the_inbox_is_doubled(sent, standing, rights):
    twice = [*standing.inbox, standing.inbox[0]]
    assert check(sent, replace(standing, inbox=twice), rights).doubled == 1


def test_a_version_that_is_missing_is_lost_and_one_that_stands_twice_is_doubled(
    sent, standing, rights
):
    assert check(sent, replace(standing, pictures=standing.pictures[:-1]), rights).lost_outputs == 1
    twice = [*standing.alerts, standing.alerts[0]]
    assert check(sent, replace(standing, alerts=twice), rights).doubled == 1


def test_an_alert_of_which_no_version_stands_is_lost_even_where_none_must_stand(
    sent, standing, rights
):
    stays = stays_of(standing.encounters)
    nothing_asked = {
        stay for visit, right in rights.items() if right is None for stay in stays.get(visit, ())
    }
    gone = next(each for each in standing.alerts if each.stay_id in nothing_asked).alert_id
    left = [each for each in standing.alerts if each.alert_id != gone]
    found = check(sent, replace(standing, alerts=left), rights)
    assert found.lost_outputs == len(standing.alerts) - len(left) > 0
    assert found.wrong == 0


@pytest.mark.parametrize("topic", PICTURES)
def test_a_picture_of_which_no_version_stands_is_lost(topic):
    hub = after(FLAG, ASKED_ABOUT)
    assert check(NOTHING_SENT, standing_in(hub), {}).lost_outputs == 0
    versions = len(hub.topics.pop(topic))
    assert check(NOTHING_SENT, standing_in(hub), {}).lost_outputs == versions > 0


def test_a_withdrawal_that_was_not_told_is_lost_and_wrong(sent, standing, rights):
    last = {each.alert_id: each for each in standing.alerts}
    gone = next(each for each in last.values() if each.action is AlertAction.WITHDRAWN)
    left = [each for each in standing.alerts if each is not gone]
    found = check(sent, replace(standing, alerts=left), rights)
    assert (found.lost_outputs, found.wrong) == (1, 1)


@pytest.mark.parametrize("spoilt", ["ward", "carers", "due_at", "status"])
def test_an_alert_that_says_something_else_is_wrong(sent, standing, rights, spoilt):
    other = {"ward": "X", "carers": (), "due_at": NOW, "status": AlertStatus.COMPLETED}
    last = standing.alerts[-1]
    asked = [each for each in standing.alerts if each.alert_id != last.alert_id]
    mine = [each for each in standing.alerts if each.alert_id == last.alert_id]
    changed = replace(mine[-1], **{spoilt: other[spoilt]})
    if mine[-1].status is AlertStatus.CANCELLED:
        changed = replace(changed, status=AlertStatus.REQUESTED)
    alerts = [*asked, *mine[:-1], changed]
    assert check(sent, replace(standing, alerts=alerts), rights).wrong == 1
