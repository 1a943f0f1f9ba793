"""The place in time of a statement, and folding by it: each field register keeps the latest word on it.

Because the result depends only on the set of words, not on their arrival, shuffled, repeated and late messages
end the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID

from hub.records import Word

Facts = TypeVar("Facts", bound=Any)
Registers = Mapping[str, tuple[str, ...]]
"""Register name -> the fields that it sets together."""


MOST_KEPT: Final = 4_096
"""Sets of registers that are kept taken apart: there are as many as there are kinds of messages."""


class Said(Protocol):
    """What a word needs to know of the event that says it."""

    @property
    def event_id(self) -> UUID:
        """The last tie-break."""
        ...

    @property
    def recorded_at(self) -> datetime:
        """When the sender wrote it down."""
        ...


def word_of(event: Said, about: str, *, un_event: bool = False, sequence: int = 0) -> Word:
    """The place in time of what `event` says about a register, or about several with blanks between them."""
    return Word(
        about=about,
        recorded_at=event.recorded_at,
        un_event=un_event,
        sequence=sequence,
        event_id=event.event_id,
    )


def order(word: Word) -> tuple[datetime, bool, int, int]:
    """What words are compared by: recorded time, a cancel after its event, MSH-13, event id."""
    return (word.recorded_at, word.un_event, word.sequence, word.event_id.int)


def later(word: Word, than: Word) -> bool:
    """Whether a word counts after another one; the time nearly always tells."""
    if word.recorded_at != than.recorded_at:
        return word.recorded_at > than.recorded_at
    return order(word) > order(than)


def word_on(words: Iterable[Word], about: str) -> Word | None:
    """The latest word on a register, if anything was said."""
    for word in words:
        if word.about == about or about in registers_of(word.about):
            return word
    return None


def heard(words: tuple[Word, ...], word: Word) -> tuple[Word, ...] | None:
    """The words with this one in its register, or None when a later one stands there."""
    standing = by_register(words)
    stood = standing.get(word.about)
    if stood is not None and not later(word, stood):
        return None
    standing[word.about] = word
    return together(standing)


def folded(
    facts: Facts,
    words: tuple[Word, ...],
    says: Callable[[str], object],
    registers: Registers,
    said: Word,
) -> tuple[Facts, tuple[Word, ...]]:
    """Facts and words after news, of which `said` names the registers that it speaks of, with blanks between them.

    `says` gives what the news has in a field. News that says what was known leaves the very same facts.
    """
    heard_again = in_place(words, said)
    if heard_again is not None:
        return changed(facts, says, registers, registers_of(said.about)), heard_again
    standing = by_register(words)
    won = [
        register
        for register in registers_of(said.about)
        if (stood := standing.get(register)) is None or later(said, stood)
    ]
    standing.update(dict.fromkeys(won, said))
    return changed(facts, says, registers, won), together(standing)


def in_place(words: tuple[Word, ...], said: Word) -> tuple[Word, ...] | None:
    """The words with `said` in the place of an earlier one on the very same registers; None when it is not so simple.

    It is what `together` would come to, and what a feed that repeats itself says nearly always.
    """
    found = None
    for place, word in enumerate(words):
        if word.about == said.about and later(said, word):
            found = place
        elif word.event_id == said.event_id:
            return None
    return None if found is None else (*words[:found], said, *words[found + 1 :])


def changed(
    facts: Facts, says: Callable[[str], object], registers: Registers, spoken: Iterable[str]
) -> Facts:
    """The facts with the fields of these registers as they are said."""
    changes = {
        field: value
        for register in spoken
        for field in registers[register]
        if (value := says(field)) != getattr(facts, field)
    }
    return replace(facts, **changes) if changes else facts


@lru_cache(maxsize=MOST_KEPT)
def registers_of(about: str) -> tuple[str, ...]:
    """The registers that a word speaks of."""
    return tuple(about.split())


def by_register(words: Iterable[Word]) -> dict[str, Word]:
    """Each register with the latest word on it."""
    return {register: word for word in words for register in registers_of(word.about)}


def together(standing: Mapping[str, Word]) -> tuple[Word, ...]:
    """The words on registers, those of one place in time as one: the same for the same words, however they came."""
    places: dict[int, Word] = {id(word): word for word in standing.values()}
    if len(places) > 1:
        places = first_of_each_place(places)
    about: dict[int, list[str]] = {}
    for register in sorted(standing):
        about.setdefault(id(places[id(standing[register])]), []).append(register)
    return tuple([named(places[place], " ".join(names)) for place, names in about.items()])


def first_of_each_place(words: Mapping[int, Word]) -> dict[int, Word]:
    """For each word one that stands for its place in time."""
    found: dict[object, Word] = {}
    return {key: found.setdefault(order(word), word) for key, word in words.items()}


def placed(words: Iterable[Word], about: str, word: Word) -> tuple[Word, ...]:
    """The words with this one on a register, whatever stood there."""
    return together(by_register(words) | {about: named(word, about)})


def named(word: Word, about: str) -> Word:
    """The word, on these registers."""
    return word if word.about == about else replace(word, about=about)
