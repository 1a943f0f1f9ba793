"""What evidence decides otherwise since the layer below, for the log: ids, levels and bits, never values.

Once for each decision that another outcome, record, condition or weight came to, and not for what only was weighed
again. After a fresh load nothing is said: nothing was decided.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple
from uuid import UUID

from hub.decisions import Note
from hub.matching.evidence.weighing import Judged, Weighed, decision_from
from hub.matching.region import RegionView
from hub.matching.scoring.decision import Decision, Outcome, Rule
from hub.records import FieldWeight

JOINED: Final = "joined"
"""One person, by evidence."""
ASKED: Final = "asked"
"""Two people, and a question whether they are one."""
SETTLED: Final = "settled"
"""One person without evidence: by a number, a merge or an answer."""
NOTHING: Final = "nothing"
"""Two people, and nobody is asked."""


class Held(NamedTuple):
    """What one side holds of one other, as far as it is a decision of its own.

    Attributes:
        weighs: The conditions of AUTO that are not met, and the bits of the pair; not those of everybody else.
        comes_to: One of the words above.
    """

    pair: tuple[UUID, UUID]
    outcome: Outcome
    weighs: tuple[Rule | float, ...]
    comes_to: str


def notes_on(before: RegionView, after: RegionView) -> Iterator[Note]:
    """What is to be said of a layer over the one that it lies on."""
    for side in sorted(after.weighed_anew()):
        was, now = held(before, side), held(after, side)
        if was == now:
            continue
        weighed = after.weighed(side) if now else None
        for place in sorted(was.keys() | now.keys()):
            if was.get(place) != now.get(place):
                yield from noted(after, was.get(place), now.get(place), decided(weighed, place))


OF_ANYBODY, OF_SOMEBODY_WITH_A_NUMBER = range(2)


def held(view: RegionView, side: UUID) -> dict[int, Held]:
    """Whom a side is, or may be; and of those with a number whom it may be as well."""
    judged = view.judged(side) if view.certain(side) == side else None
    if judged is None:
        return {}
    found = {OF_ANYBODY: held_of(view, judged)}
    if judged.question is not None:
        found[OF_SOMEBODY_WITH_A_NUMBER] = held_of(view, judged.question)
    return found


def held_of(view: RegionView, judged: Judged) -> Held:
    """One decision, without what only everybody else weighs."""
    rules = [each for each in judged.because if isinstance(each, Rule)]
    own = judged.because[: len(rules) + 1]
    return Held(judged.pair, judged.outcome, own, comes_to(view, judged.pair, asked=ASKED))


def comes_to(view: RegionView, pair: tuple[UUID, UUID], *, asked: str) -> str:
    """What two records are to each other now."""
    one, other = pair
    if view.person(one) != view.person(other):
        return asked
    return JOINED if view.certain(one) != view.certain(other) else SETTLED


def decided(weighed: Weighed | None, place: int) -> Weighed | None:
    """The part of what was weighed that a decision comes from."""
    if weighed is None or place == OF_ANYBODY:
        return weighed
    return weighed.asked


def noted(
    after: RegionView, was: Held | None, now: Held | None, weighed: Weighed | None
) -> Iterator[Note]:
    """A line on one decision; none where it is needed no more, for the two are one person otherwise."""
    held = now or was
    matcher = after.matcher
    if held is None or matcher is None:
        return
    outcome = now.comes_to if now else comes_to(after, held.pair, asked=NOTHING)
    before = was.comes_to if was else NOTHING
    if now is None and outcome != NOTHING:
        return
    one, other = held.pair
    plain = Note(
        one=one,
        other=other,
        outcome=outcome,
        was=before,
        decision=now.outcome.value if now else Outcome.NONE.value,
        model=matcher.digest,
    )
    if now is None or weighed is None or weighed.judged.beside_shielded or is_shielded(after, held):
        yield plain
    else:
        yield with_weights(plain, decision_from(weighed, matcher))


MARKS: Final = frozenset[object]({Rule.RESTRICTED, Rule.WITHDRAWN})


def is_shielded(view: RegionView, held: Held) -> bool:
    """Whether one of the two is protected: then one of the levels would say whether they live in one place."""
    return not MARKS.isdisjoint(held.weighs) or any(
        view.is_shielded(view.person(each)) for each in held.pair
    )


def with_weights(note: Note, decision: Decision[UUID]) -> Note:
    """The same with its waterfall: prior and fields add up to the bits."""
    return replace(
        note,
        grade=decision.grade.value,
        prior=decision.prior,
        bits=decision.bits,
        margin=decision.margin,
        rules=tuple(each.value for each in decision.rules),
        fields=tuple(
            FieldWeight(field=each.field, level=each.level, bits=each.bits, tf=each.by_frequency)
            for each in decision.fields
        ),
    )
