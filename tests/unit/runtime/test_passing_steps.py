"""A fault of ours is one record's: what is said of the others does not change by it."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from hub.errors import Rejected, Unavailable
from hub.passing import NOTHING_TOLD, Heard, Pass, Refuse, Say, Saying, Told
from hub.runtime.passing_round import Defect
from hub.runtime.passing_steps import steps_of

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
NEW = Told({}, whole=True)


def record(text: str) -> Heard:
    return Heard("t", 0, 0, b"key", text.encode(), AT)


def last_alone(records, told):
    """Of each key the last version alone, and none that ends before it was told: `a1`, `a2`, `a3.` ends."""
    last = {each.value[:1]: each.value for each in records}
    steps = []
    for each in records:
        key, version = each.value[:1], int(each.value[1:2])
        ended = each.value.endswith(b".") and told.whole and key not in told.versions
        worth = each.value == last[key] and version > told.versions.get(key, 0) and not ended
        saying = Saying(topic="out", partition=0, key=key, value=each.value, said_id="x")
        steps.append(Say((Saying(**{**of(saying), "version": version}),)) if worth else Say())
    return steps


def of(saying: Saying) -> dict:
    return {name: getattr(saying, name) for name in Saying.__slots__}


def passing(steps) -> Pass:
    async def asked(records, told):
        return steps(records, told)

    return Pass("a-pass", 0, (("t", 0),), frozenset({"out"}), asked)


def but_for(faulty: bytes, fault: Exception):
    def steps(records, told):
        if any(each.value == faulty for each in records):
            raise fault
        return last_alone(records, told)

    return passing(steps)


def said(steps) -> list[str]:
    return [each.value.decode() for step in steps if isinstance(step, Say) for each in step.sayings]


@pytest.mark.parametrize("place", range(3))
async def test_the_others_are_answered_together_as_if_it_were_not_there(place):
    texts = ["a1", "a2."]
    texts.insert(place, "x1")
    steps = await steps_of(but_for(b"x1", KeyError()), [record(each) for each in texts], NEW)
    assert steps[place] == Defect("KeyError")
    assert said(steps) == []  # ended before it was told
    assert len(steps) == 3


async def test_what_is_refused_by_raising_is_refused_alone():
    no = Rejected("Not this.", code="not-this")
    records = [record("a1"), record("x1"), record("a2")]
    steps = await steps_of(but_for(b"x1", no), records, NOTHING_TOLD)
    assert steps[1] == Refuse(no)
    assert said(steps) == ["a2"]


async def test_a_fault_of_several_together_leaves_each_knowing_what_those_before_it_say():
    def steps(records, told):
        if len(records) > 1:
            raise ZeroDivisionError
        return last_alone(records, told)

    records = [record("a1"), record("a2."), record("b1."), record("a2.")]
    assert said(await steps_of(passing(steps), records, NEW)) == ["a1", "a2."]


async def test_a_batch_without_a_fault_is_asked_about_once():
    asked = Counter()

    def steps(records, told):
        asked["times"] += 1
        return last_alone(records, told)

    assert said(await steps_of(passing(steps), [record("a1"), record("b1")], NEW)) == ["a1", "b1"]
    assert asked["times"] == 1


@pytest.mark.parametrize("alone", [False, True])
async def test_what_cannot_be_said_now_is_not_taken_for_a_fault(alone):
    def steps(records, told):
        if len(records) > 1 and alone:
            raise KeyError
        raise Unavailable("The database is away.")

    with pytest.raises(Unavailable):
        await steps_of(passing(steps), [record("a1"), record("b1")], NEW)
