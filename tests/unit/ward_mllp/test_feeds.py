"""What each feed did, and when a silent one is somebody's business."""

import asyncio
import dataclasses
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
import structlog

from connectors.ward_mllp import inbound
from connectors.ward_mllp.feeds import MOST_REMEMBERED, Expected, Feed, Feeds
from deploy.roles.gateway import feed_checks, gateway_samples
from deploy.roles.logs import allowed_only
from hub.errors import Unavailable
from tests.unit.ward_mllp.conftest import RWE, admission, standing

HALF_AN_HOUR = timedelta(minutes=30)
BY_DAY = Expected(within=HALF_AN_HOUR, opens=time(7), closes=time(20))
BY_NIGHT = Expected(within=HALF_AN_HOUR, opens=time(22), closes=time(6))
ALWAYS = Expected(within=HALF_AN_HOUR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expected", "heard", "now", "overdue"),
    [
        (ALWAYS, "2026-11-23 03:00", "2026-11-23 03:30", False),
        (ALWAYS, "2026-11-23 03:00", "2026-11-23 03:31", True),
        (BY_DAY, "2026-11-23 12:00", "2026-11-23 12:31", True),
        (BY_DAY, "2026-11-22 19:59", "2026-11-23 06:59", False),  # at night nobody waits
        (BY_DAY, "2026-11-22 19:59", "2026-11-23 07:30", False),  # the morning begins anew
        (BY_DAY, "2026-11-22 19:59", "2026-11-23 07:31", True),
        (BY_DAY, "2026-11-23 12:00", "2026-11-23 20:00", False),
        (BY_NIGHT, "2026-11-22 23:00", "2026-11-23 00:10", True),
        (BY_NIGHT, "2026-11-22 23:00", "2026-11-23 06:00", False),
        (BY_NIGHT, "2026-11-23 05:50", "2026-11-23 22:20", False),
        (BY_DAY, "2026-07-22 19:00", "2026-07-23 06:29", False),  # 07:29 in summer
        (BY_DAY, "2026-07-22 19:00", "2026-07-23 06:31", True),
        (BY_NIGHT, "2026-10-24 21:00", "2026-10-25 01:00", True),  # the hour that comes twice
    ],
)
def test_a_feed_is_overdue_after_its_longest_silence_within_its_hours(
    expected, heard, now, overdue
):
    assert expected.is_overdue(at(heard), at(now)) == overdue


@pytest.fixture
async def watched():
    """A door with one watched feed and a clock that the test moves."""
    own = dataclasses.replace(RWE, expected=ALWAYS)
    other = dataclasses.replace(
        RWE,
        settings=dataclasses.replace(RWE.settings, name="rr8-adt"),
        facilities=frozenset({"RR8"}),
    )
    async with standing(own, other) as ward:
        ward.now = at("2026-11-23 09:31")
        ward.server.clock = lambda: ward.now
        with structlog.testing.capture_logs([allowed_only]) as lines:
            yield ward, lines


def silences(lines) -> list[tuple[str, str]]:
    return [(each["event"], each["sender"]) for each in lines if each["event"].startswith("feed-")]


async def test_a_feed_that_falls_silent_is_said_once_and_once_more_when_it_speaks(watched):
    ward, lines = watched
    await ward.server.answer_to(admission("1"))
    for minute in range(0, 240, 10):
        ward.now = at("2026-11-23 09:31") + timedelta(minutes=minute)
        ward.server.look()
    assert silences(lines) == [("feed-silent", "rwe-adt")]
    (check,) = feed_checks(ward.server)
    assert (check.name, check.ok, check.warns) == ("feed rwe-adt", False, True)
    await ward.server.answer_to(admission("2", facility="RR8"))
    assert len(silences(lines)) == 1
    await ward.server.answer_to(admission("2"))
    await ward.server.answer_to(admission("3"))
    assert silences(lines)[1:] == [("feed-heard-again", "rwe-adt")]
    (check,) = feed_checks(ward.server)
    assert check.ok
    ward.now += timedelta(hours=1)
    ward.server.look()
    assert silences(lines)[2:] == [("feed-silent", "rwe-adt")]


async def test_a_feed_that_never_spoke_is_missed_and_one_that_may_be_silent_is_not(watched):
    ward, lines = watched
    ward.now += timedelta(days=3)
    ward.server.look()
    assert silences(lines) == [("feed-silent", "rwe-adt")]


