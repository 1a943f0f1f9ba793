"""What is passed over at a glance could never have counted."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.matching.lists import name_tables, read_model
from deploy.matching.made_up import Register, person_of
from deploy.matching.slips import event_of
from hub.matching.candidates import Matcher, plausible_of, settled_by_number
from hub.matching.index.glance import CROSSWISE, STATES, glanced
from hub.matching.index.numbers import Numbering
from hub.matching.index.outline import ASKED, outlines
from hub.matching.index.people import Index
from hub.matching.matcher import decide
from hub.matching.normal.record import compared
from hub.matching.scoring.namesakes import IS_NAMESAKE
from tests.unit.matching.evidence import matcher, record
from tests.unit.matching.test_levels import RECORDS

TABLES = name_tables()
NUMBERING = Numbering(TABLES)


def bound(query, other, model):
    ((most, _, _),), _ = glance(query, other, model.bounds.of(query))
    return most


def glance(query, other, bounds):
    some, rows = outlines(NUMBERING.line_of(other)[:, None]), np.array([0], dtype=np.uint32)
    return glanced(rows, some, NUMBERING.line_of(query), ASKED, bounds, -1e9)


def total(query, other, model):
    return model.weights.total(query, other, model.comparison.levels(query, other))


@given(RECORDS, RECORDS)
def test_no_pair_is_worth_more_than_its_bound(query, other):
    if query.more is None:
        assert bound(query, other, matcher()) >= total(query, other, matcher()) - 1e-9


WORDS = st.text(alphabet="aeilrstmnd", min_size=1, max_size=9)
SLIPS = st.tuples(st.integers(0, 8), st.sampled_from("aeist"), st.integers(0, 2))


def slipped(word, slip):
    """One letter more, or another, or another for two."""
    place, letter, instead = slip
    return word[:place] + letter + word[place + instead :]


BIRTHS = st.sampled_from(
    ["1941-03-02", "1914-03-02", "1941-02-03", "1941-30-02", "1943-01-02", "1941-03", ""]
)


@given(WORDS, WORDS, SLIPS, SLIPS, st.booleans(), BIRTHS)
def test_nor_is_one_slip_of_the_keys(first, family, slip, other_slip, swap, born):
    names = slipped(first, slip), slipped(family, other_slip)
    other = record(*(reversed(names) if swap else names), born, postcode="LE2 7BA")
    query = record(first, family)
    assert bound(query, other, matcher()) >= total(query, other, matcher()) - 1e-9


LISTED = st.sampled_from(
    ["katherine", "kate", "katarzyna", "ayesha", "aisha", "md", "mohammed", "jo", "joe", "j"]
)
MIDDLES = st.sampled_from(["", "", "kate", "j", "rose kate"])


NAMES = st.tuples(WORDS | LISTED, WORDS, MIDDLES)


def seen(query, other):
    """What is seen of the names of two records: of the given name, of the family name, and whether crosswise."""
    _, (found,) = glance(query, other, matcher().bounds.of(query))
    return found % STATES, found % CROSSWISE // STATES, found >= CROSSWISE


IN_TWO_PIECES = ("jo", "marsh", "anneliese"), ("joanneliese", "marsh", "")


@given(NAMES, NAMES, SLIPS, SLIPS, st.integers(0, 7))
@example(*IN_TWO_PIECES, (0, "a", 0), (0, "a", 0), 0)
def test_names_that_agree_are_never_seen_as_others(names, others, slip, other_slip, how):
    (first, family, middle), (other_first, other_family, other_middle) = names, others
    if how & 1:
        other_family = slipped(family, slip)
    if how & 2:
        other_first = slipped(first, other_slip)
    if how == 7:
        other_first, other_family = other_family, other_first
    query, other = (
        record(first, family, middle=middle),
        record(other_first, other_family, middle=other_middle),
    )
    given, family, crosswise = seen(query, other)
    assert crosswise or (given and family) or not IS_NAMESAKE[comparison(query, other)]


def comparison(query, other):
    return matcher().comparison.name_level(query, other)


def test_most_other_names_are_seen_as_others(made_up):
    events = [each for each in made_up[1][:100] if each.given and not each.middle]
    given = [seen(one, other)[0] for one in events[:40] for other in events[40:]]
    assert given.count(0) > 0.8 * len(given)


PEOPLE, ALL = 3_000, 1_000_000


@pytest.fixture(scope="module")
def made_up():
    """A register of every second person made up, and a record with errors of each."""
    register, chance = Register(11, PEOPLE), Random(11)
    people = list(register.people())
    index = Index.of(
        TABLES, ((each.record_id, compared(person_of(each), TABLES)) for each in people[::2])
    )
    events = [
        compared(person_of(event_of(each, people[place - 1], register, chance, "e")), TABLES)
        for place, each in enumerate(people[::3])
    ]
    return index, events


def test_no_decision_differs_from_the_full_comparison(made_up):
    index, events = made_up
    for model in (read_model(), replace(read_model(), people=40)):
        quick, full = (
            Matcher(model, TABLES, glanced_from=1, number_first=False),
            Matcher(model, TABLES, glanced_from=ALL, number_first=False),
        )
        assert [decide(each, index, quick) for each in events] == [
            decide(each, index, full) for each in events
        ]


RUNNER_UP = {
    "margin": None,
    "posterior": 1.0,
    "matchability": 1.0,
    "perplexity": 1.0,
    "alternatives": (),
}


def test_a_number_that_settles_it_changes_nothing_but_that_nobody_else_is_named(made_up):
    index, events = made_up
    first, all_of_them = (
        Matcher(read_model(), TABLES),
        Matcher(read_model(), TABLES, number_first=False),
    )
    settled = [each for each in events if settled_by_number(each, index, first)]
    assert len(settled) > len(events) / 10
    for each in settled:
        quick, full = decide(each, index, first), decide(each, index, all_of_them)
        assert quick._replace(**RUNNER_UP) == full._replace(**RUNNER_UP)


def test_most_candidates_are_passed_over(made_up):
    index, events = made_up
    model = Matcher(read_model(), TABLES, glanced_from=1)
    candidates = sum(len(index.candidates(each)) for each in events)
    assert sum(len(plausible_of(each, index, model).compared) for each in events) < candidates / 4
