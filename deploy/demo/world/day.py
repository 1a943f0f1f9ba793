"""The day: people, plots, first loads, agreements and what is sent twice, put in order, with its own truth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from deploy.demo.script import Day, Send
from deploy.demo.world.adt import Identity
from deploy.demo.world.agreeing import agreements
from deploy.demo.world.area import Trust
from deploy.demo.world.book import Book
from deploy.demo.world.casting import FOR_CHILDREN, FOR_OTHERS, WITH_CARERS, Part, Plot, assigned
from deploy.demo.world.chance import chance_from
from deploy.demo.world.clock import UTC, day_of, to_the_minute
from deploy.demo.world.counting import counts_of
from deploy.demo.world.households import Maker, households
from deploy.demo.world.loads import carers_of_nobody, first_load
from deploy.demo.world.mishaps import mishaps
from deploy.demo.world.people import Caring, Person, age_on
from deploy.demo.world.story import Stay
from deploy.demo.world.tale import Tale
from deploy.demo.world.truth import ADULT, expected

FIRST: Final = timedelta(minutes=30)
"""After the beginning of the day nothing happens for so long: practices hand in what they have."""
LAST_START: Final = timedelta(hours=5)
"""Nothing begins so shortly before the end, because it would not come to its own."""
DUPLICATES: Final = 14
OTHER_DUPLICATES: Final = 4
FLAGS_WITHOUT_LINK: Final = 6

Carings: TypeAlias = Mapping[Person, Sequence[Caring]]
"""Who looks after whom, by the one cared for."""


def day(seed: int, now: datetime) -> Day:
    """A made-up day of the area that ends at `now`, which is aware. The same seed and now give the same bytes."""
    end = now.astimezone(UTC).replace(microsecond=0)
    book = Book(seed, end, chance_from(seed, "day"))
    area = households(seed, day_of(end))
    carings = by_patient(area.carings)
    carers = {each.carer for each in area.carings}
    others = [each for each in area.people if each not in carings and each not in carers]
    relatives = adults(others, end)
    tales = [
        *happening(book, WITH_CARERS, of(adults(carings, end), carings), relatives),
        *happening(book, FOR_CHILDREN, of(children(carings, end), carings), relatives),
        *happening(book, FOR_OTHERS, dict.fromkeys(others, ()), relatives),
    ]
    first_load(book, area.carings)
    for tale in tales:
        for caring in tale.ending:
            book.link_over(caring)
    carers_of_nobody(book, near_the_ill(tales, others))
    agreements(book, to_be_asked(book, area, tales))
    mishaps(book)
    say_again(book)
    story = book.story()
    return Day(
        seed=seed,
        now=now,
        steps=tuple(book.in_order()),
        counts=counts_of(book, story, area),
        expected=lambda at: expected(story, at),
    )


def by_patient(carings: Iterable[Caring]) -> Carings:
    """Who looks after each, in the order of telling."""
    found: dict[Person, list[Caring]] = {}
    for caring in carings:
        found.setdefault(caring.cared_for, []).append(caring)
    return {patient: tuple(each) for patient, each in found.items()}


def of(people: Iterable[Person], carings: Carings) -> Carings:
    """The part that is about these people."""
    return {each: carings[each] for each in people}


def adults(people: Iterable[Person], now: datetime) -> list[Person]:
    """Those who are adults all day."""
    return [each for each in people if age_on(each.born, day_of(now)) > ADULT]


def children(people: Iterable[Person], now: datetime) -> list[Person]:
    """Those who are children all day."""
    return [each for each in people if age_on(each.born, day_of(now)) < ADULT]


def happening(
    book: Book, parts: Iterable[Part], carings: Carings, relatives: Sequence[Person]
) -> list[Tale]:
    """Let each plot happen to its patient."""
    told = []
    for plot, patient in assigned(book.chance, parts, carings):
        tale = tale_of(book, plot, patient, carings[patient])
        tale.relative = book.chance.choice(relatives)
        plot(tale)
        tale.ended()
        told.append(tale)
    return told


def tale_of(book: Book, plot: Plot, patient: Person, carings: Sequence[Caring]) -> Tale:
    """The beginning of a tale."""
    begins = to_the_minute(book.some_time_in(book.start + FIRST, book.now - LAST_START))
    trust = patient.home.town.trust
    stay = first_stay(book, trust, patient, begins)
    identity = Identity(stay.number, patient.nhs_number, patient.born)
    kind = plot.__name__.replace("_", " ")
    return Tale(book, carings, replace(stay, kind=kind), begins, identity)


def first_stay(book: Book, trust: Trust, patient: Person, begins: datetime) -> Stay:
    """A stay that has not begun yet."""
    return Stay(
        trust=trust,
        patient=patient,
        number=f"H{book.number():06}",
        visit=f"V{book.number():07}",
        admitted_at=begins,
        ward=book.chance.choice(trust.wards),
        bed=f"B{book.chance.randrange(1, 29)}",
        kind="",
    )


def near_the_ill(tales: Iterable[Tale], others: Iterable[Person]) -> list[Person]:
    """Adults whose home somebody shares who is in hospital, and of whom no link is known."""
    ill = {tale.patient for tale in tales if not tale.carings}
    homes = {each.home for each in ill}
    found = [
        each
        for each in others
        if each.home in homes and each not in ill and each.home.practice.how == "fhir"
    ]
    return found[:FLAGS_WITHOUT_LINK]


def to_be_asked(book: Book, area: Maker, tales: Iterable[Tale]) -> list[Person]:
    """Carers of FHIR practices whose caring was known before the day, and goes on."""
    over = {caring.carer for tale in tales for caring in tale.ending}
    left_alone = {tale.patient for tale in tales if tale.stay.died}
    known = [
        each
        for each in book.known
        if each.known_by == "practice"
        and each not in book.held
        and each.cared_for not in left_alone
    ]
    able = {
        each.carer
        for each in known
        if each.carer.home.practice.how == "fhir"
        and each.carer not in over
        and each.carer.nhs_number not in book.dead
    }
    found = [each for each in area.people if each in able]
    book.chance.shuffle(found)
    return found


def say_again(book: Book) -> None:
    """Some senders say the same bytes again."""
    sent = [each for each in book.steps if isinstance(each, Send) and not each.answer]
    adt = [each for each in sent if each.sender.endswith("-adt")]
    other = [each for each in sent if not each.sender.endswith("-adt")]
    again = [
        *book.chance.sample(adt, DUPLICATES),
        *book.chance.sample(other, OTHER_DUPLICATES),
    ]
    for each in again:
        left = book.now - timedelta(minutes=1) - each.at
        at = each.at + left * book.chance.random()
        book.add(replace(each, at=at, kind="duplicate"))
