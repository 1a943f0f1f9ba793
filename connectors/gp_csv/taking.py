"""Take one file of a register: read it whole, hold it against what was told before, and tell the difference.

Nothing is told before the whole file was found good. Each row advances what was told once its events are durable; so
a file that was interrupted goes on where it stopped, and what was told twice has the same event id twice.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from connectors.gp_csv.ending import End
from connectors.gp_csv.entry import Entry
from connectors.gp_csv.extract import place
from connectors.gp_csv.found import Hashed, Read, Source, too_large
from connectors.gp_csv.judging import (
    made_at_of,
    refuse_doubled,
    refuse_many_refused,
    refuse_other_contents,
    refuse_out_of_turn,
    refuse_unlikely,
)
from connectors.gp_csv.layout import Layout
from connectors.gp_csv.mapping.events import Keyed
from connectors.gp_csv.register import entries_of
from connectors.gp_csv.settings import RegisterSettings
from connectors.gp_csv.staging import staged_from
from connectors.gp_csv.telling import Telling
from hub.errors import Unavailable, Undecodable
from hub.fhir.times import LONDON
from hub.ports.publisher import BulkPublisher
from hub.ports.registers import Difference, Register, Staged, ToTell

AT_ONCE: Final = 500
"""Rows that are told together; as many are told twice after a crash, at most. A slow broker confirms them in time."""

STAGED_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file that was taken: `repeat` when it was the last one again."""

    read: Read
    difference: Difference
    repeat: bool = False


@dataclass(frozen=True)
class RegisterDoor:
    """Everything that the taking of one sender's files needs.

    Attributes:
        publisher: Makes an event durable on the log.
        clock: Gives the time of receipt.
        told: Hears how many rows were read, and of how many events the log has.
        stopping: Whether to leave off; the same file goes on later.
        keep: Makes durable which rows cannot be used, before the file counts as taken. Blocks.
    """

    settings: RegisterSettings
    layout: Layout
    publisher: BulkPublisher
    clock: Callable[[], datetime]
    told: Callable[[int, int], None]
    keep: Callable[[Read], None]
    stopping: Callable[[], bool]

    async def take(self, register: Register, source: Source, *, confirmed: bool) -> Taken:
        """Tell what a file says anew; `confirmed`: somebody said that it may end as much as it does.

        Raises:
            Rejected: The file cannot be used; nothing of it was told.
            Unavailable: Not everything is durable, or the file is still being written; the same file again goes on.
        """
        read = await asyncio.to_thread(self._read, register, source)
        if await asyncio.to_thread(register.repeats, read.sha256):
            return Taken(read, Difference(0, 0, 0, 0, read.end.rows, 0), repeat=True)
        now = self.clock()
        made_at = min(made_at_of(read.end, source.named, source.modified), now)
        refuse_out_of_turn(made_at, await asyncio.to_thread(register.last))
        refuse_other_contents(read.end, self.settings)
        refuse_many_refused(read.refused, read.end.rows, read.first, self.settings)
        difference = await asyncio.to_thread(
            register.compare, whole=read.ends_absent, by_day=not read.end.is_delta
        )
        refuse_doubled(difference, read.end, self.layout)
        if not confirmed:
            refuse_unlikely(difference, read.end, self.settings)
        if not source.same():
            raise still_written()
        reading = await asyncio.to_thread(register.begin, read.sha256, made_at, now)
        await self._tell(register, source, Telling(self.settings, read.sha256, reading))
        if not source.same():
            raise still_written()
        await asyncio.to_thread(self.keep, read)
        await asyncio.to_thread(register.finish, self.clock())
        return Taken(read, difference)

    def _read(self, register: Register, source: Source) -> Read:
        """Put down every row, and what cannot be used."""
        if source.size > self.settings.most_bytes:
            raise too_large()
        register.clear()
        read, rows = Read(), list[Staged]()
        today = self.clock().astimezone(LONDON).date()
        with source.opened() as file:
            lines = Hashed(file, self.settings.most_bytes)
            for entry in entries_of(lines, self.layout, self.settings):
                if isinstance(entry, End):
                    read.end = entry
                    continue
                if entry.refused is not None:
                    read.refuse(entry, entry.refused)
                if entry.row.values["source_record_id"]:
                    rows.append(staged_from(entry, self.settings, today))
                if len(rows) >= STAGED_AT_ONCE:
                    register.stage(rows)
                    self._bounded(entry.row.number)
                    rows = []
        register.stage(rows)
        self._bounded(read.end.rows)
        read.sha256 = lines.hexdigest()
        return read

    def _bounded(self, rows: int) -> None:
        if rows > self.settings.most_rows:
            raise Undecodable(
                f"The file has more than {self.settings.most_rows} rows.",
                expression=place(self.settings.most_rows),
                code="too-many",
            )
        self._leave_off()
        self.told(rows, 0)

    def _leave_off(self) -> None:
        if self.stopping():
            raise stopped()

    async def _tell(self, register: Register, source: Source, telling: "Telling") -> None:
        """Tell rows that are new or changed in the order of the file, then the end of those that are gone."""
        events = 0
        with source.opened() as file:
            pages = self._pages(register, file, telling)
            while (page := await asyncio.to_thread(next, pages, None)) is not None:
                self._leave_off()
                if not source.same():
                    raise still_written()
                numbers, keyed = page
                await self._publish(keyed)
                await asyncio.to_thread(register.told, numbers)
                events += len(keyed)
                self.told(numbers[-1], events)
        while gone := await asyncio.to_thread(register.to_end, AT_ONCE):
            self._leave_off()
            keyed = [each for entry in gone for each in telling.end(entry)]
            await self._publish(keyed)
            await asyncio.to_thread(register.ended, [each.record for each in gone])
            events += len(keyed)
            self.told(0, events)

    def _pages(
        self, register: Register, file: BinaryIO, telling: "Telling"
    ) -> Iterator[tuple[list[int], list[Keyed]]]:
        """Rows that are told together, with their events."""
        wanted: dict[int, ToTell] = {}
        entries = entries_of(file, self.layout, self.settings, only=wanted)
        after = 0
        while found := register.to_tell(after, AT_ONCE):
            wanted.clear()
            wanted.update({each.number: each for each in found})
            keyed = [
                each
                for _ in found
                if isinstance(entry := next(entries), Entry)
                for each in telling.row(entry, wanted[entry.row.number])
            ]
            after = found[-1].number
            yield [each.number for each in found], keyed

    async def _publish(self, keyed: Sequence[Keyed]) -> None:
        """Return when every one of them is durable."""
        await self.publisher.publish_all([(each.event, each.key) for each in keyed])


def stopped() -> Unavailable:
    """The process ends before the file does."""
    return Unavailable("The hub stops; the file is taken when it starts again.")


def still_written() -> Unavailable:
    """Somebody writes to the file while it is read."""
    return Unavailable("The file changed while it was read; it is read again once it is still.")
