"""The tables that pages read, as a projection writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from hub.ports.dead_letters import Refusal
from hub.projection import ReadModel, Row


@dataclass(frozen=True, slots=True)
class Projected:
    """What one batch changes in a read model.

    Attributes:
        gone: Keys of rows that were erased; removed before `rows` are written.
        refusals: What could not be used, each with its partition.
        positions: Partition -> next offset, so that a database that went back is noticed.
    """

    model: ReadModel
    rows: Sequence[Row]
    gone: Sequence[UUID]
    refusals: Sequence[tuple[int, Refusal]]
    positions: Mapping[int, int]


class ReadModels(Protocol):
    """The tables that pages read. Blocks; callers run it in a thread; raises `Unavailable`."""

    def generation(self) -> int:
        """Counts how often the tables were begun anew; each time, the topics are read from their start."""
        ...

    def positions(self, model: ReadModel) -> Mapping[int, int]:
        """Partition -> next offset, as written with the rows."""
        ...

    def write(self, batches: Sequence[Projected]) -> None:
        """Write rows that are newer than what is there, of all these read models or of none.

        Raises:
            Rejected: The database does not take one of the values.
        """
        ...

    def rebuild(self) -> None:
        """Empty the tables and read everything again."""
        ...
