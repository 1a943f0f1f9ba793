"""What the checks are about, fetched: the machine, the brokers, the database."""

import errno
import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import LiteralString

import httpx
import psycopg

from deploy.checks.certificates import expires_at
from deploy.checks.database import QUESTION, DatabaseFacts
from deploy.checks.machine import FolderState, PortState
from hub.errors import Unavailable

ANSWERS_WITHIN_SECONDS = 5
OPEN_LETTERS = "SELECT count(*) FROM dead_letters WHERE settled_at IS NULL"
RECORDS = """
    SELECT coalesce(max(records), 0)
    FROM (SELECT count(*) AS records FROM state WHERE kind = 'SourceRecord' GROUP BY region) AS regions
"""
PROCESSES = Path("/proc")
LISTENING = "0A"  # of /proc/net/tcp


def free_bytes(place: Path) -> int:
    """Free space where a folder is, or would be made."""
    standing = next(each for each in (place, *place.parents) if each.exists())
    return shutil.disk_usage(standing).free


def folder_state(place: Path) -> FolderState:
    """Whether this account can read and write a folder."""
    if not place.exists():
        return "missing"
    if not place.is_dir():
        return "no-folder"
    return "usable" if os.access(place, os.R_OK | os.W_OK | os.X_OK) else "forbidden"


def sha256_of(place: Path) -> str | None:
    """SHA-256 of a file as hexadecimal digits; None when it cannot be read."""
    try:
        return hashlib.sha256(place.read_bytes()).hexdigest()
    except OSError:
        return None


def database_facts(url: str) -> DatabaseFacts:
    """Ask the database about itself.

    Raises:
        Unavailable: It does not answer; the text holds no password.
    """
    try:
        with psycopg.connect(url, connect_timeout=ANSWERS_WITHIN_SECONDS) as connection:
            row = connection.execute(QUESTION).fetchone()
    except psycopg.Error as error:
        raise Unavailable(f"PostgreSQL: {_first_line(error)}") from None
    if row is None:
        raise Unavailable("PostgreSQL gave no answer")
    return DatabaseFacts(*row)


def open_letters(url: str) -> int | None:
    """How many dead letters nobody has settled; None before the hub's first start.

    Raises:
        Unavailable: The database does not answer; the text holds no password.
    """
    return _counted(url, OPEN_LETTERS)


def records_of_the_largest_region(url: str) -> int | None:
    """How many records of people the largest region has; None before the hub's first start.

    Raises:
        Unavailable: The database does not answer; the text holds no password.
    """
    return _counted(url, RECORDS)


def _counted(url: str, question: LiteralString) -> int | None:
    try:
        with psycopg.connect(url, connect_timeout=ANSWERS_WITHIN_SECONDS) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.errors.UndefinedTable:
        return None
    except psycopg.Error as error:
        raise Unavailable(f"PostgreSQL: {_first_line(error)}") from None
    return row[0] if row else None


def metrics_of(url: str) -> str | None:
    """The numbers of a role on this machine; None when it does not answer.

    Its certificate bears another name than that of this machine, so it is not checked: nothing is sent, and nothing but
    numbers comes back.
    """
    try:
        answer = httpx.get(url, timeout=ANSWERS_WITHIN_SECONDS, verify=False, trust_env=False)  # noqa: S501 - as above
    except httpx.HTTPError:
        return None
    return answer.text if answer.is_success else None


def certificate_end(path: Path) -> datetime | str:
    """When a certificate ends, or why that cannot be said."""
    try:
        return expires_at(path.read_text(encoding="ascii", errors="replace"))
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    except ValueError as error:
        return f"{path} {error}"


def port_state(host: str, port: int) -> PortState:
    """Whether a port can be opened; `ours` when a process of this hub has it open."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return "forbidden"
            return "ours" if any(map(_is_hub, _listeners(port))) else "taken"
    return "free"


def _listeners(port: int) -> Iterator[Path]:
    """The processes of this account that listen on a port, as far as the system tells (Linux)."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in PROCESSES.glob("[0-9]*"):
        if wanted & set(_open_files(process)):
            yield process


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        file = PROCESSES / "net" / table
        lines = file.read_text(encoding="ascii").splitlines()[1:] if file.exists() else []
        for line in lines:
            _, local, _, state, *rest = line.split()
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                yield rest[5]


def _open_files(process: Path) -> Iterator[str]:
    try:
        for each in (process / "fd").iterdir():
            yield os.readlink(each)
    except OSError:
        return


def _is_hub(process: Path) -> bool:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return False
    return any(Path(word).name == "hub" or word.startswith("deploy.") for word in words)


def _first_line(error: Exception) -> str:
    """The library names host, port and user, never the password; the rest is for its authors."""
    return str(error).strip().partition("\n")[0]
