"""A role, a link or a carer's code whose end was said at the start ends when that time comes, without another word."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import orjson
import pytest

from hub.records import InvolvementAlert, NoticeKind, ReminderDue, StayPicture
from hub.testing.answers import notice
from hub.testing.flags import NO_LONGER, carer_flag
from hub.testing.people import ADA, BEN, Person
from hub.testing.senders import at
from hub.testing.visits import encounter
from tests.flow.scenes import ADMISSION, STAY, actions, after, new_hub, picture
from tests.flow.test_national_notices import BEN_ALONE, PROXY
from tests.flow.wrong_merges import item_in

END = at("2026-11-26 00:00")
LATER = at("2026-12-01 00:00")
ROLE = replace(PROXY, role_ends_at=END)
CHANGED = replace(
    notice(NoticeKind.PROXY_ROLE_CHANGED, ADA, "2026-11-05 10:00"),
    related_nhs_number=BEN.nhs_number,
    role_id="c-1",
)


def flag_until(day: str):
    """A practice says of Ben and Ada that he looks after her, up to and with a day."""
    flag = carer_flag(BEN, "2026-11-03 12:00", of=ADA)
    body = orjson.loads(flag.resource)
    (link,) = [
        each["resource"]
        for each in body["entry"]
        if each["resource"]["resourceType"] == "RelatedPerson"
    ]
    link["period"] = {"start": "2026-11-01", "end": day}
    return replace(flag, resource=orjson.dumps(body))


def carers_at(hub, moment) -> int:
    hub.advance(moment)
    return len(picture(hub).carers)


def test_a_role_ends_when_its_time_is_past_and_not_before():
    for events in permutations((ROLE, ADMISSION, BEN_ALONE)):
        hub = after(*events)
        assert carers_at(hub, END) == 1
        assert carers_at(hub, END + timedelta(seconds=1)) == 0
        hub.crash()
        hub.hear(replace(ADMISSION, event_id=CHANGED.event_id))
        assert picture(hub).carers == ()


@pytest.mark.parametrize("crashes", [False, True])
def test_the_latest_word_on_a_role_says_when_it_ends_whatever_came_first(crashes):
    longer, for_ever = (replace(CHANGED, role_ends_at=each) for each in (LATER, None))
    for changed, carers in ((longer, 0), (for_ever, 1)):
        for events in permutations((ROLE, changed, ADMISSION, BEN_ALONE)):
            hub = after(*events)
            if crashes:
                hub.crash()
            assert carers_at(hub, LATER) == 1
            assert carers_at(hub, LATER + timedelta(days=9)) == carers


def test_a_role_that_is_given_again_after_its_end_stands_again():
    hub = after(ROLE, ADMISSION, BEN_ALONE)
    assert carers_at(hub, LATER) == 0
    again = replace(CHANGED, recorded_at=LATER, occurred_at=LATER, role_ends_at=None)
    hub.hear(again)
    assert len(picture(hub).carers) == 1


def test_a_link_with_an_end_raises_an_alert_until_then_and_is_withdrawn_by_no_message():
    hub = new_hub()
    hub.hear(flag_until("2026-11-25"), ADMISSION)
    assert carers_at(hub, END) == 1
    assert "withdrawn" not in actions(hub)
    assert carers_at(hub, END + timedelta(seconds=1)) == 0
    assert actions(hub)[-1] == "withdrawn"
    assert hub.last(InvolvementAlert)
    told = len(hub.said(StayPicture))
    hub.hear(flag_until("2026-11-25"))
    assert len(hub.said(StayPicture)) == told


def test_a_link_that_ended_before_is_reminded_of_no_more():
    hub = after(ROLE, ADMISSION, BEN_ALONE, replace(CHANGED, role_active=False))
    hub.advance(LATER)
    assert [each for each in hub.said(ReminderDue) if each.processor == "carer_matching"] == []


def test_an_end_that_was_past_when_it_was_received_raises_no_alert():
    received = at("2026-11-27 10:00")
    for late in (
        (replace(flag_until("2026-11-25"), received_at=received),),
        (replace(ROLE, received_at=received), BEN_ALONE),
    ):
        for events in permutations((*late, ADMISSION)):
            hub = after(*events)
            assert (picture(hub).carers, actions(hub)) == ((), [])


def coded(recorded, of=None, code=None, **form):
    """A practice says "is a carer" of Ben by one form of a code; `form`: what stands in a Condition, or in a Flag."""
    said = carer_flag(BEN, recorded, of=of, **({} if code is None else {"code": code}))
    body = orjson.loads(said.resource)
    (entry,) = [each for each in body["entry"] if each["resource"]["resourceType"] == "Flag"]
    if any(name.startswith("abatement") for name in form):
        flag = entry["resource"]
        entry["resource"] = {
            "resourceType": "Condition",
            "code": flag["code"],
            "subject": flag["subject"],
        }
    entry["resource"] |= form
    return replace(said, resource=orjson.dumps(body))


def is_carer(hub):
    """What Ben's own record says."""
    (status,) = [each.carer_status for each in hub.memory.records.values() if each.carer_status]
    return status.is_carer


