"""What one check found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """How it stands."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_RUN = "not run"
    DOWN = "down"
    MISCONFIGURED = "configuration"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, in words.

    Attributes:
        check: Name of the check.
        state: How it stands.
        says: What is so.
        do: What to do about it; empty when nothing.
    """

    check: str
    state: State
    says: str
    do: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"check": self.check, "state": self.state, "says": self.says, "do": self.do}
