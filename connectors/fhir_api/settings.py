"""What one sender of FHIR is like, and one organisation that reads."""

from dataclasses import dataclass

from connectors.fhir_api.minimising import Knows
from hub.fhir.nhs_number import TestNumbers
from hub.keys import Key


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that reads what it was told, and answers.

    Attributes:
        ods_code: Whose alerts and referrals it may read: its own.
        keys: Tokens it may show.
    """

    ods_code: str
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirSender:
    """One sender, from the configuration; nothing of it is ever taken from a message.

    Attributes:
        name: The source of its events; it never changes.
        ods_code: The organisation that sends.
        is_trust: Whether it may speak of stays.
        regions: Where its events go; the first refers.
        knows: The lists of carer codes; a statement with no code of theirs is not kept.
        keys: Tokens it may show.
        test_numbers: Whether NHS numbers of the test range are people.
    """

    name: str
    ods_code: str
    is_trust: bool
    regions: tuple[int, ...]
    knows: Knows
    keys: tuple[Key, ...] = ()
    test_numbers: TestNumbers = "refuse"
