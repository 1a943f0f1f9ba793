"""Everything on one machine: Kafka and PostgreSQL (or yours), the topics, the tables, and the roles kept running."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from deploy.configuration.model import Configuration
from deploy.exit_codes import ExitCode, Stopped
from deploy.roles.stopping import stop_asked

log = structlog.get_logger("up")

AGAIN_SECONDS: Final = 0.2
LONGEST_SECONDS: Final = 10.0
STEADY_SECONDS: Final = 30.0
"""A role that ran this long is started again at once; one that ends sooner waits longer each time."""

STOP_SECONDS: Final = 8.0


@dataclass
class Role:
    """One process of the hub, started again when it ends by itself.

    Attributes:
        output: The open file that it writes to; None = where we write.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    process: asyncio.subprocess.Process | None = None
    output: int | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the process running until `stop` is set."""
        pause = AGAIN_SECONDS
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
            log.error("role-ended", role=self.name, code=code)
            steady = time.monotonic() - started > STEADY_SECONDS
            pause = AGAIN_SECONDS if steady else min(2 * pause, LONGEST_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    async def stop(self) -> None:
        """Ask it to stop; after a while, end it."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def role_command(name: str, config: Path | None, *more: str) -> tuple[str, ...]:
    """The command line of a role: the same program, one role."""
    options = ("--config", str(config)) if config else ()
    return (sys.executable, "-m", "deploy.cli", name, *options, *more)


def make_ready_aside(environment: Mapping[str, str], config: Path | None) -> None:
    """Make topics and tables in a process that ends: what it imports is as large as all that stays here.

    Raises:
        Stopped: It could not, and has said why.
    """
    command = role_command("make-ready", config)
    ended = subprocess.run(command, env=dict(environment), check=False)  # noqa: S603 - our own program
    if ended.returncode:
        codes = set(ExitCode)
        raise Stopped(
            ExitCode(ended.returncode) if ended.returncode in codes else ExitCode.CHECK_FAILED
        )


def has_folders(configuration: Configuration) -> bool:
    """Whether any sender's folder is watched: a process that has nothing to watch is not started."""
    return any(getattr(sender, "folder", None) is not None for sender in configuration.senders)


async def run_roles(
    configuration: Configuration,
    environment: Mapping[str, str],
    config: Path | None,
    when_up: Callable[[], None] = lambda: None,
    workers: int = 1,
) -> None:
    """Run all roles until asked to stop, then stop them all."""
    stop = stop_asked()
    names = ["gateway", "projections", *(["extracts"] if has_folders(configuration) else [])]
    roles = [Role(name, role_command(name, config), environment) for name in names]
    for number in range(workers):
        port = str(configuration.worker.port + number)
        roles.append(
            Role("worker", role_command("worker", config, "--health-port", port), environment)
        )
    running = [asyncio.create_task(role.run(stop)) for role in roles]
    when_up()
    await stop.wait()
    log.info("stopping")
    await asyncio.gather(*(role.stop() for role in roles))
    await asyncio.gather(*running)
