"""What was told of registers, in memory, with the verbs of `hub.ports.registers.Registers`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hub.ports.registers import GONE, Difference, Reading, RegisterFile, Staged, ToTell


@dataclass
class MemoryRegister:
    """One sender's register; what is staged is gone when it is held anew."""

    entries: dict[UUID, Staged] = field(default_factory=dict)
    staged: dict[int, Staged] = field(default_factory=dict)
    taken: RegisterFile | None = None
    reading: Reading | None = None
    begun: tuple[str, datetime] | None = None
    whole: bool = False

    def last(self) -> RegisterFile | None:
        """See `hub.ports.registers.Register.last`."""
        return self.taken

    def repeats(self, sha256: str) -> bool:
        """See `hub.ports.registers.Register.repeats`."""
        return self.taken is not None and self.taken.sha256 == sha256 and self.begun is None

    def clear(self) -> None:
        """See `hub.ports.registers.Register.clear`."""
        self.staged = {}

    def begin(self, sha256: str, made_at: datetime, now: datetime) -> Reading:
        """See `hub.ports.registers.Register.begin`."""
        if self.reading is not None and self.begun is not None and self.begun[0] == sha256:
            return self.reading
        number, moment = 1, min(made_at, now)
        if self.reading is not None:
            number = self.reading.number + 1
            moment = max(moment, self.reading.moment + timedelta(milliseconds=1))
        self.reading, self.begun = Reading(number, moment, now), (sha256, made_at)
        return self.reading

    def stage(self, rows: Sequence[Staged]) -> None:
        """See `hub.ports.registers.Register.stage`."""
        self.staged.update({row.number: row for row in rows})

    def compare(self, *, whole: bool, by_day: bool) -> Difference:
        """See `hub.ports.registers.Register.compare`."""
        latest: dict[UUID, Staged] = {}
        doubled: int | None = None
        for row in self.staged.values():
            other = latest.get(row.record)
            doubled = row.number if other is not None and doubled is None else doubled
            if other is None or _counts_before(other, row, by_day=by_day):
                latest[row.record] = row
        self.staged = {row.number: row for row in latest.values()}
        kinds = [self._kind(row) for row in latest.values()]
        self.whole = whole
        there = {row.record for row in latest.values()}
        standing = {record for record, entry in self.entries.items() if entry.active}
        return Difference(
            standing=len(standing),
            added=kinds.count("added"),
            changed=kinds.count("changed"),
            ended=kinds.count("ended") + (len(standing - there) if whole else 0),
            unchanged=kinds.count("unchanged"),
            refused=kinds.count("refused"),
            doubled=doubled,
        )

    def to_tell(self, after: int, most: int) -> list[ToTell]:
        """See `hub.ports.registers.Register.to_tell`."""
        new = [
            ToTell(number, row.record in self.entries, self._was_linked(row))
            for number, row in sorted(self.staged.items())
            if number > after and row.digest and self._kind(row) != "unchanged"
        ]
        return new[:most]

    def told(self, rows: Sequence[int]) -> None:
        """See `hub.ports.registers.Register.told`."""
        self.entries.update({self.staged[row].record: self.staged[row] for row in rows})

    def to_end(self, most: int) -> list[Staged]:
        """See `hub.ports.registers.Register.to_end`."""
        staged = {row.record: row.digest for row in self.staged.values()}
        gone = [
            replace(row, number=0, active=False, digest=GONE, said_on=None)
            for record, row in self.entries.items()
            if row.digest != GONE and staged.get(record, GONE if self.whole else None) == GONE
        ]
        return gone[:most]

    def ended(self, records: Sequence[UUID]) -> None:
        """See `hub.ports.registers.Register.ended`."""
        for record in records:
            self.entries[record] = replace(
                self.entries[record], digest=GONE, active=False, linked=False
            )

    def finish(self, now: datetime) -> None:
        """See `hub.ports.registers.Register.finish`."""
        if self.begun is not None:
            self.taken, self.begun = RegisterFile(*self.begun, now), None

    def _was_linked(self, row: Staged) -> bool:
        return row.record in self.entries and self.entries[row.record].linked

    def _kind(self, row: Staged) -> str:
        known = self.entries.get(row.record)
        told = known.digest if known is not None else GONE
        if row.digest is None:
            return "refused"
        if row.digest == told:
            return "unchanged"
        if known is not None and known.active and not row.active:
            return "ended"
        return "changed" if told else "added"


def _counts_before(one: Staged, other: Staged, *, by_day: bool) -> bool:
    """Whether of two rows of one entry the other one counts."""

    def rank(row: Staged) -> tuple[bool, date, int]:
        day = row.said_on if by_day and row.said_on is not None else date.min
        return row.digest is not None, day, row.number

    return rank(one) < rank(other)


@dataclass
class MemoryRegisters:
    """See `hub.ports.registers.Registers`."""

    registers: dict[str, MemoryRegister] = field(default_factory=dict)
    elsewhere: bool = False

    @contextmanager
    def held(self, sender: str) -> Iterator[MemoryRegister | None]:
        """See `hub.ports.registers.Registers.held`."""
        register = self.registers.setdefault(sender, MemoryRegister())
        yield None if self.elsewhere else register
