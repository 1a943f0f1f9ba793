"""`memory`: what the hub's own processes hold when nothing happens, and beside it broker and database."""

import os
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import MEGABYTES, Bar, Figure
from deploy.bench.whole import whole_hub
from deploy.exit_codes import ExitCode, Stopped

BAR: Final = Bar(500, at_least=False)
IDLE_SECONDS: Final = (60, 10)
PROCESSES: Final = Path("/proc")
KILOBYTES_IN_A_MEGABYTE: Final = 1024
BESIDES: Final = "broker and database, besides"
ALL: Final = "the hub's own processes together"


def memory(dose: Dose, tell: Tell) -> list[Figure]:
    """PSS by role, so that what processes share is counted once.

    Raises:
        Stopped: This system does not tell.
    """
    if not (PROCESSES / "self" / "smaps_rollup").exists():
        raise Stopped(ExitCode.CHECK_FAILED, "Memory is measured on Linux only.")
    held: dict[str, list[float]] = {}
    seconds = dose.of(*IDLE_SECONDS)
    for run in range(1, dose.runs + 1):
        name = f"memory {run} of {dose.runs}"
        with whole_hub(name, tell) as hub:
            for second in range(seconds):
                tell(f"{name}, seconds idle", second, seconds)
                time.sleep(1)  # a second of idleness is what is measured
            tell(f"{name}, seconds idle", seconds, seconds)
            roles = hub.pids()
            by_name = {role: megabytes(pid) for role, pid in roles.items()}
            others = sum(map(megabytes, below(os.getpid(), without=set(roles.values()))))
        for what, number in {ALL: sum(by_name.values()), **by_name, BESIDES: others}.items():
            held.setdefault(what, []).append(number)
    return [
        Figure(
            bench="memory",
            what=what,
            unit=MEGABYTES,
            runs=runs,
            bar=BAR if what == ALL else None,
        )
        for what, runs in held.items()
    ]


def megabytes(pid: int) -> float:
    """Proportional set size of a process: its own pages, and its share of those it shares."""
    rollup = (PROCESSES / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    match = re.search(r"^Pss:\s+(\d+) kB$", rollup, re.MULTILINE)
    return int(match.group(1)) / KILOBYTES_IN_A_MEGABYTE if match else 0.0


def below(pid: int, without: set[int]) -> Iterator[int]:
    """The processes that a process started, and those that these started, but for some."""
    for child in children()[pid] - without:
        yield child
        yield from below(child, without)


def children() -> Mapping[int, set[int]]:
    """Every process of this machine by the one that started it."""
    found: dict[int, set[int]] = defaultdict(set)
    for place in PROCESSES.glob("[0-9]*/stat"):
        try:
            stat = place.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # it has ended
        parent = int(stat.rpartition(") ")[2].split()[1])
        found[parent].add(int(place.parent.name))
    return found
