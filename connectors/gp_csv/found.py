"""What lies in a folder, and what was found in it when it was read to its end."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Final, Protocol

from connectors.gp_csv.ending import End
from connectors.gp_csv.entry import Entry, original_of
from hub.errors import Rejected, Undecodable

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


def too_large() -> Undecodable:
    """The refusal of a file beyond its bounds."""
    return Undecodable("The file is larger than it may be.", expression="file", code="too-large")
