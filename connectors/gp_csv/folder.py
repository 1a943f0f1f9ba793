"""The folder of a sender: which files in it are still, and where they go when they were read.

```
FOLDER/            files are put here: written in place, or under another name and then renamed
FOLDER/confirmed/  files of which somebody says that they may end as much as they do
FOLDER/done/       files that were taken, each with a report
FOLDER/refused/    files that were not, each with a report that says where and why
```

Files that were read are named by time, digest, and when they were made: what a sender called them may name people.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

import orjson

from connectors.gp_csv.inbound import NoFile
from hub.errors import Unavailable
from hub.fhir.times import LONDON

CONFIRMED: Final = "confirmed"
DONE: Final = "done"
REFUSED: Final = "refused"

ENDINGS: Final = (".csv", ".txt", ".tsv", ".tab")
"""Names of files that are read. Archives are not opened."""

UNFINISHED: Final = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp")
"""Names that programs use while they write; such a file gets its own name when it is whole."""

_TIME: Final = re.compile(
    r"(?<![0-9])(20[0-9]{2})[-_.]?([01][0-9])[-_.]?([0-3][0-9])"
    r"(?:[-_ T.]?([0-2][0-9])[-_.:]?([0-5][0-9])(?:[-_.:]?([0-5][0-9]))?)?(?![0-9])"
)
_STAMP: Final = "%Y%m%dT%H%M%S.%fZ"
_OURS: Final = re.compile(
    r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z-(?:[0-9a-f]{16}|unread)-made-([0-9]{8}T[0-9]{6}\.[0-9]{6}Z)\.csv",
    re.ASCII,
)
"""What the hub calls a file that it put away, and when that was made. UTC."""
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_PLAIN_FILE: Final = (errno.ELOOP, errno.ENXIO)
"""What the opening of a link and of a socket says; anything else may pass."""
_ONLY_OURS: Final = 0o700


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it was seen: while this stays the same, nobody writes to it."""

    inode: int
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lies in the folder. See `connectors.gp_csv.taking.Source`."""

    path: Path = field(repr=False)
    look: Look
    confirmed: bool

    @property
    def named(self) -> datetime | None:
        """The time in its name, Europe/London; None where there is none.

        A file that was put away and comes back is as old as it was.
        """
        return made_in(self.path.name) or time_in(self.path.name)

    @property
    def modified(self) -> datetime:
        """When it was last written."""
        return datetime.fromtimestamp(self.look.modified_ns / 1e9, UTC)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.look.size

    def opened(self) -> BinaryIO:
        """Its bytes from the start.

        Raises:
            NoFile: It is a link, a folder or a device.
            OSError: It cannot be read now.
        """
        try:
            handle = os.open(self.path, _OPEN)
        except OSError as error:
            if error.errno in _NO_PLAIN_FILE:
                raise not_plain() from None
            raise
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise not_plain()
        return os.fdopen(handle, "rb", buffering=1024 * 1024)

    def same(self) -> bool:
        """Whether nobody wrote to it since it was seen."""
        return look_at(self.path) == self.look

    def order(self) -> tuple[bool, datetime, str]:
        """Files are read in the order in which they were made, confirmed ones first."""
        return not self.confirmed, self.made_at, self.path.name

    @property
    def made_at(self) -> datetime:
        """When it was made, as far as that can be told from outside."""
        return self.named or self.modified


@dataclass
class Folder:
    """One sender's folder.

    Attributes:
        path: Where it is.
        settle: A file is read when it did not change for so long.
    """

    path: Path
    settle: timedelta
    _seen: dict[Path, tuple[Look, datetime]] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the folders inside, readable by nobody else. The folder itself is the sender's, and must be there.

        Raises:
            Unavailable: One of them is a link, which would lead files of people elsewhere.
            OSError: The folder is not there, or may not be written.
        """
        for name in (CONFIRMED, DONE, REFUSED):
            inside = self.path / name
            inside.mkdir(mode=_ONLY_OURS, exist_ok=True)
            if not stat.S_ISDIR(inside.lstat().st_mode):
                raise Unavailable(f"`{name}` is a link and no folder; links are not followed.")

    def still(self, now: datetime) -> list[Found]:
        """Files that nobody writes to any more, in the order in which they are read."""
        seen: dict[Path, tuple[Look, datetime]] = {}
        ready: list[Found] = []
        for place, confirmed in ((self.path, False), (self.path / CONFIRMED, True)):
            for path, look in files_in(place):
                before = self._seen.get(path)
                since = before[1] if before is not None and before[0] == look else now
                seen[path] = (look, since)
                if now - since >= self.settle:
                    ready.append(Found(path, look, confirmed))
        self._seen = seen
        return sorted(ready, key=Found.order)

    @property
    def waiting(self) -> int:
        """Files that were there at the last look."""
        return len(self._seen)

    def put_away(self, found: Found, where: str, digest: str, now: datetime) -> Path:
        """Move a file to where it stays for now; the name says when, which bytes, and when it was made.

        A file that was put in its place meanwhile is another one, and stays in the folder until it is read.
        """
        away, made = (each.astimezone(UTC).strftime(_STAMP) for each in (now, found.made_at))
        target = self.path / where / f"{away}-{digest[:16] or 'unread'}-made-{made}.csv"
        self._seen.pop(found.path, None)
        if found.same():
            found.path.rename(target)
            if look_at(target) != found.look:
                self._put_back(target, found.path)
        return target

    def _put_back(self, moved: Path, to: Path) -> None:
        """Undo a move, and overwrite nothing."""
        while look_at(to) is not None:
            to = to.with_name(f"{to.stem}-again{to.suffix}")
        moved.rename(to)

    def report(self, beside: Path, said: dict[str, object]) -> None:
        """Write a report beside a file: whole or not at all."""
        unfinished = beside.with_suffix(".tmp")
        unfinished.write_bytes(orjson.dumps(said, option=orjson.OPT_INDENT_2))
        unfinished.chmod(0o600)
        unfinished.rename(beside.with_suffix(".json"))

    def forget(self, before: datetime) -> int:
        """Delete what was put away before a time; give how many files. Folders are somebody's own, and stay."""
        forgotten = 0
        for where in (DONE, REFUSED):
            for path in (self.path / where).iterdir():
                found = path.lstat()
                if not stat.S_ISDIR(found.st_mode) and found.st_ctime < before.timestamp():
                    path.unlink(missing_ok=True)
                    forgotten += 1
        return forgotten


def files_in(place: Path) -> Iterator[tuple[Path, Look]]:
    """What is meant to be read: no folder, nothing hidden, nothing that is still being written by its name."""
    with os.scandir(place) as entries:
        for entry in entries:
            hidden = entry.name.startswith((".", "~"))
            if hidden or entry.name.lower().endswith(UNFINISHED):
                continue
            look = None if entry.is_dir(follow_symlinks=False) else look_at(Path(entry.path))
            if look is not None:
                yield Path(entry.path), look


def look_at(path: Path) -> Look | None:
    """A file as it is now; None when it is gone. A link is looked at itself."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return Look(found.st_ino, found.st_size, found.st_mtime_ns)


def made_in(name: str) -> datetime | None:
    """When a file was made that the hub has named; None for names of others."""
    found = _OURS.fullmatch(name)
    try:
        return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def time_in(name: str) -> datetime | None:
    """The day, and perhaps the time of day, in a file's name; None where there is none that the calendar has."""
    found = _TIME.search(name)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=LONDON)
    except ValueError:
        return None


def not_plain() -> NoFile:
    """The refusal of a link, a folder or a device."""
    return NoFile(
        "This is no plain file; links are not followed.",
        expression="file",
        code="no-file",
    )
