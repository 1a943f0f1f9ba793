"""The oracle and the checker, without any process: what they say of the chain in memory, right and spoilt."""

import ast
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from connectors.ward_mllp.hearing import Understood, heard
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from hub.records import AlertAction, AlertStatus, InvolvementAlert, StayPicture
from hub.testing.memory_hub import MemoryHub
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from tests.chaos.checker import Encounter, Sent, Standing, check
from tests.chaos.messages import TRUST, script_from
from tests.chaos.oracle import Right, right_from
from tests.chaos.run import hours_at

SEED = 1
MESSAGES = 1_000
NOW = datetime.now(UTC)
HOURS = hours_at(NOW)
SCRIPT = script_from(SEED, MESSAGES, NOW)
WARD = KnownSender(
    settings=SenderSettings(name="ward", region=0, trust_ods=TRUST, test_numbers="accept")
)
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
    alerts = hub.said(InvolvementAlert)
    pictures = [(each.stay_id, each.version) for each in hub.said(StayPicture)]
    versions = [*pictures, *((each.alert_id, each.version) for each in alerts)]
    return Standing(
        encounters=encounters,
        alerts=alerts,
        pictures=pictures,
        letters=0,
        inbox=[(event, "processed") for event in {each.event_id for each in encounters}],
        refused=[each.reason for each in hub.refusals],
        ignored=0,
        told={subject: max(v for s, v in versions if s == subject) for subject, _ in versions},
        drained=True,
    )


@pytest.fixture(scope="module")
def sent() -> Sent:
    return sent_of(SCRIPT.frames)


def sent_of(sendings: Sequence[bytes]) -> Sent:
    frames = tuple(dict.fromkeys(sendings))
    return Sent(frames, unanswered=0, sendings=len(frames), not_kept=0, refused=0, differing=0)


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