PAST = (
    {"abatementDateTime": "2024-05-01"},
    {"period": {"start": "2020-01-01", "end": "2024-05-01"}},
)
AHEAD = ({"abatementDateTime": "2026-11-25"}, {"period": {"end": "2026-11-25"}})


@pytest.mark.parametrize("form", PAST)
def test_caring_that_ended_before_it_was_said_is_none(form):
    hub = after(coded("2026-11-03 12:00", ADA, **form), ADMISSION)
    assert (picture(hub).carers, actions(hub)) == ((), [])
    assert is_carer(after(coded("2026-11-03 12:00", **form))) is False


def test_a_question_says_no_more_that_somebody_may_be_alone_when_the_link_has_ended():
    """The ward's Ben has Ben's number and another date of birth."""
    stay = replace(STAY, patient=replace(BEN, born="1950-05-05"))
    hub = after(flag_until("2026-11-25"), encounter("A01", "2026-11-22 09:30", stay))
    assert item_in(hub).alone
    hub.advance(LATER)
    assert (item_in(hub).in_hospital, item_in(hub).alone) == (True, False)


@pytest.mark.parametrize("form", AHEAD)
def test_a_code_with_an_end_ahead_holds_until_then(form):
    linked = coded("2026-11-03 12:00", ADA, **form)
    hub = after(linked, ADMISSION)
    assert carers_at(hub, END) == 1
    assert carers_at(hub, END + timedelta(seconds=1)) == 0
    assert actions(hub)[-1] == "withdrawn"
    alone = coded("2026-11-04 12:00", **form)
    for crashes in (False, True):
        hub = after(alone)
        if crashes:
            hub.crash()
        hub.advance(END)
        assert is_carer(hub) is True
        hub.advance(END + timedelta(seconds=1))
        assert is_carer(hub) is False


def test_the_latest_word_on_a_code_says_when_it_ends_and_that_somebody_is_none_has_no_end():
    short = coded("2026-11-03 12:00", **AHEAD[1])
    for changed, said in (
        (coded("2026-11-04 12:00", period={"end": "2026-12-05"}), True),
        (coded("2026-11-04 12:00", period={"start": "2026-11-04"}), True),
        (coded("2026-11-04 12:00", code=NO_LONGER, **AHEAD[1]), False),
    ):
        for events in permutations((short, changed)):
            hub = after(*events)
            hub.advance(LATER)
            assert is_carer(hub) is said


def test_a_code_that_ends_beside_one_link_ends_no_other_of_the_same_carer():
    other = carer_flag(BEN, "2026-11-02 12:00", of=ADA)
    of_somebody = coded(
        "2026-11-03 12:00", Person("Ida", "Marsh", "1938-01-09", "9990000042"), **AHEAD[1]
    )
    for events in permutations((other, of_somebody, ADMISSION)):
        assert carers_at(after(*events), LATER) == 1
