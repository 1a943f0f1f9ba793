"""Who is meant by a record: AUTO, REVIEW or NONE, with the reasons.

A function of the record, the set of records in the index, and the model: no clock, no chance, ties by id.
"""

from collections.abc import Iterable, Sequence
from math import log2

from hub.matching.candidates import (
    FAR_BEHIND,
    LEAST_BITS,
    Candidates,
    Matcher,
    Scored,
    plausible_of,
    settled_by_number,
)
from hub.matching.index.people import Id, Index
from hub.matching.normal.record import NOT_VERIFIED, Compared
from hub.matching.scoring.decision import (
    MOST_ALTERNATIVES,
    RULES,
    Decision,
    Grade,
    Outcome,
    Rule,
)
from hub.matching.scoring.fields import BORN, GIVEN_OF, NAME, Born, Given
from hub.matching.scoring.levels import SHORTEST_SLIPPED, is_slip_within, is_swap_within
from hub.matching.scoring.namesakes import has_namesake
from hub.matching.scoring.reached import ways_to_both
from hub.matching.scoring.rules import (
    GIVEN_SURELY,
    NOT_MET,
    Case,
    asks_who_is_reached,
    at_home_with,
    found_by_number,
)


def decide(
    query: Compared, index: Index[Id], matcher: Matcher, rules: frozenset[Rule] = RULES
) -> Decision[Id]:
    """Who of the index is meant by a record. `rules` are the conditions of AUTO that are asked: all of them."""
    settled = settled_by_number(query, index, matcher)
    candidates = Candidates([settled]) if settled else plausible_of(query, index, matcher)
    plausible = those_who_count(candidates.compared, index)
    if not plausible:
        return _nobody(matcher)
    best = plausible[0]
    chances = [2.0**each.bits for each in plausible]
    total = sum(chances)
    margin = best.bits - plausible[1].bits if len(plausible) > 1 else None
    by_number = found_by_number(query, best.record, best.levels)
    enough = by_number or best.bits >= matcher.model.policy.review_bits
    others = _others(best, candidates, by_number, query, index) if enough else []
    housemates = at_home_with(best.record, others)
    case = Case(
        query=query,
        best=best.record,
        levels=best.levels,
        bits=best.bits,
        margin=margin,
        posterior=chances[0] / (1.0 + total),
        housemates=housemates,
        namesake=has_namesake(query, best.record, best.levels, housemates, matcher.comparison),
        number_is_anothers=is_anothers(query, others),
        reached_by_others=asks_who_is_reached(best.levels)
        and _is_reached_by_others(query, best, index),
        by_number=by_number,
        common=best.levels[BORN] == Born.YEAR
        and (is_common(query, matcher) or is_common(best.record, matcher)),
        two_names=are_two_names(query, best.record, best.levels[NAME], matcher),
        policy=matcher.model.policy,
    )
    broken = _broken(case, rules) if enough else ()
    outcome = Outcome.NONE if not enough else Outcome.REVIEW if broken else Outcome.AUTO
    return Decision(
        outcome=outcome,
        grade=grade_of(outcome, case),
        match=index.id_of(best.row),
        bits=best.bits,
        prior=matcher.weights.prior,
        margin=margin,
        posterior=case.posterior,
        matchability=total / (1.0 + total),
        perplexity=perplexity_of(chances, total),
        by_number=by_number,
        rules=broken,
        fields=matcher.weights.fields(query, best.record, best.levels),
        alternatives=tuple(
            (index.id_of(each.row), each.bits) for each in plausible[1 : MOST_ALTERNATIVES + 1]
        ),
        model=matcher.digest,
    )


def those_who_count(compared: Iterable[Scored], index: Index[Id]) -> list[Scored]:
    """Of candidates those who are not nobody, nor nobody beside the best; the best first, ties by id."""
    plausible = [each for each in compared if each.bits >= LEAST_BITS]
    if len(plausible) > 1:
        plausible.sort(key=lambda each: (-each.bits, str(index.id_of(each.row))))
        least = plausible[0].bits - FAR_BEHIND
        while plausible[-1].bits < least:
            plausible.pop()
    return plausible


def _broken(case: Case, rules: frozenset[Rule]) -> tuple[Rule, ...]:
    """Conditions of AUTO that are not met."""
    broken = [rule for rule, is_not_met in NOT_MET.items() if is_not_met(case)]
    return tuple(sorted(rules.intersection(broken))) if broken else ()


