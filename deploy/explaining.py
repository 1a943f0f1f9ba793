"""What explains a decision of a region, read from its rows, in words."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.scoring.decision import Decision
from hub.ports.store import Store
from hub.runtime.remembering import loaded
from processors.carer_matching.explaining import NOT_JOINED, Because, NotNamed, why

JOINED_BY: Final = {
    "answer": "one person, because somebody said so",
    "merge": "one person, because a hospital merged them",
    "nhs-number": "one person, by NHS number",
    "notice": "one person, by a notice of the national services",
    "evidence": "one person, by evidence",
    NOT_JOINED: "not joined",
}
OBJECTS: Final = "named in no link: they do not want to be linked"
MAY_BE_WHO_OBJECTS: Final = (
    "named in no link: they may be somebody who does not want to be linked, and that is not settled"
)


def found_in(
    store: Store, regions: Iterable[int], asked: UUID, matcher: Matcher | None
) -> list[Because | NotNamed] | None:
    """What explains an id, of the first region that knows it.

    Raises:
        Unavailable: The database is away.
    """
    for region in regions:
        memory = asyncio.run(loaded(store, region, lambda _: None, lambda: False, matcher))
        found = why(memory, asked)
        if found is not None:
            return found
    return None


def in_words(because: Because | NotNamed) -> Iterator[str]:
    """Two records and why, line by line; or why somebody is named nowhere."""
    if isinstance(because, NotNamed):
        yield f"{because.about}: {because.person}"
        yield f"  {OBJECTS if because.objects else MAY_BE_WHO_OBJECTS}"
        return
    one, other = because.records
    yield f"{because.about}: {one} and {other}"
    yield f"  {JOINED_BY[because.by]} ({because.grade.value})"
    if because.decision is not None and because.protected:
        yield from outcome_in_words(because.decision)
        yield "  somebody is shielded, or does not want to be linked: what agrees and differs is not told"
    elif because.decision is not None:
        yield from decision_in_words(because.decision)


def outcome_in_words(decision: Decision[UUID]) -> Iterator[str]:
    """What a decision comes to, without any step to it."""
    yield f"  {decision.outcome.value}, model {decision.model}"
    yield (
        f"  chance that it is anybody here {decision.matchability:.3f},"
        f" people it may be in effect {decision.perplexity:.2f}"
    )


def decision_in_words(decision: Decision[UUID]) -> Iterator[str]:
    """The weights one after the other, what is not met, and who else it may be."""
    yield from outcome_in_words(decision)
    yield f"  {'before anything is compared':<36}{decision.prior:+8.2f}"
    for each in decision.fields:
        part = f" (of it {each.by_frequency:+.2f} by frequency)" if each.by_frequency else ""
        yield f"  {each.field + ' ' + each.level:<36}{each.bits:+8.2f}{part}"
    yield f"  {'together':<36}{decision.bits:+8.2f}"
    for rule in decision.rules:
        yield f"  not met: {rule.value}"
    for _, bits in decision.alternatives:
        yield f"  somebody else: {bits:+.2f}"
