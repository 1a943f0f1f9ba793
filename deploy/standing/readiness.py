"""Wait until every role says that it is ready, and the regions have their writers."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from deploy.local.errors import CannotStart

LOOK_SECONDS: Final = 0.1
ANSWER_SECONDS: Final = 5.0
HELD: Final = re.compile(r"^hub_region_held\{.*\} 1\.0$", re.MULTILINE)
LAST_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Watched:
    """One role.

    Attributes:
        name: What it is called.
        url: Where its health is.
        log: What it writes.
        holds_regions: True for a worker.
    """

    name: str
    url: str
    log: Path
    holds_regions: bool = False


def wait_until_ready(
    roles: Sequence[Watched], regions: int, ended: Callable[[], Sequence[str]], seconds: float
) -> None:
    """Return when all are ready and every region is held by a worker.

    Raises:
        CannotStart: A role ended, or they were not ready in time; it says which one and its last words.
    """
    logs = {each.name: each.log for each in roles}
    until = time.monotonic() + seconds
    with httpx.Client(timeout=ANSWER_SECONDS, trust_env=False) as client:
        waiting = list(roles)
        while waiting or held(roles, client) < regions:
            waiting = [each for each in waiting if not is_ready(each, client)]
            gone = ended()
            if gone:
                raise CannotStart(f"{gone[0]} ended while it started: {last_words(logs[gone[0]])}")
            if time.monotonic() > until:
                late = (waiting or [each for each in roles if each.holds_regions])[0]
                raise CannotStart(
                    f"{late.name} is not ready after {seconds:.0f} s: {last_words(late.log)}"
                )
            time.sleep(LOOK_SECONDS)  # between looks; given up above


def is_ready(role: Watched, client: httpx.Client) -> bool:
    """Whether a role says so."""
    try:
        return client.get(f"{role.url}/health/ready").is_success
    except httpx.TransportError:
        return False


def held(roles: Sequence[Watched], client: httpx.Client) -> int:
    """How many regions have a writer."""
    try:
        pages = [client.get(f"{each.url}/metrics").text for each in roles if each.holds_regions]
    except httpx.TransportError:
        return 0
    return sum(len(HELD.findall(page)) for page in pages)


def last_words(log: Path) -> str:
    """The last events in the log of a role; logs hold nothing of people."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]
    except OSError:
        return ""
    return "; ".join(event_in(line) for line in lines)


def event_in(line: str) -> str:
    """The event of a log line with its error, or the line as it stands."""
    try:
        said = json.loads(line)
    except ValueError:
        return line
    parts = (said.get(name) for name in ("event", "role", "error", "why", "logger"))
    return " ".join(str(part) for part in parts if part) if isinstance(said, dict) else line
