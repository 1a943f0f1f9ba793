"""Playing a day: in order, every answer compared, and nobody waits for ever."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from deploy.demo.script import Answer, Contact, ReferralKey, Send
from deploy.demo.stage import player as player_module
from deploy.demo.stage.player import Player, Progress
from deploy.demo.stage.states import alert_key
from deploy.sending.lines import SentLine
from tests.unit.demo_stage.records import NOW, alert, carer, referral

LATER = datetime(2026, 11, 24, 11, tzinfo=UTC)
ALERT = alert(carer("Ben Marsh"), carer("Nina Marsh"))
CONTACT = Contact(LATER, alert_key(ALERT), "Nina Marsh", "contacted_able")
ANSWER = Answer(
    LATER, ReferralKey("DEMO1", "Ben", "Marsh", date(1969, 7, 21)), "declined", "out-of-area"
)


def send(kind="admission", answer="", at=NOW):
    return Send(at, "rwe-adt", b"MSH|", kind, ward="WARD23", answer=answer)


class Hub:
    """Feeds, outcomes and watcher in one: it answers what it was told to, and remembers what it heard."""

    def __init__(self, answers=(), alerts=(), referrals=(), refusal=""):
        self.heard, self._refusal = [], refusal
        self._answers, self._alerts, self._referrals = list(answers), alerts, referrals

    def send(self, step):
        self.heard.append(step.kind)
        answer = self._answers.pop(0) if self._answers else "AA"
        accepted = answer == "AA"
        return SentLine(
            file="", index=0, answer=answer, accepted=accepted, expression="PID-3", reason="why"
        )

    def contacted(self, step, of):
        self.heard.append((step.carer, of))
        return self._refusal

    def answered(self, step, of):
        self.heard.append((step.outcome, of))
        return self._refusal

    def alert(self, key, carer):
        return next(iter(self._alerts), None)

    def referral(self, key):
        return next(iter(self._referrals), None)

    def quiet_seconds(self):
        return 60.0


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(player_module, "QUIET_SECONDS", 0.0)


def played(hub, *steps):
    progress = Progress(len(steps))
    Player(hub, hub, hub, progress).play(steps, 0)
    return progress


def test_steps_are_played_in_the_order_of_the_script_and_counted():
    hub = Hub(alerts=[ALERT], referrals=[referral()])
    progress = played(hub, send("flag", at=LATER), send(), CONTACT, ANSWER)
    assert hub.heard == [
        "flag",
        "admission",
        ("Nina Marsh", ALERT.alert_id),
        ("declined", referral().referral_id),
    ]
    assert (progress.played, progress.now, progress.complaints) == (4, LATER, [])
    assert progress.sent["admission"] == 1
    assert progress.wards["rwe-adt", "WARD23"] == 2


def test_an_answer_that_the_script_does_not_know_is_a_complaint_with_its_place():
    progress = played(Hub(answers=["AR"]), send())
    assert progress.complaints == ["step 1 (admission): rwe-adt was answered AR at PID-3: why"]


def test_a_refusal_that_the_script_knows_is_none():
    assert played(Hub(answers=["AR"]), send(answer="AR")).complaints == []


def test_what_should_have_been_refused_and_was_taken_is_a_complaint():
    (complaint,) = played(Hub(answers=["AA"]), send(answer="AR")).complaints
    assert "was answered AA" in complaint


def test_a_contact_whose_alert_never_comes_is_a_complaint_and_the_day_goes_on():
    hub = Hub()
    progress = played(hub, CONTACT, ANSWER, send())
    assert progress.complaints == [
        "step 1 (contact recorded): its alert was never told",
        "step 2 (referral answered): its referral was never told",
    ]
    assert hub.heard == ["admission"]


@pytest.mark.parametrize("key", [alert_key(ALERT), ANSWER.referral])
def test_what_takes_a_reason_away_waits_until_it_was_told(key):
    after = replace(send("cancelled admission"), after=key)
    assert played(Hub(alerts=[ALERT], referrals=[referral()]), after).complaints == []
    assert played(Hub(), after).complaints == [
        "step 1 (cancelled admission): what it takes away was never told"
    ]


def test_an_outcome_that_is_not_taken_is_a_complaint_with_its_place():
    hub = Hub(alerts=[ALERT], refusal="422 Task.output[0] why")
    assert played(hub, CONTACT).complaints == [
        "step 1 (contact recorded): it was not taken: 422 Task.output[0] why"
    ]
