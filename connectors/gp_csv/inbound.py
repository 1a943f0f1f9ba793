"""Read a file that somebody handed in: the whole of it is checked before the first event is published.

Reading a file again is safe: the same file gives the same events, and what was interrupted is so completed.
"""

import asyncio
import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog

from connectors.gp_csv.mapping.events import Keyed, rows_from
from connectors.gp_csv.settings import CsvSettings
from hub.errors import Rejected, Undecodable
from hub.ports.door import Door, Refused
from hub.ports.publisher import Publisher

log = structlog.get_logger("gp_csv")

KEPT_OF_TOO_LARGE: Final = 64 * 1024
"""Bytes that a dead letter keeps of a file that is too large to be kept."""

_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A link is not followed, and a pipe is not waited for."""


class NoFile(Undecodable):
    """What is named cannot be read as a file at all."""


@dataclass(frozen=True)
class ExtractDoor:
    """Everything that the reading of one sender's files needs.

    Attributes:
        settings: Who hands in the files.
        publisher: Makes an event durable on the log.
        door: Makes durable what will not reach the log.
        clock: Gives the time of receipt.
        told: Hears how many events are published, of how many.
    """

    settings: CsvSettings
    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]
    told: Callable[[int, int], None] = lambda _published, _all: None

    async def read_file(self, path: Path) -> int:
        """Publish every row of a file, or none; give the number of events.

        Raises:
            Rejected: The file cannot be used; it is kept as a dead letter by then.
            Unavailable: Not everything is durable; the same file again is safe.
        """
        content = b""
        try:
            content = await asyncio.to_thread(content_of, path, self.settings.most_bytes)
            keyed = await asyncio.to_thread(self._events, content)
        except Rejected as error:
            await asyncio.to_thread(self.door.keep_refused, self._refused(error, content))
            log.warning(
                "refused", sender=self.settings.name, code=error.code, place=error.expression
            )
            raise
        for number, each in enumerate(keyed, start=1):
            await self.publisher.publish(each.event, each.key)
            self.told(number, len(keyed))
        return len(keyed)

    def _events(self, content: bytes) -> tuple[Keyed, ...]:
        digest = hashlib.sha256(content).hexdigest()
        return rows_from(content, self.settings, self.clock(), digest)

    def _refused(self, error: Rejected, content: bytes) -> Refused:
        """The dead letter of a file; of one that is too large it holds the beginning."""
        too_large = len(content) > self.settings.most_bytes
        kept = content[:KEPT_OF_TOO_LARGE] if too_large else content
        return Refused.because(error, self.settings.name, self.settings.regions[0], kept)


def content_of(path: Path, most: int) -> bytes:
    """The bytes of a file, and one more than `most` at most.

    Raises:
        NoFile: It is a link, a folder or a device, or cannot be read.
    """
    try:
        handle = os.open(path, _OPEN)
    except OSError:
        raise NoFile(
            "The file cannot be read, or is a link, which is not followed.",
            expression="file",
            code="no-file",
        ) from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NoFile("This is no plain file.", expression="file", code="no-file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(handle)
