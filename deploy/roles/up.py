"""Everything on one machine: Kafka and PostgreSQL (or yours), the topics, the tables, and the roles kept running."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from deploy.configuration.model import Configuration
from deploy.exit_codes import MEANINGS, ExitCode, Stopped
from deploy.output import aside
from deploy.roles.stopping import stop_asked
from deploy.roles.up_yet import Asked, all_asked, wait_until_up
from deploy.settings import LAST_WORDS
from hub.waiting import happens

log = structlog.get_logger("up")

AGAIN_SECONDS: Final = 0.2
LONGEST_SECONDS: Final = 10.0
STEADY_SECONDS: Final = 30.0
"""A role that ran this long is started again at once; one that ends sooner waits longer each time."""

MOST_FAILURES: Final = 5
"""Ends in a row, each soon after a start, until `hub up` gives up on a role that was never ready."""

STOP_SECONDS: Final = 8.0


@dataclass
class Role:
    """One process of the hub, started again when it ends by itself.

    Attributes:
        output: The open file that it writes to; None = where we write.
        words: The file in which it leaves why it ended; None = it leaves nothing.
        most_failures: After so many ends in a row it is given up, if it never stood; None = it is never given up.
        stood: Whether it was ready, or steady, at least once.
        given_up: Why it was given up, and the code for that.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    process: asyncio.subprocess.Process | None = None
    output: int | None = None
    words: Path | None = None
    most_failures: int | None = None
    stood: bool = False
    given_up: Stopped | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the process running until `stop` is set, or it is given up, which sets `stop`."""
        pause, failures = AGAIN_SECONDS, 0
        while not stop.is_set():
            started = time.monotonic()
            self.process = await asyncio.create_subprocess_exec(
                *self.command,
                env=dict(self.environment),
                start_new_session=True,
                stdout=self.output,
                stderr=self.output,
            )
            log.info("role-started", role=self.name, pid=self.process.pid)
            code = await self.process.wait()
            if stop.is_set():
                return
            why = self.last_words(code)
            log.error("role-ended", role=self.name, code=code, why=why)
            steady = time.monotonic() - started > STEADY_SECONDS
            self.stood = self.stood or steady
            failures = 0 if steady or code < 0 else failures + 1  # below 0: somebody else ended it
            if not self.stood and failures == self.most_failures:
                self.given_up = Stopped(exit_code_of(code), f"The {self.name} cannot start: {why}")
                stop.set()
                return
            pause = AGAIN_SECONDS if steady else min(2 * pause, LONGEST_SECONDS)
            await happens(stop, pause)

    def last_words(self, code: int) -> str:
        """Why it ended, by what it left, else by its code."""
        words = ""
        if self.words is not None:
            with contextlib.suppress(OSError):
                words = self.words.read_text(encoding="utf-8", errors="replace").strip()
                self.words.unlink()
        if words:
            return words
        if code < 0:
            return f"It was ended by signal {-code}."
        return f"It ended with {code} ({MEANINGS[exit_code_of(code)]}); its log says more."

    async def stop(self) -> None:
        """Ask it to stop; after a while, end it."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def role_command(name: str, config: Path | None, *more: str) -> tuple[str, ...]:
    """The command line of a role: the same program, one role."""
    options = ("--config", str(config)) if config else ()
    return (sys.executable, "-m", "deploy.cli", name, *options, *more)


def exit_code_of(code: int) -> ExitCode:
    """The code of a process of ours as one of the hub's own."""
    return ExitCode(code) if code in set(ExitCode) and code else ExitCode.CHECK_FAILED


def make_ready_aside(environment: Mapping[str, str], config: Path | None) -> None:
    """Make topics and tables in a process that ends: what it imports is as large as all that stays here.

    Raises:
        Stopped: It could not, and has said why.
    """
    command = role_command("make-ready", config)
    ended = subprocess.run(command, env=dict(environment), check=False)  # noqa: S603 - our own program
    if ended.returncode:
        raise Stopped(exit_code_of(ended.returncode))


async def run_roles(
    configuration: Configuration,
    environment: Mapping[str, str],
    config: Path | None,
    when_up: Callable[[], None] = lambda: None,
    workers: int = 1,
) -> None:
    """Run all roles until asked to stop, then stop them all; `when_up` is called once, when all are ready.

    Raises:
        Stopped: A role cannot start.
    """
    stop = stop_asked()
    with tempfile.TemporaryDirectory(prefix="hub-up-") as folder:
        roles = roles_of(configuration, environment, config, workers, Path(folder))
        extracts = configuration.has_folders
        asked = all_asked(configuration, workers, extracts=extracts)
        watching = asyncio.create_task(_say_when_up(roles, asked, when_up))
        await asyncio.gather(*(role.run(stop) for role in roles), _stopped(stop, roles, watching))
    for role in roles:
        if role.given_up is not None:
            raise role.given_up


def roles_of(
    configuration: Configuration,
    environment: Mapping[str, str],
    config: Path | None,
    workers: int,
    folder: Path,
) -> list[Role]:
    """The roles of `hub up`; each leaves in the folder why it ended."""
    names = ["gateway", "projections", *(["extracts"] if configuration.has_folders else [])]
    commands = [(name, role_command(name, config)) for name in names]
    for number in range(workers):
        port = str(configuration.worker.port + number)
        commands.append(("worker", role_command("worker", config, "--health-port", port)))
    roles = []
    for number, (name, command) in enumerate(commands):
        words = folder / f"{number}-{name}"
        surroundings = {**environment, LAST_WORDS: str(words)}
        roles.append(Role(name, command, surroundings, words=words, most_failures=MOST_FAILURES))
    return roles


async def _say_when_up(
    roles: Sequence[Role], asked: Sequence[Asked], when_up: Callable[[], None]
) -> None:
    await wait_until_up(asked, aside)
    for role in roles:
        role.stood = True
    when_up()


async def _stopped(
    stop: asyncio.Event, roles: Sequence[Role], watching: "asyncio.Task[None]"
) -> None:
    await stop.wait()
    watching.cancel()
    log.info("stopping")
    await asyncio.gather(*(role.stop() for role in roles))
