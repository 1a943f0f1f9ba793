"""Listen for HL7 v2 over MLLP, and answer only when what was sent is safe.

One connection is served message by message, in order. The answer is a function of the frame and of what became of
it, so the same bytes get the same answer, also from another gateway after a crash.
"""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from connectors.ward_mllp.conversation import Conversation, Patience
from connectors.ward_mllp.feeds import Feeds
from connectors.ward_mllp.handshakes import watch
from connectors.ward_mllp.hearing import DEFECT, Heard, NotForUs, Refusal, Understood, heard
from connectors.ward_mllp.senders import KnownSender
from connectors.ward_mllp.verdict import OnReject, Verdict, code_for
from connectors.ward_mllp.wire import Wire
from hub.errors import Rejected, Unavailable
from hub.hl7v2.acknowledgement import Problem
from hub.hl7v2.acknowledgement_mode import answer
from hub.hl7v2.limits import Limits
from hub.ports.door import Door, Ignored, Refused
from hub.ports.publisher import Publisher

log = structlog.get_logger("ward_mllp")

MOST_CONNECTIONS: Final = 200
DRAIN_SECONDS: Final = 5.0
HANDSHAKE_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 15.0
"""Between two looks for feeds that fell silent: their silences are of minutes."""


SILENT: Final = "Nothing was heard for longer than `silent_after_minutes`. Ask the sender whether it still runs."


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a frame, once it is durable or cannot be made so."""

    source: str
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
        limits: How large a message may be.
        patience: How long a sender may take.
        counts: Verdicts, refusals and closings so far, by their words.
        handshakes: TLS connections that failed before they began, by why.
        feeds: What each sender did, and whether it is silent.
    """

    senders: Sequence[KnownSender]
    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    counts: Counter[str] = field(default_factory=Counter)
    handshakes: Counter[str] = field(default_factory=Counter)
    feeds: Feeds = field(init=False)
    _server: asyncio.Server | None = None
    _watching: asyncio.Task[None] | None = None
    _conversations: dict[asyncio.Task[None], Conversation] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nobody was heard yet."""
        expected = ((each.settings.name, each.expected) for each in self.senders)
        self.feeds = Feeds(expected, self.clock())

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; give the port, which was chosen freely when 0 was asked for."""
        handshake = HANDSHAKE_SECONDS if tls else None
        if tls is not None:
            watch(tls, self._no_handshake)
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Wire(self._serve, self.limits),
            host,
            port,
            ssl=tls,
            backlog=MOST_CONNECTIONS,
            ssl_handshake_timeout=handshake,
        )
        self._watching = asyncio.create_task(self._watch())
        chosen: int = self._server.sockets[0].getsockname()[1]
        return chosen

    @property
    def open_connections(self) -> int:
        """How many senders are connected."""
        return len(self._conversations)

    async def stop(self) -> None:
        """Take no more connections and no more messages, answer those in hand, then close."""
        if self._server is not None:
            self._server.close()
        if self._watching is not None:
            self._watching.cancel()
        waiting = dict(self._conversations)
        for conversation in waiting.values():
            conversation.finish()
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()

    async def _serve(self, wire: Wire) -> None:
        task = asyncio.current_task()
        if task is None or len(self._conversations) >= MOST_CONNECTIONS:
            self.counts["too-many-connections"] += 1
            wire.abort()
            return
        conversation = Conversation(wire, self.answer_to, self.patience, self.counts)
        self._conversations[task] = conversation
        try:
            await conversation.run()
        except asyncio.CancelledError:  # only `stop` cancels, and nothing comes after this
            self.counts["closed: stopped"] += 1
        except (OSError, TimeoutError) as error:
            self.counts[f"closed: {type(error).__name__}"] += 1
        except Exception as defect:  # noqa: BLE001 - a trace may quote what was read; the sender sends again
            self.counts["closed: defect"] += 1
            log.error("defect", error=type(defect).__name__)  # noqa: TRY400 - as above: no trace
        finally:
            self._conversations.pop(task, None)

    async def answer_to(self, frame: bytes, shown: frozenset[str] = frozenset()) -> bytes | None:
        """What became of a frame, as its acknowledgement; None when the sender asked for none.

        `shown` are the names in the certificate of its connection.
        """
        settled = await self._settled(frame, shown)
        verdict = settled.verdict.name.lower()
        self.counts[verdict] += 1
        if self.feeds.heard(settled.source, verdict, self.clock()) is not None:
            log.info("feed-heard-again", sender=settled.source)
        return answer(frame, code_for(settled.verdict, settled.on_reject), settled.problem)

    def look(self) -> None:
        """Say which feeds have fallen silent; each is said once."""
        for feed in self.feeds.fallen_silent(self.clock()):
            log.warning("feed-silent", sender=feed.name, why=SILENT)

    def _no_handshake(self, why: str) -> None:
        self.handshakes[why] += 1
        log.warning("no-handshake", code=why)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    async def _settled(self, frame: bytes, shown: frozenset[str]) -> Settled:
        what = heard(frame, self.senders, self.clock(), self.limits, shown)
        try:
            try:
                return await self._made_durable(what, frame)
            except Unavailable:
                raise
            except Rejected as error:
                return await self._made_durable(refusal_after(what, error), frame)
            except Exception as defect:  # noqa: BLE001 - kept as a dead letter of ours, and the sender goes on
                return await self._kept_as_defect(what, frame, type(defect).__name__)
        except Unavailable as error:
            log.warning("not-kept", why=error.reason)
            return Settled(origin_of(what)[0], Verdict.NOT_KEPT, Problem.of(error), what.on_reject)

    async def _kept_as_defect(self, what: Heard, frame: bytes, kind: str) -> Settled:
        """A fault of ours after the message was understood."""
        log.error("defect", error=kind)
        source, region = origin_of(what)
        refusal = Refusal(source, region, kind, "", DEFECT, None, what.on_reject)
        await asyncio.to_thread(self.door.keep_refused, refused_from(refusal, frame))
        return Settled(source, Verdict.DEFECT, None, what.on_reject)

    async def _made_durable(self, what: Heard, frame: bytes) -> Settled:
        match what:
            case Understood():
                event = what.event
                await self.publisher.publish(event, what.key)
                self.feeds.saw(event.source, event.source_event_id, event.event_id)
                return Settled(event.source, Verdict.UNDERSTOOD, None, what.on_reject)
            case NotForUs():
                ignored = Ignored(what.source, what.event, what.reason, frame)
                await asyncio.to_thread(self.door.keep_ignored, ignored)
                self.feeds.ignored(what.source, what.event)
                return Settled(what.source, Verdict.IGNORED, None, what.on_reject)
            case Refusal():
                refused = refused_from(what, frame)
                await asyncio.to_thread(self.door.keep_refused, refused)
                log.warning(
                    "refused",
                    letter=str(refused.dead_letter_id),
                    sender=what.source,
                    code=what.code,
                    place=what.expression,
                    defect=what.defect,
                )
                verdict = Verdict.DEFECT if what.defect else Verdict.REJECTED
                problem = None if what.error is None else Problem.of(what.error)
                return Settled(what.source, verdict, problem, what.on_reject)


def origin_of(what: Heard) -> tuple[str, int | None]:
    """Sender and region, as far as they are known."""
    match what:
        case Understood(event):
            return event.source, event.region
        case NotForUs(source):
            return source, None
        case Refusal(source, region):
            return source, region


def refusal_after(what: Heard, error: Rejected) -> Refusal:
    """What was understood, and cannot be put on the log all the same."""
    source, region = origin_of(what)
    return Refusal(
        source, region, error.code, error.expression, error.reason, error, what.on_reject
    )


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
