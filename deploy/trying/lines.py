"""What is said of each message and of each consequence: one flat record a line."""

from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["accepted", "rejected", "ignored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """What became of one message."""

    file: str
    index: int
    control_id: str = ""
    event: str = ""
    outcome: Outcome
    code: str = ""
    expression: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "kind": "message",
            "file": self.file,
            "index": self.index,
            "control_id": self.control_id,
            "event": self.event,
            "outcome": self.outcome,
            "code": self.code,
            "expression": self.expression,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceLine:
    """What the hub would do because of it."""

    kind: Literal["link", "alert", "referral", "review"]
    action: str
    resource: dict[str, Any] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"kind": self.kind, "action": self.action, "resource": self.resource}


Line = MessageLine | ConsequenceLine
