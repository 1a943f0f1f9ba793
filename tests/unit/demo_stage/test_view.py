"""What is shown while a day is played: sentences, what is struck through, and lines that name nobody."""

from collections import Counter
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from deploy.configuration.load import DEMO, load
from deploy.demo.stage.live import alert_lines, picture, referral_lines
from deploy.demo.stage.player import Progress
from deploy.demo.stage.scene import Scene, Ward
from deploy.demo.stage.sentences import alert_sentence, listed, referral_sentence
from deploy.demo.stage.views import line_of
from deploy.demo.stage.watcher import Standing
from hub.records import AlertAction, AlertStatus, ExpectedDischarge, ReferralAction
from tests.unit.demo_stage.records import NOW, alert, carer, referral

HOME = ExpectedDischarge(at=datetime(2026, 11, 25, 12, tzinfo=UTC), precision="minute")


class Seen:
    """A watcher that has seen this."""

    def __init__(self, *alerts, referrals=()):
        self._standing = Standing(
            alerts={each.alert_id: each for each in alerts},
            referrals={each.referral_id: each for each in referrals},
            said=Counter(f"alert {each.action.value}" for each in alerts),
            told=alerts,
        )

    def standing(self):
        return self._standing


def scene(*alerts, referrals=()):
    progress = Progress(steps=10, now=NOW, played=4, sent=Counter({"admission": 3}))
    progress.wards[("rwe-adt", "WARD23")] = 3
    return Scene(load(DEMO, {}), progress, Seen(*alerts, referrals=referrals))


def shown(of):
    text = StringIO()
    Console(width=160, height=40, file=text).print(picture(of))
    return text.getvalue()


def test_an_alert_is_one_sentence_with_place_people_and_time():
    before = alert(expected_discharge=HOME)
    assert alert_sentence(before) == (
        "Ward 23, bed 4: involve Ben Marsh before the discharge on 25 November 2026"
    )
    assert alert_sentence(alert(bed=None)) == (
        "Ward 23: involve Ben Marsh by 10:00 on 25 November 2026"
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": AlertStatus.CANCELLED}, "Ward 23, bed 4: withdrawn"),
        ({"status": AlertStatus.COMPLETED}, "Ward 23, bed 4: done, Ben Marsh"),
        (
            {"went_home_without_contact": True, "due_at": datetime(2026, 11, 24, 17, tzinfo=UTC)},
            "Ward 23, bed 4: went home; phone Ben Marsh by 17:00 on 24 November 2026",
        ),
        ({"bed": "B7", "due_at": None}, "Ward 23, bed 7: involve Ben Marsh"),
        ({"ward": "Acute Frailty", "due_at": None}, "Acute Frailty, bed 4: involve Ben Marsh"),
    ],
)
def test_an_alert_says_what_is_left_to_do(changes, sentence):
    assert alert_sentence(alert(**changes)) == sentence


def test_only_those_still_to_be_involved_are_named():
    some = alert(carer("Ben Marsh", "contacted_able"), carer("Nina Marsh"), carer("Tom Marsh"))
    assert "involve Nina Marsh and Tom Marsh " in alert_sentence(some)


def test_names_are_listed_as_people_write_them():
    assert [listed(["A", "B", "C"]), listed(["A"]), listed([])] == ["A, B and C", "A", ""]


def test_a_referral_is_one_sentence():
    assert referral_sentence(referral(ReferralAction.ACCEPTED)) == (
        "Ben Marsh, who looks after Ada: accepted"
    )


def test_what_holds_no_longer_is_struck_through_and_the_newest_stands_first():
    first = alert()
    second = alert(version=2, action=AlertAction.MOVED, ward="WARD24")
    lines = alert_lines([first, second])
    assert [line.plain.split(":")[0] for line in lines] == [
        "moved      Ward 24, bed 4",
        "raised     Ward 23, bed 4",
    ]
    assert [any("strike" in str(span.style) for span in line.spans) for line in lines] == [
        False,
        True,
    ]


def test_a_withdrawn_alert_is_what_it_said_before_struck_through():
    first = alert()
    last = alert(version=2, action=AlertAction.WITHDRAWN, status=AlertStatus.CANCELLED)
    (line,) = alert_lines([first, last])
    assert line.plain == f"withdrawn  {alert_sentence(first)}"
    assert any("strike" in str(span.style) for span in line.spans)


def test_what_says_the_same_again_is_shown_once():
    lines = alert_lines([alert(), alert(version=2, status=AlertStatus.RECEIVED)])
    assert len(lines) == 1


def test_a_withdrawn_referral_is_struck_through():
    (line,) = referral_lines(Seen(referrals=[referral(ReferralAction.WITHDRAWN)]).standing())
    assert "strike" in str(line.style)


def test_the_picture_shows_clock_wards_alerts_and_referrals():
    text = shown(scene(alert(), referrals=[referral()]))
    for part in (
        "Tuesday 24 November 2026, 09:30",
        "University Hospitals of Leicester",
        "Ward 23",
        "involve Ben Marsh",
        "who looks after Ada",
        "admission",
    ):
        assert part in text


def test_a_ward_counts_its_messages_and_open_alerts():
    closed = alert(number=2, status=AlertStatus.COMPLETED)
    of = scene(alert(), closed, alert(number=3, ward="WARD9"))
    trust = next(each for each in of.trusts() if each.ods_code == "RWE")
    assert of.wards(trust, of.watcher.standing()) == [Ward("WARD23", 3, 1), Ward("WARD9", 0, 1)]


def test_a_line_of_progress_names_nobody():
    line = line_of(scene(alert(), referrals=[referral()]))
    assert line == "09:30 of the day: 4 of 10 played, 1 alerts, 1 referrals"
