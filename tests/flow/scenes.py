"""The hub, the people and the first words of most journeys."""

from dataclasses import replace
from functools import lru_cache
from itertools import permutations
from random import Random
from uuid import UUID

from hub import codec
from hub.decisions import NO_FRAME
from hub.fhir.systems import visit_authority, visit_authority_in
from hub.identity import alert_id, stay_id
from hub.matching.candidates import Matcher
from hub.records import (
    AlertOutcome,
    CarerPicture,
    InvolvementAlert,
    OutcomeKind,
    ReviewItem,
    StayPicture,
)
from hub.reviewing import BY_ITSELF
from hub.testing.answers import outcome
from hub.testing.flags import CARER_ROLE, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, Person
from hub.testing.resources import related
from hub.testing.senders import TRUST
from hub.testing.visits import Visit, encounter
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from tests.unit.matching.evidence import matcher

MATCHING = MatchingPolicy(
    test_numbers="accept",
    carer_codes=frozenset({"http://snomed.info/sct|224484003"}),
    not_carer_codes=frozenset({"http://snomed.info/sct|199361000000101"}),
)
CHILD = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "CHILD"}
STAY = Visit(admitted="2026-11-22 09:20")
FLAG = carer_flag(BEN, "2026-11-03 12:00", of=ADA)
ADMISSION = encounter("A01", "2026-11-22 09:30", STAY)

BEN_UNNUMBERED = replace(BEN, nhs_number=None)
"""Ben as a ward's list of contacts has him."""
BEN_AS_CARER = (related(BEN_UNNUMBERED, CARER_ROLE),)
BEN_AS_CHILD = (related(BEN_UNNUMBERED, CHILD),)
CARLA = Person("Carla", "Marsh", "1970-02-02", "9990000050")


@lru_cache(maxsize=1)
def evidence() -> Matcher:
    """The matcher that comes with the hub, as if it were learned from a small register."""
    return matcher()


def new_hub(batch_size: int = 1, matcher: Matcher | None = None) -> MemoryHub:
    return MemoryHub(
        (carer_matching(MATCHING), discharge_involvement(AlertPolicy())),
        batch_size=batch_size,
        matcher=matcher,
    )


def after(*events, matcher: Matcher | None = None) -> MemoryHub:
    """A hub that heard these, one after the other."""
    hub = new_hub(matcher=matcher)
    hub.hear(*events)
    return hub


def orders(*events, most: int = 60) -> list[tuple]:
    """So many of the orders in which these may come, the same each time: all of six would be 720."""
    return Random(len(events)).sample(list(permutations(events)), most)


def last_words(hub: MemoryHub) -> dict[UUID, bytes]:
    """The last word on every picture and question, without what counts how often and when something was said."""
    return {
        key: codec.encode(
            replace(each, **NO_FRAME, version=0, asked_at=None)
            if kind is ReviewItem
            else replace(each, **NO_FRAME, version=0, as_of=NO_FRAME["recorded_at"])
        )
        for kind in (StayPicture, CarerPicture, ReviewItem)
        for key, each in hub.last(kind).items()
        if getattr(each, "answer", None) != BY_ITSELF  # was it ever asked? that is its order's
    }


def last(hub: MemoryHub) -> InvolvementAlert:
    (alert,) = hub.last(InvolvementAlert).values()
    return alert


def picture(hub: MemoryHub) -> StayPicture:
    (only,) = hub.last(StayPicture).values()
    return only


def actions(hub: MemoryHub) -> list[str]:
    return [alert.action.value for alert in hub.said(InvolvementAlert)]


def stay_of(visit: str) -> UUID:
    """The stay of a visit number."""
    return stay_id(TRUST, visit_authority_in(visit_authority(TRUST, "")), visit)


def alert_of(visit: str) -> UUID:
    """The alert of a visit number."""
    return alert_id(TRUST, stay_of(visit))


def evidence_on(*events, given: str = "Ben") -> list[UUID]:
    """What names a carer when these are heard."""
    (carer,) = (each for each in last(after(*events)).carers if named(each) == given)
    return [each.evidence_id for each in carer.carer.evidence]


def named(each) -> str:
    """The given name of a carer to involve."""
    return each.carer.names[0].given[0]


def spoken_with(recorded: str, visit: str, evidence: UUID) -> AlertOutcome:
    """The team of a visit speaks with a carer."""
    return outcome(OutcomeKind.CONTACTED_ABLE, recorded, alert_of(visit), evidence)
