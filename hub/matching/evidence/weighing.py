"""Whom a side without a verified NHS number means, beside everybody who may be meant as well.

A function of the sides near it: no clock, no order of arrival, ties by id. Records that are one person for certain are
one alternative, and whoever is like the best one as well, and contradicts nothing, is no second person.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.evidence.corroboration import Contacts, Patients, corroboration
from hub.matching.evidence.sides import (
    PROTECTED,
    Pair,
    Side,
    case_of,
    is_plausible,
    is_strong,
    pair_of,
    says_nothing_else,
)
from hub.matching.matcher import grade_of, perplexity_of
from hub.matching.normal.record import Compared, Mark
from hub.matching.scoring.decision import MOST_ALTERNATIVES, Decision, Outcome, Rule
from hub.matching.scoring.reached import NO_WAYS, Ways, ways_of_others, ways_to, ways_to_both
from hub.matching.scoring.rules import NOT_MET, Case, share_a_home

NO_RECORDS: Final[frozenset[UUID]] = frozenset()
RESTRICTED: Final = int(Mark.RESTRICTED)
MARKS: Final = frozenset({Rule.RESTRICTED, Rule.WITHDRAWN, Rule.DECEASED})
"""Conditions of AUTO that say nothing of whether two are one person, only that somebody must be asked."""


class Sides(Protocol):
    """What is asked of a region while it is weighed who somebody is."""

    def side(self, known_as: UUID) -> Side:
        """A side, by its smallest record."""
        ...

    def side_of(self, record_id: UUID) -> UUID:
        """The side that a record is of."""
        ...

    def apart_from(self, known_as: UUID) -> frozenset[UUID]:
        """Sides that are other people: somebody said so, or the one is listed as a contact of the other."""
        ...

    def contacts(self, known_as: UUID) -> Contacts:
        """The contacts and carers of a side."""
        ...

    def excused(self, one: UUID, other: UUID) -> frozenset[Rule]:
        """Conditions that do not count between two sides, because of when they were heard of."""
        ...

    def compared(self, record_id: UUID) -> Compared | None:
        """A record as it is compared."""
        ...

    def near(self, record: Compared) -> Iterable[UUID]:
        """The records that may be the same person as this one."""
        ...

    def is_busy(self, way: int | str) -> bool:
        """Whether so many have a mobile number or an e-mail address that nobody is found by it."""
        ...

    def at_home_of(self, record: Compared) -> Iterable[UUID]:
        """The records of whoever lives where somebody lives, with a like name or where few live."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What a side comes to, as it is kept.

    Attributes:
        outcome: AUTO or REVIEW.
        other: The side that it is, or may be.
        numbered: Whether that one has a verified NHS number.
        pair: The two records that agree best: its own, and the other side's.
        like: The sides that are strongly like it and like the other one, with the other one if it is one of them.
        because: The conditions that are not met, and the bits of the pair and of everybody else it may be: so it is
            noticed when the same outcome is explained otherwise.
        question: Where it is one with a side without a number: whom it may be of those who have one, or who is
            protected.
        beside_shielded: Somebody else it may be, or who lives there, is shielded: the conditions and the bits of others
            would say where.
    """

    outcome: Outcome
    other: UUID
    numbered: bool
    pair: tuple[UUID, UUID]
    like: frozenset[UUID]
    because: tuple[Rule | float, ...]
    question: "Judged | None" = None
    beside_shielded: bool = False

    @property
    def others(self) -> set[UUID]:
        """The sides that it is, or may be."""
        return {self.other} if self.question is None else {self.other, self.question.other}

    def but_for(self, mark: Rule) -> bool:
        """Whether nothing but marks, this one among them, keeps it from being one person with another side."""
        rules = {each for each in self.because if isinstance(each, Rule)}
        if mark in rules and rules <= MARKS:
            return True
        return self.question is not None and self.question.but_for(mark)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The same with everything that speaks for and against it."""

    judged: Judged
    pair: Pair
    case: Case
    broken: tuple[Rule, ...]
    rivals: tuple[Pair, ...]
    asked: "Weighed | None" = None


class Near(NamedTuple):
    """A side that may be meant: its best pair, and which of its records are looked at.

    Of somebody with a number those that are plausible, so that a busy person costs no more; of others all.
    `strong`: whether the pair is (`is_strong`).
    """

    side: Side
    seen: frozenset[UUID]
    pair: Pair
    strong: bool


