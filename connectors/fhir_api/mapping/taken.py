"""What a body comes to: events and decisions, each with its key."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from connectors.fhir_api.contents import ANSWERED_BY_ENTRIES
from connectors.fhir_api.minimising import NOTHING, LeftOut
from hub.fhir.reading import Element
from hub.records import CarerFlagEvent, EncounterEvent, PersonDecision

Said: TypeAlias = CarerFlagEvent | EncounterEvent


@dataclass(frozen=True, slots=True)
class Keyed:
    """An event and the key that it is kept under."""

    key: UUID
    event: Said


@dataclass(frozen=True, slots=True)
class Decided:
    """A person's decision and the thing decided."""

    key: UUID
    event: PersonDecision


@dataclass(frozen=True, slots=True)
class Taken:
    """What a body comes to.

    Attributes:
        body: The body as it was taken.
        sent: The body as it was sent.
        events: What is said of stays, in one region, or of carers, in each region of the sender.
        decisions: Agreements of carers in the region that refers; what people say of being linked, in each.
        left_out: What of it nobody here reads, so that it is kept nowhere.
    """

    body: Element
    sent: Element
    events: tuple[Keyed, ...]
    decisions: tuple[Decided, ...] = ()
    left_out: LeftOut = NOTHING

    @property
    def all(self) -> tuple[Keyed | Decided, ...]:
        """Everything to make durable before the answer."""
        return (*self.events, *self.decisions)

    @property
    def answered_by_entries(self) -> bool:
        """Whether the answer has one entry for each of the body's entries."""
        return self.body.get("type") in ANSWERED_BY_ENTRIES
