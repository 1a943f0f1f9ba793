"""The code lists of `schemas/codes`, as rules take them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

CARERS: Final = Path(__file__).parents[1] / "schemas" / "codes" / "carers.yaml"


@dataclass(frozen=True, slots=True)
class CarerCodes:
    """The lists of who is a carer, each code as `system|code`.

    Attributes:
        left_out: Known, and of no meaning unless a feed's own list says so.
    """

    version: str
    carer: frozenset[str]
    not_carer: frozenset[str]
    left_out: frozenset[str]


def carer_codes(place: Path = CARERS) -> CarerCodes:
    """The lists as their file has them."""
    lists = yaml.safe_load(place.read_text(encoding="utf-8"))
    found = {
        name: frozenset(
            f"{group['system']}|{code}" for group in lists[name] for code in group["codes"]
        )
        for name in ("is_a_carer", "is_not_a_carer")
    }
    return CarerCodes(
        version=str(lists["version"]),
        carer=found["is_a_carer"],
        not_carer=found["is_not_a_carer"],
        left_out=frozenset(f"{each['system']}|{each['code']}" for each in lists["left_out"]),
    )
