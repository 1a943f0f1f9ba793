"""Files as tables: CSV or Parquet, the heading first. Errors name file and place, never what stands there."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Final

from deploy.exit_codes import ExitCode, Stopped

PARQUET: Final = (".parquet", ".pq")
SEPARATORS: Final = {",": "a comma", ";": "a semicolon (;)", "\t": "a tab", "|": "a bar (|)"}
LONGEST_HEADING: Final = 65_536
"""Characters that are looked through for a separator."""
UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 begins, which is what some spreadsheets save as "Unicode text"."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose heading was read; the rows can be read once, each with its number in the file."""

    file: Path
    heading: Sequence[str]
    rows: Iterator[tuple[int, Mapping[str, str]]]


def wrong(text: str) -> Stopped:
    """A file is not as it should be."""
    return Stopped(ExitCode.CHECK_FAILED, text)


def opened(file: Path) -> Table:
    """A file with its heading read: by its ending CSV or Parquet.

    Raises:
        Stopped: It cannot be read, or has no heading; says where. So may each row.
    """
    lines = _parquet(file) if file.suffix.lower() in PARQUET else _csv(file)
    _, heading = next(lines, (0, []))
    if not any(heading):
        raise wrong(
            f"{file.name}: there is no heading; the first line must name the columns, with a comma between."
        )
    if len(set(heading)) < len(heading):
        raise wrong(f"{file.name}, line 1: two columns have one name.")
    rows = ((line, dict(zip(heading, cells, strict=True))) for line, cells in lines)
    return Table(file, heading, rows)


def missing(table: Table, column: str, why: str = "") -> Stopped:
    """A column is not there; says so when the separator may be another."""
    return wrong(f"{table.file.name}: there is no column {column}{why}.{_separated(table.file)}")


def _separated(file: Path) -> str:
    """A hint, when something else than a comma seems to stand between the columns."""
    if file.suffix.lower() in PARQUET or not file.is_file():
        return ""
    with file.open(encoding="utf-8", errors="replace") as lines:
        first = lines.readline(LONGEST_HEADING)
    likely = max(SEPARATORS, key=first.count)
    if likely == "," or likely not in first:
        return ""
    return f" The separator seems to be {SEPARATORS[likely]}: save the file with commas."


def _csv(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The heading, then the rows with their line numbers."""
    columns = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.reader(text, skipinitialspace=True, strict=True)
            for cells in lines:
                if not columns:
                    columns = len(cells)
                    yield 1, [each.strip() for each in cells]
                elif cells and len(cells) != columns:
                    raise wrong(
                        f"{file.name}, line {lines.line_num}: {len(cells)} columns, and the heading has {columns}."
                    )
                elif cells:
                    yield lines.line_num, cells
    except UnicodeDecodeError:
        raise _not_utf8(file) from None
    except csv.Error as error:
        hint = "" if columns else _separated(file)
        raise wrong(f"{file.name}: no CSV: {error}.{hint}") from None
    except OSError as error:
        raise wrong(f"{file.name}: {error.strerror}.") from None


def _not_utf8(file: Path) -> Stopped:
    """Where a file stops being UTF-8, and what to do. The decoder counts from the block it was given, so look again."""
    place, form, before = "", "WINDOWS-1252", 0
    if file.is_file():
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if number == 1 and line.startswith(UTF_16):
                    form = "UTF-16"
                try:
                    line.decode()
                except UnicodeDecodeError as error:
                    place = f", line {number}: not UTF-8 at byte {before + error.start}"
                    break
                before += len(line)
    return wrong(
        f"{file.name}{place or ': not UTF-8'}. Save it as UTF-8 (spreadsheets call it CSV UTF-8), or, if it is {form},"
        f" convert it: iconv -f {form} -t UTF-8 {file.name} > new.csv"
    )


def _parquet(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The names of the columns, then the rows with their numbers, the first being 1."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise Stopped(
            ExitCode.USAGE, "Parquet needs the package pyarrow, which is not installed."
        ) from None
    number = 0
    try:
        table = parquet.ParquetFile(file)
        names = [str(each) for each in table.schema_arrow.names]
        yield 0, names
        for batch in table.iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield number, [_text(row[name]) for name in names]
    except (ArrowException, OSError):
        raise wrong(f"{file.name}: cannot be read as Parquet.") from None


def _text(value: object) -> str:
    """A cell as a CSV would have it. Where one is empty, some programs keep a column of whole numbers as fractions."""
    if isinstance(value, float):
        return "" if isnan(value) else f"{value:.0f}" if value.is_integer() else str(value)
    return "" if value is None else str(value)


def size_of(file: Path) -> int:
    """About how many rows a file has, for progress; 0 when it does not say, or can be read only once."""
    if file.suffix.lower() in PARQUET or not file.is_file():
        return 0
    try:
        with file.open("rb") as blocks:
            return sum(block.count(b"\n") for block in iter(lambda: blocks.read(1 << 20), b""))
    except OSError:
        return 0


def refuse_unwritable(option: str, file: Path | None, read: Sequence[Path | None]) -> None:
    """Refuse to write where nothing can be written, or over a file that is read, before any work is done.

    Raises:
        Stopped: It cannot be; says why.
    """
    if file is None:
        return
    if not file.parent.is_dir():
        why = f"there is no folder {file.parent}: make it first"
    elif file.is_dir():
        why = f"{file} is a folder: name a file in it"
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        why = f"{file} may not be written"
    elif any(each is not None and file.exists() and file.samefile(each) for each in read):
        why = f"{file} is read as well: name another file"
    else:
        return
    raise Stopped(ExitCode.USAGE, f"{option}: {why}.")
