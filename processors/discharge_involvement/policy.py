"""What the rule is configured with. The shell chooses it; its hash stands in what was told."""

import hashlib
from dataclasses import dataclass, fields
from datetime import time
from functools import lru_cache

from hub.services import Service


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
        services: Services that a carer may be offered, in the order of asking, as for referrals.
    """

    board_round: time = time(10, 0)
    closing_time: time = time(17, 0)
    late_discharge: time = time(16, 0)
    adult_age: int = 18
    young_carer_below: int = 18
    young_adult_up_to: int = 25
    most_escalations: int = 3
    services: tuple[Service, ...] = ()

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when the policy changes.

        Without the services: an alert names the one that it offers, and another list is no news for the others.
        """
        return _digest(self)


@lru_cache(maxsize=8)
def _digest(policy: AlertPolicy) -> str:
    """Worked out once for each policy: every alert says it."""
    parts = tuple(getattr(policy, each.name) for each in fields(policy) if each.name != "services")
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
