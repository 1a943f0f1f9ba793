"""Who sees that an alert can be read: a reader of committed records, or somebody who opens the page of a ward."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import httpx

from deploy.bench.templates import TRUST
from deploy.exit_codes import ExitCode, Stopped
from deploy.standing.hub import StandingHub
from hub.ports.pages import Worklist
from hub.store.engine import engine_for
from hub.store.pages import PostgresWorklist

LOOK_SECONDS: Final = 0.005
"""Between two looks at the worklist: as exact as what is seen there can be."""
END_SECONDS: Final = 5.0


@dataclass
class Seen:
    """When something was first seen, by `time.monotonic`, which all processes of a machine share."""

    at: dict[UUID, float] = field(default_factory=dict)

    def note(self, what: UUID, moment: float) -> None:
        """It is there."""
        self.at.setdefault(what, moment)


@contextmanager
def alerts_read(hub: StandingHub) -> Iterator[Seen]:
    """Events for which a record on the topic of alerts can be read, by a reader in a process of its own."""
    seen = Seen()
    reader = subprocess.Popen(  # noqa: S603 - a program of ours
        (sys.executable, "-m", "deploy.bench.reader", hub.places.kafka.bootstrap_servers),
        stdout=subprocess.PIPE,
        text=True,
    )

    def listen() -> None:
        for line in reader.stdout or ():
            event, moment = line.split()
            seen.note(UUID(event), float(moment))

    listening = threading.Thread(target=listen, name="reader")
    listening.start()
    try:
        yield seen
    finally:
        reader.terminate()
        reader.wait(END_SECONDS)
        listening.join(END_SECONDS)


@dataclass(frozen=True, slots=True)
class Expected:
    """What shall be seen on the worklist of a ward that nobody else uses.

    Attributes:
        went_home: Whether the patient has left; else an alert must stand there.
    """

    ward: str
    went_home: bool

    def on(self, worklist: Worklist) -> Sequence[UUID]:
        """The alerts that are there now as they shall be."""
        rows = worklist.open_for(TRUST, self.ward)
        return [row.alert_id for row in rows if row.went_home or not self.went_home]


class Pages:
    """The pages of a trust, as somebody sees them who is signed in and opens that of a ward at the first moment.

    Args:
        browser: Is signed in.
        worklist: Says when there is something to open it for, which costs the hub less than drawing pages all the time.
    """

    def __init__(self, browser: httpx.Client, worklist: Worklist) -> None:
        self._browser, self._worklist = browser, worklist

    def show(self, what: Expected) -> bool:
        """Whether the page of the ward was drawn with it."""
        alerts = what.on(self._worklist)
        if not alerts:
            return False
        drawn = self._browser.get("/worklist", params={"ward": what.ward}).raise_for_status().text
        return all(f'id="alert-{alert}"' in drawn for alert in alerts)


def signed_in(browser: httpx.Client, key: str) -> None:
    """Sign in with the key of an organisation, as a person does.

    Raises:
        Stopped: The hub does not let it in.
    """
    answer = browser.post("/login", data={"key": key})
    if not answer.is_redirect:
        raise Stopped(ExitCode.CHECK_FAILED, f"The pages answered {answer.status_code} to a key.")


class Looker:
    """Looks again and again for what is expected, and notes when it was first shown."""

    def __init__(self, shows: Callable[[Expected], bool]) -> None:
        self._shows = shows
        self._expected: dict[UUID, Expected] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="looker")
        self.seen = Seen()

    def expect(self, event: UUID, what: Expected) -> None:
        """Begin to look for it."""
        self._expected[event] = what

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        self._thread.join(END_SECONDS)

    def _look(self) -> None:
        while not self._stop.is_set():
            for event, what in list(self._expected.items()):
                if self._shows(what):
                    self.seen.note(event, time.monotonic())
                    del self._expected[event]
            time.sleep(LOOK_SECONDS)  # between looks, in a thread of its own, until `stop`


@contextmanager
def pages_looked_at(hub: StandingHub) -> Iterator[Looker]:
    """The pages of the wards, opened one after another."""
    engine = engine_for(hub.places.database_url, connections=1)
    with httpx.Client(base_url=hub.gateways[0].base_url, trust_env=False) as browser:
        signed_in(browser, hub.keys.organisations[TRUST])
        looker = Looker(Pages(browser, PostgresWorklist(engine)).show)
        looker.start()
        try:
            yield looker
        finally:
            looker.stop()
            engine.dispose()


def wait_for(condition: Callable[[], bool], seconds: float, every: float = LOOK_SECONDS) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(every)  # between looks; the deadline stands above
    return True
