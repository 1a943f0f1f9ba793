"""What the cases tell: one patient, one carer, one stay, and the ways in which a chain can be broken."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from deploy.composition import chain_from
from deploy.configuration.load import DEMO, load
from hub.decisions import Event
from hub.identity import derived
from hub.processor import Chain, Processor
from hub.records import (
    AlertOutcome,
    DecisionKind,
    HubCommand,
    InvolvementAlert,
    OutcomeKind,
    PersonDecision,
)
from hub.testing.answers import outcome
from hub.testing.flags import carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, Person
from hub.testing.senders import frame_of
from hub.testing.visits import Visit, encounter
from tests.unit.matching.evidence import matcher

CONFIGURATION = load(DEMO, {}, with_secrets=False)
CHAIN = chain_from(CONFIGURATION)
"""The product's chain under the policies of the demonstration."""
MATCHER = matcher()
"""By which records without an NHS number are joined there."""

EVA = Person("Eva", "Stone", "1939-05-04", "9990000042", "H300")
FAY = Person("Fay", "Stone", "1971-12-30", "9990000050")

FLAG = carer_flag(BEN, "2099-11-23 08:00", of=ADA)
STAY = Visit(admitted="2099-11-23 08:30")
ADMISSION = encounter("A01", "2099-11-23 09:00", STAY)
"""Ada's carer is known and she was admitted: an alert, due at 10:00."""

AT_HOME = replace(ADA, postcode="LE2 7AB")
HOME_FLAG = carer_flag(BEN, "2099-11-23 08:00", of=AT_HOME)
UNNUMBERED = replace(AT_HOME, nhs_number=None)
UNNUMBERED_ADMISSION = encounter("A01", "2099-11-23 09:00", replace(STAY, patient=UNNUMBERED))
"""The same by a hospital that has no NHS number of hers."""

ELSEWHERE = encounter(
    "A01",
    "2099-11-23 09:02",
    replace(STAY, number="V9", patient=replace(UNNUMBERED, hospital_number="H900")),
)
"""Ada once more, under a second number of the hospital and without her own."""

OTHER_FLAG = carer_flag(FAY, "2099-11-23 08:05", of=EVA)
OTHER_STAY = Visit(number="V2", patient=EVA, admitted="2099-11-23 08:40")
OTHER_ADMISSION = encounter("A01", "2099-11-23 09:05", OTHER_STAY)


def alert_after(*events: Event) -> InvolvementAlert:
    """The alert that these events raise."""
    hub = MemoryHub(CHAIN)
    hub.hear(*events)
    return hub.said(InvolvementAlert)[-1]


def evidence_of(alert: InvolvementAlert) -> UUID:
    """What names the first carer of an alert."""
    return alert.carers[0].carer.evidence[0].evidence_id


def contacted(alert: InvolvementAlert, recorded: str) -> AlertOutcome:
    """The team spoke with the carer."""
    return outcome(OutcomeKind.CONTACTED_ABLE, recorded, alert.alert_id, evidence_of(alert))


def seen(alert: InvolvementAlert, *recorded: str) -> tuple[AlertOutcome, ...]:
    """The team looked at the alert, several times."""
    return tuple(outcome(OutcomeKind.SEEN, each, alert.alert_id) for each in recorded)


def redrive(letter: UUID, recorded: str) -> PersonDecision:
    """An operator's command to take in a dead letter once more."""
    return PersonDecision(
        **frame_of("operator", f"redrive-{recorded}", recorded),
        decision_key=derived("test-decision", letter, recorded),
        kind=DecisionKind.COMMAND,
        by="operator-1",
        organisation_ods="HUB",
        command=HubCommand(name="redrive", argument=str(letter)),
    )


def with_defect(chain: Chain, name: str, fails: Callable[[Any], bool]) -> Chain:
    """A chain in which one processor divides by zero over some events."""
    return tuple(broken(each, fails) if each.name == name else each for each in chain)


def broken(processor: Processor[Any, Any], fails: Callable[[Any], bool]) -> Processor[Any, Any]:
    def decide(state: Any, event: Any, policy: Any) -> Any:
        if fails(event):
            raise ZeroDivisionError
        return processor.decide(state, event, policy)

    return replace(processor, decide=decide)
