"""Make each event of a body or file durable: on the log, or with the reason why not. One disturbs no other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from connectors.national.mapping import NotForUs, heard_from
from connectors.national.settings import NationalSender
from hub.errors import Rejected, Unavailable
from hub.ports.door import Door, Ignored, Refused
from hub.ports.publisher import Publisher

log = structlog.get_logger("national")

DEFECT = "A fault of the hub's own: the event is kept, and nothing was done with it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of one event.

    Attributes:
        place: Which of several, such as `[2]`; empty for one alone.
        event_id: The hub's id of what was published.
        ignored: Why nothing was published.
        refused: Why it can never be right.
        defect: Whether the fault is the hub's.
    """

    place: str
    event_id: UUID | None = None
    ignored: str = ""
    refused: Rejected | None = None
    defect: bool = False


@dataclass(frozen=True)
class Taking:
    """Everything that is needed to take events in.

    Attributes:
        publisher: Makes an event durable on the log.
        door: Makes durable what will not reach the log.
        clock: Gives the time of receipt.
    """

    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]

    async def take(
        self, sender: NationalSender, parts: Sequence[tuple[str, bytes]]
    ) -> list[Became]:
        """What became of each event, once all of it is durable.

        Raises:
            Unavailable: Not everything is durable; the same again is safe.
        """
        return [await self._one(sender, place, event) for place, event in parts]

    async def keep(self, sender: NationalSender, error: Rejected, value: bytes) -> None:
        """Keep what can never be right.

        Raises:
            Unavailable: It could not be kept.
        """
        refused = Refused.because(error, sender.name, sender.regions[0], value)
        await asyncio.to_thread(self.door.keep_refused, refused)
        log.warning("refused", sender=sender.name, code=error.code, place=error.expression)

    async def _one(self, sender: NationalSender, place: str, event: bytes) -> Became:
        try:
            heard = heard_from(event, sender, self.clock())
            if isinstance(heard, NotForUs):
                ignored = Ignored(sender.name, heard.type, heard.reason, event)
                await asyncio.to_thread(self.door.keep_ignored, ignored)
                return Became(place=place, ignored=heard.reason)
            for keyed in heard:
                await self.publisher.publish(keyed.event, keyed.key)
            return Became(place=place, event_id=heard[0].event.event_id)
        except Unavailable:
            raise
        except Rejected as error:
            await self.keep(sender, error, event)
            return Became(place=place, refused=error)
        except Exception as defect:  # noqa: BLE001 - the bytes are kept, the others go on
            kept = Refused.by_defect(defect, DEFECT, sender.name, sender.regions[0], event)
            await asyncio.to_thread(self.door.keep_refused, kept)
            log.error("defect", error=kept.code, source=sender.name)  # noqa: TRY400 - a trace may quote what was read
            return Became(place=place, defect=True)
