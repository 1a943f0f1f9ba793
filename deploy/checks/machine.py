"""Checks of the machine the hub runs on. Facts in, findings out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from deploy.checks.finding import Finding, State

OLDEST_PYTHON: Final = (3, 11)
GIBIBYTE: Final = 1024**3
LEAST_FREE: Final = 1 * GIBIBYTE  # Kafka stops when its disk is full
COMFORTABLE_FREE: Final = 5 * GIBIBYTE  # a big hospital's month of messages, several times over
RENEW_SOON: Final = timedelta(days=30)
RENEW_NOW: Final = timedelta(days=7)

PortState = Literal["free", "ours", "taken", "forbidden"]
FolderState = Literal["usable", "missing", "no-folder", "forbidden"]


def python_version(version: tuple[int, int, int]) -> Finding:
    """Whether this Python is one the hub runs on."""
    text = ".".join(map(str, version))
    if version[:2] < OLDEST_PYTHON:
        oldest = ".".join(map(str, OLDEST_PYTHON))
        return Finding("python", State.FAILED, f"Python {text} is too old", f"install {oldest}")
    return Finding("python", State.OK, f"Python {text}")


def disk_space(place: Path, free_bytes: int) -> Finding:
    """Whether there is room where the data lies."""
    says = f"{free_bytes / GIBIBYTE:.1f} GiB free at {place}"
    if free_bytes < LEAST_FREE:
        return Finding("disk", State.FAILED, says, "make room: a full disk stops Kafka")
    if free_bytes < COMFORTABLE_FREE:
        return Finding("disk", State.WARNING, says, "make room before it is full")
    return Finding("disk", State.OK, says)


def port(door: str, number: int, state: PortState) -> Finding:
    """Whether a door can be opened, or is open already by this hub."""
    name = f"{door} port"
    match state:
        case "free":
            return Finding(name, State.OK, f"{number} is free")
        case "ours":
            return Finding(name, State.OK, f"{number} is this hub's")
        case "taken":
            do = f"stop what listens there, or choose another {door}.port"
            return Finding(name, State.FAILED, f"{number} is taken by another program", do)
        case "forbidden":
            do = f"choose a {door}.host of this machine and a {door}.port over 1023"
            return Finding(name, State.FAILED, f"{number} may not be opened here", do)


def folder(sender: str, state: FolderState) -> Finding:
    """Whether files of a sender can be read from its folder, and put away in it."""
    name = f"folder of {sender}"
    match state:
        case "usable":
            return Finding(name, State.OK, "can be read and written")
        case "missing":
            return Finding(name, State.FAILED, "is not there", "make it, or mend `folder`")
        case "no-folder":
            return Finding(name, State.FAILED, "is no folder", "let `folder` name one")
        case "forbidden":
            do = "let the hub's account read and write it: files are moved when they were read"
            return Finding(name, State.FAILED, "may not be read and written here", do)


def certificate(name: str, expires_at: datetime | str, now: datetime) -> Finding:
    """How long a certificate is good.

    Args:
        name: Its place in the configuration, such as `http.tls.cert`.
        expires_at: UTC; or a sentence that says why it cannot be read.
        now: UTC.
    """
    if isinstance(expires_at, str):
        return Finding(name, State.FAILED, expires_at, "name a PEM file with a certificate")
    days = (expires_at - now) // timedelta(days=1)
    if days < 0:
        return Finding(name, State.FAILED, f"expired on {expires_at:%Y-%m-%d}", "renew it")
    says = f"good for {days} days, until {expires_at:%Y-%m-%d}"
    if expires_at - now < RENEW_SOON:
        when = "now" if expires_at - now < RENEW_NOW else "soon"
        do = f"renew it {when}, and restart the hub: files are read when it starts"
        return Finding(name, State.WARNING, says, do)
    return Finding(name, State.OK, says)


def secrets(problems: Mapping[str, str], count: int) -> tuple[Finding, ...]:
    """Whether the secrets that the configuration names can be read, and by nobody else.

    Args:
        problems: What is wrong, by key of the configuration.
        count: How many secrets there are.
    """
    if problems:
        return tuple(
            Finding("secrets", State.MISCONFIGURED, f"{key}: {text}")
            for key, text in problems.items()
        )
    says = f"{count} readable, and by nobody else" if count else "none needed"
    return (Finding("secrets", State.OK, says),)
