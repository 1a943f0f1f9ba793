"""In what records agree that were joined by evidence: names of fields, never values."""

from collections.abc import Iterable
from uuid import UUID

from hub.matching.candidates import Matcher
from hub.matching.evidence.register import Register
from hub.matching.scoring.fields import FIELDS


def agreed_by_all(
    pairs: Iterable[tuple[UUID, UUID]], register: Register, matcher: Matcher
) -> tuple[str, ...]:
    """The fields that speak for each of these pairs of records, in the order of `FIELDS`."""
    each = [speaking_for(one, other, register, matcher) for one, other in pairs]
    found = frozenset.intersection(*each) if each else frozenset[str]()
    return tuple(field for field in FIELDS if field in found)


def speaking_for(one: UUID, other: UUID, register: Register, matcher: Matcher) -> frozenset[str]:
    """The fields that make it likelier that two records are one person."""
    record, candidate = register.get(one), register.get(other)
    if record is None or candidate is None:
        return frozenset()
    levels = matcher.agreement(record, candidate).levels
    fields = matcher.weights.fields(record, candidate, levels)
    return frozenset(each.field for each in fields if each.bits > 0.0)
