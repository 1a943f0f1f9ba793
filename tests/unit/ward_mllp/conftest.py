"""The door for wards over real sockets: what it published, what it kept, what it answered."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import uvloop

from connectors.ward_mllp.conversation import Patience
from connectors.ward_mllp.inbound import MllpServer
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.settings import SenderSettings
from hub.hl7v2.limits import DEFAULT_LIMITS, Limits


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> dict[str, Any]:
    """On the loop that the gateway runs on, and on that of a machine that has no other."""
    return {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}


NOW = datetime(2026, 11, 23, 9, 31, tzinfo=UTC)
WITHIN = 20.0
"""Seconds for what must happen soon; nothing waits for them when all is well."""

RWE = KnownSender(
    settings=SenderSettings(name="rwe-adt", region=0, trust_ods="RWE", test_numbers="accept"),
    facilities=frozenset({"RWE"}),
)


def admission(control: str = "1", mode: str = "|", **changes: str) -> bytes:
    """An A01 that is understood; `mode` is MSH-15 and MSH-16."""
    said = {"facility": "RWE", "processing": "P", "person": "PID|1||H100^^^RWE^MR||Marsh^Ada"}
    said |= changes
    return (
        f"MSH|^~\\&|PAS|{said['facility']}|HUB|HUB|20261123093000||ADT^A01^ADT_A01|{control}|"
        f"{said['processing']}|2.4|||{mode}\r"
        f"EVN||20261123093000||||20261123092500\r{said['person']}\r"
        "PV1|1|I|WARD23^^B4^RWEAA||||||||||||||||V1|||||||||||||||||||||||||20261123092500\r"
    ).encode()


def boxed(*messages: bytes) -> bytes:
    """Messages as they go over the wire."""
    return b"".join(b"\x0b" + message + b"\x1c\r" for message in messages)


class Line:
    """One sender's end of a connection; it knows nothing of the hub's own framing."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> bytes:
        """The next answer; `IncompleteReadError` when the hub closes before."""
        async with asyncio.timeout(WITHIN):
            return (await self.reader.readuntil(b"\x1c\r"))[1:-2]

    async def code(self) -> str:
        """MSA-1 of the next answer."""
        return (await self.answer()).split(b"\rMSA|")[1][:2].decode()

    async def rest(self) -> bytes:
        """Everything until the hub closes, also when it does so in the middle."""
        found = b""
        async with asyncio.timeout(WITHIN):
            with contextlib.suppress(ConnectionError):
                while data := await self.reader.read(65_536):
                    found += data
        return found

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(Exception):
            await self.writer.wait_closed()


@dataclass
class Ward:
    """A door, and everything that it made durable."""

    server: MllpServer
    port: int = 0
    published: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    ignored: list = field(default_factory=list)
    fails: BaseException | None = None
    fails_to_keep: BaseException | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    lines: list[Line] = field(default_factory=list)

    async def publish(self, event: Any, key: Any) -> None:
        self.asked.set()
        await self.gate.wait()
        if self.fails is not None:
            raise self.fails
        self.published.append(event)

    def keep_refused(self, refused: Any) -> None:
        if self.fails_to_keep is not None:
            raise self.fails_to_keep
        self.refused.append(refused)

    def keep_ignored(self, ignored: Any) -> None:
        if self.fails_to_keep is not None:
            raise self.fails_to_keep
        self.ignored.append(ignored)

    async def line(self, **more: Any) -> Line:
        """A new connection."""
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port, **more))
        self.lines.append(line)
        return line

    async def met(self, so: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(WITHIN):
            while not so():  # noqa: ASYNC110 - nobody tells of it
                await asyncio.sleep(0.002)


@asynccontextmanager
async def standing(
    *senders: KnownSender,
    limits: Limits = DEFAULT_LIMITS,
    patience: Patience | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Ward]:
    """A door that listens on a free port of this machine."""
    ward = Ward(server=None)
    ward.gate.set()
    ward.server = MllpServer(
        senders or (RWE,), ward, ward, lambda: NOW, limits, patience or Patience()
    )
    ward.port = await ward.server.start("127.0.0.1", 0, tls)
    try:
        yield ward
    finally:
        ward.gate.set()
        await ward.server.stop()
        for line in ward.lines:
            await line.close()


@pytest.fixture
async def ward() -> AsyncIterator[Ward]:
    async with standing() as ward:
        yield ward
