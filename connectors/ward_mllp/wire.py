"""The socket of one connection: frames as they come in, answers as they go out, and no wait without an end.

A protocol of asyncio and not its streams, which copy every byte twice more and set a timer for every frame.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Final, Protocol, TypeAlias, runtime_checkable

from connectors.ward_mllp.certificates import Certificate, names_in
from connectors.ward_mllp.framing import Deframer, FrameEvent
from hub.hl7v2.limits import Limits

KEEPALIVE: Final = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 60),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
)
"""A sender that vanished without a word is noticed within a minute and a half, and its place is free again."""

Serve: TypeAlias = Callable[["Wire"], Coroutine[None, None, None]]
"""What is done with a connection, from its first byte to its last."""


class Wire(asyncio.Protocol):
    """One connection.

    A sender that is ahead of its answers is not read any further: at most one read of the system
    and one unfinished frame wait here.

    Args:
        serve: Runs as a task of its own once the connection stands.
        limits: How large a frame may be.

    Attributes:
        shown: The names in the certificate of the other end; none without one.
        socket: The system's, for its options.
    """

    def __init__(self, serve: Serve, limits: Limits) -> None:
        self._serve = serve
        self._deframer = Deframer(limits)
        self._arrived: deque[FrameEvent] = deque()
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Future[None] | None = None
        self._frame_ends: float | None = None
        self._paused = self._over = False
        self._error: Exception | None = None
        self._gone, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()

    async def next(self, patience: float) -> FrameEvent | None:
        """The next frame, or what is none; nothing when no more will come.

        Args:
            patience: Seconds that a frame may take from its first byte to its last, without the time
                that those before it took us. Between frames a sender may be silent for ever.

        Raises:
            TimeoutError: It took longer.
            OSError: The connection broke.
        """
        while not (self._arrived or self._over):
            self._read_on()
            if not self._deframer.inside:
                await self._news()
            else:
                self._frame_ends = self._frame_ends or self._loop.time() + patience
                async with asyncio.timeout_at(self._frame_ends):
                    await self._news()
        if self._arrived:
            return self._arrived.popleft()
        if isinstance(
            self._error, TimeoutError
        ):  # the system's, of a sender that is not there any more
            raise ConnectionAbortedError from self._error
        if self._error is not None:
            raise self._error
        return None

    async def say(self, data: bytes, patience: float) -> None:
        """Hand an answer to the system, and wait only when the sender does not take what it was told.

        Raises:
            TimeoutError: It took nothing for so many seconds.
            OSError: The connection is gone.
        """
        if self._transport.is_closing():
            raise ConnectionResetError
        self._transport.write(data)
        if not self._room.is_set():
            async with asyncio.timeout(patience):
                await self._room.wait()
        if self._gone.is_set():
            raise ConnectionResetError

    def finish(self) -> None:
        """Give no further frame, also of those that are here."""
        self._arrived.clear()
        self._end()

    async def close(self, patience: float) -> None:
        """Let the last answer out, but wait for nobody longer than so many seconds.

        Raises:
            TimeoutError: It was longer, and what was left is lost.
        """
        self._end()
        self._transport.close()
        try:
            async with asyncio.timeout(patience):
                await self._gone.wait()
        finally:
            self.abort()

    def abort(self) -> None:
        """Close at once, with whatever is not taken yet."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        if not isinstance(transport, Transport):
            raise TypeError("A connection can be read, written and held up.")
        self._transport: Transport = transport
        certificate: Certificate | None = transport.get_extra_info("peercert")
        self.shown = names_in(certificate)
        self._tls = transport.get_extra_info("sslcontext") is not None
        self.socket: socket.socket = transport.get_extra_info("socket")
        for level, option, value in KEEPALIVE:
            self.socket.setsockopt(level, option, value)
        self._task = self._loop.create_task(self._serve(self))

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if self._over:
            return
        events = self._deframer.feed(data)
        if events:
            self._arrived += events
            self._frame_ends = None
        if self._waiting is None:
            self._hold_up()
        self._wake()

    def eof_received(self) -> bool:
        """See `asyncio.Protocol`: who has said everything may still hear the answers, but not over TLS."""
        self._end()
        return not self._tls

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._error = exc
        self._gone.set()
        self._room.set()
        self._end()

    def pause_writing(self) -> None:
        """See `asyncio.Protocol`."""
        self._room.clear()

    def resume_writing(self) -> None:
        """See `asyncio.Protocol`."""
        self._room.set()

    async def _news(self) -> None:
        self._waiting = self._loop.create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _end(self) -> None:
        self._over = True
        self._wake()

    def _hold_up(self) -> None:
        if not (self._paused or self._transport.is_closing()):
            self._paused = True
            self._transport.pause_reading()

    def _read_on(self) -> None:
        if self._paused and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()


@runtime_checkable
class Transport(Protocol):
    """As much of `asyncio.Transport` as is used here; those of uvloop are like it without being one."""

    def write(self, data: bytes, /) -> None:
        """Send, or keep until it can be sent."""

    def pause_reading(self) -> None:
        """Give no more data for now."""

    def resume_reading(self) -> None:
        """Give data again."""

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""

    def close(self) -> None:
        """Close when everything is sent."""

    def abort(self) -> None:
        """Close now."""
