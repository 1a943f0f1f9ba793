"""What a code means for one source: under the lists of all, and what that source's own list adds or takes."""

from collections.abc import Iterable
from enum import Enum
from typing import Final

from hub.records import Coding
from processors.carer_matching.policy import MatchingPolicy

READ_V2: Final = "http://read.info/readv2"
READ_LENGTH: Final = 5
"""Characters of a Read code; what some systems write after them is the number of its term."""


class Means(Enum):
    """What a code says of its subject."""

    CARER = "is a carer"
    NOT_CARER = "is no carer, or no longer one"
    ENDED = "a carer code that was taken away"


def meaning_of(codings: Iterable[Coding], source: str, policy: MatchingPolicy) -> Means | None:
    """What codings of one statement say; None when they are about something else. One that says "none" is enough."""
    found = {named(each) for each in codings}
    own = next((feed for feed in policy.feeds if feed.source == source), None)
    if own is not None:
        found -= {*own.exclude}
    if found & policy.not_carer_codes:
        return Means.NOT_CARER
    is_own = own is not None and not found.isdisjoint(own.include)
    return Means.CARER if is_own or found & policy.carer_codes else None


def is_known(codings: Iterable[Coding], policy: MatchingPolicy) -> bool:
    """Whether the lists know one of the codes, whatever it means: only then is it kept."""
    known = policy.carer_codes | policy.not_carer_codes | policy.left_out_codes
    mine = {each for feed in policy.feeds for each in feed.include}
    return any(named(each) in known or named(each) in mine for each in codings)


def named(coding: Coding) -> str:
    """`system|code`, exactly as sent: the case of Read codes counts. Of a Read code the term's number falls off."""
    code = coding.code
    if coding.system == READ_V2:
        code = code[:READ_LENGTH].ljust(READ_LENGTH, ".")
    return f"{coding.system}|{code}"
