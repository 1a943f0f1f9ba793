"""Whether somebody is a carer: decided from all coded statements about them, never from the last one alone.

Practices send old codes again and again, and code the end of caring late. So a record keeps each statement whose
code the lists know, by its latest word, and the status follows from the set of them: whatever the order of arrival,
and again when the lists change. ADR-0015 says why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from hub.decisions import Event
from hub.fhir.flag import ACTIVE, FlagNews
from hub.identity import derived
from hub.matching.words import by_register, later, order, together, word_of
from hub.records import CarerStatement, CarerStatus, Coding, SourceRecord, Word
from processors.carer_matching.codes import Means, meaning_of
from processors.carer_matching.links import past
from processors.carer_matching.policy import MatchingPolicy

MOST_STATEMENTS: Final = 50
"""Of one record. A person has a handful; of more, those of the latest dates are kept."""

CARER: Final = "carer"
"""The register of the statement that decided."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What the statements of a record come to."""

    is_carer: bool
    by: CarerStatement
    at: datetime


def statement_of(news: FlagNews, event: Event, policy: MatchingPolicy) -> CarerStatement:
    """What a flag says, as it is kept: one whose end has come is taken away. That somebody is none has no end."""
    is_none = meaning_of(news.codings, event.source, policy) is Means.NOT_CARER
    ends_at = None if is_none and news.status == ACTIVE else news.ends_at
    named = (
        (news.identifier.system, news.identifier.value)
        if news.identifier is not None
        else sorted(code_of(each) for each in news.codings)
    )
    return CarerStatement(
        statement_id=derived("carer-statement", *named),
        codings=news.codings,
        active=news.status == ACTIVE and not past(ends_at, event),
        listed=news.listed,
        starts_at=news.starts_at,
        ends_at=ends_at,
        said=word_of(event, CARER),
    )


def told(record: SourceRecord, said: CarerStatement, policy: MatchingPolicy) -> SourceRecord:
    """The record after a statement: the status may be what it was, by another statement that counts for more."""
    known = sorted(called_as(said, statements_on(record, policy)), key=counts_as)
    kept = {key_of(each): each for each in known}
    stood = kept.get(key_of(said))
    if stood is not None and counts_as(said) <= counts_as(stood):
        return record
    kept[key_of(said)] = said
    latest = sorted(kept.values(), key=lambda each: (date_of(each), key_of(each)))
    return decided(
        replace(record, carer_statements=tuple(by_id(latest[-MOST_STATEMENTS:]))), policy
    )


def key_of(statement: CarerStatement) -> tuple[int, bool]:
    """What a statement is kept under: that its source ceased to list it stands beside what it said last."""
    return statement.statement_id.int, statement.listed


def counts_as(statement: CarerStatement) -> tuple[object, ...]:
    """What two words on one statement are compared by: when they were said; in one event by what they say."""
    return order(statement.said), statement.active, date_of(statement)


def decided(record: SourceRecord, policy: MatchingPolicy) -> SourceRecord:
    """The record with the status that its statements come to under these lists."""
    found = verdict_on(record.carer_statements, record.source, policy)
    standing = by_register(record.words)
    standing.pop(CARER, None)
    if found is None:
        return replace(record, carer_status=None, words=together(standing))
    status = CarerStatus(
        is_carer=found.is_carer,
        coding=found.by.codings[0],
        source=record.source,
        event_id=found.by.said.event_id,
        at=found.at,
        codes_version=policy.codes_version,
        withdrawn=not found.by.listed,
    )
    standing[CARER] = found.by.said
    return replace(record, carer_status=status, words=together(standing))


