"""What the hub makes of a history: told in any order it must end the same, and as it truly was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from connectors.ward_mllp.hearing import NotForUs, Understood, heard
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from hub.decisions import NO_FRAME
from hub.identity import derived, source_record_id, stay_id
from hub.records import (
    AlertStatus,
    CarerFlagEvent,
    DecisionKind,
    EncounterEvent,
    InvolvementAlert,
    PersonDecision,
    ReviewAnswer,
    StayPicture,
)
from hub.testing.flags import TOLD, Form, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import Person
from hub.testing.senders import frame_of
from processors.carer_matching.rows import key_of
from tests.flow.histories.people import FLAGGED, Visit, nhs_number
from tests.flow.histories.world import Flagged, World
from tests.flow.histories.wrong import carers_of, number_of
from tests.flow.scenes import new_hub

TRUST = "RWE"
SENDER = "pas"
LATER = datetime(2199, 1, 1, tzinfo=UTC)
SENDERS = (
    KnownSender(
        settings=SenderSettings(name=SENDER, region=0, trust_ods=TRUST, test_numbers="accept")
    ),
)


class Wrong(AssertionError):
    """The hub's end is not the true one, or depends on the order."""


@dataclass(frozen=True)
class History:
    """One world's messages, as the door read them."""

    world: World
    events: tuple["Event", ...]


def history(seed: int, length: int) -> History:
    """A made-up history; every message must be understood, or ignored where it means nothing."""
    world = World(Random(seed))
    world.live(length)
    for frame in world.ignored:
        what = heard(frame, SENDERS, LATER)
        if not isinstance(what, NotForUs):
            raise Wrong(f"not ignored: {what}")
    events = (*understood(world.heard), *flag_events(world.flags), *decisions(world))
    return History(world, tuple(sorted(events, key=lambda each: each.recorded_at)))


def flag_events(flags: Iterable[Flagged]) -> Iterator[CarerFlagEvent]:
    """As an extract or a system of a practice tells it: who, of whom, and whether still."""
    for number, flag in enumerate(flags):
        record = flag.record
        born = f"{record.born[:4]}-{record.born[4:6]}-{record.born[6:]}"
        patient = Person(record.given, record.family, born, record.nhs)
        own = nhs_number(int(str(record.nhs)[3:9]) + 50)
        yield carer_flag(
            Person(FLAGGED[record.given], record.family, "1971-03-03", own),
            f"{flag.at:%Y-%m-%d %H:%M}",
            of=patient,
            message=f"flag-{number}",
            form=TOLD if flag.active else Form("inactive", link_active=False),
        )


def understood(frames: Iterable[bytes]) -> Iterator[EncounterEvent]:
    for frame in frames:
        what = heard(frame, SENDERS, LATER)
        if not isinstance(what, Understood):
            raise Wrong(f"not understood: {what}")
        yield what.event


def decisions(world: World) -> Iterator[PersonDecision]:
    """As the portal tells it: one reviewer, of the two records that were merged."""
    authority = world.dialect.numbers.partition("^")[0]
    for number, answer in enumerate(world.answers):
        pair = [source_record_id(SENDER, authority, each) for each in answer.merge.numbers]
        yield PersonDecision(
            **frame_of("portal", f"answer-{number}", f"{answer.at:%Y-%m-%d %H:%M}"),
            decision_key=derived("answer", *pair),
            kind=DecisionKind.REVIEW,
            by="40123456",
            organisation_ods=TRUST,
            review=ReviewAnswer(left=pair[0], right=pair[1], answer=answer.verdict, evidence=""),
        )


Event = EncounterEvent | CarerFlagEvent | PersonDecision


def orders(events: Sequence[Event], random: Random) -> Iterator[list[Event]]:
    """As they happened; backwards, so that every cancel comes before what it cancels; shuffled, some twice."""
    yield list(events)
    yield list(reversed(events))
    mixed = [*events, *random.sample(list(events), len(events) // 4)]
    random.shuffle(mixed)
    yield mixed


def judged(seed: int, length: int) -> int:
    """Judge one history in all its orders; how many messages were taken in."""
    random = Random(-seed)
    told = history(seed, length)
    first: dict[str, Any] | None = None
    steps = 0
    for order in orders(told.events, random):
        hub = new_hub(random.choice((1, 7, 100)))
        for event in order:
            hub.publish(event)
            if random.random() < 0.3:
                hub.run()
        hub.run()
        steps += len(order)
        if hub.refusals:
            raise Wrong(f"refused: {hub.refusals[0].reason} at {hub.refusals[0].expression}")
        compare_with_truth(hub, told.world)
        end = end_of(hub)
        first = first or end
        for part, value in end.items():
            if value != first[part]:
                raise Wrong(f"{part} depends on the order: {differing(first[part], value)}")
    return steps


def compare_with_truth(hub: MemoryHub, world: World) -> None:
    pictures = hub.last(StayPicture)
    for visit in world.visits:
        picture = pictures[stay_of(world, visit)]
        found, true = (as_found(picture, world, visit), as_it_was(world, visit))
        if found != true:
            raise Wrong(f"visit {visit.number}: {found}, and it was {true}")


def as_it_was(world: World, visit: Visit) -> dict[str, Any]:
    """What is true of a visit at the end."""
    if visit.goes_on_as is not None:
        return {"goes on as": stay_of(world, visit.goes_on_as)}
    truth: dict[str, Any] = {"status": visit.status, "goes on as": None}
    if visit.state != "cancelled":
        truth["number"] = number_of(world.wrong, visit.patient)
    if visit.state in ("in", "gone"):
        truth["ward"] = visit.ward
    if visit.status == "discharged":
        truth["left"] = visit.left
    truth["carers"] = carers_of(world.wrong, visit.patient)
    return truth


def as_found(picture: StayPicture, world: World, visit: Visit) -> dict[str, Any]:
    """The same, as the picture has it."""
    said = {
        "status": picture.status.value,
        "goes on as": picture.superseded_by,
        "number": picture.patient.hospital_number,
        "ward": picture.ward,
        "left": picture.discharged_at,
        "carers": sorted(each.names[0].given[0] for each in picture.carers),
    }
    return {name: said[name] for name in as_it_was(world, visit)}


def stay_of(world: World, visit: Visit) -> Any:
    return stay_id(TRUST, world.dialect.visits, visit.number)


def end_of(hub: MemoryHub) -> dict[str, Any]:
    """Everything that must not depend on the order."""
    alerts = hub.last(InvolvementAlert)
    return {
        "records": {key_of(each): each for each in hub.memory.records.values()},
        "links": {key_of(each): each for each in hub.memory.evidence.values()},
        "stays": {key_of(each): each for each in hub.memory.stays.values()},
        "pictures": {
            key: replace(each, **NO_FRAME, version=0, as_of=LATER)
            for key, each in hub.last(StayPicture).items()
        },
        "alerts": {
            key: (each.status, each.due_at, each.went_home_without_contact, len(each.carers))
            for key, each in alerts.items()
            if each.status is not AlertStatus.CANCELLED
        },
    }


def differing(one: dict[Any, Any], other: dict[Any, Any]) -> str:
    """The first part that differs."""
    key = next(key for key in {**one, **other} if one.get(key) != other.get(key))
    return f"{one.get(key)}\nand\n{other.get(key)}"
