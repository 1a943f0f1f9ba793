"""The identifiers of a person: one NHS number, usable or not and why, and all the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.fhir.codings import codings_at, identifier_from
from hub.fhir.nhs_number import TestNumbers, Unusable, nhs_number_from
from hub.fhir.reading import (
    CLEARED,
    Element,
    absent_reason,
    elements_at,
    extensions_at,
    is_cleared,
    text_at,
)
from hub.fhir.systems import (
    NHS_NUMBER,
    VERIFICATION_STATUS_EXTENSIONS,
    VERIFICATION_STATUSES,
    canonical,
)
from hub.records import Identifier

VERIFIED: Final = "01"
"""Verification status: the number was traced and belongs to this person."""
HOSPITAL_NUMBER: Final = "MR"
SUPERSEDED: Final = "old"


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The identifiers of one resource.

    Attributes:
        nhs_number: A usable NHS number.
        status: Its verification status, 01 to 08, if it was stated.
        unusable: Why a number that was sent is not used.
        others: All other identifiers that are still in use, hospital numbers first.
        cleared: Registers that the list clears: `nhs_number`, `identifiers`.
    """

    nhs_number: str | None
    status: str | None
    unusable: Unusable | None
    others: tuple[Identifier, ...]
    cleared: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Number:
    read: str | Unusable
    status: str | None

    @property
    def usable(self) -> bool:
        return not isinstance(self.read, Unusable)


def identifiers_at(element: Element, path: str, test_numbers: TestNumbers) -> Identifiers:
    """Read `identifier`. What is marked old is passed over: it names nobody any more.

    Two different usable numbers on one resource are a contradiction: the verified one is taken, and
    neither when that does not settle it.
    """
    numbers: list[_Number] = []
    others: list[Identifier] = []
    cleared: set[str] = set()
    for place, item in elements_at(element, "identifier", path):
        if absent_reason(item) == CLEARED:
            cleared.add("identifiers")
        elif _is_nhs_number(item, place):
            cleared.update(("nhs_number",) if is_cleared(item, "value") else ())
            numbers.extend(_numbers(item, place, test_numbers))
        elif item.get("use") != SUPERSEDED and (other := identifier_from(item, place)) is not None:
            others.append(other)
    chosen = _chosen(numbers)
    return Identifiers(
        nhs_number=chosen.read if chosen and chosen.usable else None,
        status=chosen.status if chosen else None,
        unusable=chosen.read if chosen and isinstance(chosen.read, Unusable) else None,
        others=tuple(sorted(others, key=_is_not_hospital_number)),
        cleared=frozenset(cleared),
    )


def _is_nhs_number(item: Element, path: str) -> bool:
    system = text_at(item, "system", path)
    return system is not None and canonical(system) == NHS_NUMBER


def _numbers(item: Element, path: str, test_numbers: TestNumbers) -> Iterator[_Number]:
    value = text_at(item, "value", path)
    if value is not None and item.get("use") != SUPERSEDED:
        yield _Number(nhs_number_from(value, test_numbers), _status_of(item, path))


def _status_of(item: Element, path: str) -> str | None:
    for place, extension in extensions_at(item, VERIFICATION_STATUS_EXTENSIONS, path):
        for coding in codings_at(extension, "valueCodeableConcept", place):
            if coding.system in VERIFICATION_STATUSES:
                return coding.code
    return None


def _chosen(numbers: list[_Number]) -> _Number | None:
    usable = [number for number in numbers if number.usable]
    if not usable:
        return numbers[0] if numbers else None
    verified = [number for number in usable if number.status == VERIFIED]
    best = verified or usable
    if len({number.read for number in best}) > 1:
        return _Number(Unusable.SEVERAL, None)
    return best[0]


def _is_not_hospital_number(identifier: Identifier) -> bool:
    return identifier.type != HOSPITAL_NUMBER
