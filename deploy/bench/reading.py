"""`parse` and `convert`: HL7 v2 to values, and HL7 v2 to an event with its FHIR Bundle, on one core."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from connectors.ward_mllp.hearing import Understood, heard
from connectors.ward_mllp.senders import KnownSender
from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import RATE, Bar, Figure
from deploy.bench.messages import frames, mean_length
from deploy.bench.places import PLACES
from deploy.bench.readers import Reader, peers, the_hub
from deploy.composition import ward_senders
from deploy.configuration.load import DEMO, load
from deploy.exit_codes import ExitCode, Stopped
from hub.runtime import clock

PARSE_BAR: Final = Bar(20_000, at_least=True)
CONVERT_BAR: Final = Bar(6_000, at_least=True)

MESSAGES: Final = (20_000, 300)
"""In a run, and in a quick one."""
WARM_UP: Final = 20
"""One in so many messages is read before the clock starts."""
COMPARED: Final = 100
"""Messages on which all readers must agree before they are measured."""
FEWEST: Final = 10


def parse(dose: Dose, tell: Tell) -> list[Figure]:
    """Every place that the mapping reads, by the hub and by its peers in the same run."""
    messages = frames(dose.seed, dose.of(*MESSAGES))
    ours, others = the_hub(), peers()
    refuse_different(ours, others, messages[:COMPARED])
    hub: list[float] = []
    rates: dict[str, list[float]] = {}
    for run in range(dose.runs):
        tell("parse", run, dose.runs)
        hub.append(rate(ours.read, messages))
        for each in others:
            some = messages[: max(FEWEST, len(messages) // each.slower)]
            rates.setdefault(f"{each.name}, the same places read", []).append(rate(each.read, some))
            if each.parse is not None:
                rates.setdefault(f"{each.name}, parsed only", []).append(rate(each.parse, some))
    tell("parse", dose.runs, dose.runs)
    what = f"the hub, {len(PLACES)} places of {mean_length(messages):,.0f} bytes read"
    return [
        Figure(bench="parse", what=what, unit=RATE, runs=hub, bar=PARSE_BAR),
        *(beside("parse", name, runs, hub) for name, runs in rates.items()),
    ]


def convert(dose: Dose, tell: Tell) -> list[Figure]:
    """From a frame to the event that the gateway publishes, as the gateway makes it."""
    messages = frames(dose.seed, dose.of(*MESSAGES))
    senders = ward_senders(load(DEMO, {}))
    received_at = clock.now()
    runs: list[float] = []
    for run in range(dose.runs):
        tell("convert", run, dose.runs)
        runs.append(rate(lambda frame: converted(frame, senders, received_at), messages))
    tell("convert", dose.runs, dose.runs)
    return [
        Figure(
            bench="convert",
            what="the hub, HL7 v2 to an event with a FHIR Bundle",
            unit=RATE,
            runs=runs,
            bar=CONVERT_BAR,
        )
    ]


def converted(frame: bytes, senders: Sequence[KnownSender], received_at: datetime) -> Understood:
    """The event of a frame.

    Raises:
        Stopped: It was not understood; then what is measured is no conversion.
    """
    what = heard(frame, senders, received_at)
    if isinstance(what, Understood):
        return what
    raise Stopped(
        ExitCode.CHECK_FAILED, f"A message of the bench was not understood: {what.reason}"
    )


def rate(work: Callable[[bytes], object], messages: Sequence[bytes]) -> float:
    """Messages in a second of one core: the time that the processor gave to this process counts, not the clock's."""
    for frame in messages[::WARM_UP]:
        work(frame)
    begun = time.process_time()
    for frame in messages:
        work(frame)
    return len(messages) / (time.process_time() - begun)


def beside(bench: str, what: str, runs: Sequence[float], hub: Sequence[float]) -> Figure:
    """A peer, and how many times its rate the hub reached in the same run."""
    return Figure(
        bench=bench,
        what=what,
        unit=RATE,
        runs=runs,
        hub_is=[ours / theirs for ours, theirs in zip(hub, runs, strict=True)],
    )


def refuse_different(ours: Reader, others: Sequence[Reader], messages: Sequence[bytes]) -> None:
    """Nobody is measured who reads something else.

    Raises:
        Stopped: A peer gives another value for a place.
    """
    for frame in messages:
        right = ours.read(frame)
        for each in others:
            wrong = [
                place
                for place, mine, theirs in zip(PLACES, right, each.read(frame), strict=True)
                if mine != (theirs if each.unescapes else unescaped(theirs))
            ]
            if wrong:
                raise Stopped(
                    ExitCode.CHECK_FAILED,
                    f"{each.name} reads something else at {', '.join(wrong)}.",
                )


def unescaped(value: str | None) -> str | None:
    """The one escape of these messages, for a reader that leaves it as it is."""
    return None if value is None else value.replace("\\T\\", "&")
