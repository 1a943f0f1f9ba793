"""Who is meant by a record: AUTO, REVIEW or NONE, with the reasons.

A function of the record, the set of records in the index, and the model: no clock, no chance, ties by id.
"""

from collections.abc import Iterable, Sequence
from math import log2
from typing import Final, NamedTuple

import numpy as np

from hub.matching.index.numbers import Numbers
from hub.matching.index.outline import ADDRESS, POSTCODE, asked, seen
from hub.matching.index.people import Id, Index
from hub.matching.index.postings import NO_ROWS, Rows
from hub.matching.normal.record import Compared
from hub.matching.normal.tables import NameTables
from hub.matching.scoring.bounds import Bounds
from hub.matching.scoring.comparison import Comparison, Levels
from hub.matching.scoring.decision import (
    MOST_ALTERNATIVES,
    RULES,
    Decision,
    Grade,
    Outcome,
    Rule,
)
from hub.matching.scoring.model import Model
from hub.matching.scoring.rules import NOT_MET, Case, found_by_number
from hub.matching.scoring.weights import Weights

LEAST_BITS: Final = -10.0
"""Candidates below are nobody: each would change a posterior by less than a thousandth."""


class Matcher:
    """A model with the name tables it was learned with, ready to decide."""

    def __init__(self, model: Model, tables: NameTables, *, at_a_glance: bool = True) -> None:
        """`at_a_glance`: pass over candidates who cannot be worth anything; no decision differs by it."""
        self.model = model
        self.tables = tables
        self.comparison = Comparison(tables)
        self.weights = Weights(model)
        self.bounds = Bounds(self.weights) if at_a_glance else None
        self.digest = model.digest


MARGIN: Final = 1e-6
"""Bits that a sum may differ by when it is added up in another order."""


class Scored(NamedTuple):
    """One candidate: its evidence, its row in the index, how far it agrees, and what it says."""

    bits: float
    row: int
    levels: Levels
    record: Compared


def decide(
    query: Compared, index: Index[Id], matcher: Matcher, rules: frozenset[Rule] = RULES
) -> Decision[Id]:
    """Who of the index is meant by a record. `rules` are the conditions of AUTO that are asked: all of them."""
    lines = tuple(index.numbering.all_of(query))
    rows = index.found(lines)
    near, passed = _near(query, lines[0], rows, index, matcher)
    candidates = _scored(query, near, index, matcher)
    plausible = sorted(
        (each for each in candidates if each.bits >= LEAST_BITS),
        key=lambda each: (-each.bits, str(index.id_of(each.row))),
    )
    if not plausible:
        return _nobody(matcher)
    best = plausible[0]
    chances = [2.0**each.bits for each in plausible]
    total = sum(chances)
    margin = best.bits - plausible[1].bits if len(plausible) > 1 else None
    by_number = found_by_number(query, best.record, best.levels)
    enough = by_number or best.bits >= matcher.model.policy.review_bits
    case = Case(
        query=query,
        best=best.record,
        levels=best.levels,
        bits=best.bits,
        margin=margin,
        posterior=chances[0] / (1.0 + total),
        others=_others(best, candidates, passed, query, index, matcher) if enough else (),
        by_number=by_number,
        policy=matcher.model.policy,
    )
    broken = tuple(sorted(rule for rule in rules if NOT_MET[rule](case))) if enough else ()
    outcome = Outcome.NONE if not enough else Outcome.REVIEW if broken else Outcome.AUTO
    return Decision(
        outcome=outcome,
        grade=_grade(outcome, case),
        match=index.id_of(best.row),
        bits=best.bits,
        prior=matcher.weights.prior,
        margin=margin,
        posterior=case.posterior,
        matchability=total / (1.0 + total),
        perplexity=_perplexity(chances, total),
        by_number=by_number,
        rules=broken,
        fields=matcher.weights.fields(query, best.record, best.levels),
        alternatives=tuple(
            (index.id_of(each.row), each.bits) for each in plausible[1 : MOST_ALTERNATIVES + 1]
        ),
        model=matcher.digest,
    )


def scored(query: Compared, index: Index[Id], matcher: Matcher) -> list[Scored]:
    """Every candidate with its evidence, in no order that means anything."""
    return _scored(query, index.candidates(query), index, matcher)


def _scored(
    query: Compared, rows: Iterable[int], index: Index[Id], matcher: Matcher
) -> list[Scored]:
    levels_of, total_of = matcher.comparison.levels, matcher.weights.total
    found = []
    for row in rows:
        record = index.record(row)
        levels = levels_of(query, record)
        found.append(Scored(total_of(query, record, levels), row, levels, record))
    return found


def _near(
    query: Compared, line: Numbers, rows: Rows, index: Index[Id], matcher: Matcher
) -> tuple[set[int], Rows]:
    """Who is compared in full; and all rows, of which the rest can be worth nothing."""
    if matcher.bounds is None or query.more is not None or not len(rows):
        return set(rows.tolist()), NO_ROWS
    codes = seen(index.outlines_of(rows), asked(line))
    most = matcher.bounds.of(query, codes)
    return set(rows[most >= LEAST_BITS - MARGIN].tolist()), rows


def _others(
    best: Scored,
    candidates: Sequence[Scored],
    passed: Rows,
    query: Compared,
    index: Index[Id],
    matcher: Matcher,
) -> list[tuple[Compared, Levels]]:
    """Everybody else who was compared, and whoever lives with the best candidate, beside the query."""
    others = [(each.record, each.levels) for each in candidates if each.row != best.row]
    known = {each.row for each in candidates}
    more = _living_with(best.record, passed, index)
    if (query.postcode, query.address) != (best.record.postcode, best.record.address):
        more |= index.at_home_of(best.record)  # else whoever has a like name there is known
    for row in more - known:
        record = index.record(row)
        others.append((record, matcher.comparison.levels(query, record)))
    return others


def _living_with(record: Compared, passed: Rows, index: Index[Id]) -> set[int]:
    """Which of those who were passed over may live with somebody."""
    if not len(passed):
        return set()
    if record.more is not None:
        return set(passed.tolist())
    line = asked(index.numbering.of(record))
    some = index.outlines_of(passed)
    there = np.zeros(len(passed), dtype=np.bool_)
    if record.postcode:
        there |= some[:, POSTCODE] == line[POSTCODE]
    if record.address:
        there |= some[:, ADDRESS] == line[ADDRESS]
    return set(passed[there].tolist())


def _grade(outcome: Outcome, case: Case) -> Grade:
    """FHIR's match-grade: AUTO is certain, a REVIEW with the evidence of an AUTO is probable, any other possible."""
    if outcome is Outcome.REVIEW:
        return Grade.PROBABLE if case.bits >= case.policy.auto_bits else Grade.POSSIBLE
    return Grade.CERTAIN if outcome is Outcome.AUTO else Grade.CERTAINLY_NOT


def _perplexity(chances: Sequence[float], total: float) -> float:
    """Two to the entropy of the candidates' shares: how many of them are plausible (QAF, ambiguity-aware review)."""
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
