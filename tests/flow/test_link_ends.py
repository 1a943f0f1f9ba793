"""A proxy role or a link whose end was said at the start ends when that time comes, without another word."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import orjson
import pytest

from hub.records import InvolvementAlert, NoticeKind, ReminderDue, StayPicture
from hub.testing.bundles import ADA, BEN, at, carer_flag, notice
from tests.flow.scenes import ADMISSION, actions, after, new_hub, picture
from tests.flow.test_national_notices import BEN_ALONE, PROXY

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
