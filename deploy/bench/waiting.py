"""`latency` and `page`: from a message written to the socket to its alert, read from the topic or drawn on a page."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias
from uuid import UUID

from deploy.bench import load
from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import MILLISECONDS, Bar, Figure, percentile
from deploy.bench.hospital import Adt, Hospital
from deploy.bench.messages import hospital
from deploy.bench.templates import Stay
from deploy.bench.watching import Expected, Seen, alerts_read, pages_looked_at, wait_for
from deploy.bench.whole import mllp_ports, whole_hub
from deploy.composition import ward_senders
from deploy.exit_codes import ExitCode, Stopped
from deploy.standing.hub import StandingHub
from hub.identity import message_event_id

TOPIC_BAR: Final = Bar(100, at_least=False)
PAGE_BAR: Final = Bar(500, at_least=False)

PER_SECOND: Final = 50
SECONDS: Final = (60, 10)
"""Of one run, in full and quick."""
MARKED: Final = 5
"""One message in so many raises or changes an alert; the others are any day's."""
STAYS: Final = 20
"""So many marked patients are in before the first of them goes home."""
CONNECTIONS: Final = 16
PEOPLE: Final = (1_000, 100)
INSIDE: Final = (300, 30)
"""With whom the hub begins, in full and quick."""
WAIT_SECONDS: Final = 60.0
PERCENTILES: Final = (50, 99)
MILLI: Final = 1_000

ADMISSION: Final = "admission"
DISCHARGE: Final = "discharge"
KINDS: Final = (DISCHARGE, ADMISSION)


@dataclass(frozen=True, slots=True)
class Marked:
    """A message whose alert is waited for."""

    kind: str
    event: UUID
    ward: str


Watch: TypeAlias = Callable[[Marked], None]
Watching: TypeAlias = Callable[[StandingHub], AbstractContextManager[tuple[Watch, Seen]]]


def latency(dose: Dose, tell: Tell) -> list[Figure]:
    """Until a reader of committed records has the alert."""

    @contextmanager
    def on_topic(hub: StandingHub) -> Iterator[tuple[Watch, Seen]]:
        with alerts_read(hub) as seen:
            yield (lambda _: None), seen

    return waited("latency", "readable on alert.involvement.v1", TOPIC_BAR, on_topic)(dose, tell)


def page(dose: Dose, tell: Tell) -> list[Figure]:
    """Until the page of the ward is drawn with it."""

    @contextmanager
    def on_page(hub: StandingHub) -> Iterator[tuple[Watch, Seen]]:
        with pages_looked_at(hub) as looker:
            yield (
                lambda each: looker.expect(each.event, Expected(each.ward, each.kind == DISCHARGE)),
                looker.seen,
            )

    return waited("page", "on the page of its ward", PAGE_BAR, on_page)(dose, tell)


def waited(
    bench: str, where: str, bar: Bar, watching: Watching
) -> Callable[[Dose, Tell], list[Figure]]:
    """The measurement of one place where an alert can be seen."""

    def measure(dose: Dose, tell: Tell) -> list[Figure]:
        sender = hospital(dose.seed)
        runs: list[Mapping[str, Sequence[float]]] = []
        with whole_hub(bench, tell) as hub, watching(hub) as (watch, seen):
            marks = marks_of(ward_senders(hub.configuration)[0].settings.name, sender)
            begun(hub, sender.beginning(dose.of(*PEOPLE), dose.of(*INSIDE)), marks, watch, seen)
            for run in range(dose.runs):
                tell(bench, run, dose.runs)
                runs.append(one_run(hub, script_of(sender, marks, dose), watch, seen))
        tell(bench, dose.runs, dose.runs)
        return [
            Figure(
                bench=bench,
                what=f"{kind} {where}, {percent} % within",
                unit=MILLISECONDS,
                runs=[percentile(each[kind], percent) for each in runs],
                bar=bar if percent == max(PERCENTILES) else None,
            )
            for kind in KINDS
            for percent in PERCENTILES
        ]

    return measure


Line: TypeAlias = tuple[bytes, Marked | None]
Script: TypeAlias = Sequence[Line]


Marks: TypeAlias = Iterator[Line]


def script_of(sender: Hospital, marks: Marks, dose: Dose) -> Script:
    """What is sent in a run: any day's messages, and among them the marked ones."""
    made: list[Line] = []
    for number in range(PER_SECOND * dose.of(*SECONDS)):
        if number % MARKED:
            made += [(adt.frame, None) for adt in sender.day(1)]
        else:
            made.append(next(marks))
    return made


def marks_of(source: str, sender: Hospital) -> Marks:
    """Admissions to wards that nobody else uses, the discharge of each some messages later, and much later its cancel.

    The cancel is not waited for. Without it, alerts of patients who went home would pile up on the worklist as in no
    hospital.
    """
    inside: deque[Stay] = deque()
    gone: deque[Stay] = deque()
    for number in count(1):
        ward = f"MARKED{number}"
        admission, stay = sender.admitted_apart(ward)
        yield admission.frame, Marked(ADMISSION, event_of(source, admission), ward)
        inside.append(stay)
        if len(inside) > STAYS:
            stay = inside.popleft()
            discharge = sender.discharged_apart(stay)
            yield discharge.frame, Marked(DISCHARGE, event_of(source, discharge), stay.ward)
            gone.append(stay)
        if len(gone) > STAYS:
            yield sender.cancelled_apart(gone.popleft()).frame, None


def event_of(source: str, adt: Adt) -> UUID:
    """The id that the gateway will give to a message, which what follows from it will name."""
    return message_event_id(source, adt.control_id, adt.frame)


def begun(
    hub: StandingHub, beginning: Iterable[Adt], marks: Marks, watch: Watch, seen: Seen
) -> None:
    """Tell the hub whom it begins with, and wait until it has taken that in."""
    frames = [adt.frame for adt in beginning]
    load.run(load.flat_out(frames, mllp_ports(hub), CONNECTIONS))
    frame, last = next(marks)
    if last is None:
        return
    watch(last)
    load.run(load.flat_out([frame], mllp_ports(hub), 1))
    if not wait_for(lambda: last.event in seen.at, WAIT_SECONDS):
        raise Stopped(ExitCode.CHECK_FAILED, "The hub did not tell of what it begins with.")


def one_run(
    hub: StandingHub, script: Script, watch: Watch, seen: Seen
) -> Mapping[str, Sequence[float]]:
    """Milliseconds from socket to sight, by kind.

    Raises:
        Stopped: One of the marked messages was never seen.
    """
    sent_at: dict[UUID, float] = {}

    def sent(number: int, moment: float) -> None:
        mark = script[number][1]
        if mark is not None:
            sent_at[mark.event] = moment
            watch(mark)

    sending = load.Paced(PER_SECOND, sent)
    load.run(sending.run([frame for frame, _ in script], mllp_ports(hub), CONNECTIONS))
    if not wait_for(lambda: sent_at.keys() <= seen.at.keys(), WAIT_SECONDS):
        missing = len(sent_at.keys() - seen.at.keys())
        raise Stopped(ExitCode.CHECK_FAILED, f"{missing} of {len(sent_at)} alerts were not seen.")
    return {
        kind: [
            (seen.at[mark.event] - sent_at[mark.event]) * MILLI
            for _, mark in script
            if mark is not None and mark.kind == kind
        ]
        for kind in KINDS
    }
