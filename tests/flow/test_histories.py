"""Made-up histories of every event, told in several orders: the end is the same, and the true one.

The full dose is a command: `python -m tests.flow.histories --steps 100000`.
"""

from random import Random

import pytest

from hub.matching import whose, words
from hub.records import AdmissionState
from processors.carer_matching import visits
from processors.carer_matching.triggers import TRIGGERS, Trigger
from tests.flow.histories.judge import Wrong, judged
from tests.flow.histories.wire import DIALECTS
from tests.flow.histories.world import MERGES, NO_MEANING, World

LENGTH = 20
HISTORIES = 15
"""Of this many events, in this many histories a test: together 5,000 messages."""
SEEN_WITHIN = 20
"""Histories in which a seeded mistake is found, and mostly in the first; more, so that other weights find it too."""


def all_judged(seeds):
    for seed in seeds:
        judged(seed, LENGTH)


@pytest.mark.parametrize("first", range(0, 75, HISTORIES))
def test_in_any_order_repeated_and_interleaved_a_history_ends_as_it_was(first):
    all_judged(range(first, first + HISTORIES))


def test_the_histories_hold_every_event_and_every_dialect():
    counts, dialects = {}, set()
    for seed in range(80):
        world = World(Random(seed))
        world.live(LENGTH)
        dialects.add(world.dialect)
        counts = {
            key: counts.get(key, 0) + world.counts.get(key, 0) for key in {**counts, **world.counts}
        }
    inserted = {
        f"A{number:02}" for number in (*range(1, 9), *range(11, 15), 16, 17, 21, 22, 23, 25)
    }
    others = {
        "A27",
        "A28",
        "A31",
        "A35",
        "A38",
        "A41",
        "A42",
        "A44",
        "A45",
        "A47",
        "A50",
        "A52",
        "A53",
    }
    assert inserted | others | {*MERGES} | {*NO_MEANING} <= set(counts)
    assert dialects == set(DIALECTS)


@pytest.mark.parametrize(
    ("event", "mistaken", "seed"),
    [
        ("A38", Trigger(admission=AdmissionState.CANCELLED, un_event=True), 22),
        ("A13", Trigger(un_event=True), 36),
        ("A06", Trigger(admission=AdmissionState.ADMITTED), 22),
        ("A21", Trigger(discharge="starts"), 2),
    ],
)
def test_a_mistake_in_the_meaning_of_an_event_is_found(monkeypatch, event, mistaken, seed):
    monkeypatch.setitem(TRIGGERS, event, mistaken)
    with pytest.raises(Wrong):
        all_judged(range(seed, seed + SEEN_WITHIN))


def test_a_number_whose_words_are_lost_is_found(monkeypatch):
    monkeypatch.setattr(visits, "joined", lambda stay, others: stay)
    with pytest.raises(Wrong):
        all_judged(range(SEEN_WITHIN))


@pytest.mark.parametrize(
    ("part", "mistaken", "seed"),
    [
        ("is_named_through", lambda *_: False, 3),
        ("merged_first", lambda _: whose.NEVER_TOLD, 13),
    ],
)
def test_a_stay_that_is_shown_as_another_patients_is_found(monkeypatch, part, mistaken, seed):
    """Whom a wrong merge names counts, or nobody who was named before it."""
    monkeypatch.setattr(whose, part, mistaken)
    with pytest.raises(Wrong):
        all_judged(range(seed, seed + SEEN_WITHIN))


def test_a_fold_by_arrival_is_found(monkeypatch):
    monkeypatch.setattr(words, "later", lambda word, than: True)
    with pytest.raises(Wrong):
        all_judged(range(SEEN_WITHIN))
