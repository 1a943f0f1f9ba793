"""`day`: a big hospital's day through everything, as fast as it is acknowledged."""

import time
from typing import Final

from deploy.bench import load
from deploy.bench.dose import DAY_MESSAGES, Dose, Tell
from deploy.bench.figures import RATE, SECONDS, Bar, Figure
from deploy.bench.hospital import Hospital
from deploy.bench.messages import hospital
from deploy.bench.watching import Expected, wait_for
from deploy.bench.whole import mllp_ports, whole_hub
from deploy.exit_codes import ExitCode, Stopped
from deploy.standing.hub import StandingHub
from hub.store.engine import engine_for
from hub.store.letters import letters
from hub.store.pages import PostgresWorklist
from hub.store.postgres import PostgresStore

BAR: Final = Bar(120, at_least=False)
GATEWAYS: Final = 2
CONNECTIONS: Final = 32
PEOPLE: Final = (10_000, 200)
INSIDE: Final = (2_000, 40)
"""With whom the day begins, in full and quick."""
WAIT_SECONDS: Final = 900.0
LOOK_SECONDS: Final = 0.1
"""Looking costs the hub time, and a day is long."""
REGION: Final = 0


def day(dose: Dose, tell: Tell) -> list[Figure]:
    """Until the last message is acknowledged, and until everything that follows from them stands on the worklist."""
    days = [one_day(dose, run, tell) for run in range(1, dose.runs + 1)]
    finished = [last for _, last in days]
    what = f"{dose.day_messages:,} messages"
    shown = f"{what}, all on the worklist"
    bar = BAR if dose.day_messages == DAY_MESSAGES else None
    return [
        Figure(bench="day", what=shown, unit=SECONDS, runs=finished, bar=bar),
        Figure(
            bench="day", what=shown, unit=RATE, runs=[dose.day_messages / each for each in finished]
        ),
        Figure(
            bench="day",
            what=f"{what}, all acknowledged",
            unit=SECONDS,
            runs=[first for first, _ in days],
        ),
    ]


def one_day(dose: Dose, run: int, tell: Tell) -> tuple[float, float]:
    """One day on a hub of its own; see `through`."""
    sender, name = hospital(dose.seed + run), f"day {run} of {dose.runs}"
    with whole_hub(name, tell, GATEWAYS) as hub:
        beginning = [adt.frame for adt in sender.beginning(dose.of(*PEOPLE), dose.of(*INSIDE))]
        through(hub, sender, beginning, "BEGINNING", lambda _: None)
        messages = [adt.frame for adt in sender.day(dose.day_messages)]

        def acknowledged(done: int) -> None:
            tell(name, done, dose.day_messages)

        took = through(hub, sender, messages, "END", acknowledged)
        refuse_unfinished(hub)
        tell(name, dose.day_messages, dose.day_messages)
    return took


def through(
    hub: StandingHub, sender: Hospital, messages: list[bytes], ward: str, tell: load.Told
) -> tuple[float, float]:
    """Seconds until all was acknowledged, and until all was told and shown.

    After the last acknowledgement one more patient is admitted to a ward that nobody else uses. Topic, region,
    outbox and read model keep their order, so what stands on that ward's worklist stands there after all the rest.

    Raises:
        Stopped: It was never shown.
    """
    begun = time.monotonic()
    load.run(load.flat_out(messages, mllp_ports(hub), CONNECTIONS, tell))
    acknowledged = time.monotonic() - begun
    last, _ = sender.admitted_apart(ward)
    load.run(load.flat_out([last.frame], mllp_ports(hub), 1))
    engine = engine_for(hub.places.database_url, connections=1)
    try:
        worklist, expected = PostgresWorklist(engine), Expected(ward, went_home=False)
        if not wait_for(lambda: bool(expected.on(worklist)), WAIT_SECONDS, LOOK_SECONDS):
            raise Stopped(
                ExitCode.CHECK_FAILED, f"The worklist is not up to date after {WAIT_SECONDS:.0f} s."
            )
    finally:
        engine.dispose()
    return acknowledged, time.monotonic() - begun


def refuse_unfinished(hub: StandingHub) -> None:
    """A day counts when nothing was refused and nothing waits to be told.

    Raises:
        Stopped: Something was, or does.
    """
    engine = engine_for(hub.places.database_url, connections=1)
    try:
        refused = letters(engine, settled_too=True, most=1)
        if refused:
            raise Stopped(ExitCode.CHECK_FAILED, f"A message was refused: {refused[0].reason}")
        waiting = PostgresStore(engine)
        if not wait_for(lambda: waiting.edges(REGION).first == 0, WAIT_SECONDS, LOOK_SECONDS):
            raise Stopped(ExitCode.CHECK_FAILED, "The outbox is not empty.")
    finally:
        engine.dispose()
