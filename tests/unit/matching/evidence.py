"""Builders for tests of the matcher: a small register and a model that needs no learning."""

from dataclasses import replace
from functools import lru_cache

from deploy.matching.lists import name_tables, read_model
from hub.matching.candidates import Matcher
from hub.matching.index.people import Index
from hub.matching.matcher import decide
from hub.matching.normal.person import Home, Name, Person
from hub.matching.normal.record import compared
from hub.matching.scoring.decision import RULES

PEOPLE, RARE = 60_000, 1 / 30_000


def learned_here():
    """The model that comes with the hub, as if it were learned from a small register: a name it has not is rare."""
    model = read_model()
    frequencies = {name: replace(each, rare=RARE) for name, each in model.frequencies.items()}
    return replace(model, people=PEOPLE, frequencies=frequencies)


@lru_cache(maxsize=1)
def matcher():
    return Matcher(learned_here(), name_tables())


def person(given="Ada", family="Marsh", born="1941-03-02", line="12 High Street", **more):
    """Somebody; what is not said is as in every test."""
    postcode = more.pop("postcode", "LE2 7AB")
    return Person(
        names=(Name(given=given, middle=more.pop("middle", ""), family=family),),
        born=born,
        homes=(Home(line=line, postcode=postcode),),
        telephones=(more.pop("phone", ""),),
        **more,
    )


def record(*args, **more):
    return compared(person(*args, **more), name_tables())


def register(**people):
    return Index.of(name_tables(), people.items())


def decided(query, index, without=()):
    return decide(query, index, matcher(), RULES - frozenset(without))
