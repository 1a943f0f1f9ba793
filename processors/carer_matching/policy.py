"""What matching is configured with."""

import hashlib
from dataclasses import astuple, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class MatchingPolicy:
    """Local policy for people, links and pictures.

    Attributes:
        test_numbers: Whether NHS numbers of the 999 test range count: `accept` in demonstrations, else `refuse`.
        carer_codes: Codes that say "is a carer", as `system|code`; versioned lists under `schemas/codes`.
        not_carer_codes: Codes that say "is no carer" or "is no longer one".
        most_carers: A picture names at most this many carers, the surest first.
        most_cared_for: A picture names at most this many people that somebody looks after.
    """

    test_numbers: Literal["accept", "refuse"] = "refuse"
    carer_codes: frozenset[str] = frozenset()
    not_carer_codes: frozenset[str] = frozenset()
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
