"""A day of the demonstration: whole, repeatable, and with enough of everything."""

import hashlib
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from deploy.demo.script import Answer, Contact, Day, Send
from deploy.demo.world import day
from deploy.demo.world.area import PRACTICES, TOWNS, TRUSTS

SEED = 7
NOW = datetime(2026, 11, 22, 20, 45, tzinfo=UTC)
AFTER_THE_CLOCKS_WENT_BACK = datetime(2026, 10, 25, 13, 7, tzinfo=ZoneInfo("Europe/London"))
ASKED_FOR = (
    "A11",
    "A12",
    "A13",
    "A40",
    "late flag",
    "duplicate",
    "young carer",
    "mutual",
)
HUB_YAML = Path(__file__).parents[3] / "deploy/demo/hub.yaml"


@pytest.fixture(scope="module")
def today() -> Day:
    return day(SEED, NOW)


def sends(today: Day) -> list[Send]:
    return [each for each in today.steps if isinstance(each, Send)]


@pytest.mark.parametrize("seed", range(1, 6))
def test_there_are_at_least_ten_of_everything_that_was_asked_for(seed):
    counts = day(seed, NOW).counts
    assert [(each, counts[each]) for each in ASKED_FOR if counts[each] < 10] == []


def test_the_area_has_two_thousand_people_of_whom_three_hundred_look_after_somebody(today):
    assert (today.counts["people"], today.counts["carers"]) == (2000, 300)
    assert len(PRACTICES) == 10
    assert len(TRUSTS) == 2


def test_the_same_seed_and_end_give_the_same_bytes_and_the_same_truth(today):
    again = day(SEED, NOW)
    assert again.steps == today.steps
    assert again.counts == today.counts
    assert again.expected(NOW) == today.expected(NOW)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_makes_the_same_bytes(today, hash_seed):
    program = (
        "import hashlib; from datetime import datetime; from deploy.demo.world import day;"
        f"steps = day({SEED}, datetime.fromisoformat('{NOW.isoformat()}')).steps;"
        "print(hashlib.sha256(repr(steps).encode()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=HUB_YAML.parents[2],
        env={"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    here = hashlib.sha256(repr(today.steps).encode()).hexdigest()
    assert done.stdout.strip() == here


def test_another_seed_is_another_day(today):
    other = day(SEED + 1, NOW)
    assert {each.body for each in sends(other)}.isdisjoint(each.body for each in sends(today))
    assert other.expected(NOW) != today.expected(NOW)


def test_a_duplicate_is_the_same_bytes_of_the_same_sender_again(today):
    first = {each.body: each.sender for each in sends(today) if each.kind != "duplicate"}
    again = [each for each in sends(today) if each.kind == "duplicate"]
    assert again
    assert all(first[each.body] == each.sender for each in again)


def test_nothing_but_a_duplicate_is_said_twice(today):
    bodies = Counter(each.body for each in sends(today) if each.kind != "duplicate")
    assert [number for number in bodies.values() if number > 1] == []


@pytest.mark.parametrize("now", [NOW, AFTER_THE_CLOCKS_WENT_BACK])
def test_everything_happens_in_the_twenty_six_hours_before_the_end(now):
    steps = day(SEED, now).steps
    assert all(now - timedelta(hours=26) <= each.at < now for each in steps)
    assert list(steps) == sorted(steps, key=lambda each: each.at)


def test_what_practices_knew_before_is_sent_before_anything_else(today):
    known = [each.kind.startswith("known carer") for each in today.steps]
    assert sum(known) > 200
    assert known == sorted(known, reverse=True)


def test_every_sender_practice_service_and_town_is_that_of_the_configuration(today):
    hub = yaml.safe_load(HUB_YAML.read_text(encoding="utf-8"))
    senders = {each["name"]: each for each in hub["senders"]}
    assert {each.sender for each in sends(today)} <= senders.keys()
    practices = {each["ods_code"] for each in hub["organisations"] if each["kind"] == "practice"}
    assert {each.ods_code for each in PRACTICES} == practices
    for practice in PRACTICES:
        assert senders[practice.sender]["connector"] in (
            f"{practice.how}_api",
            f"gp_{practice.how}",
        )
    areas = {each["code"]: each for each in hub["areas"]}
    services = {each["ods_code"]: each["areas"] for each in hub["services"]}
    for town in TOWNS:
        assert set(town.districts) <= set(areas[town.code]["postcodes"])
        assert {each.ods_code for each in town.practices} == set(areas[town.code]["practices"])
        assert town.code in services[town.adult_service]
        assert town.code in services[town.young_service]


def test_every_contact_and_answer_is_about_something_that_is_expected(today):
    expected = today.expected(NOW)
    alerts = {each.key: each for each in expected.alerts}
    referrals = {each.key for each in expected.referrals}
    contacts = [each for each in today.steps if isinstance(each, Contact)]
    answers = [each for each in today.steps if isinstance(each, Answer)]
    assert contacts
    assert answers
    assert all(each.carer in {"", *alerts[each.alert].carers} for each in contacts)
    assert all(each.referral in referrals for each in answers)


def test_no_alert_or_referral_is_expected_twice(today):
    expected = today.expected(NOW)
    keys = [each.key for each in (*expected.alerts, *expected.referrals)]
    assert len(keys) == len(set(keys))


def test_every_state_is_expected_of_somebody(today):
    expected = today.expected(NOW)
    assert {each.status for each in expected.alerts} == {
        "requested",
        "received",
        "accepted",
        "in_progress",
        "completed",
        "cancelled",
    }
    assert {each.action for each in expected.referrals} == {
        "raised",
        "accepted",
        "declined",
        "closed",
        "withdrawn",
    }
    assert {each.level for each in expected.alerts} == {0, 1, 2, 3}
    assert any((each.most_level or 0) > each.level for each in expected.alerts)
    assert sum(each.action == "superseded" for each in expected.alerts) > 1
    assert any(each.went_home_without_contact for each in expected.alerts)


def test_a_deadline_that_passes_after_the_end_raises_a_level(today):
    later = {each.key: each for each in today.expected(NOW + timedelta(days=1)).alerts}
    raised = [
        each for each in today.expected(NOW).alerts if later[each.key].level == each.level + 1
    ]
    assert len(raised) > 50
    assert all(later[each.key].due_at == each.due_at for each in raised)


def test_what_goes_on_as_another_alert_goes_on_as_one_that_must_stand(today):
    expected = today.expected(NOW).alerts
    heirs = {each.goes_on_as for each in expected if each.goes_on_as is not None}
    assert heirs <= {each.key for each in expected if each.status != "cancelled"}


def test_a_step_that_takes_a_reason_away_waits_for_what_it_takes_it_from(today):
    ends = [each for each in sends(today) if each.after is not None and each.kind != "duplicate"]
    gone = {each.key for each in today.expected(NOW).alerts if each.status == "cancelled"} | {
        each.key for each in today.expected(NOW).referrals if each.action == "withdrawn"
    }
    assert len(ends) > 20
    assert {each.after for each in ends} <= gone
