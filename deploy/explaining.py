"""What explains a decision of a region, read from its rows, in words."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.scoring.decision import Decision
from hub.matching.waterfall import Waterfall
from hub.ports.store import Store
from hub.runtime.remembering import loaded
from processors.carer_matching.explaining import NOT_JOINED, Because, NotNamed
from processors.carer_matching.explaining_weights import explained

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
SHIELDED: Final = (
    "  somebody is shielded, or does not want to be linked: what agrees and differs is not told"
)
DECIDED: Final = {
    "answer": "what somebody answered did",
    "merge": "a hospital's merge did",
    "nhs-number": "the NHS number did",
    "notice": "a notice of the national services did",
    "other-records": "other records of the same two did",
    None: "nothing is asked of the two",
}


def found_in(
    store: Store, regions: Iterable[int], asked: UUID, matcher: Matcher | None
) -> list[Because | NotNamed] | None:
    """What explains an id, of the first region that knows it.

    Raises:
        Unavailable: The database is away.
    """
    for region in regions:
        memory = asyncio.run(loaded(store, region, lambda _: None, lambda: False, matcher))
        found = explained(memory, asked)
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
        yield SHIELDED
    elif because.decision is not None:
        yield from decision_in_words(because.decision)
    elif because.weights is not None:
        yield from weights_in_words(because, because.weights)
    elif because.protected:
        yield SHIELDED


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
    yield from steps_in_words(decision)
    for rule in decision.rules:
        yield f"  not met: {rule.value}"
    for _, bits in decision.alternatives:
        yield f"  somebody else: {bits:+.2f}"


def weights_in_words(because: Because, weights: Waterfall) -> Iterator[str]:
    """The weights of two of whom they decided nothing."""
    for reason in because.reasons:
        yield f"  asked because of: {reason}"
    yield f"  {because.effect.value}, model {weights.model}"
    yield f"  these weights decided nothing: {DECIDED[because.decided_by]}"
    yield from steps_in_words(weights)


def steps_in_words(steps: Decision[UUID] | Waterfall) -> Iterator[str]:
    """Prior, fields and total, one after the other."""
    yield f"  {'before anything is compared':<36}{steps.prior:+8.2f}"
    for each in steps.fields:
        part = f" (of it {each.by_frequency:+.2f} by frequency)" if each.by_frequency else ""
        yield f"  {each.field + ' ' + each.level:<36}{each.bits:+8.2f}{part}"
    yield f"  {'together':<36}{steps.bits:+8.2f}"
