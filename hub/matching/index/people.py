"""Everybody of a register in memory, and who may be meant by a record."""

from array import array
from collections.abc import Hashable, Iterable, Iterator
from itertools import count, islice
from typing import Final, Generic, TypeVar

import numpy as np

from hub.matching.index.keys import (
    HOME_PARTS,
    MOST,
    MOST_FINE,
    PARTS,
    Kind,
    home_keys_from,
    keys_from,
    keys_of_many,
)
from hub.matching.index.loops import Keys, Outlines, Rows
from hub.matching.index.many import numbers_of_many
from hub.matching.index.numbers import Numbering, text_number
from hub.matching.index.outline import nobody, outlines
from hub.matching.index.postings import Postings
from hub.matching.normal.record import Compared
from hub.matching.normal.tables import NameTables

Id = TypeVar("Id", bound=Hashable)
BLOCK: Final = 1 << 16
"""People whose keys are made together."""


class Index(Generic[Id]):
    """Compared records by id, found by their keys.

    What it answers depends on the set of records alone, not on the order in which they came or what went before.
    """

    def __init__(self, tables: NameTables) -> None:
        self.tables = tables
        self.numbering = Numbering(tables)
        self._records: list[Compared | None] = []
        self._ids: list[Id | None] = []
        self._rows: dict[Id, int] = {}
        self._free: list[int] = []
        self._postings = Postings()
        self._outlines = nobody(0)

    @classmethod
    def of(cls, tables: NameTables, people: Iterable[tuple[Id, Compared]]) -> "Index[Id]":
        """An index of many, much quicker than one by one; of two records with one id the last counts."""
        index = cls(tables)
        latest = dict(people)
        index._ids.extend(latest)
        index._records.extend(latest.values())
        index._rows.update(zip(latest, count(), strict=False))
        index._outlines = nobody(len(latest))
        index._fill(iter(latest.values()))
        return index

    def _fill(self, records: Iterator[Compared]) -> None:
        """Keys and outlines of everybody, block by block."""
        found: list[tuple[Keys, Rows]] = []
        first = 0
        while block := list(islice(records, BLOCK)):
            keys, rows = array("Q"), array("I")
            for row, record in enumerate(block, first):
                if record.more is not None:
                    several = self.keys_of(record)
                    keys.extend(several)
                    rows.extend([row] * len(several))
            numbers = numbers_of_many(self.numbering, block)
            self._outlines[first : first + len(block)] = outlines(numbers)
            found += keys_of_many(numbers, first)
            found.append((np.frombuffer(keys, np.uint64), np.frombuffer(rows, np.uint32)))
            first += len(block)
        if found:
            all_keys = np.concatenate([each for each, _ in found])
            all_rows = np.concatenate([each for _, each in found])
            del found
            self._postings.fill(all_keys, all_rows)

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
            self._make_room()
        else:
            self._records[row], self._ids[row] = record, each
        self._rows[each] = row
        self._outlines[row] = outlines(self.numbering.line_of(record)[:, None])[0]
        self._postings.put(row, self.keys_of(record))

    def _make_room(self) -> None:
        """Room for an outline more, and for a share more than that."""
        if len(self._outlines) < len(self._records):
            longer = nobody(len(self._records) + len(self._records) // 8 + 64)
            longer[: len(self._outlines)] = self._outlines
            self._outlines = longer

    def remove(self, each: Id) -> None:
        """Take somebody out.

        Raises:
            KeyError: Nobody stands under the id.
        """
        row = self._rows.pop(each)
        self._postings.take(row, self.keys_of(self.record(row)))
        self._records[row] = self._ids[row] = None

    def keys_of(self, record: Compared) -> list[int]:
        """The keys of a record, each once."""
        return keys_from(self.numbering.all_of(record))

    def home_keys_of(self, record: Compared) -> list[int]:
        """The keys of where somebody lives."""
        return home_keys_from(self.numbering.all_of(record))

    def get(self, each: Id) -> Compared | None:
        """The record under an id."""
        row = self._rows.get(each)
        return None if row is None else self._records[row]

    def ids_under(self, key: int, most: int) -> list[Id] | None:
        """Who stands under a key; None if they are more than `most`."""
        rows = self._postings.rows_under(key, most)
        return None if rows is None else [self.id_of(row) for row in rows]

    def candidates(self, query: Compared) -> Rows:
        """The rows of those who share a key with the query, rising."""
        return self._postings.under(np.array(self.keys_of(query), dtype=np.uint64), MOST)

    def found(self, line: Keys) -> Rows:
        """The same for a query of one name and one home, in numbers."""
        return self._postings.under_those_of(line, PARTS, MOST)

    def with_number(self, nhs: int) -> list[int]:
        """The rows of those who have an NHS number."""
        return self._postings.rows_under(Kind.NHS | nhs, MOST_FINE) or []

    def reached_by(self, way: int | str) -> list[int] | None:
        """The rows of those who have a mobile number or an e-mail address; None if they are too many."""
        key = Kind.EMAIL | text_number(way) if isinstance(way, str) else Kind.MOBILE | way
        return self._postings.rows_under(key, MOST_FINE)

    def at_home_of(self, record: Compared) -> Rows:
        """The rows of those who live where somebody lives and have a like name, or few live there."""
        if record.more is None:
            line = self.numbering.home_line_of(record)
            return self._postings.under_those_of(line, HOME_PARTS, MOST)
        return self._postings.under(np.array(self.home_keys_of(record), dtype=np.uint64), MOST)

    @property
    def outlines(self) -> Outlines:
        """What is seen of each row at a glance."""
        return self._outlines

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
