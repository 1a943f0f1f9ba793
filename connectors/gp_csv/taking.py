"""Take one file of a register: read it whole, hold it against what was told before, and tell the difference.

Nothing is told before the whole file was found good. Each row advances what was told once its events are durable; so
a file that was interrupted goes on where it stopped, and what was told twice has the same event id twice.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Final, Protocol
from uuid import UUID

from connectors.gp_csv.extract import COLUMNS, Row, place
from connectors.gp_csv.judging import (
    made_at_of,
    refuse_doubled,
    refuse_many_refused,
    refuse_other_contents,
    refuse_out_of_turn,
    refuse_unlikely,
)
from connectors.gp_csv.layout import DELETE, Layout
from connectors.gp_csv.mapping import (
    CARER_RECORDS,
    Keyed,
    Said,
    events_of,
    names_cared_for,
    recorded_at_of,
)
from connectors.gp_csv.register import End, Entry, digest_of, entries_of, original_of
from connectors.gp_csv.settings import RegisterSettings
from hub.errors import Rejected, Unavailable, Undecodable
from hub.fhir.reading import LONDON, day_from
from hub.identity import derived, source_record_id
from hub.ports.publisher import BulkPublisher
from hub.ports.registers import GONE, Difference, Reading, Register, Staged, ToTell

AT_ONCE: Final = 500
"""Rows that are told together; as many are told twice after a crash, at most. A slow broker confirms them in time."""

STAGED_AT_ONCE: Final = 10_000
MOST_REASONS: Final = 1_000
"""Refused rows that are told one by one; beyond that they are counted."""


class Source(Protocol):
    """A file that lies in the folder."""

    @property
    def named(self) -> datetime | None:
        """The time in its name."""
        ...

    @property
    def modified(self) -> datetime:
        """When it was last written."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    def opened(self) -> BinaryIO:
        """Its bytes from the start."""
        ...

    def same(self) -> bool:
        """Whether nobody wrote to it since it was found."""
        ...


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be used: where, why, and what it was."""

    place: str
    code: str
    reason: str
    original: bytes = field(repr=False)


@dataclass(slots=True)
class Read:
    """A file that was read to its end.

    Attributes:
        unnamed: Rows that cannot be used and do not say for certain of which entry they are.
    """

    sha256: str = ""
    end: End = field(default_factory=lambda: End(0, None, is_delta=False))
    refused: int = 0
    unnamed: int = 0
    first: Rejected | None = None
    reasons: list[RefusedRow] = field(default_factory=list)

    @property
    def ends_absent(self) -> bool:
        """Whether who is not there has disappeared: in a whole register, and each of its rows says whose it is."""
        return not self.end.is_delta and not self.unnamed

    def refuse(self, entry: Entry, error: Rejected) -> None:
        """One more row that cannot be used."""
        self.refused += 1
        self.unnamed += not entry.row.values["source_record_id"]
        self.first = self.first or error
        if len(self.reasons) < MOST_REASONS:
            self.reasons.append(
                RefusedRow(error.expression, error.code, error.reason, original_of(entry))
            )


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file that was taken: `repeat` when it was the last one again."""

    read: Read
    difference: Difference
    repeat: bool = False


class Hashed:
    """Lines, bounded, with the digest of all that was read."""

    def __init__(self, file: BinaryIO, most_bytes: int) -> None:
        self._file = file
        self._left = most_bytes
        self._digest = hashlib.sha256()

    def readline(self, size: int, /) -> bytes:
        """The next line.

        Raises:
            Undecodable: The file is larger than it may be.
        """
        line = self._file.readline(size)
        self._digest.update(line)
        self._left -= len(line)
        if self._left < 0:
            raise too_large()
        return line

    def hexdigest(self) -> str:
        """SHA-256 of what was read."""
        return self._digest.hexdigest()


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


@dataclass(frozen=True, slots=True)
class Telling:
    """How the rows of one file are told.

    The event id holds the number of the file: a register that comes back to what it said last week says it anew.
    """

    settings: RegisterSettings
    sha256: str
    reading: Reading

    def row(self, entry: Entry, known: ToTell) -> tuple[Keyed, ...]:
        """What a row says. A new entry is as old as it says; a change is as old as the file that shows it."""
        values = entry.row.values
        written = recorded_at_of(entry.row, None, self.reading.moment)
        row = Row(entry.row.number, values, original_of(entry))
        said = Said(
            row,
            self._event_id(values["source_record_id"]),
            recorded_at=self.reading.moment if known.known else min(written, self.reading.moment),
            received_at=self.reading.began_at,
            occurred_at=written,
            linked=known.linked,
        )
        return events_of(said, self.settings)

    def end(self, gone: Staged) -> tuple[Keyed, ...]:
        """That an entry is no longer listed, by what its source called it: nobody is named anew."""
        values = dict.fromkeys(COLUMNS, "") | {
            "source_record_id": gone.entry,
            "code_system": gone.code_system,
            "code": gone.code,
            "status": "ended",
        }
        said = Said(
            Row(0, values, None),
            self._event_id(gone.entry),
            recorded_at=self.reading.moment,
            received_at=self.reading.began_at,
            linked=gone.linked,
            listed=False,
        )
        return events_of(said, self.settings)

    def _event_id(self, entry: str) -> UUID:
        return derived("event", self.settings.name, self.sha256, entry, self.reading.number)


def staged_from(entry: Entry, settings: RegisterSettings, today: date) -> Staged:
    """What is kept of an entry: nothing of a person but what its source calls it."""
    values = entry.row.values
    gone = entry.action == DELETE or (entry.runs_out_on is not None and entry.runs_out_on < today)
    day = values["recorded_on"]
    name = values["source_record_id"]
    usable = entry.refused is None
    record = source_record_id(settings.name, CARER_RECORDS, name)
    if gone or not usable:  # nothing of it is told from here, so nothing of it is put down
        digest = GONE if usable else None
        return Staged(
            entry.row.number, record, "", "", "", linked=False, active=False, digest=digest
        )
    return Staged(
        number=entry.row.number,
        record=record,
        entry=name,
        code_system=values["code_system"],
        code=values["code"],
        linked=names_cared_for(entry.row),
        active=values["status"] == "active",
        digest=digest_of(entry.row, settings),
        said_on=day_from(day, "").on if day else None,
    )


def stopped() -> Unavailable:
    """The process ends before the file does."""
    return Unavailable("The hub stops; the file is taken when it starts again.")


def too_large() -> Undecodable:
    """The refusal of a file beyond its bounds."""
    return Undecodable("The file is larger than it may be.", expression="file", code="too-large")


def still_written() -> Unavailable:
    """Somebody writes to the file while it is read."""
    return Unavailable("The file changed while it was read; it is read again once it is still.")
