"""What the rule is configured with. The shell chooses it; its hash stands in what was told."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import time
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Local policy for involvement alerts; the defaults are those of ADR-0007.

    Attributes:
        board_round: Time of day in Europe/London by which a contact is due.
        closing_time: Due on the day of a discharge without contact.
        late_discharge: A discharge after this time of day is due at the next day's board round.
        adult_age: The duty covers patients from this age at admission (Care Act 2014 s.74(4)).
        young_carer_below: Below this age a carer is a young carer.
        young_adult_up_to: Up to and including this age a carer is a young adult carer.
        most_escalations: How often an alert without contact is escalated.
    """

    board_round: time = time(10, 0)
    closing_time: time = time(17, 0)
    late_discharge: time = time(16, 0)
    adult_age: int = 18
    young_carer_below: int = 18
    young_adult_up_to: int = 25
    most_escalations: int = 3

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when the policy changes."""
        return _digest(self)


@lru_cache(maxsize=8)
def _digest(policy: AlertPolicy) -> str:
    """Worked out once for each policy: every alert says it."""
    return hashlib.sha256(repr(astuple(policy)).encode()).hexdigest()[:12]
