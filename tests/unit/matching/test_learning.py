"""Learning finds what errors cost without being told who is who, and does not take a housemate for a match."""

from random import Random

import pytest

from deploy.matching.lists import name_tables
from deploy.matching.made_up import Register, person_of
from deploy.matching.slips import event_of
from hub.matching.index.people import Index
from hub.matching.normal.record import compared
from hub.matching.scoring.fields import BORN, FIELDS, HOME, LEVELS, NAME, Born
from hub.matching.scoring.model import FEWEST_BEARERS
from hub.matching.scoring.weights import Weights
from hub.matching.training.learning import Label, train
from hub.matching.training.moves import MOST_MOVED, moves

LABEL = Label(version="t", source="made-up people", trained_on="2026-11-28")
PEOPLE = 1_500
TABLES = name_tables()


def record(made):
    return compared(person_of(made), TABLES)


@pytest.fixture(scope="module")
def made():
    """A register that knows half of the people, and a record of each of them, known or not."""
    register, chance = Register(5, PEOPLE), Random(5)
    people = list(register.people())
    events = [event_of(each, people[0], register, chance, "e") for each in people]
    known = [(each.record_id, record(each)) for each in people if chance.random() < 0.5]
    return known, [record(each) for each in events]


@pytest.fixture(scope="module")
def model(made):
    known, events = made
    return train(Index.of(TABLES, known), events, LABEL)


def bits(model, field, level):
    return Weights(model).by_field[field][LEVELS[field].index(level)]


def test_a_housemate_is_not_taken_for_a_match(model):
    assert bits(model, NAME, "other/exact") < 0
    assert bits(model, BORN, "other") < -4
    assert bits(model, NAME, "exact/exact") > 8


def test_shares_of_levels_are_near_to_those_that_were_made(model):
    born = model.same["born"]
    assert born[Born.EXACT] == pytest.approx(0.95, abs=0.03)
    assert born[Born.OTHER] < 0.02
    for name in FIELDS:
        assert sum(model.same[name]) == pytest.approx(1.0, abs=1e-6)


def test_the_same_register_gives_the_same_model_in_whatever_order_it_came(made, model):
    known, events = made
    assert train(Index.of(TABLES, reversed(known)), events, LABEL) == model


def test_names_that_few_bear_are_not_in_a_model(model):
    least = FEWEST_BEARERS / model.people
    for each in model.frequencies.values():
        assert all(share >= least for share in each.shares.values())


def test_a_register_without_postcodes_learns_what_an_address_is_worth(made):
    known, events = ([*made[0]], [*made[1]])
    without = train(
        Index.of(TABLES, [(name, each._replace(postcode="")) for name, each in known]),
        [each._replace(postcode="") for each in events],
        LABEL,
    )
    assert bits(without, HOME, "missing/exact") > 5 > bits(without, HOME, "missing/other")


def test_an_empty_register_teaches_nothing():
    with pytest.raises(ValueError, match="empty"):
        train(Index(TABLES), [], LABEL)


def test_only_weights_that_moved_far_are_named(model):
    assert moves(model, model) == ()
    from dataclasses import replace

    share = list(model.same["sex"])
    share[1], share[2] = share[2], share[1]
    far = moves(model, replace(model, same={**model.same, "sex": tuple(share)}))
    assert far
    assert {each.field for each in far} == {"sex"}
    assert moves(model, replace(model, people=model.people * 4)) == ()
    (prior,) = moves(model, replace(model, people=model.people * 5))
    assert prior.field == "prior"
    assert all(abs(each.before - each.after) > MOST_MOVED for each in far)
