"""Three areas as unlike as England's are, and how unequally their people are written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MIXES: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "leicester": {
            "british": 0.40,
            "south_asian_hindu_sikh": 0.30,
            "south_asian_muslim": 0.14,
            "black_african_caribbean": 0.09,
            "east_european": 0.07,
        },
        "leeds": {
            "british": 0.78,
            "south_asian_muslim": 0.07,
            "south_asian_hindu_sikh": 0.03,
            "black_african_caribbean": 0.06,
            "east_european": 0.06,
        },
        "rutland": {
            "british": 0.95,
            "south_asian_muslim": 0.005,
            "south_asian_hindu_sikh": 0.01,
            "black_african_caribbean": 0.015,
            "east_european": 0.02,
        },
    }
)
"""Area -> group -> share of households, by groups of names and not of people. Rounded after the Census of 2021 (ONS,
table TS021)."""

OUTCODES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "leicester": ("LE1", "LE2", "LE3", "LE4", "LE5"),
        "leeds": ("LS6", "LS7", "LS8", "LS9", "LS11", "LS12"),
        "rutland": ("LE15", "PE9"),
    }
)


@dataclass(frozen=True, slots=True)
class Noise:
    """How often something is missing or other in what is written down, of 1."""

    no_number: float = 0.40
    no_address: float = 0.08
    moved: float = 0.08
    no_phone: float = 0.30
    other_phone: float = 0.10
    spelled: float = 0.06
    slip: float = 0.03
    initial: float = 0.02
    no_given: float = 0.004
    swapped: float = 0.005
    january: float = 0.003
    no_birth_date: float = 0.02
    day_slip: float = 0.02
    married: float = 0.02
    no_middle: float = 0.5


USUAL: Final = Noise()

NOISE: Final[Mapping[str, Noise]] = MappingProxyType(
    {
        "british": USUAL,
        "south_asian_muslim": Noise(
            no_number=0.47, no_address=0.11, moved=0.11, spelled=0.14, swapped=0.03, january=0.04
        ),
        "south_asian_hindu_sikh": Noise(
            no_number=0.45, no_address=0.10, moved=0.10, spelled=0.12, swapped=0.02, january=0.03
        ),
        "east_european": Noise(
            no_number=0.52, no_address=0.12, moved=0.18, spelled=0.14, swapped=0.02, january=0.005
        ),
        "black_african_caribbean": Noise(
            no_number=0.48, no_address=0.12, moved=0.13, spelled=0.09, swapped=0.02, january=0.03
        ),
    }
)
"""Group -> its noise. That numbers and addresses are missing more often, and that names are spelled in more ways, is
measured (PMC4550723, pubmed 28749318, ijpds 2389); how much more is an assumption, larger than most published."""

EQUAL: Final[Mapping[str, Noise]] = MappingProxyType(dict.fromkeys(NOISE, USUAL))
"""The same noise for everybody: what is left of a gap comes from the names alone."""
