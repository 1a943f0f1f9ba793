"""Households by chance: first those in which somebody looks after somebody, then everybody else.

The kinds and their numbers are chosen so that each situation of the day finds its people; ages follow those of the
strategies and the census: most carers are 45 to 64, most people who are cared for are old.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from deploy.demo.world import numbers
from deploy.demo.world.area import TOWNS, Town, Trust
from deploy.demo.world.chance import chance_from, weighed
from deploy.demo.world.names import STREETS, names_of
from deploy.demo.world.people import Caring, Home, KnownBy, Person, Sex

PEOPLE: Final = 2000
CARERS: Final = 300

WARD_ALONE: Final = 0.2
"""Share of carers of whom only the hospital hears. GP records know far fewer in life (README)."""
WITHOUT_ADDRESS: Final = 0.03
"""Share of homes of which the practice has no postcode: the carer's area is then that of the practice."""

AGES: Final = (
    ((0, 15), 0.19),
    ((16, 24), 0.11),
    ((25, 44), 0.27),
    ((45, 64), 0.25),
    ((65, 79), 0.13),
    ((80, 95), 0.05),
)
"""Age pyramid of everybody else (rounded from the Census 2021 age bands of England)."""

KINDS: Final[Mapping[str, int]] = {
    "couple": 62,
    "mutual": 18,
    "child of a parent": 48,
    "sandwich": 16,
    "several carers": 22,
    "carer of several": 14,
    "young": 26,
    "young adult": 8,
    "parent of a child": 10,
    "friend": 8,
}
"""Kind of household -> how many. Further children of parents make up the number of carers."""


@dataclass(slots=True)
class Maker:
    """What was made so far."""

    chance: Random
    today: date
    nhs_numbers: Iterator[str]
    people: list[Person] = field(default_factory=list)
    carings: list[Caring] = field(default_factory=list)
    _named: set[tuple[str, str, date]] = field(default_factory=set)

    def town(self, trust: Trust | None = None) -> Town:
        """A town by its share; with a trust, one of those around it."""
        fitting = [(each, each.share) for each in TOWNS if trust in (None, each.trust)]
        return weighed(self.chance, fitting)

    def home(self, near: Home | None = None) -> Home:
        """A home; near another one it is of the same community and around the same trust."""
        town = self.town(near.town.trust if near else None)
        district = self.chance.choice(town.districts)
        without = self.chance.random() < WITHOUT_ADDRESS
        return Home(
            town=town,
            community=near.community if near else weighed(self.chance, town.mix),
            street=f"{self.chance.randrange(1, 140)} {self.chance.choice(STREETS)}",
            postcode=None if without else numbers.postcode(self.chance, district),
            landline=numbers.landline(self.chance, town.dial),
            practice=self.chance.choice(town.practices),
        )

    def person(
        self, home: Home, ages: tuple[int, int], sex: Sex | None = None, like: Person | None = None
    ) -> Person:
        """Somebody new; `like` somebody whose family name they have, where names go by family."""
        years = self.chance.randint(*ages)
        born = birthday(self.today, years) - timedelta(days=self.chance.randrange(1, 364))
        of_sex = sex or self._sex()
        while True:
            given, family = self._name(home.community, born.year, of_sex, like)
            of_their_own = like is None or given != like.given
            if of_their_own and (given, family, born) not in self._named:
                break
        self._named.add((given, family, born))
        made = Person(
            nhs_number=next(self.nhs_numbers),
            given=given,
            family=family,
            sex=of_sex,
            born=born,
            home=home,
            mobile=numbers.mobile(self.chance),
        )
        self.people.append(made)
        return made

    def _sex(self) -> Sex:
        return "female" if self.chance.random() < 0.5 else "male"

    def _name(self, community: str, year: int, sex: Sex, like: Person | None) -> tuple[str, str]:
        names = names_of(community, year)
        given = self.chance.choice(names.female if sex == "female" else names.male)
        if names.family_female:
            of_sex = names.family_female if sex == "female" else names.family
            return given, self.chance.choice(of_sex)
        return given, like.family if like else self.chance.choice(names.family)

    def caring(
        self,
        carer: Person,
        cared_for: Person,
        relationship: str,
        kind: str,
        known_by: KnownBy | None = None,
    ) -> None:
        """One looks after the other."""
        ward_alone = self.chance.random() < WARD_ALONE
        known: KnownBy = known_by or ("ward" if ward_alone else "practice")
        self.carings.append(Caring(carer, cared_for, relationship, known, kind))

    @property
    def carers(self) -> int:
        """How many people look after somebody."""
        return len({each.carer for each in self.carings})


def birthday(today: date, years: int) -> date:
    """The day that many years ago."""
    day = min(today.day, 28)
    return date(today.year - years, today.month, day)


def couple(maker: Maker) -> None:
    """One of an old couple looks after the other."""
    home = maker.home()
    patient = maker.person(home, (68, 92))
    spouse = maker.person(home, (60, 86), other(patient), patient)
    maker.caring(spouse, patient, "wife" if spouse.sex == "female" else "husband", "couple")


