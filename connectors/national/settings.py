"""What one sender of national notices is like."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from hub.fhir.nhs_number import TestNumbers
from hub.keys import Key

UnstatedDeath: TypeAlias = Literal["died", "ignore"]
"""What a death notification is taken for that does not say whether the death was notified or taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalSender:
    """One sender, from the configuration; nothing of it is ever taken from an event.

    Attributes:
        name: The source of its events; it never changes.
        regions: Where its events go: every region, unless it was configured otherwise.
        keys: Tokens it may show.
        unstated_death: What a death notification without a status is taken for.
        test_numbers: Whether NHS numbers of the test range are people.
    """

    name: str
    regions: tuple[int, ...]
    keys: tuple[Key, ...] = ()
    unstated_death: UnstatedDeath = "died"
    test_numbers: TestNumbers = "refuse"
