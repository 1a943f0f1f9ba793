"""The candidates of a query, and what each is worth.

All are seen at a glance; of those who may come near by it the names are compared; who still may is compared in full.
Whoever is passed over stays below the least that counts, so no decision differs by it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.outline import NOBODY, Outlines, alike, asked, may_live_there, seen
from hub.matching.index.people import Id, Index
from hub.matching.normal.record import Compared
from hub.matching.normal.tables import NameTables
from hub.matching.scoring.bounds import Bounds
from hub.matching.scoring.comparison import Comparison, Levels
from hub.matching.scoring.model import Model
from hub.matching.scoring.weights import Weights

NO_ROWS: Final = np.zeros(0, dtype=np.intp)
LEAST_BITS: Final = -10.0
"""Candidates below are nobody: each would change a posterior by less than a thousandth."""
SURELY_LESS: Final = LEAST_BITS - 1e-6
"""A sum may differ by so much when it is added up in another order."""

GLANCED_FROM: Final = 12
"""A glance costs as much as so many comparisons, whether at many or at few."""


class Matcher:
    """A model with the name tables it was learned with, ready to decide.

    `glanced_from`: so many candidates and more are seen at a glance first. No decision differs by it, only the time.
    """

    def __init__(
        self, model: Model, tables: NameTables, *, glanced_from: int = GLANCED_FROM
    ) -> None:
        self.model = model
        self.tables = tables
        self.comparison = Comparison(tables)
        self.weights = Weights(model)
        self.bounds = Bounds(self.weights)
        self.glanced_from = glanced_from
        self.digest = model.digest


class Scored(NamedTuple):
    """One candidate: its evidence, its row in the index, how far it agrees, and what it says."""

    bits: float
    row: int
    levels: Levels
    record: Compared


class Candidates(NamedTuple):
    """Those who were compared in full; and of all, what was seen at a glance."""

    compared: list[Scored]
    rows: NDArray[np.intp]
    outlines: Outlines

    def passed_over_with(self, one: int, record: Compared, index: Index[Id]) -> set[int]:
        """Those who were not compared and may live with somebody in this row."""
        rows = self.rows
        if len(rows) and record.more is None:
            rows = rows[may_live_there(self.outlines, index.outline_of(one))]
        return set(rows.tolist()).difference(each.row for each in self.compared)


def scored(query: Compared, index: Index[Id], matcher: Matcher) -> list[Scored]:
    """Every candidate with its evidence, in no order that means anything."""
    return list(_in_full(query, index.candidates(query), index, matcher))


def plausible_of(query: Compared, index: Index[Id], matcher: Matcher) -> Candidates:
    """The candidates, of whom all are compared in full who are worth `LEAST_BITS`."""
    lines = tuple(index.numbering.all_of(query))
    found = index.found(lines)
    if len(found) < matcher.glanced_from or query.more is not None:
        return Candidates(list(_in_full(query, found, index, matcher)), NO_ROWS, NOBODY)
    rows = np.array(list(found), dtype=np.intp)
    outlines = index.outlines_of(rows)
    line = asked(lines[0])
    codes = seen(outlines, line)
    beside_names = matcher.bounds.beside_names(query, codes)
    names = matcher.bounds.of_names(query, codes, alike(outlines, line))
    near = (beside_names + names >= SURELY_LESS).nonzero()[0]
    rest = dict(zip(rows.take(near).tolist(), beside_names.take(near).tolist(), strict=True))
    likely = _by_name(query, rest, index, matcher)
    return Candidates(list(_in_full(query, likely, index, matcher)), rows, outlines)


def _by_name(
    query: Compared, rest: dict[int, float], index: Index[Id], matcher: Matcher
) -> Iterator[int]:
    """Of rows with the most that they are worth beside their name, those that may count with it."""
    name_level, name_bits = matcher.comparison.name_level, matcher.weights.name_bits
    for row, most in rest.items():
        record = index.record(row)
        if most + name_bits(query, record, name_level(query, record)) >= SURELY_LESS:
            yield row


def _in_full(
    query: Compared, rows: Iterable[int], index: Index[Id], matcher: Matcher
) -> Iterator[Scored]:
    levels_of, total_of = matcher.comparison.levels, matcher.weights.total
    for row in rows:
        record = index.record(row)
        levels = levels_of(query, record)
        yield Scored(total_of(query, record, levels), row, levels, record)
