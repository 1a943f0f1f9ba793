"""To keep what will not reach a topic, before it is answered."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol, Self
from uuid import UUID

from hub.errors import Rejected
from hub.identity import dead_letter_id


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that a door cannot use.

    Attributes:
        source: The sender by its name in the configuration, or the door when it is not known.
        region: The sender's region; None when the sender is not known.
    """

    source: str
    region: int | None
    code: str
    expression: str
    reason: str
    defect: bool
    value: bytes

    @classmethod
    def because(cls, error: Rejected, source: str, region: int | None, value: bytes) -> Self:
        """The dead letter of bytes that can never be right. Without the bytes a sender has one that counts them all."""
        kept = value if error.keeps_bytes else b""
        return cls(source, region, error.code, error.expression, error.reason, False, kept)

    @classmethod
    def by_defect(
        cls, defect: Exception, said: str, source: str, region: int | None, value: bytes
    ) -> Self:
        """The dead letter of bytes on which the hub failed: the kind of the fault, never its words."""
        return cls(source, region, type(defect).__name__, "", said, True, value)

    @property
    def dead_letter_id(self) -> UUID:
        """Its id: the same bytes from the same sender are one dead letter."""
        return dead_letter_id(self.source, sha256(self.value).hexdigest())


@dataclass(frozen=True, slots=True)
class Ignored:
    """Well-formed bytes that mean nothing to the hub."""

    source: str
    event: str
    reason: str
    value: bytes


class Door(Protocol):
    """Make durable what will not reach a topic, before it is answered. Blocks; raises `Unavailable`."""

    def keep_refused(self, refused: Refused) -> None:
        """Keep a dead letter; the same bytes again count up the same one."""
        ...

    def keep_ignored(self, ignored: Ignored) -> None:
        """Keep what was ignored, with the reason, for 28 days."""
        ...
