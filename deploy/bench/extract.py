"""`extract`: a register from its folder to the log, the first time and with a day's changes."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Final

import orjson

from deploy.bench.dose import Dose, Tell
from deploy.bench.figures import MEGABYTES, SECONDS, Bar, Figure
from deploy.bench.whole import doors_alone
from deploy.exit_codes import ExitCode, Stopped
from deploy.local.ports import free_ports
from deploy.roles.up import role_command
from deploy.settings import settings
from deploy.standing.hub import StandingHub, Wanted, standing_hub

BAR: Final = Bar(300, at_least=False)
BAR_ROWS: Final = 1_000_000
"""A million rows in five minutes."""

SENDER: Final = "bench-register"
CHANGED: Final = 100
GONE: Final = 1_000
"""On the second day every so manieth row is another, or is not there."""

WAIT_SECONDS: Final = 3_600.0
LOOK_SECONDS: Final = 0.1
HEADING: Final = (
    "Client Ref,NHS Number,First Name,Surname,Date of Birth,Gender,Address,Postcode,Telephone,Date Registered,"
    "Cared For NHS Number,Cared For First Name,Cared For Surname,Cared For DOB,Relationship\n"
)
STATUS: Final = "/proc/{}/status"
STAT: Final = "/proc/{}/stat"


def extract(dose: Dose, tell: Tell) -> list[Figure]:
    """Seconds until the report is there, and the most memory that the process ever held.

    Raises:
        Stopped: It did not come to an end.
    """
    first, second, used, held = [], [], [], []
    rows = dose.extract_rows
    for run in range(1, dose.runs + 1):
        name = f"extract {run} of {dose.runs}"
        tell(name, 0, 2)
        with standing_hub(Wanted(changes=changes())) as hub, doors_alone(hub):
            folder = hub.config.parent / SENDER
            folder.mkdir()
            with role_of(hub) as role:
                first.append(seconds_for(folder, rows, 1, role))
                used.append(processor_seconds(role.pid))
                tell(name, 1, 2)
                second.append(seconds_for(folder, rows, 2, role))
                held.append(most_held(role.pid))
        tell(name, 2, 2)
    bar = BAR if rows == BAR_ROWS else None
    what = f"a register of {rows:,} rows"
    return [
        Figure(bench="extract", what=f"{what}, all new", unit=SECONDS, runs=first, bar=bar),
        Figure(bench="extract", what=f"{what}, all new, of the processor", unit=SECONDS, runs=used),
        Figure(bench="extract", what=f"{what}, 1 % changed", unit=SECONDS, runs=second, bar=bar),
        Figure(bench="extract", what="most memory of the process", unit=MEGABYTES, runs=held),
    ]


def changes() -> dict[str, object]:
    """One sender of registers, and no others."""
    sender = {
        "name": SENDER,
        "connector": "gp_csv",
        "organisation": "C82904",
        "regions": ["llr"],
        "folder": SENDER,
        "layout": "charity",
        "evidence": "register",
        "confidence": "confirmed",
        "settle_seconds": 1,
    }
    return {"senders": [sender], "extracts": {"port": free_ports(1)[0]}}


@contextmanager
def role_of(hub: StandingHub) -> "Iterator[Popen[bytes]]":
    """The role that watches folders, as a process of its own, ended with the block."""
    environment = {
        **settings().environment,
        "HUB_KAFKA": hub.places.kafka.bootstrap_servers,
        "HUB_DATABASE": hub.places.database_url,
    }
    role = Popen(role_command("extracts", hub.config), env=environment)  # noqa: S603 - our own program
    try:
        yield role
    finally:
        role.terminate()
        role.wait()


def seconds_for(folder: Path, rows: int, day: int, role: "Popen[bytes]") -> float:
    """From the file lying there to its report.

    Raises:
        Stopped: It was refused, or does not end.
    """
    unfinished = folder / f"day-{day}.part"
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(HEADING)
        file.writelines(lines(rows, day))
    begun = time.monotonic()
    unfinished.rename(folder / f"day-{day}.csv")
    while time.monotonic() - begun < WAIT_SECONDS and role.poll() is None:
        reports = sorted(folder.glob("*/*.json"), key=lambda each: each.name)
        if len(reports) == day:
            if orjson.loads(reports[-1].read_bytes())["outcome"] != "taken":
                break
            return time.monotonic() - begun
        time.sleep(LOOK_SECONDS)  # between looks; given up above
    raise Stopped(ExitCode.CHECK_FAILED, "The register was not taken.")


def lines(rows: int, day: int) -> Iterator[str]:
    """Rows of made-up people; numbers of the test range, right or not."""
    for number in range(rows):
        if day > 1 and number % GONE == 1:
            continue
        phone = f"0116 496 {number % 10_000:04}" if day == 1 or number % CHANGED else "0116 496 1"
        yield (
            f"{number},999{number % 10_000_000:07},Given{number % 997},Family{number % 9_973},"
            f'{1 + number % 28:02}/{1 + number % 12:02}/{1940 + number % 60},F,"{number % 99} Abbey Lane, Leicester",'
            f"LE4 {number % 10}AA,{phone},{1 + number % 28:02}/03/2026,"
            f"999{(number + 1) % 10_000_000:07},Given{number % 991},Family{number % 9_967},02/03/1941,Mother\n"
        )


def processor_seconds(pid: int) -> float:
    """What the processor gave to a process so far, so that a busy machine counts less."""
    fields = Path(STAT.format(pid)).read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_held(pid: int) -> float:
    """The peak of the resident set, in megabytes.

    Raises:
        Stopped: This system does not tell.
    """
    try:
        status = Path(STATUS.format(pid)).read_text(encoding="ascii")
    except OSError:
        raise Stopped(ExitCode.CHECK_FAILED, "Memory is measured on Linux only.") from None
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
