"""A projection: which rows of a table stand for the latest version of a record. Pages read tables, not topics.

A projection declares plain columns and a pure function; the store builds the table, the runtime keeps it in step.
Rows carry the version of what they stand for, so that the same event twice, or an older one late, changes nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Generic, Literal, Protocol, TypeAlias, TypeVar
from uuid import UUID

from hub.errors import Undecodable
from hub.records.registry import Record
from hub.topics import topic_of

Json: TypeAlias = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
Value: TypeAlias = UUID | datetime | date | Json
Row: TypeAlias = Mapping[str, Value]
"""Column -> value; a column that is left out is empty."""

Kind: TypeAlias = Literal["uuid", "int", "text", "boolean", "timestamptz", "date", "jsonb"]
"""Types of PostgreSQL; `timestamptz` takes aware instants only."""

VERSION: Final = "version"
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        stamped: A `timestamptz` that is no part of a row: the database writes its own time with every change.
    """

    name: str
    kind: Kind
    required: bool = False
    stamped: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of a read model.

    Attributes:
        name: Its name in the database.
        columns: With `version` among them.
        key: One column, a UUID: the id that the topic's records have as their key.
        indexes: Columns of each index, in order.
    """

    name: str
    columns: tuple[Column, ...]
    key: str
    indexes: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        """A table that cannot be built is a defect of the program, seen when it is imported."""
        kinds = {each.name: each.kind for each in self.columns}
        named = {self.key, *(name for index in self.indexes for name in index)}
        if not all(NAME.fullmatch(each) for each in (self.name, *kinds)):
            raise ValueError(f"{self.name}: names are lower case")
        if len(kinds) != len(self.columns) or not named <= kinds.keys():
            raise ValueError(f"{self.name}: a column is missing or named twice")
        if kinds[self.key] != "uuid" or kinds.get(VERSION) != "int":
            raise ValueError(f"{self.name}: the key is a UUID, and `version` counts")
        if any(each.stamped and each.kind != "timestamptz" for each in self.columns):
            raise ValueError(f"{self.name}: only a time can be stamped")


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Projection(Generic[R]):
    """One read model.

    Attributes:
        name: As it stands in metrics, checks and log lines.
        reads: The record type, and with it the topic.
        table: Where the rows are.
        rows_from: The rows that stand for a record. Pure.
    """

    name: str
    reads: type[R]
    table: TableSpec
    rows_from: Callable[[R], Sequence[Row]]

    @property
    def topic(self) -> str:
        """Where its records are read."""
        return topic_of(self.reads).name

    def rows_of(self, record: Record) -> Sequence[Row]:
        """The rows that stand for a record.

        Raises:
            Undecodable: It is another record than the one of this topic.
        """
        if not isinstance(record, self.reads):
            raise Undecodable(
                f"holds {type(record).__name__}, not {self.reads.__name__}", code="other-record"
            )
        return self.rows_from(record)


class ReadModel(Protocol):
    """A projection of whichever record."""

    @property
    def name(self) -> str:
        """See `Projection`."""
        ...

    @property
    def table(self) -> TableSpec:
        """See `Projection`."""
        ...

    @property
    def topic(self) -> str:
        """See `Projection`."""
        ...

    def rows_of(self, record: Record) -> Sequence[Row]:
        """See `Projection.rows_of`."""
        ...
