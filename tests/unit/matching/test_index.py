"""What the index answers depends on who stands in it, not on how they came."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.matching.lists import name_tables
from hub.matching.index.keys import MOST, MOST_FINE, keys_from
from hub.matching.index.many import numbers_of_many
from hub.matching.index.numbers import Numbering
from hub.matching.index.people import Index
from hub.matching.index.postings import Postings
from hub.matching.matcher import decide
from tests.unit.matching.evidence import matcher, record, register
from tests.unit.matching.test_levels import RECORDS

TABLES = name_tables()


def found(index, query):
    return {index.id_of(row) for row in index.candidates(query)}


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from("abcdefgh"), RECORDS, min_size=1), RECORDS, st.data())
def test_order_removal_and_return_change_no_decision(people, query, data):
    whole = register(**people)
    order = data.draw(st.permutations(sorted(people)))
    other = Index(TABLES)
    for name in order:
        other.add(name, record("Someone", "Else"))  # replaced below
        other.add(name, people[name])
    for name in order[::2]:
        other.remove(name)
        other.add(name, people[name])
    if data.draw(st.booleans()):
        other._free.extend(other._postings.merge())
    assert dict(other) == dict(whole) == people
    assert found(other, query) == found(whole, query)
    assert decide(query, other, matcher()) == decide(query, whole, matcher())


@pytest.mark.parametrize(
    "other",
    [
        record(
            "Edwin", "Unlike", "1999-09-09", line="1 Far", postcode="B1 1AA", phone="07700 900142"
        ),
        record("Marsh", "Ada", line="", postcode=""),
        record("Adda", "Mash", line="", postcode=""),
        record(born="1941-02-03"),
        record(born="1914-03-02", line="", postcode=""),
        record("Edwin", "Unlike", "1999-09-09", postcode=""),
    ],
)
def test_somebody_with_many_errors_is_still_found(other):
    assert found(register(ada=record(phone="07700 900142")), other) == {"ada"}


def test_a_key_that_too_many_share_tells_nobody_apart():
    people = {f"{number}": record(born="", line="", postcode="") for number in range(MOST_FINE)}
    index = register(**people)
    query = record(born="", line="", postcode="")
    assert len(found(index, query)) == MOST_FINE
    index.add("one more", query)
    assert found(index, query) == set()
    index.remove("0")
    assert len(found(index, query)) == MOST_FINE


def test_keys_are_the_same_on_every_machine():
    numbers = Numbering(TABLES).all_of(record(nhs_number="9990000018"))
    assert sum(keys_from(numbers)) % 1_000_003 == 74143


@given(st.lists(RECORDS, min_size=1))
def test_numbers_of_many_are_those_of_each(records):
    numbering = Numbering(TABLES)
    assert numbers_of_many(numbering, records).T.tolist() == [
        [int(each) for each in numbering.of(record)] for record in records
    ]


def test_who_is_not_there_cannot_be_removed():
    with pytest.raises(KeyError):
        Index(TABLES).remove("nobody")


def rows_under(postings, *keys):
    """Of at most nine."""
    return set(postings.under(np.array(keys, dtype=np.uint64), np.full(len(MOST), 9)).tolist())


def test_rows_are_used_again_after_a_merge():
    postings = Postings()
    postings.put(0, [5, 7])
    postings.take(0, [5, 7])
    assert rows_under(postings, 5, 7) == set()
    assert postings.merge() == {0}
    postings.put(0, [7])
    assert rows_under(postings, 5, 7) == {0}
    assert postings.merge() == frozenset()
    assert rows_under(postings, 7) == {0}
