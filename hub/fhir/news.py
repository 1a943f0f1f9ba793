"""News of a person or a stay: facts, and which registers the resource speaks of at all.

A register that is spoken with empty facts clears what was known (HL7 `""`); one that is not spoken
says nothing, and what was known stays.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from hub.records import Coding, ExpectedDischarge, Identifier, PersonFacts

REGISTERS: Final = MappingProxyType(
    {
        "names": ("names",),
        "nhs_number": ("nhs_number", "nhs_number_status", "unusable_nhs_number"),
        "identifiers": ("identifiers",),
        "birth": ("birth_on", "birth_precision"),
        "gender": ("gender",),
        "addresses": ("addresses",),
        "telecoms": ("telecoms",),
        "death": ("deceased", "died_at"),
        "practice": ("practice_ods",),
        "needs": ("needs",),
        "shielded": ("shielded",),
    }
)
"""Register of a person → the fields of `PersonFacts` that it fills, always together."""

STAY_REGISTERS: Final = MappingProxyType(
    {
        "visit": ("visit", "other_visits"),
        "class": ("patient_class",),
        "admitted": ("admitted_at",),
        "location": ("site_ods", "ward", "bed"),
        "expected": ("expected_discharge",),
        "ready": ("ready_on",),
        "discharge": ("discharged_at", "discharge_method", "destination"),
        "leave": ("status",),
    }
)
"""Register of a stay → the fields of `EncounterFacts` that it fills, always together."""


@dataclass(frozen=True, slots=True)
class PersonNews:
    """What a resource says of a person.

    Attributes:
        facts: The facts; of a register that is not spoken, nothing.
        spoken: Names of `REGISTERS`.
    """

    facts: PersonFacts
    spoken: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterFacts:
    """What a resource says of a stay. Times are UTC; a date alone is 00:00 in Europe/London.

    Attributes:
        visit: The visit number (PV1-19).
        other_visits: Other identifiers of the same stay.
        replaces_visit: The visit that this one takes the place of (A45, A47).
        status: FHIR Encounter.status; `unknown` says nothing.
        patient_class: v3-ActCode such as IMP, or the letter of PV1-2.
        trust_ods: The hospital provider.
        site_ods: PV1-3.4.
        discharge_method: The code that says most, in its own system.
        destination: The code that says most, in its own system.
    """

    visit: Identifier | None = None
    other_visits: tuple[Identifier, ...] = field(default=())
    replaces_visit: Identifier | None = None
    status: str = "unknown"
    patient_class: str | None = None
    trust_ods: str | None = None
    admitted_at: datetime | None = None
    admission_method: Coding | None = None
    site_ods: str | None = None
    ward: str | None = None
    bed: str | None = None
    expected_discharge: ExpectedDischarge | None = None
    ready_on: date | None = None
    discharged_at: datetime | None = None
    discharge_method: Coding | None = None
    destination: Coding | None = None


@dataclass(frozen=True, slots=True)
class EncounterNews:
    """What a resource says of a stay.

    Attributes:
        facts: The facts; of a register that is not spoken, nothing. `status` is always said.
        spoken: Names of `STAY_REGISTERS`.
    """

    facts: EncounterFacts
    spoken: frozenset[str]
