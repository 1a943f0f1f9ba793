"""What a hub of its own left behind because its command was killed: the next one ends it and removes it."""

import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.local.process import LOOK_EVERY_SECONDS, Seen, processes
from deploy.local.progress import Progress

PREFIX: Final = "carers-hub-own-"
HELD: Final = "held"
ENDS_WITHIN_SECONDS: Final = 5.0


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder as long as this process lives: the system lets go when it dies, whatever it died of."""
    with (folder / HELD).open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def clear_leftovers(tell: Progress) -> None:
    """End and remove what nobody holds any more. Only folders of this account are looked at."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if is_left(folder):
            tell(f"An earlier one was killed: ending what it left in {folder}.")
            end(folder)
            shutil.rmtree(folder, ignore_errors=True)


def is_left(folder: Path) -> bool:
    """Whether its command has died. One that is just being made is not held yet, and is left alone."""
    try:
        ours = folder.lstat().st_uid == os.geteuid()
        with (folder / HELD).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return ours


def end(folder: Path) -> None:
    """End every process that works in a folder: PostgreSQL at once but in order, all others without asking."""
    for seen in working_in(folder):
        send(seen, signal.SIGQUIT if "/postgres " in seen.command else signal.SIGKILL)
    until = time.monotonic() + ENDS_WITHIN_SECONDS
    while left := working_in(folder):
        if time.monotonic() > until:
            for seen in left:
                send(seen, signal.SIGKILL)
            return
        time.sleep(LOOK_EVERY_SECONDS)


def working_in(folder: Path) -> Sequence[Seen]:
    """Processes whose command names something in a folder."""
    return [each for each in processes() if f"{folder}/" in each.command]


def send(seen: Seen, number: signal.Signals) -> None:
    """Signal a process; it may be gone already."""
    try:
        os.kill(seen.pid, number)
    except (ProcessLookupError, PermissionError):
        return