def weighed(
    known_as: UUID, sides: Sides, matcher: Matcher, *, numbered: bool = False
) -> Weighed | None:
    """Whom a side means; None when nobody comes near. `numbered`: of those alone who have a number."""
    own = sides.side(known_as)
    near = {
        each.side.known_as: each
        for each in plausible(own, sides, matcher)
        if each.side.numbered or not numbered
    }
    best = best_of(near.values(), matcher)
    if best is None:
        return None
    found = weighed_with(own.known_as, best, near.values(), sides, matcher)
    if numbered:
        return found
    other = once_more(best, near.values(), sides, matcher)
    if other is not None:
        joined = weighed_with(own.known_as, other, near.values(), sides, matcher)
        if joined.judged.outcome is Outcome.AUTO:
            return replace(
                joined, judged=replace(joined.judged, question=found.judged), asked=found
            )
    return with_question(known_as, found, sides, matcher)


def once_more(best: Near, near: Iterable[Near], sides: Sides, matcher: Matcher) -> Near | None:
    """Where somebody protected is meant: the likeliest of those who are strongly like them and carry no such mark.

    Two of those may be one unasked. The question is then whether they are the one who is protected.
    """
    if not best.pair.best.marks & PROTECTED or best.pair.record.marks & PROTECTED:
        return None
    like = (
        each
        for each in near
        if each.strong
        and not each.pair.best.marks & PROTECTED
        and is_one(each.side, best, sides, matcher)
    )
    return best_of(like, matcher)


def weighed_with(
    known_as: UUID, best: Near, near: Collection[Near], sides: Sides, matcher: Matcher
) -> Weighed:
    """What a side comes to with the one whom it means, beside everybody near."""
    like = like_both(known_as, best, near, sides, matcher)
    rivals = [
        each._replace(pair=counted_beside(best.pair, each.pair))
        for each in near
        if each is not best
        and each.side.known_as not in like
        and is_rival(each.side, each.seen, best.side, sides, matcher)
    ]
    case = case_beside(known_as, best, like, rivals, sides, matcher)
    excused = sides.excused(known_as, best.side.known_as)
    broken = tuple(
        sorted(rule for rule, not_met in NOT_MET.items() if rule not in excused and not_met(case))
    )
    pairs = sorted((each.pair for each in rivals), key=lambda each: (-each.bits, each.other))
    judged = Judged(
        Outcome.REVIEW if broken else Outcome.AUTO,
        best.side.known_as,
        best.side.numbered,
        (best.pair.one, best.pair.other),
        like,
        (*broken, best.pair.bits, *(each.bits for each in pairs)),
        beside_shielded=is_anybody_shielded((*case.housemates, *(each.best for each in pairs))),
    )
    return Weighed(judged, best.pair, case, broken, tuple(pairs))


def is_anybody_shielded(records: Iterable[Compared]) -> bool:
    """Whether one of these is."""
    return any(each.marks & RESTRICTED for each in records)


def with_question(known_as: UUID, found: Weighed, sides: Sides, matcher: Matcher) -> Weighed:
    """The same, and whom of those with a number it may be as well: that question must not be lost over a join.

    It never is more than one: whoever has a number and is enough like it is taken before all others.
    """
    judged = found.judged
    if judged.outcome is not Outcome.AUTO or judged.numbered:
        return found
    asked = weighed(known_as, sides, matcher, numbered=True)
    if asked is None:
        return found
    return replace(found, judged=replace(judged, question=asked.judged), asked=asked)


def plausible(own: Side, sides: Sides, matcher: Matcher) -> Iterator[Near]:
    """The sides near one of which a record is plausible."""
    found: dict[UUID, set[UUID]] = {}
    apart = sides.apart_from(own.known_as) | {own.known_as}
    for _, record in own.records:
        for each in sides.near(record):
            known_as = sides.side_of(each)
            other = None if known_as in apart else sides.compared(each)
            if other is not None and is_plausible(record, other, matcher):
                found.setdefault(known_as, set()).add(each)
    for known_as in sorted(found):
        other_side = sides.side(known_as)
        seen = frozenset(found[known_as]) if other_side.numbered else NO_RECORDS
        pair = pair_of(own, other_side, matcher, seen)
        if pair is not None:
            pair = corroborated(pair, own, other_side, sides, matcher)
            strong = is_strong(pair, matcher, sides.excused(own.known_as, known_as))
            yield Near(other_side, seen, pair, strong)