def mutual(maker: Maker) -> None:
    """Two who look after each other."""
    home = maker.home()
    one = maker.person(home, (70, 92))
    two = maker.person(home, (70, 92), other(one), one)
    for carer, patient in ((one, two), (two, one)):
        word = "wife" if carer.sex == "female" else "husband"
        maker.caring(carer, patient, word, "mutual", "practice")


def child_of_a_parent(maker: Maker) -> None:
    """A daughter or son, most of them 45 to 64, with them or elsewhere."""
    home = maker.home()
    parent = maker.person(home, (72, 94))
    lives = home if maker.chance.random() < 0.4 else maker.home(near=home)
    child = maker.person(lives, (45, 64), like=parent)
    maker.caring(child, parent, child_word(child), "child of a parent")


def sandwich(maker: Maker) -> None:
    """Somebody in the middle, for a parent and a disabled child."""
    home = maker.home()
    middle = maker.person(home, (38, 54))
    parent = maker.person(maker.home(near=home), (72, 90), like=middle)
    child = maker.person(home, (4, 15), like=middle)
    maker.caring(middle, parent, child_word(middle), "sandwich", "practice")
    maker.caring(middle, child, parent_word(middle), "sandwich", "practice")


def several_carers(maker: Maker) -> None:
    """Husband or wife and one or two children look after one person."""
    home = maker.home()
    patient = maker.person(home, (72, 92))
    spouse = maker.person(home, (66, 86), other(patient), patient)
    word = "wife" if spouse.sex == "female" else "husband"
    maker.caring(spouse, patient, word, "several carers", "practice")
    given = {spouse.given}
    for _ in range(maker.chance.choice((1, 1, 2))):
        child = maker.person(maker.home(near=home), (42, 62), like=patient)
        if child.given in given:  # an alert names carers by name: two of one name would be one
            continue
        given.add(child.given)
        maker.caring(child, patient, child_word(child), "several carers", "practice")


def carer_of_several(maker: Maker) -> None:
    """One who looks after both parents."""
    home = maker.home()
    one = maker.person(home, (74, 92))
    two = maker.person(home, (74, 92), other(one), one)
    child = maker.person(maker.home(near=home), (46, 64), like=one)
    for parent in (one, two):
        maker.caring(child, parent, child_word(child), "carer of several", "practice")


def young(maker: Maker) -> None:
    """A child or teenager looks after a parent."""
    home = maker.home()
    parent = maker.person(home, (30, 52))
    child = maker.person(home, (9, 16), like=parent)
    maker.caring(child, parent, child_word(child), "young", "practice")


def young_adult(maker: Maker) -> None:
    """Somebody of 19 to 24 looks after a grandparent."""
    home = maker.home()
    old = maker.person(home, (70, 88))
    grandchild = maker.person(home, (19, 24), like=old)
    maker.caring(grandchild, old, "grandchild", "young adult", "practice")


def parent_of_a_child(maker: Maker) -> None:
    """A parent of a disabled child."""
    home = maker.home()
    parent = maker.person(home, (26, 46))
    child = maker.person(home, (2, 16), like=parent)
    maker.caring(parent, child, parent_word(parent), "parent of a child", "practice")


def friend(maker: Maker) -> None:
    """A friend or neighbour with another name."""
    home = maker.home()
    old = maker.person(home, (70, 90))
    near = maker.person(maker.home(near=home), (50, 75))
    maker.caring(near, old, maker.chance.choice(("friend", "neighbour")), "friend")


MAKE: Final[Mapping[str, Callable[[Maker], None]]] = {
    "couple": couple,
    "mutual": mutual,
    "child of a parent": child_of_a_parent,
    "sandwich": sandwich,
    "several carers": several_carers,
    "carer of several": carer_of_several,
    "young": young,
    "young adult": young_adult,
    "parent of a child": parent_of_a_child,
    "friend": friend,
}


def anybody(maker: Maker) -> None:
    """A household of one to four in which nobody is known to look after anybody."""
    home = maker.home()
    first: Person | None = None
    for _ in range(min(maker.chance.randint(1, 4), PEOPLE - len(maker.people))):
        ages = weighed(maker.chance, AGES)
        somebody = maker.person(home, ages, like=first)
        first = first or somebody


def households(seed: int, today: date) -> Maker:
    """Everybody of the area: `PEOPLE` people, of whom `CARERS` look after somebody."""
    chance = chance_from(seed, "people")
    maker = Maker(chance, today, numbers.nhs_numbers(chance_from(seed, "numbers")))
    for kind, how_many in KINDS.items():
        for _ in range(how_many):
            MAKE[kind](maker)
    while maker.carers < CARERS:
        child_of_a_parent(maker)
    while len(maker.people) < PEOPLE:
        anybody(maker)
    return maker


def other(person: Person) -> Sex:
    """The other sex, for couples: enough for a demonstration."""
    return "male" if person.sex == "female" else "female"


def child_word(person: Person) -> str:
    """Daughter or son."""
    return "daughter" if person.sex == "female" else "son"


def parent_word(person: Person) -> str:
    """Mother or father."""
    return "mother" if person.sex == "female" else "father"
