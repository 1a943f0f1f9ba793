"""Makes `schemas/matching/default.json`, with which a hub decides before it has learned from its own register.

It is learned from made-up people, the same every time: `python -m deploy.matching.first_model`. It holds nobody's data.
Weights of one register are not those of another, so an area learns its own as soon as it can (`hub match train`).

Two things are not as they were learned, because the model does not know whom it will meet. A name or a district that
the made-up people have not may be the commonest of all where the hub runs, so it counts as neither common nor rare. And
the register may be any region's, so it is reckoned as one of a million people.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Final

from deploy.matching.lists import DEFAULT_MODEL, name_tables, write_model
from deploy.matching.made_up import Made, Register, person_of
from deploy.matching.slips import event_of
from deploy.output import aside
from hub.matching.index.people import Index
from hub.matching.normal.record import Compared, compared
from hub.matching.scoring.model import Model
from hub.matching.training.learning import Label, train

SEED: Final = 20261128
PEOPLE: Final = 60_000
EVENTS: Final = 12_000
STRANGERS: Final = 4
"""One in so many events is of somebody whom the register does not know."""
LABEL: Final = Label(
    version="default-2",
    source="made-up people of deploy/matching/made_up.py, seed 20261128; unknown names are not rare",
    trained_on="2026-11-29",
)
PEOPLE_OF_A_REGION: Final = 1_000_000
"""More than most regions have: whoever is taken for one of more is joined less readily, never more."""


def record_of(made: Made) -> Compared:
    """Somebody made up, as compared."""
    return compared(person_of(made), name_tables())


def events_of(people: list[Made], register: Register, chance: Random) -> Iterator[Made]:
    """Records of some of the people, and of strangers between them."""
    for number in range(EVENTS):
        known = number % STRANGERS
        person = chance.choice(people) if known else register.stranger()
        yield event_of(person, chance.choice(people), register, chance, f"e{number}")


def first_model() -> Model:
    """The model that comes with the hub."""
    register = Register(SEED, PEOPLE)
    people = list(register.people())
    index = Index.of(name_tables(), ((each.record_id, record_of(each)) for each in people))
    chance = Random(SEED)  # noqa: S311 - made-up people, the same for a seed
    events = [record_of(each) for each in events_of(people, register, chance)]
    return for_anywhere(train(index, events, LABEL))


def for_anywhere(model: Model) -> Model:
    """The same for a register that it was not learned from."""
    frequencies = {name: replace(each, rare=each.agree) for name, each in model.frequencies.items()}
    return replace(model, people=PEOPLE_OF_A_REGION, frequencies=frequencies)


if __name__ == "__main__":
    model = first_model()
    write_model(model, DEFAULT_MODEL)
    aside(model.digest)