def corroborated(pair: Pair, one: Side, other: Side, sides: Sides, matcher: Matcher) -> Pair:
    """A pair with what a contact of both adds, where there is a question without it: contacts alone make none."""
    policy = matcher.model.policy
    if policy.most_by_contacts <= 0.0 or pair.bits < policy.review_bits:
        return pair
    ours, theirs = sides.contacts(one.known_as), sides.contacts(other.known_as)
    found = corroboration(Patients(pair.record, pair.best), ours, theirs, matcher)
    return pair if found is None else pair._replace(bits=pair.bits + found.bits, contact=found)


def best_of(near: Iterable[Near], matcher: Matcher) -> Near | None:
    """Who is meant, if anybody: of those who are strongly alike one with a number first; else the likeliest."""
    enough = [each for each in near if each.pair.bits >= matcher.model.policy.review_bits]
    strong = [each for each in enough if each.strong]
    return min(
        strong or enough,
        key=lambda each: (
            bool(strong) and not each.side.numbered,
            -likeliness(each.pair, [one.pair for one in enough]),
            each.pair.other,
        ),
        default=None,
    )


def likeliness(pair: Pair, near: Iterable[Pair]) -> float:
    """Bits by which one is chosen: a contact of somebody in a home is one of all there, and chooses none of them."""
    at_home = (each.by_contact for each in near if each.contact and is_at_home(each, pair))
    return pair.bits - pair.by_contact + max(at_home, default=pair.by_contact)


def is_at_home(one: Pair, other: Pair) -> bool:
    """Whether those whom two pairs come to are one side, or live in one home."""
    return one.other == other.other or share_a_home(one.best, other.best)


def counted_beside(best: Pair, rival: Pair) -> Pair:
    """A rival as it counts beside the best one: whoever lives there has the same contacts, no more and no less."""
    if best.contact is rival.contact or not share_a_home(best.best, rival.best):
        return rival
    bits = rival.bits - rival.by_contact + best.by_contact
    return rival._replace(bits=bits, contact=best.contact)


def like_both(
    own: UUID, best: Near, near: Iterable[Near], sides: Sides, matcher: Matcher
) -> frozenset[UUID]:
    """The sides that are strongly like one and like the best one: nearly always the same person once more.

    Of them nobody counts but the best one who is so only by a telephone that is somebody else's as well.
    """
    found = [
        each
        for each in near
        if each.strong and (each is best or is_one(each.side, best, sides, matcher))
    ]
    like = frozenset(each.side.known_as for each in found)
    return like - {
        each.side.known_as
        for each in found
        if each is not best and hangs_on_a_shared_way(own, each, best, like, sides, matcher)
    }


def hangs_on_a_shared_way(
    own: UUID, one: Near, best: Near, like: frozenset[UUID], sides: Sides, matcher: Matcher
) -> bool:
    """Whether a side would not be like another, were what reaches both somebody else's; and it is."""
    excused = sides.excused(own, one.side.known_as)
    ways = ways_to_both(one.pair.record, one.pair.best)
    if not ways or is_strong(one.pair, matcher, excused, ways):
        return False
    others = reached_as_well(own, one.pair, best, like, sides, matcher)
    return not is_strong(one.pair, matcher, excused, others)


def is_one(one: Side, best: Near, sides: Sides, matcher: Matcher) -> bool:
    """Whether another side is strongly like the best one too."""
    other = best.side
    if (one.numbered and other.numbered) or one.known_as in sides.apart_from(other.known_as):
        return False
    pair = pair_of(one, other, matcher)
    excused = sides.excused(one.known_as, other.known_as)
    return pair is not None and is_strong(
        corroborated(pair, one, other, sides, matcher), matcher, excused
    )


def is_rival(one: Side, seen: frozenset[UUID], best: Side, sides: Sides, matcher: Matcher) -> bool:
    """Whether somebody is another person than the best one, as far as can be seen.

    Two verified numbers are two people. Whoever has none, and says nothing that the best one contradicts, is no sign
    of a second person: nearly always it is the same one once more, with less known of them.
    """
    if (one.numbered and best.numbered) or one.known_as in sides.apart_from(best.known_as):
        return True
    pair = pair_of(best, one, matcher, seen)
    return pair is None or not says_nothing_else(pair)


