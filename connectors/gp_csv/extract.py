"""From the bytes of a file to its rows, or the first place at which it cannot be trusted. Pure.

A row is a line: fields hold no line break. Rows are counted from 1, the header being row 1, as a spreadsheet shows
them. No reason holds a value of the file.

Source: RFC 4180 for quotes.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from connectors.gp_csv.charset import (
    BYTE_ORDER_MARK,
    PYTHON_NAMES,
    another_charset,
    is_utf_8,
    really_utf_8,
)
from connectors.gp_csv.settings import CsvSettings, Encoding
from hub.errors import InvalidResource, Undecodable
from hub.fhir.times import day_from
from hub.records import Precision

COLUMNS: Final = (
    "source_record_id",
    "carer_nhs_number",
    "carer_given",
    "carer_family",
    "carer_birth_date",
    "carer_sex",
    "carer_address",
    "carer_postcode",
    "carer_phone",
    "code_system",
    "code",
    "code_term",
    "recorded_on",
    "status",
    "cared_for_nhs_number",
    "cared_for_given",
    "cared_for_family",
    "cared_for_birth_date",
    "relationship",
)
"""Every column, by its name in the header; files may have them in any order."""

TRAILER: Final = "#END"
LONGEST_LINE: Final = 16_000
"""Characters of one row."""
LONGEST_FIELD: Final = 500
EARLIEST_YEAR: Final = 1900

_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written.

    Attributes:
        number: Counted from 1, as a spreadsheet shows it.
        values: Column -> text without blanks around it; an empty field is an empty text.
        original: The bytes of the row, without its line end; None when nobody wrote it.
        headings: Column -> what the file calls it, where that is something else.
    """

    number: int
    values: Mapping[str, str] = field(repr=False)
    original: bytes | None = field(repr=False)
    headings: Mapping[str, str] = field(repr=False, default_factory=dict)

    def place(self, column: str) -> str:
        """Where a field stands, in words."""
        return place(self.number, self.headings.get(column, column))


@dataclass(frozen=True, slots=True)
class Extract:
    """A file that was found whole.

    Attributes:
        rows: Its rows, without header and trailer.
        made_on: The date in its trailer, when it has one.
    """

    rows: tuple[Row, ...]
    made_on: date | None


def place(number: int, column: str = "") -> str:
    """A row, or a field of it, in words."""
    return f"row {number}, column {column}" if column else f"row {number}"


def extract_from(content: bytes, settings: CsvSettings) -> Extract:
    """Read a file.

    Raises:
        Undecodable: It is too large, in another character set, cut off, or no CSV of whole rows.
        InvalidResource: Its columns are not those of `COLUMNS`, a field cannot be used as text, or two rows have one
            source_record_id.
    """
    lines = lines_from(content, settings)
    header = header_from(lines)
    trailer = trailer_from(lines)
    rows = tuple(rows_of(lines[1:-1], header, settings))
    made_on = made_on_from(trailer, place(len(lines)), len(rows))
    refuse_doubled(rows)
    return Extract(rows, made_on)


def lines_from(content: bytes, settings: CsvSettings) -> list[str]:
    """The lines of the file, the trailer last.

    Raises:
        Undecodable: It is too large, in another character set, or nothing but blank.
    """
    if len(content) > settings.most_bytes:
        raise Undecodable(
            f"The file is larger than {settings.most_bytes} bytes.",
            expression="file",
            code="too-large",
        )
    lines = [line.removesuffix("\r") for line in decoded(content, settings.charset).split("\n")]
    while lines and not lines[-1].strip(", "):
        lines.pop()
    if not lines:
        raise Undecodable("The file is empty.", expression="file", code="truncated")
    if len(lines) - 2 > settings.most_rows:
        raise Undecodable(
            f"The file has more than {settings.most_rows} rows.",
            expression=place(settings.most_rows + 2),
            code="too-many",
        )
    return lines


def decoded(content: bytes, charset: Encoding) -> str:
    """The file as text.

    Raises:
        Undecodable: It is in another character set than the configuration says.
    """
    bare = content.removeprefix(BYTE_ORDER_MARK)
    if charset is Encoding.WINDOWS_1252 and not bare.isascii() and is_utf_8(bare):
        raise really_utf_8()
    try:
        return bare.decode(PYTHON_NAMES[charset])
    except UnicodeDecodeError as error:
        at = place(bare.count(b"\n", 0, error.start) + 1)
        raise another_charset(charset, at) from None


