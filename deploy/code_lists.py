"""The code lists of `schemas/codes`, as rules take them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from deploy.local.errors import CannotStart

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


@dataclass(frozen=True, slots=True)
class Listed:
    """One code of the lists, for people.

    Attributes:
        means: The name of its list.
        code: As `system|code`.
        term: Its words.
    """

    means: str
    code: str
    term: str


def listed_codes(place: Path = CARERS) -> tuple[Listed, ...]:
    """Every code of the lists, in the order of their file.

    Raises:
        CannotStart: They are not there.
    """
    lists = yaml.safe_load(text_of(place))
    return (
        *(
            Listed(means, f"{group['system']}|{code}", term)
            for means in ("is_a_carer", "is_not_a_carer")
            for group in lists[means]
            for code, term in group["codes"].items()
        ),
        *(
            Listed("left_out", f"{each['system']}|{each['code']}", each["term"])
            for each in lists["left_out"]
        ),
    )


def carer_codes(place: Path = CARERS) -> CarerCodes:
    """The lists as their file has them.

    Raises:
        CannotStart: They are not there.
    """
    version = yaml.safe_load(text_of(place))["version"]
    listed = listed_codes(place)
    found = {
        means: frozenset(each.code for each in listed if each.means == means)
        for means in ("is_a_carer", "is_not_a_carer", "left_out")
    }
    return CarerCodes(
        version=str(version),
        carer=found["is_a_carer"],
        not_carer=found["is_not_a_carer"],
        left_out=found["left_out"],
    )


def text_of(place: Path) -> str:
    """The file of the lists.

    Raises:
        CannotStart: It is not there.
    """
    try:
        return place.read_text(encoding="utf-8")
    except OSError as error:
        raise CannotStart(
            f"The code lists {place} cannot be read ({error.strerror}): run `make setup` in the hub's folder."
        ) from error
