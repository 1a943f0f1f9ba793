"""`mllp`: messages answered AA after they are durable, and the append alone as the floor under it."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from connectors.ward_mllp.hearing import Understood
from deploy.bench import load
from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import MILLISECONDS, RATE, Bar, Figure, percentile
from deploy.bench.hospital import Hospital
from deploy.bench.messages import hospital
from deploy.bench.reading import converted
from deploy.bench.whole import doors_alone, mllp_ports, whole_hub
from deploy.composition import ward_senders
from deploy.standing.hub import StandingHub
from hub.runtime import clock
from hub.runtime.connection import KafkaConnection
from hub.runtime.publisher import KafkaPublisher

MANY: Final = 32
GATEWAYS: Final = 2
BARS: Final = {1: Bar(1_500, at_least=True), MANY: Bar(4_000, at_least=True)}
WAIT_BAR: Final = Bar(10, at_least=False)
MESSAGES: Final = {1: (6_000, 100), MANY: (20_000, 320)}
"""Of one run, in full and quick, by the number of connections."""
WARM_UP: Final = (2_000, 50)
PERCENT: Final = 99
MILLI: Final = 1_000

ALONE: Final = "the door alone"
AT_WORK: Final = "the whole hub at work"


def mllp(dose: Dose, tell: Tell) -> list[Figure]:
    """One connection to one gateway, and many to two."""
    sender = hospital(dose.seed)
    rates: dict[tuple[str, int], list[float]] = {}
    waits: dict[tuple[str, int], list[float]] = {}
    floors: dict[int, list[float]] = {number: [] for number in BARS}
    with whole_hub("mllp", tell, GATEWAYS) as hub, ExitStack() as stack:
        for condition in (
            AT_WORK,
            ALONE,
        ):  # what workers have not done when they are stopped does not matter any more
            if condition == ALONE:
                stack.enter_context(doors_alone(hub))
            sent_over(hub, messages_of(sender, dose.of(*WARM_UP)), MANY)
            for run in range(dose.runs):
                tell(f"mllp, {condition}", run, dose.runs)
                for connections, number in MESSAGES.items():
                    sent = sent_over(hub, messages_of(sender, dose.of(*number)), connections)
                    rates.setdefault((condition, connections), []).append(sent.rate)
                    waited = percentile(sent.waits, PERCENT) * MILLI
                    waits.setdefault((condition, connections), []).append(waited)
                    if condition == ALONE:
                        events = events_of(hub, messages_of(sender, dose.of(*number)))
                        floors[connections].append(appended(hub.places.kafka, events, connections))
            tell(f"mllp, {condition}", dose.runs, dose.runs)
    return [
        *(
            figure
            for (condition, connections), runs in rates.items()
            for figure in figures(condition, connections, runs, waits[condition, connections])
        ),
        *(floor(number, runs, rates[ALONE, number]) for number, runs in floors.items()),
    ]


def figures(
    condition: str, connections: int, rates: Sequence[float], waits: Sequence[float]
) -> tuple[Figure, Figure]:
    """Rate and wait of one way of sending."""
    gateways = (
        "1 connection" if connections == 1 else f"{connections} connections, {GATEWAYS} gateways"
    )
    return (
        Figure(
            bench="mllp",
            what=f"{gateways}, {condition}",
            unit=RATE,
            runs=rates,
            bar=BARS[connections],
        ),
        Figure(
            bench="mllp",
            what=f"{gateways}, {condition}, {PERCENT} % answered within",
            unit=MILLISECONDS,
            runs=waits,
            bar=WAIT_BAR,
        ),
    )


def floor(at_once: int, runs: Sequence[float], hub: Sequence[float]) -> Figure:
    """The append without the door, and how much of it the door reaches."""
    return Figure(
        bench="mllp",
        what=f"the floor: the append alone, {at_once} at a time",
        unit=RATE,
        runs=runs,
        hub_is=[ours / theirs for ours, theirs in zip(hub, runs, strict=True)],
    )


def messages_of(sender: Hospital, number: int) -> list[bytes]:
    """So many new messages of its day."""
    return [adt.frame for adt in sender.day(number)]


def sent_over(hub: StandingHub, messages: Sequence[bytes], connections: int) -> load.Sent:
    """Send them: over one connection to one gateway, else to all."""
    ports = mllp_ports(hub, 1 if connections == 1 else None)
    return load.run(load.flat_out(messages, ports, connections))


def events_of(hub: StandingHub, messages: Sequence[bytes]) -> list[Understood]:
    """What the gateway would publish."""
    senders = ward_senders(hub.configuration)
    return [converted(frame, senders, clock.now()) for frame in messages]


def appended(kafka: KafkaConnection, events: Sequence[Understood], at_once: int) -> float:
    """Events in a second that the publisher of the hub makes durable, so many of them at a time."""

    async def append() -> float:
        publisher, waiting = KafkaPublisher(kafka), iter(events[1:])

        async def one_after_another() -> None:
            for each in waiting:
                await publisher.publish(each.event, each.key)

        try:
            await publisher.publish(events[0].event, events[0].key)
            begun = time.perf_counter()
            await asyncio.gather(*(one_after_another() for _ in range(at_once)))
            return (len(events) - 1) / (time.perf_counter() - begun)
        finally:
            await publisher.stop()

    return load.run(append())
