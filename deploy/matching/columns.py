"""Files of people and events: CSV or Parquet, one row a record, any column may be missing.

Errors name file, row and column, never what stands there.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.exit_codes import ExitCode, Stopped
from hub.matching.normal.person import Home, Name, Person

READ: Final = (
    "given", "middle", "family", "birth_date", "sex", "nhs_number", "nhs_number_status", "address_line", "postcode",
    "phone", "email", "deceased", "restricted", "withdrawn",
)  # fmt: skip
"""Columns that are compared. `phone` and `email` may hold several, with `;` between them."""
FORMER: Final = ("former_family", "former_address_line", "former_postcode")
"""Earlier names and homes: several with `;` between them."""
YES: Final = frozenset({"1", "y", "yes", "true", "t"})
NO: Final = frozenset({"", "0", "n", "no", "false", "f"})
PARQUET: Final = (".parquet", ".pq")
LONGEST: Final = 4096
"""Characters of a cell; more is no name and no address."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its id, who it is, and whatever stands in the other columns that were asked for."""

    id: str
    person: Person
    others: Mapping[str, str]


def mapped(text: str | None) -> dict[str, str]:
    """`ours=theirs,...` as a table.

    Raises:
        Stopped: It is not of this form, or names a column that is not known.
    """
    found = {}
    for each in (text or "").split(","):
        if not each.strip():
            continue
        ours, between, theirs = (part.strip() for part in each.partition("="))
        known = (*READ, *FORMER, "record_id", "event_id")
        if not between or not theirs or ours not in known:
            raise Stopped(
                ExitCode.USAGE, f"--map takes ours=theirs,...; ours is one of {', '.join(known)}."
            )
        found[ours] = theirs
    return found


def rows_of(
    file: Path, id_column: str, names: Mapping[str, str], others: Sequence[str] = ()
) -> Iterator[Row]:
    """The rows of a file, in order.

    Args:
        file: By its ending CSV or Parquet.
        id_column: `record_id` or `event_id`; it must be there, and no id twice.
        names: Our columns by the names that the file has for them.
        others: Columns that are handed on as they are.

    Raises:
        Stopped: The file cannot be read, lacks the id column, or a row is wrong; says where.
    """
    rows = _parquet(file) if file.suffix.lower() in PARQUET else _csv(file)
    seen: set[str] = set()
    place = {each: names.get(each, each) for each in (*READ, *FORMER, id_column)}
    for line, row in rows:
        if not seen:
            _refuse_unread(file, row, place, id_column, others)
        here = f"{file.name}, line {line}"
        name = row.get(place[id_column], "")
        if not name or name in seen:
            what = "stands in an earlier line as well" if name else "is empty"
            raise _wrong(f"{here}, column {place[id_column]}: the id {what}.")
        seen.add(name)
        yield Row(name, _person(row, place, here), {each: row.get(each, "") for each in others})


def _wrong(text: str) -> Stopped:
    return Stopped(ExitCode.CHECK_FAILED, text)


def _refuse_unread(
    file: Path,
    row: Mapping[str, str],
    place: Mapping[str, str],
    id_column: str,
    others: Sequence[str],
) -> None:
    """Refuse a file of which nothing can be compared, before an hour is spent on it."""
    if place[id_column] not in row:
        raise _wrong(f"{file.name}: there is no column {place[id_column]}.")
    missing = [each for each in others if each not in row]
    if missing:
        raise _wrong(f"{file.name}: there is no column {missing[0]}.")
    asked = [theirs for ours, theirs in place.items() if ours != theirs and theirs not in row]
    if asked:
        raise _wrong(f"{file.name}: there is no column {asked[0]}, which --map names.")
    if not any(place[each] in row for each in READ):
        raise _wrong(f"{file.name}: none of the columns that are compared is there: see --map.")


def _person(row: Mapping[str, str], place: Mapping[str, str], here: str) -> Person:
    def cell(column: str) -> str:
        value = row.get(place[column], "")
        if len(value) > LONGEST or "\0" in value:
            raise _wrong(f"{here}, column {place[column]}: this is no {column}.")
        return value.strip()

    def flag(column: str) -> bool:
        value = cell(column).casefold()
        if value not in YES and value not in NO:
            raise _wrong(f"{here}, column {place[column]}: neither yes nor no.")
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
        nhs_number_status=cell("nhs_number_status"),
        homes=(Home(line=cell("address_line"), postcode=cell("postcode")), *homes),
        telephones=tuple(_several(cell("phone"))),
        emails=tuple(_several(cell("email"))),
        deceased=flag("deceased"),
        restricted=flag("restricted"),
        withdrawn=flag("withdrawn"),
    )


def _several(text: str) -> list[str]:
    return [each.strip() for each in text.split(";") if each.strip()]


def _csv(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows with their line numbers."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            lines = csv.reader(opened, skipinitialspace=True, strict=True)
            heading = [each.strip() for each in next(lines, [])]
            if len(set(heading)) < len(heading):
                raise _wrong(f"{file.name}, line 1: two columns have one name.")
            for cells in lines:
                if not cells:
                    continue
                if len(cells) != len(heading):
                    raise _wrong(
                        f"{file.name}, line {lines.line_num}: {len(cells)} columns, and the heading has {len(heading)}."
                    )
                yield lines.line_num, dict(zip(heading, cells, strict=True))
    except UnicodeDecodeError as error:
        raise _wrong(f"{file.name}: not UTF-8 at byte {error.start}.") from None
    except csv.Error as error:
        raise _wrong(f"{file.name}: no CSV: {error}.") from None
    except OSError as error:
        raise _wrong(f"{file.name}: {error.strerror}.") from None


def _parquet(file: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows with their numbers, the first being 1."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise Stopped(
            ExitCode.USAGE, "Parquet needs the package pyarrow, which is not installed."
        ) from None
    number = 0
    try:
        for batch in parquet.ParquetFile(file).iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield number, {name: _text(value) for name, value in row.items()}
    except (ArrowException, OSError):
        raise _wrong(f"{file.name}: cannot be read as Parquet.") from None


def _text(value: object) -> str:
    return "" if value is None else str(value)


def size_of(file: Path) -> int:
    """About how many rows a file has, for progress; 0 when it does not say."""
    if file.suffix.lower() in PARQUET:
        return 0
    try:
        with file.open("rb") as opened:
            return sum(block.count(b"\n") for block in iter(lambda: opened.read(1 << 20), b""))
    except OSError:
        return 0
