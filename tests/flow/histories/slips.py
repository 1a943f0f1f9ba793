"""What a hospital does by a slip to two patients, and what is done about it; and visits that get another number."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hub.records import ReviewVerdict
from tests.flow.histories.people import Record, Visit
from tests.flow.histories.wire import Group
from tests.flow.histories.wrong import DIFFERENT, VERDICTS, Answer, WrongMerge, patient_after

if TYPE_CHECKING:
    from tests.flow.histories.world import World

MERGES = ("A40", "A18", "A30", "A34", "A36", "A39")
SLIP = 0.4
"""How often a merge of two patients is not noticed before it is sent."""
BEFORE, EACH = 0.2, 0.6
"""How often two were said to be two before they are merged; how often a visit is told of at once."""


def wrongly_merged(world: "World") -> None:
    """By a slip two patients become one; some systems then tell of each visit of the one under the other's number."""
    random = world.random
    known = {id(visit.record) for visit in world.visits}
    pairs = [
        (one, other)
        for one in world.records
        for other in world.records
        if id(one) in known and one.is_plainly_not(other)
    ]
    is_settled = any(each.is_right for each in world.wrong)
    if is_settled or not pairs or random.random() > SLIP:
        return
    gone, kept = random.choice(pairs)
    is_whole = gone.nhs is not None or not gone.has_doubles
    merge = WrongMerge(gone, kept, (gone.number, kept.number), kept.nhs is not None and is_whole)
    world.wrong.append(merge)
    if len(world.wrong) > 1:
        for each in world.wrong:
            each.may_be_right = False
    if random.random() < BEFORE:
        answer(world, merge, DIFFERENT, world.since)
    world.records.remove(gone)
    visits = [each for each in world.visits if each.record is gone]
    for visit in visits:
        visit.record = kept
    world.say(random.choice(MERGES), Group(kept, replaced_record=gone.number))
    for visit in visits:
        if random.random() < EACH and visit.goes_on_as is None and visit.state in ("in", "gone"):
            tell_under_the_other_number(world, visit, gone.number)


def tell_under_the_other_number(world: "World", visit: Visit, before: str) -> None:
    """An update, a move, or another visit number."""
    trigger = world.random.choice(("A08", "A44", "A45", "A50"))
    if trigger == "A08" or visit.has_twin:
        world.say("A08", Group(visit.record, visit))
    elif trigger == "A44":
        world.say(trigger, Group(visit.record, visit, replaced_record=before))
    else:
        renumber_visit(world, trigger, visit, visit.record, before)


def moved_to_the_number_that_went(world: "World") -> None:
    """Somebody at the hospital sees that two were merged, and moves a visit by hand."""
    for merge in world.wrong:
        visit = world.a_visit(
            lambda each, kept=merge.kept: (
                each.record is kept and each.state in ("in", "gone") and not each.has_twin
            )
        )
        if visit is not None:
            visit.record = visit.patient = merge.gone
            visit.moved = True
            world.now += timedelta(minutes=1)
            world.say("A44", Group(merge.gone, visit, replaced_record=merge.kept.number))


def answered(world: "World") -> None:
    """A reviewer looks at the two, perhaps again."""
    for merge in world.wrong:
        verdict = world.random.choice(VERDICTS)
        answer(world, merge, verdict if merge.may_be_right else DIFFERENT, world.now)


def answer(world: "World", merge: WrongMerge, verdict: ReviewVerdict, at: datetime) -> None:
    merge.verdict = verdict
    world.answers.append(Answer(merge, at, verdict))


def renumber_visit(world: "World", trigger: str, visit: Visit, record: Record, before: str) -> None:
    heir = replace(visit, number=world.new("V"), record=record, moved=True)
    heir.patient = patient_after(world.wrong, visit, record, moves=trigger == "A45")
    heir.wards_before = list(visit.wards_before)
    visit.goes_on_as = heir
    world.visits.append(heir)
    sparse = world.random.random() < 0.5
    world.say(
        trigger,
        Group(
            record,
            heir,
            sparse=sparse,
            replaced_visit=visit.number,
            replaced_record=before if trigger == "A45" else "",
            left=None if sparse else heir.left,
        ),
    )
