"""Watch the folder of a sender: take what is put there, say what became of it, and put it away."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import structlog

from connectors.gp_csv.folder import DONE, ENDINGS, REFUSED, Folder, Found
from connectors.gp_csv.found import Read, RefusedRow
from connectors.gp_csv.inbound import KEPT_OF_TOO_LARGE, NoFile
from connectors.gp_csv.layout import Layout
from connectors.gp_csv.report import of_refused, of_taken
from connectors.gp_csv.settings import MOST_TAKEN_AT_ONCE, RegisterSettings
from connectors.gp_csv.taking import RegisterDoor, Taken, still_written
from hub.errors import Rejected, Unavailable, Undecodable
from hub.ports.door import Door, Refused
from hub.ports.publisher import BulkPublisher
from hub.ports.registers import Register, Registers
from hub.waiting import happens

log = structlog.get_logger("gp_csv")

FORGET_EVERY: Final = timedelta(hours=1)
DEFECT: Final = "The hub failed over this file by a fault of its own; it is kept."


@dataclass(frozen=True, slots=True)
class Log:
    """Where what is heard becomes durable, and what was told before is kept.

    Attributes:
        turns: Whoever takes a register has one, because a register holds a connection to the database.
    """

    publisher: BulkPublisher
    registers: Registers
    door: Door
    clock: Callable[[], datetime]
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_TAKEN_AT_ONCE))


@dataclass
class FolderWatch:
    """One sender's folder, and what became of its files since this process began.

    Attributes:
        look_every: Between two looks.
        keep: What was put away is deleted after so long.
        rows: Rows by what became of them.
        files: Files by what became of them.
        at: Rows read and events told of the file that is being taken.
        last_good: When a file was last taken whole.
        trouble: Why the folder or what stands behind it cannot be used now; empty when it can.
    """

    settings: RegisterSettings
    layout: Layout
    folder: Folder
    log: Log
    look_every: timedelta = timedelta(seconds=5)
    keep: timedelta = timedelta(days=28)
    rows: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    at: tuple[int, int] = (0, 0)
    last_good: datetime | None = None
    trouble: str = ""
    _forgot_at: datetime | None = None
    _asked: bool = False
    _stop: asyncio.Event | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until asked to stop; what cannot be done now is done later.

        A stop is heard between files, and between the pages of one.
        """
        self._stop = stop
        while not stop.is_set():
            await self.look_patiently()
            await happens(stop, self.look_every.total_seconds())

    async def look_patiently(self) -> None:
        """Look once; a broker, a database or a folder that is away is waited for.

        So is the mending of a fault of ours: the folders of other senders are watched on.
        """
        try:
            await self.look()
        except Unavailable as error:
            self._is_troubled(error.reason)
        except OSError as error:
            self._is_troubled(f"The folder cannot be used: {type(error).__name__}.")
        except Exception as error:  # noqa: BLE001 - one folder must not end the others
            self._is_troubled(f"The hub failed by a fault of its own: {type(error).__name__}.")
        else:
            self.trouble = ""

    async def look(self) -> None:
        """Take every file that is still, the oldest first.

        Raises:
            Unavailable: Kafka or PostgreSQL is away, a folder inside is a link, or a file changed; what was told of it
                counts.
            OSError: The folder is not there, or may not be written.
        """
        now = self.log.clock()
        await asyncio.to_thread(self.folder.prepare)
        found = await asyncio.to_thread(self.folder.still, now)
        await asyncio.to_thread(self._forget, now)
        if not found and self._asked:
            return
        async with self._held() as register:
            if register is None:  # another process takes its files
                return
            last = await asyncio.to_thread(register.last)
            self.last_good, self._asked = last.read_at if last else None, True
            for each in found:
                if self._stopping():
                    return
                if each.same():  # another process may have taken it before the register was ours
                    await self._take(register, each)

    async def _take(self, register: Register, found: Found) -> None:
        """Take one file and put it away; the register knows of it before it is moved."""
        door = RegisterDoor(
            self.settings,
            self.layout,
            self.log.publisher,
            self.log.clock,
            told=self._is_at,
            keep=self._keep_rows,
            stopping=self._stopping,
        )
        try:
            refuse_other_ending(found)
            taken = await door.take(register, found, confirmed=found.confirmed)
        except Rejected as error:
            await self._refused(found, error, defect=False)
        except (Unavailable, OSError):
            raise  # the file lies where it lay, and is taken later
        except Exception as error:  # noqa: BLE001 - a file must not hold up the others, whatever it holds
            what = type(error).__name__
            log.error("defect", sender=self.settings.name, error=what)  # noqa: TRY400 - a trace may hold values
            await self._refused(found, Undecodable(DEFECT, expression="file"), defect=True)
        else:
            await self._done(found, taken)
        self.at = (0, 0)

    async def _done(self, found: Found, taken: Taken) -> None:
        now, outcome = self.log.clock(), "repeat" if taken.repeat else "taken"
        report = of_taken(taken, now)
        await asyncio.to_thread(self._put_away, found, DONE, taken.read.sha256, report)
        if not taken.repeat:
            self.last_good = now
        self.files[outcome] += 1
        counted = taken.difference
        self.rows.update(
            added=counted.added,
            changed=counted.changed,
            ended=counted.ended,
            unchanged=counted.unchanged,
            refused=taken.read.refused,
        )
        log.info(
            "register-taken",
            sender=self.settings.name,
            outcome=outcome,
            rows=taken.read.end.rows,
            added=counted.added,
            changed=counted.changed,
            ended=counted.ended,
            unchanged=counted.unchanged,
            refused=taken.read.refused,
        )

    async def _refused(self, found: Found, error: Rejected, *, defect: bool) -> None:
        """Make it durable that a file was refused, then put it away.

        Raises:
            Unavailable: Another one lies in its place by now; that is read once it is still.
            OSError: It cannot be read or moved now.
        """
        beginning = await asyncio.to_thread(beginning_of, found)
        if not found.same():  # what was refused is there no more
            raise still_written()
        letter = self._letter(error, beginning, defect=defect)
        await asyncio.to_thread(self.log.door.keep_refused, letter)
        report = of_refused(error, self.log.clock())
        digest = sha256(beginning).hexdigest()
        await asyncio.to_thread(self._put_away, found, REFUSED, digest, report)
        self.files["refused"] += 1
        log.warning(
            "register-refused", sender=self.settings.name, code=error.code, place=error.expression
        )

    def _stopping(self) -> bool:
        return self._stop is not None and self._stop.is_set()

    def _keep_rows(self, read: Read) -> None:
        if read.reasons:
            self.log.door.keep_refused(self._letter(rows_refused(read), originals_of(read.reasons)))

    def _letter(self, error: Rejected, value: bytes, *, defect: bool = False) -> Refused:
        letter = Refused.because(error, self.settings.name, self.settings.regions[0], value)
        return replace(letter, defect=defect)

    def _put_away(self, found: Found, where: str, digest: str, report: dict[str, object]) -> None:
        away = self.folder.put_away(found, where, digest, self.log.clock())
        self.folder.report(away, report)

    def _forget(self, now: datetime) -> None:
        if self._forgot_at is None or now - self._forgot_at >= FORGET_EVERY:
            self._forgot_at = now
            self.folder.forget(now - self.keep)

    def _is_at(self, rows: int, events: int) -> None:
        self.at = (rows, events)

    def _is_troubled(self, why: str) -> None:
        if why != self.trouble:
            log.warning("register-waits", sender=self.settings.name, why=why)
        self.trouble = why

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[Register | None]:
        """The register of this sender, when it is its turn, and while no other process has it."""
        async with self.log.turns:
            manager = self.log.registers.held(self.settings.name)
            register = await asyncio.to_thread(manager.__enter__)
            try:
                yield register
            finally:
                await asyncio.to_thread(manager.__exit__, None, None, None)


def refuse_other_ending(found: Found) -> None:
    """A folder of tables holds nothing else; archives are not opened.

    Raises:
        NoFile: It is something else by its name.
    """
    if not found.path.name.lower().endswith(ENDINGS):
        raise NoFile(
            f"Only files that end in {', '.join(ENDINGS)} are read; archives are not opened.",
            expression="file",
            code="not-a-table",
        )


def beginning_of(found: Found) -> bytes:
    """As much of a file as a dead letter keeps; nothing of what is no plain file."""
    try:
        with found.opened() as file:
            return file.read(KEPT_OF_TOO_LARGE)
    except NoFile:
        return b""


def rows_refused(read: Read) -> Rejected:
    """What a file says of its rows that cannot be used, in one sentence."""
    first = read.reasons[0]
    more = f" And {read.refused - 1} more rows." if read.refused > 1 else ""
    return Rejected(f"{first.reason}{more}", expression=first.place, code=first.code)


def originals_of(reasons: list[RefusedRow]) -> bytes:
    """The rows as written, as far as a dead letter holds them."""
    return b"\n".join(each.original for each in reasons)[:KEPT_OF_TOO_LARGE]
