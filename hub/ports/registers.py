"""What was told of a register, so that the next file of it can be held against it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Staged:
    """An entry of a register as a file has it; of a person nothing but what the source calls the entry.

    Attributes:
        number: Its row in the file.
        record: The source record that it speaks of.
        entry: What its source calls it.
        code_system: With `code`, what it says of the carer: needed to end it.
        linked: Whether it names somebody cared for.
        active: Whether it says that somebody is a carer.
        digest: Of what it says; `GONE` when it is no longer listed; None when the row cannot be used, and what is
            known stays.
        said_on: When it was written down, if the file says so.
    """

    number: int
    record: UUID
    entry: str
    code_system: str
    code: str
    linked: bool
    active: bool
    digest: bytes | None
    said_on: date | None = None


GONE = b""
"""The digest of what is no longer listed."""


@dataclass(frozen=True, slots=True)
class ToTell:
    """A row that says something new.

    Attributes:
        known: Its entry was told of before.
        linked: It named somebody cared for, when it was told of last.
    """

    number: int
    known: bool
    linked: bool


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A file of a register that was taken whole.

    Attributes:
        made_at: When it was made, as far as that can be told; an older one is refused after it.
        read_at: When it was taken.
    """

    sha256: str
    made_at: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is being taken; the same after a crash.

    Attributes:
        number: Counts the files of this sender.
        moment: The time of what it says; later than that of every file before it.
        began_at: When it was first taken up.
    """

    number: int
    moment: datetime
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """What a file says against what was told before.

    Attributes:
        standing: Entries that stood before: listed, and said to be carers.
        ended: Entries that stood, and would no longer.
        doubled: The second row of an entry that has two; None when none has.
    """

    standing: int
    added: int
    changed: int
    ended: int
    unchanged: int
    refused: int
    doubled: int | None = None


class Register(Protocol):
    """What was told of the entries of one sender, held by one process. Blocks; raises `Unavailable`."""

    def last(self) -> RegisterFile | None:
        """The last file that was taken whole."""
        ...

    def repeats(self, sha256: str) -> bool:
        """Whether this is the last file that was taken whole, and none was taken up since: part of it may be told."""
        ...

    def clear(self) -> None:
        """Nothing is staged."""
        ...

    def begin(self, sha256: str, made_at: datetime, now: datetime) -> Reading:
        """Take up a file, or the same one again."""
        ...

    def stage(self, rows: Sequence[Staged]) -> None:
        """Put down what the file has, in its order."""
        ...

    def compare(self, *, whole: bool, by_day: bool) -> Difference:
        """Hold what is staged against what was told; `whole`: what is not there is ended.

        Of two rows of an entry the later one counts: by day and place where `by_day`, else by place alone.
        """
        ...

    def to_tell(self, after: int, most: int) -> Sequence[ToTell]:
        """Rows after one that say something new, in order."""
        ...

    def told(self, rows: Sequence[int]) -> None:
        """These rows are on the log: what they say was told."""
        ...

    def to_end(self, most: int) -> Sequence[Staged]:
        """Entries that were told of and are no longer listed, in no order."""
        ...

    def ended(self, records: Sequence[UUID]) -> None:
        """The end of these is on the log."""
        ...

    def finish(self, now: datetime) -> None:
        """The whole file was told."""
        ...


class Registers(Protocol):
    """What was told of registers, so that the next file of each can be held against it."""

    def held(self, sender: str) -> AbstractContextManager[Register | None]:
        """The register of a sender, for this process alone; None while another one has it. Blocks."""
        ...
