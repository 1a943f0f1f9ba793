"""Listen for HL7 v2 over MLLP, and answer only when what was sent is safe.

One connection is served message by message, in order. The answer is a function of the frame and of what became of
it, so the same bytes get the same answer, also from another gateway after a crash.
"""

import asyncio
import contextlib
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from connectors.ward_mllp.framing import Deframer, Frame, framed
from connectors.ward_mllp.hearing import DEFECT, Heard, NotForUs, Refusal, Understood, heard
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.verdict import OnReject, Verdict, code_for
from hub.errors import Unavailable
from hub.hl7v2.acknowledgement import Problem, acknowledgement
from hub.hl7v2.acknowledgement_mode import answer_code
from hub.hl7v2.limits import Limits
from hub.ports import Door, Ignored, Publisher, Refused

log = structlog.get_logger("ward_mllp")

READ_BYTES: Final = 65_536
FRAME_SECONDS: Final = 60.0
"""A frame that has begun must end within this time."""

MOST_CONNECTIONS: Final = 200
DRAIN_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a frame, once it is durable or cannot be made so."""

    verdict: Verdict
    problem: Problem | None
    on_reject: OnReject


@dataclass
class MllpServer:
    """The door for wards.

    Attributes:
        senders: Who may send what.
        publisher: Makes an event durable on the log.
        door: Makes durable what will not reach the log.
        clock: Gives the time of receipt.
        counts: Verdicts and refusals so far, by their words.
    """

    senders: Sequence[KnownSender]
    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    counts: Counter[str] = field(default_factory=Counter)
    _server: asyncio.Server | None = None
    _connections: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; give the port, which was chosen freely when 0 was asked for."""
        self._server = await asyncio.start_server(
            self._serve, host, port, ssl=tls, limit=READ_BYTES
        )
        chosen: int = self._server.sockets[0].getsockname()[1]
        return chosen

    @property
    def open_connections(self) -> int:
        """How many senders are connected."""
        return len(self._connections)

    async def stop(self) -> None:
        """Take no more connections, finish the messages in hand, then close."""
        if self._server is not None:
            self._server.close()
        waiting = list(self._connections)
        if waiting:
            await asyncio.wait(waiting, timeout=DRAIN_SECONDS)
        for task in waiting:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._connections) >= MOST_CONNECTIONS:
            self.counts["too-many-connections"] += 1
            writer.close()
            return
        self._connections.add(task)
        try:
            await self._conversation(reader, writer)
        except (ConnectionError, TimeoutError, ssl.SSLError) as error:
            self.counts[f"closed: {type(error).__name__}"] += 1
        finally:
            self._connections.discard(task)
            with contextlib.suppress(Exception):
                writer.close()

    async def _conversation(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        deframer = Deframer(self.limits)
        while data := await self._next_bytes(reader, deframer):
            for event in deframer.feed(data):
                if isinstance(event, Frame):
                    answer = await self.answer_to(event.payload)
                    if answer is not None:
                        writer.write(framed(answer))
                        await writer.drain()
                else:
                    self.counts[event.code] += 1
                    log.warning("no-frame", code=event.code)
                    if event.closes:
                        return

    async def _next_bytes(self, reader: asyncio.StreamReader, deframer: Deframer) -> bytes:
        """What arrives next; a frame that has begun may not be left hanging."""
        async with asyncio.timeout(FRAME_SECONDS if deframer.inside else None):
            return await reader.read(READ_BYTES)

    async def answer_to(self, frame: bytes) -> bytes | None:
        """What became of a frame, as its acknowledgement; None when the sender asked for none."""
        settled = await self._settled(frame)
        self.counts[settled.verdict.name.lower()] += 1
        code = answer_code(frame, code_for(settled.verdict, settled.on_reject))
        return None if code is None else acknowledgement(frame, code, settled.problem)

    async def _settled(self, frame: bytes) -> Settled:
        what = heard(frame, self.senders, self.clock(), self.limits)
        try:
            try:
                return await self._made_durable(what, frame)
            except Unavailable:
                raise
            except Exception as defect:  # noqa: BLE001 - kept as a dead letter of ours, and the sender goes on
                return await self._kept_as_defect(what, frame, type(defect).__name__)
        except Unavailable as error:
            log.warning("not-kept", why=error.reason)
            return Settled(Verdict.NOT_KEPT, Problem.of(error), what.on_reject)

    async def _kept_as_defect(self, what: Heard, frame: bytes, kind: str) -> Settled:
        """A fault of ours after the message was understood."""
        log.error("defect", error=kind)
        region = what.event.region if isinstance(what, Understood) else None
        source = what.event.source if isinstance(what, Understood) else what.source
        refusal = Refusal(source, region, kind, "", DEFECT, None, what.on_reject)
        await asyncio.to_thread(self.door.keep_refused, refused_from(refusal, frame))
        return Settled(Verdict.DEFECT, None, what.on_reject)

    async def _made_durable(self, what: Heard, frame: bytes) -> Settled:
        match what:
            case Understood():
                await self.publisher.publish(what.event, what.key)
                return Settled(Verdict.UNDERSTOOD, None, what.on_reject)
            case NotForUs():
                ignored = Ignored(what.source, what.event, what.reason, frame)
                await asyncio.to_thread(self.door.keep_ignored, ignored)
                return Settled(Verdict.IGNORED, None, what.on_reject)
            case Refusal():
                await asyncio.to_thread(self.door.keep_refused, refused_from(what, frame))
                log.warning(
                    "refused",
                    sender=what.source,
                    code=what.code,
                    place=what.expression,
                    defect=what.defect,
                )
                verdict = Verdict.DEFECT if what.defect else Verdict.REJECTED
                problem = None if what.error is None else Problem.of(what.error)
                return Settled(verdict, problem, what.on_reject)


def refused_from(refusal: Refusal, frame: bytes) -> Refused:
    """The dead letter of a refused frame."""
    return Refused(
        source=refusal.source,
        region=refusal.region,
        code=refusal.code,
        expression=refusal.expression,
        reason=refusal.reason,
        defect=refusal.defect,
        value=frame,
    )
