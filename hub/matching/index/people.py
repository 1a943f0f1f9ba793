"""Everybody of a register in memory, and who may be meant by a record."""

from array import array
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from hub.matching.index.keys import home_keys, keys_of, most_under
from hub.matching.index.postings import KEY, ROW, Postings
from hub.matching.normal.record import Compared
from hub.matching.normal.tables import NameTables

Id = TypeVar("Id", bound=Hashable)


class Index(Generic[Id]):
    """Compared records by id, found by their keys.

    What it answers depends on the set of records alone, not on the order in which they came or what went before.
    """

    def __init__(self, tables: NameTables) -> None:
        self.tables = tables
        self._records: list[Compared | None] = []
        self._ids: list[Id | None] = []
        self._rows: dict[Id, int] = {}
        self._free: list[int] = []
        self._postings = Postings()

    @classmethod
    def of(cls, tables: NameTables, people: Iterable[tuple[Id, Compared]]) -> "Index[Id]":
        """An index of many, much quicker than one by one; of two records with one id the last counts."""
        index = cls(tables)
        latest = dict(people)
        keys, rows = array(KEY), array(ROW)
        for row, (each, record) in enumerate(latest.items()):
            index._ids.append(each)
            index._records.append(record)
            index._rows[each] = row
            found = keys_of(record, tables)
            keys.extend(found)
            rows.extend([row] * len(found))
        index._postings.fill(keys, rows)
        return index

    def __len__(self) -> int:
        """How many people stand in it."""
        return len(self._rows)

    def __iter__(self) -> Iterator[tuple[Id, Compared]]:
        """Everybody, in no order that means anything."""
        for each, row in self._rows.items():
            yield each, self.record(row)

    def add(self, each: Id, record: Compared) -> None:
        """Take somebody in; under an id that stands already, in the place of what stood there."""
        if each in self._rows:
            self.remove(each)
        if not self._free:
            self._free.extend(self._postings.merge_when_due())
        row = self._free.pop() if self._free else len(self._records)
        if row == len(self._records):
            self._records.append(record)
            self._ids.append(each)
        else:
            self._records[row], self._ids[row] = record, each
        self._rows[each] = row
        self._postings.put(row, keys_of(record, self.tables))

    def remove(self, each: Id) -> None:
        """Take somebody out.

        Raises:
            KeyError: Nobody stands under the id.
        """
        row = self._rows.pop(each)
        self._postings.take(row, keys_of(self.record(row), self.tables))
        self._records[row] = self._ids[row] = None

    def candidates(self, query: Compared) -> set[int]:
        """The rows of those who share a key with the query."""
        return self._postings.under(keys_of(query, self.tables), most_under)

    def at_home_of(self, record: Compared) -> set[int]:
        """The rows of those who live where somebody lives and have a like name, or few live there."""
        return self._postings.under(home_keys(record, self.tables), most_under)

    def record(self, row: int) -> Compared:
        """The record of a row.

        Raises:
            KeyError: Nobody stands there.
        """
        record = self._records[row]
        if record is None:
            raise KeyError(row)
        return record

    def id_of(self, row: int) -> Id:
        """The id of a row.

        Raises:
            KeyError: Nobody stands there.
        """
        each = self._ids[row]
        if each is None:
            raise KeyError(row)
        return each
