"""Folding by the latest word: the same for the same words, however they come."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.matching.words import by_register, folded, heard, in_place, later, order, together, word_on
from hub.records import PersonFacts, Word

REGISTERS = {"gender": ("gender",), "practice": ("practice_ods",), "none": ()}
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def word(about, minute=0, event=1, *, un_event=False, sequence=0):
    return Word(
        about=about,
        recorded_at=START + timedelta(minutes=minute),
        un_event=un_event,
        sequence=sequence,
        event_id=UUID(int=event),
    )


WORDS = st.builds(
    word,
    st.sets(st.sampled_from(sorted(REGISTERS)), min_size=1).map(sorted).map(" ".join),
    st.integers(0, 2),
    st.integers(1, 3),
    un_event=st.booleans(),
    sequence=st.integers(0, 1),
)
NEWS = st.tuples(WORDS, st.sampled_from(["male", "female", None]), st.sampled_from(["A1", None]))


def after(news):
    facts, words = PersonFacts(), ()
    for said, gender, practice in news:
        values = {"gender": gender, "practice_ods": practice}
        facts, words = folded(facts, words, values.__getitem__, REGISTERS, said)
    return facts, words


def once_each(news):
    """One event says one thing of a register."""
    return list({order(said): (said, *rest) for said, *rest in news}.values())


@given(
    st.lists(NEWS, max_size=6)
    .map(once_each)
    .flatmap(lambda each: st.tuples(st.just(each), st.permutations(each)))
)
def test_words_in_any_order_end_the_same(both):
    one, other = both
    assert after(one) == after(other)
    assert after([*one, *one]) == after(one)


@given(st.lists(WORDS, max_size=6))
def test_a_register_keeps_the_latest_word_and_words_of_one_place_are_one(said):
    words = ()
    for each in said:
        for register in each.about.split():
            words = heard(words, word_about(each, register)) or words
    for register in REGISTERS:
        spoken = [each for each in said if register in each.about.split()]
        kept = word_on(words, register)
        assert (kept and order(kept)) == max((order(each) for each in spoken), default=None)
    assert len({order(each) for each in words}) == len(words)
    assert sorted(by_register(words)) == sorted(
        {name for each in said for name in each.about.split()}
    )


def word_about(each, register):
    return Word(
        about=register,
        recorded_at=each.recorded_at,
        un_event=each.un_event,
        sequence=each.sequence,
        event_id=each.event_id,
    )


def test_news_that_says_what_was_known_leaves_the_very_same_facts():
    facts = PersonFacts(gender="female")
    now, words = folded(
        facts, (word("gender"),), {"gender": "female"}.get, REGISTERS, word("gender", 5)
    )
    assert now is facts
    assert words == (word("gender", 5),)


def test_words_on_one_register_each_are_still_understood():
    apart = (word("gender", 1), word("practice", 1))
    facts, words = folded(
        PersonFacts(), apart, {"gender": "male"}.get, REGISTERS, word("gender", 2)
    )
    assert facts.gender == "male"
    assert words == (word("gender", 2), word("practice", 1))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (word("a", 1), word("a", 0)),
        (word("a", un_event=True), word("a", sequence=9)),
        (word("a", sequence=2), word("a", sequence=1, event=9)),
        (word("a", event=2), word("a", event=1)),
    ],
)
def test_a_word_is_later_by_time_then_cancel_then_sequence_then_event(one, other):
    assert later(one, other)
    assert not later(other, one)
    assert not later(one, one)


@given(st.lists(NEWS, max_size=6).map(once_each), st.data())
def test_a_word_that_takes_over_stands_as_if_all_were_put_together(news, data):
    _, words = after(news)
    said = data.draw(WORDS)
    taken = in_place(words, said)
    if taken is not None:
        standing = by_register(words)
        standing.update(dict.fromkeys(said.about.split(), said))
        assert taken == together(standing)
