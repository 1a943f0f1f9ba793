"""`takeover`: how long a region of many people is without an owner, after a kill and when the owner is asked to go."""

import os
import re
import signal
import time
from collections.abc import Callable
from typing import Final

import httpx

from deploy.bench import load
from deploy.bench.crowd import REGION, settle
from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import MEGABYTES, SECONDS, Bar, Figure
from deploy.bench.memory import megabytes
from deploy.bench.messages import hospital
from deploy.bench.waiting import Marks, marks_of
from deploy.bench.watching import Seen, alerts_read, wait_for
from deploy.bench.whole import mllp_ports
from deploy.composition import ward_senders
from deploy.exit_codes import ExitCode, Stopped
from deploy.local.ports import LOOPBACK
from deploy.standing.hub import StandingHub, Wanted, standing_hub

KILLED_BAR: Final = Bar(10, at_least=False)
ASKED_BAR: Final = Bar(2, at_least=False)
KINDS: Final = {
    "after kill -9": (signal.SIGKILL, KILLED_BAR),
    "when asked": (signal.SIGTERM, ASKED_BAR),
}
BAR_PEOPLE: Final = 1_000_000
WAIT_SECONDS: Final = 1_800.0
LOOK_SECONDS: Final = 0.05
HELD, FOLLOWED = "hub_region_held", "hub_region_followed"


def takeover(dose: Dose, tell: Tell) -> list[Figure]:
    """From the signal to the alert of an admission that is sent at once, and how long a first load takes.

    Raises:
        Stopped: Nobody took over.
    """
    people = dose.takeover_people
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with standing_hub(Wanted(workers=2)) as hub, alerts_read(hub) as seen:
        settle(hub.places.database_url, people, dose.seed, tell)
        workers = Workers(hub)
        begun = time.monotonic()
        for name in workers.names:
            os.kill(hub.pids()[name], signal.SIGKILL)  # what they knew was of before
        workers.wait_for(lambda: workers.owner_is_ready)
        restored = time.monotonic() - begun
        workers.wait_for(lambda: workers.are_ready)
        held = [megabytes(hub.pids()[name]) for name in workers.names]
        marks = marks_of(ward_senders(hub.configuration)[0].settings.name, hospital(dose.seed))
        one_alert(hub, marks, seen)
        for run in range(dose.runs):
            for kind, (sign, _) in KINDS.items():
                tell(f"takeover {kind}", run, dose.runs)
                workers.wait_for(lambda: workers.are_ready)
                owner = workers.owner
                begun = time.monotonic()
                os.kill(hub.pids()[str(owner)], sign)
                seconds[kind].append(one_alert(hub, marks, seen) - begun)
    tell("takeover", dose.runs, dose.runs)
    of = f"of {people:,} people"
    return [
        Figure(
            bench="takeover",
            what=f"a region {of}, {kind}, to the next alert",
            unit=SECONDS,
            runs=runs,
            bar=KINDS[kind][1] if people >= BAR_PEOPLE else None,
        )
        for kind, runs in seconds.items()
    ] + [
        Figure(
            bench="takeover",
            what=f"a first load {of}, with two processes starting",
            unit=SECONDS,
            runs=[restored],
        ),
        Figure(bench="takeover", what=f"each worker {of}", unit=MEGABYTES, runs=held),
    ]


class Workers:
    """Two workers: who holds the region, and whether the other is ready to take it."""

    def __init__(self, hub: StandingHub) -> None:
        self._urls = {
            f"worker-{number}": f"http://{LOOPBACK}:{port}"
            for number, port in enumerate(hub.ports.workers, start=1)
        }
        self.names = tuple(self._urls)

    @property
    def owner(self) -> str | None:
        """The worker that holds the region, if one says so."""
        return next((name for name in self.names if self._says(name, HELD)), None)

    @property
    def owner_is_ready(self) -> bool:
        """Whether the region is loaded and read."""
        owner = self.owner
        return owner is not None and self._get(owner, "/health/ready").is_success

    @property
    def are_ready(self) -> bool:
        """Whether the region is read, and the other worker has all of it in memory."""
        others = (name for name in self.names if name != self.owner)
        return self.owner_is_ready and all(self._says(name, FOLLOWED) for name in others)

    @staticmethod
    def wait_for(condition: Callable[[], bool]) -> None:
        """Until it is so.

        Raises:
            Stopped: It does not come true.
        """
        if not wait_for(condition, WAIT_SECONDS, LOOK_SECONDS):
            raise Stopped(ExitCode.CHECK_FAILED, "The workers did not become ready.")

    def _says(self, name: str, metric: str) -> bool:
        said = rf'^{metric}\{{region="{REGION}"\}} 1(?:\.0)?$'
        return re.search(said, self._get(name, "/metrics").text, re.MULTILINE) is not None

    def _get(self, name: str, path: str) -> httpx.Response:
        try:
            return httpx.get(f"{self._urls[name]}{path}", trust_env=False, timeout=30)
        except httpx.TransportError:
            return httpx.Response(503)


def one_alert(hub: StandingHub, marks: Marks, seen: Seen) -> float:
    """Send an admission, and wait until its alert can be read; that moment.

    Raises:
        Stopped: It never could.
    """
    frame, mark = next(each for each in marks if each[1] is not None)
    load.run(load.flat_out([frame], mllp_ports(hub), 1))
    if mark is None or not wait_for(lambda: mark.event in seen.at, WAIT_SECONDS):
        raise Stopped(ExitCode.CHECK_FAILED, "Nobody took the region over.")
    return seen.at[mark.event]
