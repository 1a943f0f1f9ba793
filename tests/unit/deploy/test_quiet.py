"""What `hub try` says beside the outcome: why there is no alert, and whom a message was taken for."""

import pytest

from deploy.configuration.load import load
from deploy.generate import ROOT
from deploy.trying.composition import trial_for, wards_for
from deploy.trying.files import Piece
from deploy.trying.strangers import Strangers

DEMO = load(ROOT / "deploy/demo/hub.yaml", {}, with_secrets=False)
ADMISSION = "\r".join(
    [
        r"MSH|^~\&|PAS|RWE|HUB|HUB|20260301101500||ADT^A01|M1|P|2.4",
        "EVN||20260301101500",
        "PID|1||S1^^^RWE^MR||GREEN^ANN||19410712|2",
        "NK1|1|GREEN^PETER|20|^^^^LE1 1AA",
        "PV1||I|^W1||||||||||||||||V1|||||||||||||||||||||||||20260301101000",
    ]
)


def piece(message: str) -> Piece:
    return Piece("a.hl7", 0, "hl7v2", message.encode())


def said(*changes, configuration=DEMO):
    """Actions, and why there is no alert."""
    trial, message = trial_for(configuration), ADMISSION
    for before, after in changes:
        assert before in message
        message = message.replace(before, after)
    lines = list(trial.lines([piece(message)]))
    return [f"{each.kind} {each.action}" for each in lines[1:]], list(trial.why_quiet())


def test_where_there_is_an_alert_nothing_is_explained():
    assert said() == (["link linked", "alert raised", "referral offered"], [])


def test_an_offer_is_that_of_the_alert_and_none_where_nobody_knows_where_the_carer_lives():
    trial = trial_for(DEMO)
    *_, alert, offer = (line.resource for line in list(trial.lines([piece(ADMISSION)]))[1:])
    (inside,) = (each for each in alert["contained"] if each["resourceType"] == "Task")
    same = ("status", "intent", "code", "description", "input")
    assert [offer[each] for each in same] == [inside[each] for each in same]
    assert "Leicester Carers Support (demonstration)" in offer["description"]
    assert said(("|^^^^LE1 1AA", ""))[0] == ["link linked", "alert raised"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([("||I|", "||E|")], "the patient is no in-patient (class EMER)"),
        ([("A01", "A05")], "the patient is only expected (class IMP)"),
        ([("19410712", "20120712")], "the patient is under 18"),
        ([("|19410712|2", "|19410712|2||||||||||||||||||||||Y")], "the patient has died"),
        ([("R|20", "R|4")], "no carer known (roles in NK1: 4)"),
        ([("NK1|1|GREEN^PETER|20|^^^^LE1 1AA", "ZZZ|1")], "no carer known (no role in NK1)"),
        ([("R|20", "R|SON PETER")], "no carer known (roles in NK1: a text)"),
        (
            [("R|20", "R|HUSB^HUSBAND - MAIN CARER"), ("||I|", "||O|")],
            "the patient is no in-patient (class AMB); no carer known (roles in NK1: a text; "
            '"carer" beside other words is not read as a carer)',
        ),
    ],
)
def test_a_stay_without_an_alert_says_why_in_codes_alone(changes, why):
    actions, told = said(*changes)
    assert told == [f"no alert: {why}"]
    assert "alert raised" not in actions


def test_where_no_service_is_configured_nobody_is_offered_one():
    actions, _ = said(configuration=DEMO.model_copy(update={"services": ()}))
    assert actions == ["link linked", "alert raised"]


def test_a_message_of_no_configured_sender_is_told_and_the_case_of_letters_counts():
    wards = wards_for(DEMO)
    strangers = Strangers(wards)
    mine = ADMISSION.replace("|PAS|RWE|", "|{}|{}|".format(*names_of(wards[0])))
    assert list(strangers.among([piece(mine)])) == [piece(mine)]
    assert str(strangers) == ""
    list(strangers.among(piece(mine.replace(names_of(wards[0])[1], "rwe")) for _ in range(2)))
    assert str(strangers).startswith("2 messages name no sender of the configuration")
    assert "unknown-sender" in str(strangers)


def names_of(ward):
    """MSH-3 and MSH-4 that a sender goes by."""
    return next(iter(ward.applications), "PAS"), next(iter(ward.facilities))
