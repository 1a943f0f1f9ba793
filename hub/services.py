"""Which support service takes which carer, by area and age (ADR-0011): referrals and offers of one ask here alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

INWARD: Final = 3
"""Characters of the inward code, the same in every postcode (Royal Mail, Programmers' Guide)."""
LONGEST_OUTWARD: Final = 4
MOST_KEPT: Final = 16_384
"""Homes whose area is kept ready: the same people are drawn again with every message about them."""


@dataclass(frozen=True, slots=True)
class Service:
    """A support service and the carers that it takes.

    Attributes:
        ods_code: Its organisation.
        areas: ONS codes of the local authorities whose carers it takes.
        age_bands: Age bands that it takes.
        name: As people write it.
    """

    ods_code: str
    areas: frozenset[str]
    age_bands: frozenset[str]
    name: str = ""


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


def service_for(area: str | None, band: str, services: Iterable[Service]) -> Service | None:
    """The first service that takes this area and age band; None when none does, or when nobody knows the area.

    An unknown age is taken as adult.
    """
    taking = "adult" if band == "unknown" else band
    fitting = (each for each in services if area in each.areas and taking in each.age_bands)
    return next(fitting, None)


@lru_cache(maxsize=MOST_KEPT)
def area_of(postcode: str | None, practice: str | None, areas: tuple[Area, ...]) -> str | None:
    """The local authority of a home: by postcode, the longest beginning first; else by practice."""
    fitting = [
        (len(start), area.code)
        for area in areas
        for start in area.postcodes
        if begins(postcode or "", start)
    ]
    if fitting:
        return max(fitting)[1]
    return next((area.code for area in areas if practice in area.practices), None)


def begins(postcode: str, start: str) -> bool:
    """Whether a postcode lies in a district (`LE1`, `EC1` with its letters) or a sector of one (`LE1 8`).

    LE1 8VC is not in LE18: the last three characters are the inward code, whether a blank was sent or not.
    """
    outward, inward = parted(postcode)
    district, _, sector = start.partition(" ")
    if sector:
        return outward == district and inward.startswith(sector)
    return outward.startswith(district) and not outward[len(district) :][:1].isdigit()


def parted(postcode: str) -> tuple[str, str]:
    """Outward and inward code, at the blank, or before the last three characters of a whole one."""
    parts = postcode.upper().split()
    if len(parts) > 1:
        return parts[0], "".join(parts[1:])
    compact = "".join(parts)
    return (
        (compact[:-INWARD], compact[-INWARD:]) if len(compact) > LONGEST_OUTWARD else (compact, "")
    )
