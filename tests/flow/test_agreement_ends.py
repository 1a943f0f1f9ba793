"""An agreement that was given until a day stands until then, and ends without another word."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from hub.testing.flags import agreement, carer_flag
from hub.testing.people import ADA
from hub.testing.senders import at
from tests.flow.test_referral import BEN_AT_HOME, new_hub, told

FLAG = carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA)
END, LATER = at("2026-11-26 00:00"), at("2026-12-01 00:00")
RAISED, WITHDRAWN = ("raised", "ADULT"), ("withdrawn", "ADULT")


def agreed_until(day: str, said: str):
    """Ben agrees to be referred, up to and with a day."""
    decision = agreement(BEN_AT_HOME, said)
    body = orjson.loads(decision.resource)
    body["entry"][1]["resource"]["provision"] = {"type": "permit", "period": {"end": day}}
    return replace(decision, resource=orjson.dumps(body))


GIVEN = agreed_until("2026-11-25", "2026-11-04 09:00")
LONGER = agreed_until("2026-11-30", "2026-11-05 09:00")
FOR_EVER = agreement(BEN_AT_HOME, "2026-11-06 09:00")


@pytest.mark.parametrize("crashes", [False, True])
@pytest.mark.parametrize(
    ("events", "at_end", "later"),
    [
        ((FLAG, GIVEN), [RAISED, WITHDRAWN], [RAISED, WITHDRAWN]),
        ((GIVEN, LONGER, FLAG), [RAISED], [RAISED, WITHDRAWN]),
        ((LONGER, FLAG, GIVEN), [RAISED], [RAISED, WITHDRAWN]),
        ((FLAG, GIVEN, FOR_EVER), [RAISED], [RAISED]),
    ],
)
def test_the_latest_word_says_until_when_it_stands(events, at_end, later, crashes):
    hub = new_hub()
    hub.hear(*events)
    assert told(hub) == [RAISED]
    if crashes:
        hub.crash()
    for moment, said in ((END, at_end), (LATER, later)):
        hub.advance(moment + timedelta(seconds=1))
        assert told(hub) == said


def test_one_that_was_over_when_it_was_told_refers_nobody():
    hub = new_hub()
    hub.hear(FLAG, agreed_until("2026-11-02", "2026-11-04 09:00"))
    assert told(hub) == []
