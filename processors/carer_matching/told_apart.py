"""What tells contacts of one name apart, where their sender gives neither a number nor a whole date of birth.

One list names everybody once, or once for each role. Two of one name are two there when their titles say another sex
or no telephone number is both of theirs. Only what the list itself says counts, so the same list sent again, in any
order, comes to the same; what a sender corrects often, as the role, counts for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from hub.identity import unnumbered_record_id
from hub.matching.compare import known
from hub.matching.names import has_given_name, sex_by_title, whole_name
from hub.matching.normal.numbers import NO_NUMBER, email, telephone
from hub.records import PersonFacts

SEXES: Final = frozenset({"male", "female"})
ALIKE: Final = ""
"""Nothing tells a contact apart from others of the name: there is none, or nothing in the list does."""

Ways: TypeAlias = frozenset[str]
"""Telephone numbers and e-mail addresses, as they are compared."""


def told_apart(contacts: Sequence[PersonFacts]) -> tuple[str, ...]:
    """What tells each contact of one list of one patient apart from all others of the name; mostly `ALIKE`."""
    words = [ALIKE] * len(contacts)
    for places in of_one_name(contacts):
        sexes = sexes_of([contacts[place] for place in places])
        for sex in set(sexes):
            alike = [place for place, each in zip(places, sexes, strict=True) if each == sex]
            numbers = numbers_of([contacts[place] for place in alike])
            for place, number in zip(alike, numbers, strict=True):
                words[place] = word_of(sex, number)
    return tuple(words)


def of_one_name(contacts: Iterable[PersonFacts]) -> Iterator[list[int]]:
    """The places of those who would have one id."""
    found: dict[tuple[str, date | None], list[int]] = defaultdict(list)
    for place, facts in enumerate(contacts):
        if not (numbered(facts) or known(facts)):
            found[whole_name(facts.names), facts.birth_on].append(place)
    yield from found.values()


def sexes_of(namesakes: Sequence[PersonFacts]) -> list[str]:
    """The sex of each, where it tells them apart; always without a given name: Mrs Khan today, Mr Khan tomorrow."""
    if len(namesakes) == 1 and has_given_name(namesakes[0].names):  # nearly always
        return [ALIKE]
    said = [sex_of(each) for each in namesakes]
    if {*said} >= SEXES:
        return said
    return [
        ALIKE if has_given_name(each.names) else sex
        for each, sex in zip(namesakes, said, strict=True)
    ]


def numbers_of(namesakes: Sequence[PersonFacts]) -> list[str]:
    """A number of each, where no number is of all of them. Who has none is the only other, if a given name says so."""
    if len(namesakes) == 1:
        return [ALIKE]
    ways = [ways_of(each) for each in namesakes]
    lines = joined(way for way in ways if way)
    nobody_more = all(ways) or all(has_given_name(each.names) for each in namesakes)
    if len(lines) == 0 or (len(lines) == 1 and nobody_more):
        return [ALIKE] * len(namesakes)
    return [min((min(line) for line in lines if line & way), default=ALIKE) for way in ways]


def joined(several: Iterable[Ways]) -> list[Ways]:
    """Ways that share one, put together, whatever their order."""
    lines: list[Ways] = []
    for ways in several:
        sharing = [line for line in lines if line & ways]
        lines = [*(line for line in lines if not line & ways), ways.union(*sharing)]
    return lines


def word_of(sex: str, number: str) -> str:
    """Both in one word."""
    return f"{sex} {number}".strip()


def sex_of(facts: PersonFacts) -> str:
    """Male or female by the title, else by what was sent; empty when neither says."""
    said = sex_by_title(facts.names) or facts.gender
    return said if said in SEXES else ALIKE


def ways_of(facts: PersonFacts) -> Ways:
    """How to reach somebody, as it is compared."""
    numbers = (telephone(each.value)[1] for each in facts.telecoms)
    addresses = (email(each.value) for each in facts.telecoms)
    return frozenset(
        [
            *(str(each) for each in numbers if each != NO_NUMBER),
            *(each for each in addresses if each),
        ]
    )


def numbered(facts: PersonFacts) -> bool:
    """Whether a contact came with an identifier of their own."""
    return bool(facts.identifiers) or facts.nhs_number is not None


def listed_as(record_id: UUID, patient: UUID, facts: PersonFacts) -> str:
    """What told a contact without an identifier apart when they were listed beside this record of the patient."""
    for word in words_for(facts):
        if record_id == unnumbered_record_id(
            patient, whole_name(facts.names), facts.birth_on, word
        ):
            return word
    return ALIKE


def words_for(facts: PersonFacts) -> Iterator[str]:
    """Everything that may tell a contact apart."""
    yield ALIKE
    for sex in (ALIKE, *sorted(SEXES)):
        for number in (ALIKE, *sorted(ways_of(facts))):
            yield word_of(sex, number)