def case_beside(
    own: UUID,
    best: Near,
    like: frozenset[UUID],
    rivals: Iterable[Near],
    sides: Sides,
    matcher: Matcher,
) -> Case:
    """The best pair beside its rivals and whoever lives there."""
    pair, others = best.pair, list(rivals)
    chances = [2.0**each.pair.bits for each in others]
    chance = 2.0**pair.bits
    runner_up = max((each.pair.bits for each in others), default=None)
    beside = [record for each in others for record in looked_at(each.side, each.seen)]
    known = like | {each.side.known_as for each in others}
    beside += living_there(own, best, known, sides, matcher)
    beside += bearing_its_number(own, best, sides)
    return case_of(
        pair,
        matcher,
        margin=None if runner_up is None else pair.bits - runner_up,
        posterior=chance / (1.0 + chance + sum(chances)),
        others=beside,
        reached=reached_as_well(own, pair, best, like, sides, matcher),
    )


def looked_at(side: Side, seen: frozenset[UUID]) -> list[Compared]:
    """The records of a side that are looked at."""
    return [record for each, record in side.records if not seen or each in seen]


def living_there(
    own: UUID, best: Near, known: frozenset[UUID], sides: Sides, matcher: Matcher
) -> Iterator[Compared]:
    """Other people who live where the best one lives, but for those of whom it is known that they are not meant."""
    found: dict[UUID, set[UUID]] = {}
    for each in sides.at_home_of(best.pair.best):
        found.setdefault(sides.side_of(each), set()).add(each)
    passed = known | sides.apart_from(own) | {own, best.side.known_as}
    for known_as in sorted(found.keys() - passed):
        side, seen = sides.side(known_as), frozenset(found[known_as])
        if is_rival(side, seen if side.numbered else NO_RECORDS, best.side, sides, matcher):
            yield from looked_at(side, seen if side.numbered else NO_RECORDS)


def reached_as_well(
    own: UUID, pair: Pair, best: Near, like: frozenset[UUID], sides: Sides, matcher: Matcher
) -> Ways:
    """What of what a pair shares reaches other people too, also those who are known not to be meant.

    What too many have for anybody to be found by it is the number of a care home, or of a worker who is on all lists.
    """
    ways = ways_to_both(pair.record, pair.best)
    if not ways:
        return NO_WAYS
    passed = like | {own, best.side.known_as}
    others = []
    for each in sorted(sides.near(pair.record)):
        other, known_as = sides.compared(each), sides.side_of(each)
        if other is None or known_as in passed or ways.isdisjoint(ways_to(other)):
            continue
        if is_rival(sides.side(known_as), frozenset({each}), best.side, sides, matcher):
            others.append(other)
    return ways_of_others(ways, others) | frozenset(filter(sides.is_busy, ways))


def bearing_its_number(own: UUID, best: Near, sides: Sides) -> Iterator[Compared]:
    """Whoever else has a number that a record states without its being verified, however unlike they are."""
    for _, record in sides.side(own).records:
        for each in sides.near(record) if record.nhs else ():
            other = sides.compared(each)
            if (
                other is not None
                and other.nhs == record.nhs
                and sides.side_of(each) not in (own, best.side.known_as)
            ):
                yield other


def decision_from(found: Weighed, matcher: Matcher) -> Decision[UUID]:
    """The decision with its reasons, as everywhere else: levels and bits, never values."""
    pair, rivals = found.pair, found.rivals
    chances = [2.0**each.bits for each in (pair, *rivals)]
    total = sum(chances)
    return Decision(
        outcome=found.judged.outcome,
        grade=grade_of(found.judged.outcome, found.case),
        match=pair.other,
        bits=pair.bits,
        prior=matcher.weights.prior,
        margin=found.case.margin,
        posterior=found.case.posterior,
        matchability=total / (1.0 + total),
        perplexity=perplexity_of(chances, total),
        by_number=False,
        rules=found.broken,
        fields=(
            *matcher.weights.fields(pair.record, pair.best, pair.levels),
            *([pair.contact] if pair.contact else ()),
        ),
        alternatives=tuple((each.other, each.bits) for each in rivals[:MOST_ALTERNATIVES]),
        model=matcher.digest,
        beside_shielded=found.judged.beside_shielded,
    )
