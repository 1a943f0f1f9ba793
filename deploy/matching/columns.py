"""Files of people and events: one row a record, any column may be missing.

Errors name file, row and column, never what stands there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.matching.files import Table, missing, opened, wrong
from deploy.matching.mapping import ID_OF, READ, Names, places
from hub.matching.normal.person import Home, Name, Person

YES: Final = frozenset({"1", "y", "yes", "true", "t"})
NO: Final = frozenset({"", "0", "n", "no", "false", "f"})
LONGEST: Final = 4096
"""Characters of a cell; more is no name and no address."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its id, who it is, and whatever stands in the other columns that were asked for."""

    id: str
    person: Person
    others: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Records:
    """A file of people or events whose heading was read and will do.

    Attributes:
        id_column: What it calls `record_id` or `event_id`.
        place: Our columns by the names that the file has for them.
        others: Columns that are handed on as they are.
    """

    table: Table
    id_column: str
    place: Mapping[str, str]
    others: Sequence[str] = ()

    def rows(self) -> Iterator[Row]:
        """The rows, in order, once.

        Raises:
            Stopped: A row is wrong; says where.
        """
        for here, name, row in identified(self.table, self.id_column):
            others = {each: row[each] for each in self.others}
            yield Row(name, _person(row, self.place, here), others)


def both(
    people: Path, events: Path, names: Names, groups: Sequence[str] = ()
) -> tuple[Records, Records]:
    """The two files, of which nothing but the headings was read.

    Raises:
        Stopped: One cannot be read, lacks a column that it needs, or has none that is compared.
    """
    tables = {"people": opened(people), "events": opened(events)}
    for file, table in tables.items():
        _refuse_without(table, names.alone.get(file, {}).get(ID_OF[file], ID_OF[file]))
    place = places(names, tables)
    for file, table in tables.items():
        if not any(place[file][each] in table.heading for each in READ):
            raise wrong(
                f"{table.file.name}: none of the columns that are compared is there: see --map."
            )
    for group in groups:
        _refuse_without(tables["events"], group)
    one, other = (Records(tables[file], place[file][ID_OF[file]], place[file]) for file in tables)
    return one, Records(other.table, other.id_column, other.place, groups)


def _refuse_without(table: Table, column: str) -> None:
    if column not in table.heading:
        raise missing(table, column)


def identified(table: Table, column: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Each row with its place in words and its id, which is there and in no earlier row.

    Raises:
        Stopped: An id is not, or a row is wrong; says where.
    """
    seen: set[str] = set()
    for line, row in table.rows:
        here = f"{table.file.name}, line {line}"
        name = row[column]
        if not name or name in seen:
            what = "stands in an earlier line as well" if name else "is empty"
            raise wrong(f"{here}, column {column}: the id {what}.")
        seen.add(name)
        yield here, name, row


def _person(row: Mapping[str, str], place: Mapping[str, str], here: str) -> Person:
    def cell(column: str) -> str:
        value = row.get(place[column], "")
        if len(value) > LONGEST or "\0" in value:
            raise wrong(f"{here}, column {place[column]}: this is no {column}.")
        return value.strip()

    def flag(column: str) -> bool:
        value = cell(column).casefold()
        if value not in YES and value not in NO:
            raise wrong(f"{here}, column {place[column]}: neither yes nor no.")
        return value in YES

    given, middle, family = cell("given"), cell("middle"), cell("family")
    former = [
        Name(given=given, middle=middle, family=each) for each in _several(cell("former_family"))
    ]
    lines, codes = _several(cell("former_address_line")), _several(cell("former_postcode"))
    most = max(len(lines), len(codes))
    homes = [
        Home(line=line, postcode=code)
        for line, code in zip(
            lines + [""] * (most - len(lines)), codes + [""] * (most - len(codes)), strict=True
        )
    ]
    return Person(
        names=(Name(given=given, middle=middle, family=family), *former),
        born=cell("birth_date"),
        sex=cell("sex"),
        nhs_number=cell("nhs_number"),
        nhs_number_status=_two_digits(cell("nhs_number_status")),
        homes=(Home(line=cell("address_line"), postcode=cell("postcode")), *homes),
        telephones=tuple(_several(cell("phone"))),
        emails=tuple(_several(cell("email"))),
        deceased=flag("deceased"),
        restricted=flag("restricted"),
        withdrawn=flag("withdrawn"),
    )


def _two_digits(code: str) -> str:
    """A code of the NHS Data Dictionary, whose leading zero spreadsheets drop."""
    return code.zfill(2) if code else ""


def _several(text: str) -> list[str]:
    return [each.strip() for each in text.split(";") if each.strip()]
