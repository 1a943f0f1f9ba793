"""The place in time of a statement, and folding by it: each field register keeps the latest word on it.

Because the result depends only on the set of words, not on their arrival, shuffled, repeated and late messages
end the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from hub.records import Word

Facts = TypeVar("Facts", bound=Any)
Registers = Mapping[str, tuple[str, ...]]
"""Register name -> the fields that it sets together."""


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
    """The place in time of what `event` says about a register."""
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


def word_on(words: Iterable[Word], about: str) -> Word | None:
    """The latest word on a register, if anything was said."""
    return next((word for word in words if word.about == about), None)


def heard(words: tuple[Word, ...], word: Word) -> tuple[Word, ...] | None:
    """The words with this one in its register, or None when a later one stands there."""
    standing = word_on(words, word.about)
    if standing is None:
        return tuple(sorted((*words, word), key=lambda each: each.about))
    if order(standing) >= order(word):
        return None
    return tuple(word if each is standing else each for each in words)


def folded(
    facts: Facts, words: tuple[Word, ...], news: Any, registers: Registers, said: Iterable[Word]
) -> tuple[Facts, tuple[Word, ...]]:
    """Facts and words after `news`, of which each word of `said` names one register that it speaks of."""
    changes: dict[str, Any] = {}
    for word in said:
        now = heard(words, word)
        if now is not None:
            words = now
            changes.update({field: getattr(news, field) for field in registers[word.about]})
    return (replace(facts, **changes) if changes else facts), words
