"""Which service takes which carer. The shell chooses it; its hash stands in what was told."""

import hashlib
from dataclasses import astuple, dataclass

from hub.services import Area, Service


@dataclass(frozen=True, slots=True)
class ReferralPolicy:
    """Local policy for referrals (ADR-0011).

    Attributes:
        services: In the order of asking: the first that takes the carer's area and age is asked.
        areas: Where carers live.
        young_carer_below: Below this age a carer is a young carer, and goes to the young carers' service.
        young_adult_up_to: Up to and including this age a carer is a young adult carer.
    """

    services: tuple[Service, ...] = ()
    areas: tuple[Area, ...] = ()
    young_carer_below: int = 18
    young_adult_up_to: int = 25

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when the policy changes."""
        parts = [
            self.young_carer_below,
            self.young_adult_up_to,
            [astuple(area) for area in self.areas],
        ]
        parts.append(
            [(each.ods_code, sorted(each.areas), sorted(each.age_bands)) for each in self.services]
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