def verdict_on(
    statements: Iterable[CarerStatement], source: str, policy: MatchingPolicy
) -> Decided | None:
    """The latest of the codes that say "is a carer" and those that say "is none", by date.

    1. The date of a statement is from when it holds; without one, when it was written down.
    2. Of two of one date the one that was written down later counts; of one instant, "is none".
    3. A carer code that was taken away says "is none" only where no other carer code stands.
    4. One that its source ceased to list decides only where none was taken away in so many words.

    None: no statement says either.
    """
    found: dict[Means, list[CarerStatement]] = {each: [] for each in Means}
    for statement in as_they_stand(statements, source, policy):
        means = meaning_of(statement.codings, source, policy)
        if means is Means.CARER and not statement.active:
            found[Means.ENDED].append(statement)
        elif means is not None and statement.active:
            found[means].append(statement)
    ended = found[Means.ENDED]
    found[Means.ENDED] = [each for each in ended if each.listed] or ended
    latest = {means: max(said, key=in_time) for means, said in found.items() if said}
    no, yes = latest.get(Means.NOT_CARER), latest.get(Means.CARER)
    if yes is not None and (no is None or in_time(yes)[:2] > in_time(no)[:2]):
        return Decided(is_carer=True, by=yes, at=date_of(yes))
    none = no or latest.get(Means.ENDED)
    return None if none is None else Decided(is_carer=False, by=none, at=date_of(none))


def as_they_stand(
    statements: Iterable[CarerStatement], source: str, policy: MatchingPolicy
) -> Iterator[CarerStatement]:
    """Each statement once: that it is no longer listed changes only one that stood and said "is a carer"."""
    kept = {key_of(each): each for each in statements}
    for (name, listed), statement in kept.items():
        said = kept.get((name, True))
        unlisted = kept.get((name, False))
        if said is None or unlisted is None:
            yield statement
        elif listed:
            stood = said.active and meaning_of(said.codings, source, policy) is Means.CARER
            yield unlisted if stood and later(unlisted.said, said.said) else said


def in_time(statement: CarerStatement) -> tuple[datetime, datetime, int, int]:
    """What statements of one meaning are compared by: date, when it was written down, then to be the same always."""
    said = statement.said
    return date_of(statement), said.recorded_at, said.event_id.int, statement.statement_id.int


def date_of(statement: CarerStatement) -> datetime:
    """The date that counts, which is never after it was written down."""
    written = statement.said.recorded_at
    said = statement.starts_at if statement.active else statement.ends_at
    return min(said or written, written)


def statements_on(record: SourceRecord, policy: MatchingPolicy) -> tuple[CarerStatement, ...]:
    """The statements of a record; a row of an older form has only the one that decided."""
    status = record.carer_status
    if record.carer_statements or status is None:
        return record.carer_statements
    is_none = meaning_of((status.coding,), record.source, policy) is Means.NOT_CARER
    return (
        CarerStatement(
            statement_id=unnamed(status.coding),
            codings=(status.coding,),
            active=status.is_carer or is_none,
            listed=not status.withdrawn,
            starts_at=None,
            ends_at=None,
            said=word_behind(record, status),
        ),
    )


def unnamed(coding: Coding) -> UUID:
    """The id of a statement of which an older row kept the code alone."""
    return derived("carer-statement", "of an older row", code_of(coding))


def called_as(said: CarerStatement, kept: Iterable[CarerStatement]) -> tuple[CarerStatement, ...]:
    """What is kept; a statement of an older row takes the name by which its source speaks of its code."""
    return tuple(
        replace(each, statement_id=said.statement_id)
        if each.statement_id == unnamed(each.codings[0]) and each.codings[0] in said.codings
        else each
        for each in kept
    )


def word_behind(record: SourceRecord, status: CarerStatus) -> Word:
    """The word that a status came with."""
    found = by_register(record.words).get(CARER)
    return found or Word(
        about=CARER, recorded_at=status.at, un_event=False, sequence=0, event_id=status.event_id
    )


def by_id(statements: Iterable[CarerStatement]) -> list[CarerStatement]:
    """In an order that does not tell how they came."""
    return sorted(statements, key=key_of)


def code_of(coding: Coding) -> str:
    """A code with its system."""
    return f"{coding.system}|{coding.code}"
