"""A connector: one row that says which edge it is and what it speaks."""

from dataclasses import dataclass
from typing import Literal

from hub.decisions import Event


@dataclass(frozen=True)
class Connector:
    """One edge of the hub.

    Attributes:
        name: As it stands in the configuration, in topics' `written_by` and `read_by`, and in log lines.
        direction: Whether it hears, tells, or both.
        writes: Record types that it may publish.
        reads: Record types that it is given.
    """

    name: str
    direction: Literal["hear", "tell", "both"]
    writes: tuple[type[Event], ...] = ()
    reads: tuple[type[Event], ...] = ()
