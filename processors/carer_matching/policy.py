"""What matching is configured with."""

import hashlib
from dataclasses import astuple, dataclass
from typing import Final, Literal

from hub.records import Confidence, EvidenceKind
from hub.services import Area


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a sender's word on carers is trusted.

    Attributes:
        source: The sender, by its name in the configuration.
        kind: What its record is, such as a register; None = a practice's.
        confidence: How sure a carer is whom nobody else tells of.
    """

    source: str = ""
    kind: EvidenceKind | None = None
    confidence: Confidence = Confidence.CONFIRMED


USUAL: Final = Trust()


@dataclass(frozen=True, slots=True)
class FeedCodes:
    """What codes of one source mean beside the lists of all: suppliers differ over who is paid.

    Attributes:
        source: The sender, by its name in the configuration.
        include: Codes, as `system|code`, that say "is a carer" when this source sends them.
        exclude: Codes that say nothing when this source sends them.
    """

    source: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchingPolicy:
    """Local policy for people, links and pictures.

    Attributes:
        test_numbers: Whether NHS numbers of the 999 test range count: `accept` in demonstrations, else `refuse`.
        carer_codes: Codes that say "is a carer", as `system|code`; versioned lists under `schemas/codes`.
        not_carer_codes: Codes that say "is no carer" or "is no longer one".
        left_out_codes: Codes that are known and mean nothing unless a feed's own list says so.
        codes_version: The version of these lists; it stands in what is decided by them.
        feeds: Sources with a list of their own.
        trusts: Senders that are trusted otherwise than a practice is.
        areas: Local authorities, by which it is worked out which service a carer could be offered.
        most_carers: A picture names at most this many carers, the surest first.
        most_cared_for: A picture names at most this many people that somebody looks after.
    """

    test_numbers: Literal["accept", "refuse"] = "refuse"
    carer_codes: frozenset[str] = frozenset()
    not_carer_codes: frozenset[str] = frozenset()
    left_out_codes: frozenset[str] = frozenset()
    codes_version: str = ""
    feeds: tuple[FeedCodes, ...] = ()
    trusts: tuple[Trust, ...] = ()
    areas: tuple[Area, ...] = ()
    most_carers: int = 20
    most_cared_for: int = 20

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when the policy changes."""
        return hashlib.sha256(
            repr(
                [sorted(each) if isinstance(each, frozenset) else each for each in astuple(self)]
            ).encode()
        ).hexdigest()[:12]

    def trust_in(self, source: str) -> Trust:
        """How far a sender is trusted."""
        return next((each for each in self.trusts if each.source == source), USUAL)
