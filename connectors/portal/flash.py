"""What the next page says of what was just sent. Its address is read with suspicion: anybody can write one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

TIME: Final = re.compile(r"[0-2][0-9]:[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Flash:
    """What was sent.

    Attributes:
        subject: The alert or referral.
        passing_since: When it was saved, while the pages do not show it yet; empty when they do.
    """

    subject: UUID
    passing_since: str = ""

    @property
    def text(self) -> str:
        """What is said of it."""
        if self.passing_since:
            return f"Saved at {self.passing_since}, being passed on"
        return "Saved"


def flash_in(query: Mapping[str, str]) -> Flash | None:
    """From an address; None when it says nothing, or nothing that a page of ours would say."""
    saved, passing, at = (query.get(name, "") for name in ("saved", "passing", "at"))
    try:
        if saved:
            return Flash(UUID(saved))
        return Flash(UUID(passing), at) if passing and TIME.fullmatch(at) else None
    except ValueError:
        return None