async def test_the_door_looks_by_itself(monkeypatch):
    monkeypatch.setattr(inbound, "LOOK_SECONDS", 0.01)
    async with standing(dataclasses.replace(RWE, expected=ALWAYS)) as ward:
        later = ward.server.clock() + timedelta(hours=1)
        ward.server.clock = lambda: later
        await ward.met(lambda: any(feed.silent for feed in ward.server.feeds))
        watching = ward.server._watching
    await asyncio.wait([watching])
    assert watching.cancelled()


async def test_a_feed_has_numbers_of_its_own_and_what_is_nobodys_is_in_none(watched):
    ward, _ = watched
    bad = admission().replace(b"|V1|", b"||").replace(b"H100", b"")
    for frame in admission("1"), admission("1"), admission("1", person="PID|1||H2^^^RWE"), bad:
        await ward.server.answer_to(frame)
    await ward.server.answer_to(admission("1", facility="XXX"))
    ward.fails = Unavailable("The broker does not confirm.")
    await ward.server.answer_to(admission("9"))
    ward.now += timedelta(seconds=90)
    samples = {(each.name, each.labels): each.value for each in gateway_samples(ward.server, "7")}
    assert samples["hub_carer_codes", (("version", "7"),)] == 1
    own = ("sender", "rwe-adt")
    told = {
        labels[1][1]: value
        for (name, labels), value in samples.items()
        if name == "hub_ward_feed_messages_total" and labels[0] == own
    }
    assert told == {"understood": 3, "rejected": 1, "not_kept": 1}
    assert samples["hub_ward_feed_again_total", (own, ("what", "frame"))] == 1
    assert samples["hub_ward_feed_again_total", (own, ("what", "control-id"))] == 1
    assert samples["hub_ward_feed_heard_seconds", (own,)] == 90
    assert samples["hub_ward_feed_silent", (own,)] == 0
    assert samples["hub_ward_feed_heard", (own,)] == 1
    assert samples["hub_ward_messages_total", (("verdict", "rejected"),)] == 2
    assert not any("ward_mllp" in str(labels) for _, labels in samples)


async def test_what_is_ignored_is_counted_by_what_it_was_and_by_nothing_that_a_sender_makes_up(
    watched,
):
    ward, _ = watched
    for kind in "ADT^A60", "ADT^A60", "ORU^R01", "ADT^GREEN", "GREEN^ANN":
        await ward.server.answer_to(admission("1").replace(b"ADT^A01^ADT_A01", kind.encode()))
    samples = {(each.name, each.labels): each.value for each in gateway_samples(ward.server, "7")}
    own = ("sender", "rwe-adt")
    assert samples["hub_ward_feed_messages_total", (own, ("verdict", "ignored"))] == 5
    ignored = {labels: number for (name, labels), number in samples.items() if "ignored" in name}
    assert ignored == {
        (own, ("event", "A60")): 2, (own, ("event", "ORU")): 1, (own, ("event", "other")): 2
    }  # fmt: skip


def test_control_ids_are_forgotten_after_a_while():
    feed = Feed("rwe-adt", None, at("2026-11-23 09:31"))
    for number in range(3 * MOST_REMEMBERED):
        feed.saw(str(number), UUID(int=number))
    feed.saw("0", UUID(int=0))
    assert (len(feed._events), feed.again) == (MOST_REMEMBERED, {})


def test_a_silence_that_lasts_over_night_is_said_again_in_the_morning():
    feed = Feed("rwe-adt", BY_DAY, at("2026-11-22 12:00"))
    hours = [at("2026-11-22 12:00") + timedelta(hours=each) for each in range(48)]
    assert [each for each in hours if feed.falls_silent(each)] == [
        at("2026-11-22 13:00"),
        at("2026-11-23 08:00"),
        at("2026-11-24 08:00"),
    ]
    assert feed.silent
    assert not feed.falls_silent(at("2026-11-24 20:30"))
    assert not feed.silent


def test_a_clock_that_ran_ahead_hides_no_silence():
    feeds = Feeds([("rwe-adt", ALWAYS)], at("2026-11-22 12:00"))
    feeds.heard("rwe-adt", "understood", at("2027-11-22 12:00"))
    feeds.heard("rwe-adt", "understood", at("2026-11-22 12:05"))
    assert [each.name for each in feeds.fallen_silent(at("2026-11-22 12:36"))] == ["rwe-adt"]
