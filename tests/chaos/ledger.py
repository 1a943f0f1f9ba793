"""What the sender knows for certain: one line for each answer, on disk before the next message leaves."""

import asyncio
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from tests.chaos.checker import Sent

ACCEPTED = "AA"
NOT_KEPT = "AE"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer to one sending."""

    at: str
    control_id: str
    frame_sha256: str
    code: str
    answer_sha256: str


class Ledger:
    """A file that is only appended to. Lines that arrive together share one fsync."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lines: list[bytes] = []
        self._flushing: asyncio.Task[None] | None = None
        self._frames: dict[str, bytes] = {}
        self.answers: list[Answered] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)

    async def enter(self, frame: bytes, control_id: str, code: str, answer: bytes) -> None:
        """Write down an answer; return when it is on disk."""
        digest = sha256(frame)
        line = Answered(datetime.now(UTC).isoformat(), control_id, digest, code, sha256(answer))
        self._frames[digest] = frame
        self.answers.append(line)
        self._lines.append(json.dumps(asdict(line)).encode() + b"\n")
        while self._lines:
            if self._flushing is None or self._flushing.done():
                self._flushing = asyncio.create_task(self._flush())
            await asyncio.shield(self._flushing)

    async def _flush(self) -> None:
        lines, self._lines = self._lines, []
        await asyncio.to_thread(self._write, b"".join(lines))

    def _write(self, data: bytes) -> None:
        os.write(self._file, data)
        os.fdatasync(self._file)

    def sent(self, unanswered: int) -> Sent:
        """What the answers come to."""
        accepted: dict[str, set[str]] = {}
        for each in self.answers:
            if each.code == ACCEPTED:
                accepted.setdefault(each.frame_sha256, set()).add(each.answer_sha256)
        return Sent(
            acknowledged=tuple(self._frames[digest] for digest in accepted),
            unanswered=unanswered,
            sendings=len(self.answers),
            not_kept=sum(each.code == NOT_KEPT for each in self.answers),
            refused=sum(each.code not in (ACCEPTED, NOT_KEPT) for each in self.answers),
            differing=sum(len(answers) > 1 for answers in accepted.values()),
        )


def sha256(data: bytes) -> str:
    """The digest by which a frame or an answer is known."""
    return hashlib.sha256(data).hexdigest()
