"""The senders of a day: each over its own connection, as its connector is used outside."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol, Self

from deploy.configuration.area import FhirSender, WardSender
from deploy.demo.script import Send
from deploy.sending.extracts import Feed as ExtractFeed
from deploy.sending.extracts import csv_sender, read_into
from deploy.sending.fhir import FhirPoster, client_for
from deploy.sending.lines import SentLine
from deploy.sending.mllp import MllpSender
from deploy.sending.pace import Pace
from deploy.standing.hub import StandingHub
from deploy.trying.files import Kind, Piece
from hub.testing.mllp_client import MllpClient


class Feed(Protocol):
    """One sender."""

    def send(self, step: Send) -> SentLine:
        """Send it, and wait for the answer."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class Conversation:
    """A sender that says one thing after the other over a connection that stays.

    Args:
        kind: What it sends.
        lines_of: Sends each piece that it is given, and says what was answered.
    """

    def __init__(
        self, kind: Kind, lines_of: Callable[[Iterator[Piece]], Iterator[SentLine]]
    ) -> None:
        self._kind: Kind = kind
        self._waiting: deque[Piece] = deque()
        self._lines = lines_of(self._given())

    def send(self, step: Send) -> SentLine:
        """Send it, and wait for the answer."""
        self._waiting.append(Piece(step.kind, 0, self._kind, step.body))
        return next(self._lines)

    def close(self) -> None:
        """Hang up: there is nothing more to say."""
        next(self._lines, None)

    def _given(self) -> Iterator[Piece]:
        while self._waiting:
            yield self._waiting.popleft()


class Extracts:
    """A practice that hands in files."""

    def __init__(self, hub: StandingHub, sender: str) -> None:
        self._feed = ExtractFeed(csv_sender(hub.configuration, sender), hub.places)
        self._folder: Path = hub.folder

    def send(self, step: Send) -> SentLine:
        """Lay the file down and have it read."""
        file = self._folder / Path(step.name or "extract.csv").name
        file.write_bytes(step.body)
        said: list[SentLine] = []
        asyncio.run(read_into(self._feed, [file], said.append, lambda _done, _all: None))
        return said[0]

    def close(self) -> None:
        """Nothing is open."""


class Feeds:
    """Every sender of a hub, opened when it first sends. Use in a `with` block."""

    def __init__(self, hub: StandingHub) -> None:
        self._hub = hub
        self._open: dict[str, Feed] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Nothing is open yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up everywhere."""
        self._stack.close()

    def send(self, step: Send) -> SentLine:
        """Send a step as its sender does.

        Raises:
            Unavailable: The hub cannot be reached.
            Stopped: Nobody sends by that name.
        """
        feed = self._open.get(step.sender)
        if feed is None:
            feed = self._open[step.sender] = self._opened(step.sender)
            self._stack.callback(feed.close)
        return feed.send(step)

    def _opened(self, name: str) -> Feed:
        """Senders take turns at the gateways, as they would behind a load balancer."""
        gateways = self._hub.gateways
        gateway = gateways[len(self._open) % len(gateways)]
        section = next(
            (each for each in self._hub.configuration.senders if each.name == name), None
        )
        match section:
            case WardSender():
                sender = MllpSender(lambda: MllpClient(gateway.host, gateway.mllp_port), Pace())
                return Conversation("hl7v2", sender.lines)
            case FhirSender():
                client = client_for(self._hub.keys.senders[name])
                self._stack.callback(client.close)
                return Conversation("fhir", FhirPoster(gateway.fhir_url, client, Pace()).lines)
            case _:
                return Extracts(self._hub, name)
