"""The candidates of a query, and what each is worth.

All are seen at a glance; of those who may come near by it the names are compared; who still may is compared in full.
Whoever is passed over stays below the least that counts, so no decision differs by it.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from hub.matching.index.glance import glanced, living_with, namesakes_with
from hub.matching.index.loops import Keys, Names, Rows
from hub.matching.index.outline import ASKED
from hub.matching.index.people import Id, Index
from hub.matching.normal.record import Compared
from hub.matching.normal.tables import NameTables
from hub.matching.scoring.bounds import Bounds
from hub.matching.scoring.comparison import Comparison, Levels
from hub.matching.scoring.fields import GIVEN_OF, NAME
from hub.matching.scoring.model import Model
from hub.matching.scoring.rules import GIVEN_SURELY, found_by_number
from hub.matching.scoring.weights import Weights

LEAST_BITS: Final = -10.0
"""Candidates below are nobody: each would change a posterior by less than a thousandth."""
SURELY_LESS: Final = LEAST_BITS - 1e-6
"""A sum may differ by so much when it is added up in another order."""
FAR_BEHIND: Final = 20.0
"""Nor does anybody count who is so many bits less likely than the best: a millionth of it."""

GLANCED_FROM: Final = 2
"""A glance costs as much as one comparison, whether at many or at few."""
MOST_AGREEMENTS: Final = 65_536
"""Pairs of records that are remembered."""


class Agreement(NamedTuple):
    """Two records side by side: the evidence that they are one person, and the level of every field."""

    bits: float
    levels: Levels


class Matcher:
    """A model with the name tables it was learned with, ready to decide.

    `glanced_from`: so many candidates and more are seen at a glance first; no decision differs by it, only the time.
    `number_first`: where the NHS number settles who is meant, nobody else is looked at; then a decision names no
    runner-up, and nothing else in it differs.
    `joins`: False where a region joins nobody by it, and only says what it makes of two of whom something else decides.
    """

    def __init__(
        self,
        model: Model,
        tables: NameTables,
        *,
        glanced_from: int = GLANCED_FROM,
        number_first: bool = True,
        joins: bool = True,
    ) -> None:
        self.model = model
        self.tables = tables
        self.comparison = Comparison(tables)
        self.weights = Weights(model)
        self.bounds = Bounds(self.weights)
        self.glanced_from = glanced_from
        self.number_first = number_first
        self.joins = joins
        self.digest = model.digest
        self.agreement = lru_cache(MOST_AGREEMENTS)(self._agreement)

    def _agreement(self, one: Compared, other: Compared) -> Agreement:
        """How far two records agree and what it is worth. Remembered: the same people meet again and again."""
        levels = self.comparison.levels(one, other)
        return Agreement(self.weights.total(one, other, levels), levels)


class Scored(NamedTuple):
    """One candidate: its evidence, its row in the index, how far it agrees, and what it says."""

    bits: float
    row: int
    levels: Levels
    record: Compared


class Glance(NamedTuple):
    """The rows of all candidates, how far the name of each may be the query's, and the query's numbers."""

    rows: Rows
    names: Names
    line: Keys


class Candidates(NamedTuple):
    """Those who were compared in full, all who count among them; and, after a glance, what was seen of all.

    Attributes:
        glance: None without one.
    """

    compared: list[Scored]
    glance: Glance | None = None

    def not_compared_with(
        self, best: Scored, query: Compared, index: Index[Id], *, of_like_name: bool
    ) -> set[int]:
        """The rows of those who were not compared and may live with one who was.

        `of_like_name`: alone those who may be namesakes of the query, where that is seen.
        """
        record, glance, there = best.record, self.glance, list[int]()
        if glance is not None:
            rows = glance.rows
            if record.more is None:
                rows = living_with(best.row, rows, index.outlines, glance.names, of_like_name)
            there = rows.tolist()
        if (query.postcode, query.address) != (record.postcode, record.address):
            rows = index.at_home_of(record)  # else whoever has a like name there is a candidate
            if glance is not None and record.more is None:
                rows = namesakes_with(
                    best.row, rows, index.outlines, glance.line, ASKED, of_like_name
                )
            there += rows.tolist()
        return set(there).difference([each.row for each in self.compared])


def scored(query: Compared, index: Index[Id], matcher: Matcher) -> list[Scored]:
    """Every candidate with its evidence, in no order that means anything."""
    return _in_full(query, index.candidates(query).tolist(), index, matcher)


def settled_by_number(query: Compared, index: Index[Id], matcher: Matcher) -> Scored | None:
    """Who alone has the query's NHS number, where the deterministic tier finds them and nobody else can be worth more.

    Source: the Master Person Service stops at its cross-check; only what that leaves goes to costlier steps.
    """
    if not (matcher.number_first and query.nhs) or query.more is not None:
        return None
    with_it = _in_full(query, index.with_number(query.nhs), index, matcher)
    if len(with_it) != 1:
        return None
    (one,) = with_it
    settled = (
        found_by_number(query, one.record, one.levels)
        and GIVEN_OF[one.levels[NAME]] in GIVEN_SURELY
        and one.bits > matcher.bounds.most_without_number(query)
    )
    return one if settled else None


def plausible_of(query: Compared, index: Index[Id], matcher: Matcher) -> Candidates:
    """The candidates, of whom all are compared in full who are worth `LEAST_BITS`."""
    if query.more is not None:
        return Candidates(scored(query, index, matcher))
    line = index.numbering.line_of(query)
    rows = index.found(line)
    if len(rows) < matcher.glanced_from:
        return Candidates(_in_full(query, rows.tolist(), index, matcher))
    bounds = matcher.bounds.of(query)
    near, names = glanced(rows, index.outlines, line, ASKED, bounds, SURELY_LESS)
    return Candidates(_by_name(query, near.tolist(), index, matcher), Glance(rows, names, line))


def _by_name(
    query: Compared, likely: list[list[float]], index: Index[Id], matcher: Matcher
) -> list[Scored]:
    """Of the likely, likeliest first, those who count.

    Their names are compared first, then the rest. The better somebody is, the fewer can still count beside them.
    `likely`: the most that each is worth, its name's part of it, and the row.
    """
    comparison, total_of = matcher.comparison, matcher.weights.total
    record_of, name_level = index.record, comparison.name_level
    most_by_level = matcher.bounds.by_name_level(query)
    least = SURELY_LESS
    found = []
    for most, of_name, place in likely:
        if most < least:
            break
        row = int(place)
        record = record_of(row)
        name = name_level(query, record)
        if most - of_name + most_by_level[name] >= least:
            levels = comparison.with_name(name, query, record)
            bits = total_of(query, record, levels)
            found.append(Scored(bits, row, levels, record))
            least = max(least, bits - FAR_BEHIND)
    return found


def _in_full(
    query: Compared, rows: Iterable[int], index: Index[Id], matcher: Matcher
) -> list[Scored]:
    levels_of, total_of = matcher.comparison.levels, matcher.weights.total
    found = []
    for row in rows:
        record = index.record(row)
        levels = levels_of(query, record)
        found.append(Scored(total_of(query, record, levels), row, levels, record))
    return found
