"""A server process that outlives us when we are killed, and is found again by its command line."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from deploy.local.errors import CannotStart

PROC = Path("/proc")
LOOK_EVERY_SECONDS = 0.05
LEAVES_AFTER_KILL_SECONDS = 5.0
TOOL_ENDS_WITHIN_SECONDS = 120.0
PS_COLUMNS = 4

Steps = Sequence[tuple[signal.Signals, float]]
"""Signals to send one after the other, each with the seconds given to obey it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A process as the system lists it.

    `command` is its words joined by spaces. A process on its way out has none any more, but may
    still hold ports and locks.
    """

    pid: int
    uid: int
    command: str


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as."""

    uid: int
    gid: int

    @property
    def switch(self) -> tuple[int, int, tuple[()]] | tuple[None, None, None]:
        """User, group and further groups for `subprocess`; none if it is our own account."""
        return (None, None, None) if self.uid == os.geteuid() else (self.uid, self.gid, ())


def processes() -> list[Seen]:
    """All processes that this account may see and that have not ended."""
    if (PROC / "self" / "cmdline").exists():
        return [
            seen for entry in PROC.iterdir() if entry.name.isdigit() if (seen := seen_in(entry))
        ]
    return processes_by_ps(("-ax",))


def process(pid: int) -> Seen | None:
    """The process with this number, until it has ended."""
    if (PROC / "self" / "cmdline").exists():
        return seen_in(PROC / str(pid))
    return next(iter(processes_by_ps(("-p", str(pid)))), None)


def seen_in(entry: Path) -> Seen | None:
    """Read one folder of Linux's /proc; None when the process has ended, fetched or not."""
    try:
        command = (entry / "cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ")
        state = (entry / "stat").read_bytes().rpartition(b") ")[2][:1]
        last_thread = len(list((entry / "task").iterdir())) <= 1
        uid = entry.stat().st_uid
    except OSError:
        return None
    ended = state in b"ZX" and last_thread
    return None if ended else Seen(int(entry.name), uid, os.fsdecode(command))


def processes_by_ps(which: Sequence[str]) -> list[Seen]:
    """Ask ps, where there is no /proc (macOS)."""
    command = ("/bin/ps", *which, "-ww", "-o", "pid=,uid=,stat=,command=")
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a fixed one
    rows = (os.fsdecode(line).split(maxsplit=3) for line in done.stdout.splitlines())
    living = (row for row in rows if len(row) == PS_COLUMNS and "Z" not in row[2])
    return [Seen(int(pid), int(uid), said) for pid, uid, _, said in living]


class ServerProcess:
    """One server process, started by us or by a hub before us.

    It runs in a session of its own, so that Ctrl-C in a terminal reaches the hub alone. No file
    holds its pid, so none can be stale: the program's name, and after it `mark` with a path that
    nothing else runs on, tell it from all other processes.
    """

    def __init__(self, program: str, mark: str, account: Account) -> None:
        self._program = program
        self._mark = mark
        self._account = account
        self._child: subprocess.Popen[bytes] | None = None
        self._pid: int | None = None

    @property
    def pid(self) -> int | None:
        """The number of the living process, or None."""
        return self._pid if self.alive() else None

    def alive(self) -> bool:
        """Whether it runs, whoever started it. It says nothing about answering."""
        if self._child is not None:
            return self._child.poll() is None
        seen = process(self._pid) if self._pid else None
        return seen is not None and (not seen.command or self._is_ours(seen))

    def find(self) -> Seen | None:
        """Look for a process left by an earlier hub, and stand for it from now on."""
        left = next((seen for seen in processes() if self._is_ours(seen)), None)
        self._child, self._pid = None, left.pid if left else None
        return left

    def launch(
        self, command: Sequence[str], *, folder: Path, log: Path, environment: Mapping[str, str]
    ) -> None:
        """Start it in `folder`, its output added to `log`.

        Raises:
            CannotStart: The system refuses, for example to let root become another account.
        """
        user, group, groups = self._account.switch
        try:
            with adding_to(log) as output:
                self._child = subprocess.Popen(  # noqa: S603 - our own commands
                    command,
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    user=user,
                    group=group,
                    extra_groups=groups,
                )
        except (OSError, subprocess.SubprocessError) as error:
            raise CannotStart(f"{Path(command[0]).name} cannot be started: {error}.") from error
        self._pid = self._child.pid

    def end(self, steps: Steps) -> None:
        """Send each signal and wait for its seconds, until the process is gone; then SIGKILL."""
        for number, seconds in (*steps, (signal.SIGKILL, LEAVES_AFTER_KILL_SECONDS)):
            if not self._signal(number) or self._gone_within(seconds):
                return

    def _is_ours(self, seen: Seen) -> bool:
        before, mark, _ = seen.command.partition(self._mark)
        return seen.uid == self._account.uid and bool(mark) and f"/{self._program} " in before

    def _signal(self, number: signal.Signals) -> bool:
        pid = self.pid
        if pid is None:
            return False
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return False
        return True

    def _gone_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self.alive():
                return True
            time.sleep(LOOK_EVERY_SECONDS)
        return False


def run_to_end(
    command: Sequence[str],
    *,
    account: Account,
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
    text: str = "",
) -> bool:
    """Run a tool, fed with `text`, its output added to `log`; whether it succeeded in time."""
    user, group, groups = account.switch
    with adding_to(log) as output:
        try:
            done = subprocess.run(  # noqa: S603 - our own commands
                command,
                cwd=folder,
                env=environment,
                input=text.encode(),
                stdout=output,
                stderr=output,
                check=False,
                timeout=TOOL_ENDS_WITHIN_SECONDS,
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=groups,
            )
        except (OSError, subprocess.SubprocessError) as error:
            output.write(f"{Path(command[0]).name}: {error}\n".encode())
            return False
    return done.returncode == 0


def adding_to(file: Path) -> BinaryIO:
    """Open, to add to it, a file that no other account reads: logs name what servers choked on."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
