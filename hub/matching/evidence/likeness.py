"""Who is like whom by two records alone, whoever else there is and whatever waits for an answer.

A merge that waits changes who is one person, and so what evidence comes to. Whether it must wait is asked of what it
cannot change: of pairs of records.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.evidence.register import Register
from hub.matching.evidence.sides import NO_LIFE_AFTER, Pair, is_strong, is_verified
from hub.matching.evidence.together import Ids
from hub.matching.normal.record import Compared


def like(records: Iterable[UUID], register: Register, matcher: Matcher) -> dict[UUID, float]:
    """The records that are strongly like one of these, each with the most bits. One of two has no verified number.

    A death parts nobody here: who is dead is joined with nobody unasked, and so is asked about all the more.
    """
    own, found = frozenset(records), dict[UUID, float]()
    for one, record in held(own, register):
        for each, bits in like_one(one, record, register.near(record) - own, register, matcher):
            found[each] = max(bits, found.get(each, bits))
    return found


def like_one(
    one: UUID, record: Compared, near: Iterable[UUID], register: Register, matcher: Matcher
) -> Iterator[tuple[UUID, float]]:
    """Of those near a record who is strongly like it."""
    has_number = is_verified(record)
    for each, other in held(near, register):
        if has_number and is_verified(other):
            continue
        pair = (other, record) if has_number else (record, other)  # as they are compared elsewhere
        bits, levels = matcher.agreement(*pair)
        if is_strong(Pair(bits, one, each, levels, *pair), matcher, NO_LIFE_AFTER):
            yield each, bits


def likeness(
    ones: Iterable[UUID], others: Iterable[UUID], register: Register, matcher: Matcher
) -> float | None:
    """The bits of the two records of two sides that agree best; None when one side has none that is compared."""
    theirs = [record for _, record in held(others, register)]
    return max(
        (
            matcher.agreement(record, other).bits
            for _, record in held(ones, register)
            for other in theirs
        ),
        default=None,
    )


def at_edge(before: Register, after: Register, changed: Ids) -> set[UUID]:
    """Who shares a key with one of these that by their change came to count, or to count no more: so many have it."""
    found = set[UUID]()
    for register in (before, after):
        for _, record in held(changed, register):
            found |= register.near_and_at_edge(record, changed)[1]
    return found


def held(records: Iterable[UUID], register: Register) -> Iterator[tuple[UUID, Compared]]:
    """Those of some records that are compared, by id."""
    for each in sorted(records):
        record = register.get(each)
        if record is not None:
            yield each, record
