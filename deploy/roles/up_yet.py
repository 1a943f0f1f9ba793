"""Whether the roles of `hub up` are ready, asked as anybody would: over HTTP, by what the standard library has.

What only watches stays small, so no HTTP client is imported for a question a second.
"""

import asyncio
import json
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deploy.configuration.model import Configuration
from deploy.configuration.servers import Listener

ANSWERS_WITHIN_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.25
SAY_SECONDS: Final = 30.0
"""How often it is said who is not ready yet."""

LARGEST_BYTES: Final = 64 * 1024
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "[::]": "::1"}  # noqa: S104 - asked for, not listened on


@dataclass(frozen=True, slots=True)
class Asked:
    """A role, and where it says whether it is ready.

    Attributes:
        over_tls: Whether it answers over TLS.
        answers: False where it asks everybody for a certificate: then it counts as ready when it listens.
    """

    role: str
    host: str
    port: int
    over_tls: bool = False
    answers: bool = True


def asked_of(role: str, section: Listener, port: int | None = None) -> Asked:
    """Where a role is asked, by its section of the configuration."""
    tls = section.tls
    return Asked(
        role,
        EVERYWHERE.get(section.host, section.host.strip("[]")),
        section.port if port is None else port,
        over_tls=tls is not None,
        answers=tls is None or tls.client_ca is None,
    )


def all_asked(configuration: Configuration, workers: int, *, extracts: bool) -> list[Asked]:
    """All roles of `hub up`."""
    return [
        asked_of("gateway", configuration.http),
        asked_of("projections", configuration.projections),
        *([asked_of("extracts", configuration.extracts)] if extracts else []),
        *(
            asked_of("worker", configuration.worker, configuration.worker.port + number)
            for number in range(workers)
        ),
    ]


async def wait_until_up(roles: Sequence[Asked], say: Callable[[str], None]) -> None:
    """Return when every role says that it is ready; say now and then which does not, and why."""
    loop = asyncio.get_running_loop()
    waiting, say_at = list(roles), loop.time() + SAY_SECONDS
    while waiting:
        reasons = await asyncio.gather(*map(why_not, waiting))
        late = [(each, why) for each, why in zip(waiting, reasons, strict=True) if why is not None]
        waiting = [each for each, _ in late]
        if late and loop.time() > say_at:
            say_at = loop.time() + SAY_SECONDS
            say("Not ready yet: " + "; ".join(f"{each.role} ({why})" for each, why in late) + ".")
        await asyncio.sleep(LOOK_SECONDS if waiting else 0)


async def why_not(asked: Asked) -> str | None:
    """Why a role is not ready; None when it is."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
            return await _answer(asked)
    except TimeoutError:
        return "it does not answer"
    except (OSError, ValueError):
        return "it does not listen yet"


async def _answer(asked: Asked) -> str | None:
    context = to_ourselves() if asked.over_tls and asked.answers else None
    reader, writer = await asyncio.open_connection(asked.host, asked.port, ssl=context)
    try:
        if not asked.answers:
            return None
        writer.write(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = await reader.read(LARGEST_BYTES)
        while not reader.at_eof() and len(answer) < LARGEST_BYTES:
            answer += await reader.read(LARGEST_BYTES)
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ")[1:2] == [b"200"]:
        return None
    failing = json.loads(body)["failing"] if body.startswith(b"{") else {}
    return ", ".join(f"{name}: {why}" for name, why in failing.items()) or "it is not ready"


def to_ourselves() -> ssl.SSLContext:
    """TLS to a process of ours on this machine, whose certificate bears another name; nothing of anybody is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
