"""The shipped processes: `hub gateway` and `hub worker`, started again when they end, killed and frozen on demand."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.chaos.hanging import places_in
from tests.chaos.oracle import Hours

LOOK_SECONDS = 0.02
AGAIN_SECONDS = 0.2
TELL_SECONDS = 2.0
DATABASE = "CHAOS_DATABASE"
CONFIGURATION = """\
kafka: {{bootstrap_servers: ["{kafka}"], security_protocol: PLAINTEXT, replication_factor: 1}}
database: {{url: {{env: {database}}}}}
http: {{host: 127.0.0.1, port: {http}}}
mllp: {{host: 127.0.0.1, port: {mllp}}}
regions: [{{name: here}}]
organisations: [{{ods_code: RWE, kind: trust, name: A trust, regions: [here]}}]
senders: [{{name: rwe-adt, connector: ward_mllp, organisation: RWE, regions: [here], sending_facilities: [RWE]}}]
test_numbers: accept
policy:
  discharge_involvement:
    board_round: "{hours.board_round:%H:%M}"
    closing_time: "{hours.closing_time:%H:%M}"
    late_discharge: "{hours.late_discharge:%H:%M}"
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the roles of a run listen."""

    mllp: int
    http: int
    health: tuple[int, ...]


def free_ports(workers: int) -> Ports:
    """Ports that nothing listens on now."""
    found = []
    with contextlib.ExitStack() as held:
        for _ in range(2 + workers):
            probe = held.enter_context(closing(socket.socket()))
            probe.bind(("127.0.0.1", 0))
            found.append(probe.getsockname()[1])
    return Ports(found[0], found[1], tuple(found[2:]))


def configuration(kafka: str, ports: Ports, hours: Hours) -> str:
    """hub.yaml of a run."""
    return CONFIGURATION.format(
        kafka=kafka, database=DATABASE, http=ports.http, mllp=ports.mllp, hours=hours
    )


def environment_of(program: Path, database_url: str) -> dict[str, str]:
    """Our own surroundings, with the program that is to run in front of every other."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return {**own, "PYTHONPATH": str(program), DATABASE: database_url}


@dataclass
class Role:
    """One process, kept running until it is ended.

    Attributes:
        epoch: Of the region, as far as this process said that it is its own.
        ended: Exit codes of the times that it ended without being killed by us.
        events: How often it logged what, over all its lives.
    """

    name: str
    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    epoch: int | None = None
    frozen: bool = False
    ended: list[int] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)
    _process: subprocess.Popen[bytes] | None = None
    _log: IO[bytes] | None = None
    _killed: bool = False
    _ending: bool = False

    @property
    def log(self) -> Path:
        """What it wrote to standard error."""
        return self.folder / f"{self.name}.log"

    @property
    def alive(self) -> bool:
        """Whether it runs and is not frozen."""
        return self._process is not None and self._process.poll() is None and not self.frozen

    def start(self) -> None:
        """Start it; `keep` starts it again."""
        self.epoch, self.frozen, self._killed = None, False, False
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                (sys.executable, "-m", "deploy.cli", *self.arguments),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    async def keep(self) -> None:
        """Start it again whenever it ends, and read its log, for ever."""
        while True:
            self.read_log()
            if self._process is not None and self._process.poll() is not None:
                self.read_log()
                if not self._killed:
                    self.ended.append(self._process.returncode)
                    await asyncio.sleep(AGAIN_SECONDS)
                self.start()
            await asyncio.sleep(LOOK_SECONDS)

    def read_log(self) -> None:
        """Count what it said since the last time, and learn whether the region is its own."""
        if self._log is None:
            if not self.log.exists():
                return
            self._log = self.log.open("rb")
        while True:
            place = self._log.tell()
            line = self._log.readline()
            if not line.endswith(b"\n"):
                self._log.seek(place)
                return
            self._take_in(line)

    def _take_in(self, line: bytes) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            self.events["not a log line"] += 1
            return
        event = said.get("event", "")
        self.events[said["logger"] if event == "library" else event] += 1
        if event == "region-mine":
            self.epoch = said["epoch"]
        elif event in ("fenced", "lease-lost"):
            self.epoch = None

    def kill(self) -> None:
        """SIGKILL."""
        self._killed, self.epoch = True, None
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """SIGSTOP."""
        self.frozen = True
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.frozen = False
        self._signal(signal.SIGCONT)

    def ask_where(self) -> None:
        """SIGUSR1: it tells where it stands (tests/chaos/hanging.py)."""
        self._signal(signal.SIGUSR1)

    def end(self) -> None:
        """End it for good."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.wait()
        if self._log is not None:
            self.read_log()
            self._log.close()
            self._log = None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)


class Roles:
    """One gateway and its workers."""

    def __init__(
        self,
        folder: Path,
        program: Path,
        ports: Ports,
        databases: tuple[str, str],
        workers: int,
    ) -> None:
        """`databases`: the address for the gateway, and the one for the workers."""
        config = ("--config", str(folder / "hub.yaml"))
        self._folder, self._config = folder, config
        self._environment = environment_of(program, databases[0])
        self.gateway = Role("gateway", ("gateway", *config), folder, self._environment)
        self.workers = [
            Role(
                f"worker-{number}",
                ("worker", *config, "--health-port", str(ports.health[number])),
                folder,
                environment_of(program, databases[1]),
            )
            for number in range(workers)
        ]
        self._ports = ports
        self._keeping: list[asyncio.Task[None]] = []

    @property
    def all(self) -> list[Role]:
        """Every role."""
        return [self.gateway, *self.workers]

    async def make_topics(self) -> None:
        """`hub topics apply`, as an operator does it.

        Raises:
            RuntimeError: It failed; the text is its output.
        """
        done = await asyncio.to_thread(
            subprocess.run,
            (sys.executable, "-m", "deploy.cli", "topics", "apply", *self._config),
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise RuntimeError((done.stdout + done.stderr).decode(errors="replace"))

    async def start(self) -> None:
        """Start all; return when the gateway listens and a worker has the region."""
        for role in self.all:
            role.start()
            self._keeping.append(asyncio.create_task(role.keep()))
        await until(lambda: listens(self._ports.mllp) and self.owner is not None, 60, "start")

    @property
    def owner(self) -> Role | None:
        """The worker that has the region."""
        owners = [role for role in self.workers if role.alive and role.epoch is not None]
        return max(owners, key=lambda role: role.epoch or 0, default=None)

    async def where(self) -> dict[str, list[str]]:
        """Where each role stands, by name."""
        for role in self.all:
            role.ask_where()
        await asyncio.sleep(TELL_SECONDS)
        return {role.name: places_in(role.log) for role in self.all}

    async def stop(self) -> None:
        """End all, whatever state they are in."""
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        for role in self.all:
            role.end()

    def events(self) -> Counter[str]:
        """What the workers logged how often."""
        return sum((role.events for role in self.workers), Counter())


async def until(met: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something is so.

    Raises:
        TimeoutError: It was not in time.
    """
    end = time.monotonic() + seconds
    while not met():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        await asyncio.sleep(LOOK_SECONDS)


def listens(port: int) -> bool:
    """Whether anything listens there."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
