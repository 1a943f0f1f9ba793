"""The candidates of a query, and what each is worth.

All are seen at a glance; of those who may come near by it the names are compared; who still may is compared in full.
Whoever is passed over stays below the least that counts, so no decision differs by it.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hub.matching.index.outline import Codes, asked, may_live_there, seen
from hub.matching.index.people import Id, Index
from hub.matching.normal.record import Compared
from hub.matching.normal.tables import NameTables
from hub.matching.scoring.bounds import Bounds
from hub.matching.scoring.comparison import Comparison, Levels
from hub.matching.scoring.fields import GIVEN_OF, NAME
from hub.matching.scoring.model import Model
from hub.matching.scoring.possible import ADDRESS_BIT, POSTCODE_BIT
from hub.matching.scoring.rules import GIVEN_SURELY, found_by_number
from hub.matching.scoring.weights import Weights

LEAST_BITS: Final = -10.0
"""Candidates below are nobody: each would change a posterior by less than a thousandth."""
SURELY_LESS: Final = LEAST_BITS - 1e-6
"""A sum may differ by so much when it is added up in another order."""
FAR_BEHIND: Final = 20.0
"""Nor does anybody count who is so many bits less likely than the best: a millionth of it."""

GLANCED_FROM: Final = 4
NOT_SEEN: Final[Codes] = np.zeros((0, 3), dtype=np.uint8)
HOME_BYTE: Final = 2
MOST_AGREEMENTS: Final = 65_536
"""Pairs of records that are remembered."""
HOME_BITS: Final = np.uint8(POSTCODE_BIT | ADDRESS_BIT)
"""A glance costs as much as so many comparisons, whether at many or at few."""


class Agreement(NamedTuple):
    """Two records side by side: the evidence that they are one person, and the level of every field."""

    bits: float
    levels: Levels


class Matcher:
    """A model with the name tables it was learned with, ready to decide.

    `glanced_from`: so many candidates and more are seen at a glance first; no decision differs by it, only the time.
    `number_first`: where the NHS number settles who is meant, nobody else is looked at; then a decision names no
    runner-up, and nothing else in it differs.
    """

    def __init__(
        self,
        model: Model,
        tables: NameTables,
        *,
        glanced_from: int = GLANCED_FROM,
        number_first: bool = True,
    ) -> None:
        self.model = model
        self.tables = tables
        self.comparison = Comparison(tables)
        self.weights = Weights(model)
        self.bounds = Bounds(self.weights)
        self.glanced_from = glanced_from
        self.number_first = number_first
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


class Candidates(NamedTuple):
    """Those who were compared in full, all who count among them; and, after a glance, what was seen of all.

    Attributes:
        rows: Of all candidates; None without a glance.
        codes: How each was seen.
    """

    compared: list[Scored]
    rows: NDArray[np.intp] | None = None
    codes: Codes = NOT_SEEN

    def passed_over_with(self, best: Scored, query: Compared, index: Index[Id]) -> set[int]:
        """Those who were not compared and may live with one who was."""
        rows, record = self.rows, best.record
        if rows is None:
            return set()
        if record.more is None:
            if record.postcode == query.postcode and record.address == query.address:
                there = self.codes[:, HOME_BYTE] & HOME_BITS != 0
            else:
                there = may_live_there(index.outlines_of(rows), index.outline_of(best.row))
            rows = rows[there]
        return set(rows.tolist()).difference([each.row for each in self.compared])


def scored(query: Compared, index: Index[Id], matcher: Matcher) -> list[Scored]:
    """Every candidate with its evidence, in no order that means anything."""
    return _in_full(query, index.candidates(query), index, matcher)


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
    lines = tuple(index.numbering.all_of(query))
    found = index.found(lines)
    if len(found) < matcher.glanced_from or query.more is not None:
        return Candidates(_in_full(query, found, index, matcher))
    rows = np.fromiter(found, np.intp, len(found))
    codes = seen(index.outlines_of(rows), asked(lines[0]))
    most, of_names = matcher.bounds.of(query, codes)
    near = (most >= SURELY_LESS).nonzero()[0]
    seen_of = (most.take(near).tolist(), of_names.take(near).tolist(), rows.take(near).tolist())
    likely = sorted(zip(*seen_of, strict=True), reverse=True)
    return Candidates(_by_name(query, likely, index, matcher), rows, codes)


def _by_name(
    query: Compared, likely: Iterable[tuple[float, float, int]], index: Index[Id], matcher: Matcher
) -> list[Scored]:
    """Of rows, likeliest first, with the most that each is worth and its name's part of it, those that count.

    The names are compared first, then the rest. The better somebody is, the fewer can still count beside them.
    """
    comparison, total_of = matcher.comparison, matcher.weights.total
    record_of, name_level = index.record, comparison.name_level
    most_by_level = matcher.bounds.by_name_level(query)
    least = SURELY_LESS
    found = []
    for most, of_name, row in likely:
        if most < least:
            break
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
