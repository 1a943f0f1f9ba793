"""Which service takes which carer. The shell chooses it; its hash stands in what was told."""

import hashlib
from dataclasses import astuple, dataclass
from typing import Literal

AgeBand = Literal["young_carer", "young_adult", "adult", "unknown"]


@dataclass(frozen=True, slots=True)
class Service:
    """A support service and the carers that it takes.

    Attributes:
        ods_code: Its organisation.
        areas: ONS codes of the local authorities whose carers it takes.
        age_bands: Age bands that it takes.
    """

    ods_code: str
    areas: frozenset[str]
    age_bands: frozenset[str]


@dataclass(frozen=True, slots=True)
class Area:
    """A local authority and how its carers are found.

    Attributes:
        code: ONS code.
        postcodes: Beginnings of postcodes, without spaces and in capitals; the longest that fits counts.
        practices: ODS codes of practices, for carers without a postcode.
    """

    code: str
    postcodes: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()


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