def is_anothers(query: Compared, others: Iterable[Compared]) -> bool:
    """Whether somebody else has the query's NHS number, verified."""
    number = query.nhs
    return number != 0 and any(
        record.nhs == number and not record.marks & NOT_VERIFIED for record in others
    )


def _is_reached_by_others(query: Compared, best: Scored, index: Index[Id]) -> bool:
    """Whether whatever reaches both the query and the best candidate reaches somebody else of the index as well."""
    ways = ways_to_both(query, best.record)
    rows = [index.reached_by(way) for way in ways]
    return bool(ways) and all(each is None or any(row != best.row for row in each) for each in rows)


def is_common(record: Compared, matcher: Matcher) -> bool:
    """Whether given and family name together are not known to be rarer in the register than names are in the mean.

    Of a name that adds nothing, because the model does not know it, nobody knows how rare it is.
    """
    given, family = matcher.weights.rarity.of_name(record.given, record.family)
    return given + family <= 0.0 or 0.0 in (given, family)


def are_two_names(query: Compared, best: Compared, name: int, matcher: Matcher) -> bool:
    """Whether given names that agree may be two: unless one can be the slip of the other.

    Two that several people bear or the lists of names know are two, and in short names any letter makes another. Beside
    one that several bear an unknown one is the slip, if it is close, or near by one slip within: names that go together
    begin or end otherwise. Of two that nobody knows neither is, unless letters only changed places or were typed twice.
    Of several names of a record those count that agree so far.
    """
    given = GIVEN_OF[name]
    if given not in (Given.CLOSE, Given.NEAR, Given.TOKEN):
        return False
    return any(
        _are_two((one.given, other.given), given, matcher)
        for one, other in matcher.comparison.named_at(name, query, best)
    )


def _are_two(pair: tuple[str, str], given: Given, matcher: Matcher) -> bool:
    is_borne = matcher.weights.rarity.is_borne
    if min(map(len, pair)) < SHORTEST_SLIPPED:
        return True
    unknown = [each for each in pair if not is_borne(each)]
    if all(each in matcher.tables.groups for each in unknown):
        return True
    if len(unknown) == 1:
        return given == Given.NEAR and not is_slip_within(*pair)
    return not is_swap_within(*pair)


def _others(
    best: Scored, candidates: Candidates, by_number: bool, query: Compared, index: Index[Id]
) -> list[Compared]:
    """Everybody else who was compared, or may live with the best candidate and speak against it."""
    others = [each.record for each in candidates.compared if each.row != best.row]
    surely = GIVEN_OF[best.levels[NAME]] in GIVEN_SURELY
    if by_number and surely:
        return others  # no condition asks who lives there
    namesakes_alone = surely and not query.nhs  # else twins are asked for, or whose the number is
    there = candidates.not_compared_with(best, query, index, of_like_name=namesakes_alone)
    others.extend(map(index.record, there))
    return others


def grade_of(outcome: Outcome, case: Case) -> Grade:
    """FHIR's match-grade: AUTO is certain, a REVIEW with the evidence of an AUTO is probable, any other possible."""
    if outcome is Outcome.REVIEW:
        return Grade.PROBABLE if case.bits >= case.policy.auto_bits else Grade.POSSIBLE
    return Grade.CERTAIN if outcome is Outcome.AUTO else Grade.CERTAINLY_NOT


def perplexity_of(chances: Sequence[float], total: float) -> float:
    """Two to the entropy of the candidates' shares: how many of them are plausible (QAF, ambiguity-aware review)."""
    if len(chances) == 1:
        return 1.0
    shares = [chance / total for chance in chances if chance > 0.0]
    return float(2.0 ** -sum(share * log2(share) for share in shares if share > 0.0))


def _nobody(matcher: Matcher) -> Decision[Id]:
    return Decision(
        outcome=Outcome.NONE,
        grade=Grade.CERTAINLY_NOT,
        match=None,
        bits=matcher.weights.prior,
        prior=matcher.weights.prior,
        margin=None,
        posterior=0.0,
        matchability=0.0,
        perplexity=0.0,
        by_number=False,
        rules=(),
        fields=(),
        alternatives=(),
        model=matcher.digest,
    )