def header_from(lines: list[str]) -> tuple[str, ...]:
    """The columns in the order of this file.

    Raises:
        InvalidResource: One is unknown, doubled or missing.
    """
    header = tuple(fields_of(lines[0], 1))
    for number, column in enumerate(header, start=1):
        if column not in COLUMNS:  # its name may be somebody's, when the header is missing
            raise InvalidResource(
                "This column is none of those that are read.",
                expression=f"row 1, column {number}",
                code="unknown-column",
            )
    counted = Counter(header)
    for column in COLUMNS:
        if counted[column] != 1:
            raise InvalidResource(
                "This column is there twice." if counted[column] else "This column is missing.",
                expression=place(1, column),
                code="duplicate" if counted[column] else "missing-column",
            )
    return header


def trailer_from(lines: list[str]) -> list[str]:
    """The fields of the last row.

    Raises:
        Undecodable: It is no trailer.
    """
    number = len(lines)
    trailer = fields_of(lines[-1], number)
    while len(trailer) > 1 and not trailer[-1]:  # spreadsheets fill it up to the width of the file
        trailer.pop()
    if number == 1 or trailer[0] != TRAILER or len(trailer) not in (2, 3):
        raise Undecodable(
            f"The file does not end with {TRAILER} and the number of its rows: it may be cut off.",
            expression=place(number),
            code="truncated",
        )
    return trailer


def made_on_from(trailer: list[str], where: str, rows: int) -> date | None:
    """Compare the count of the trailer, and give its date.

    Raises:
        Undecodable: It counts other rows: the file was cut or put together.
        InvalidResource: Its date is none.
    """
    if not (_COUNT.fullmatch(trailer[1]) and int(trailer[1]) == rows):
        raise Undecodable(
            f"{TRAILER} counts other rows than there are: some are missing or too many.",
            expression=where,
            code="row-count",
        )
    return calendar_day(trailer[2], where) if len(trailer) > 2 else None


def calendar_day(text: str, where: str) -> date:
    """A whole date.

    Raises:
        InvalidResource: It is none, or before `EARLIEST_YEAR`.
    """
    day = day_from(text, where)
    if day.precision is not Precision.DAY or day.on.year < EARLIEST_YEAR:
        raise InvalidResource(
            "Expected a whole date, such as 2026-11-23.", expression=where, code="value"
        )
    return day.on


def rows_of(lines: list[str], header: tuple[str, ...], settings: CsvSettings) -> Iterator[Row]:
    """Each row by the names of its columns.

    Raises:
        Undecodable: A row has more or fewer fields than the header.
        InvalidResource: A field cannot be used as text.
    """
    name = PYTHON_NAMES[settings.charset]
    for number, line in enumerate(lines, start=2):
        fields = fields_of(line, number)
        if len(fields) != len(header):
            raise Undecodable(
                f"This row has {len(fields)} fields, and the header {len(header)}.",
                expression=place(number),
                code="field-count",
            )
        row = Row(number, dict(zip(header, fields, strict=True)), line.encode(name))
        for column, value in row.values.items():
            refuse_unusable(value, row.place(column))
        yield row


def fields_of(line: str, number: int) -> list[str]:
    """The fields of one row.

    Raises:
        Undecodable: It is too long, or its quotes do not pair.
    """
    if len(line) > LONGEST_LINE:
        raise Undecodable(
            f"A row may have {LONGEST_LINE} characters.", expression=place(number), code="too-long"
        )
    try:
        (fields,) = csv.reader([line], strict=True) if line else ([],)
    except (csv.Error, ValueError):
        fields = []
        pairs = False
    else:
        pairs = line.count('"') % 2 == 0  # a quote inside a bare field goes unnoticed otherwise
    if not pairs:
        raise Undecodable(
            "The quotes of this row do not pair, or a field holds a line break.",
            expression=place(number),
            code="quotes",
        )
    return [each.strip() for each in fields] or [""]


def refuse_unusable(value: str, where: str) -> None:
    """A field is short, and holds what can be shown.

    Raises:
        InvalidResource: It is too long, or holds a control character.
    """
    if len(value) > LONGEST_FIELD:
        raise InvalidResource(
            f"A field may have {LONGEST_FIELD} characters.", expression=where, code="too-long"
        )
    if not value.isprintable() and any(unicodedata.category(each) == "Cc" for each in value):
        raise InvalidResource(
            "A field may hold no control character.", expression=where, code="control-character"
        )


def refuse_doubled(rows: tuple[Row, ...]) -> None:
    """One source record has one row.

    Raises:
        InvalidResource: It has two.
    """
    seen: set[str] = set()
    for row in rows:
        record = row.values["source_record_id"]
        if record and record in seen:
            raise InvalidResource(
                "An earlier row has the same source_record_id.",
                expression=row.place("source_record_id"),
                code="duplicate",
            )
        seen.add(record)
