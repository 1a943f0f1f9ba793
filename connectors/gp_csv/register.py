"""A register as a stream of entries: each is read, or says why it cannot be. Pure, and never whole in memory.

What makes the file doubtful refuses it (cut off, unbalanced, another character set); what makes one row doubtful
refuses that row, which then stays as it was known.
"""

import csv
import hashlib
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Final, Protocol, TypeAlias

from connectors.gp_csv.cells import Spoilt, digits, iso_date, nhs_number, plain
from connectors.gp_csv.extract import (
    COLUMNS,
    LONGEST_FIELD,
    LONGEST_LINE,
    Row,
    calendar_day,
    place,
    refuse_unusable,
)
from connectors.gp_csv.heading import LINES_ABOVE, Heading, heading_in
from connectors.gp_csv.layout import (
    ACTION,
    ACTIONS,
    ANY_OTHER,
    DELETE,
    FALLBACK_KEY,
    PRACTICE,
    Layout,
    folded,
)
from connectors.gp_csv.mapping import EXPIRES_ON, checked, refusal
from connectors.gp_csv.settings import Encoding, RegisterSettings
from hub.errors import InvalidResource, Rejected, Undecodable
from hub.fhir.reading import day_from
from hub.identity import derived

BIRTH_DATES: Final = ("carer_birth_date", "cared_for_birth_date")
DATES: Final = (*BIRTH_DATES, "recorded_on", EXPIRES_ON)
NHS_NUMBERS: Final = ("carer_nhs_number", "cared_for_nhs_number")
NUMBERS: Final = ("carer_phone", "code")
"""Columns of digits that a spreadsheet may have rounded."""

PYTHON_NAMES: Final = {Encoding.UTF_8: "utf-8", Encoding.WINDOWS_1252: "cp1252"}
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_TWO_BYTES_EACH: Final = (b"\xff\xfe", b"\xfe\xff")
_END: Final = re.compile(
    r"(?:#end|(?:grand)?totals?(?:rows|records|patients|carers)?|(?:row|record)?count|rowsreturned"
    r"|numberof(?:rows|records|patients)|(?:rows|records)|endof(?:file|report|extract))([0-9]*)"
)
MOST_CELLS_OF_AN_END: Final = 3
MOST_WORDS: Final = 256
"""Of one column that says one of a few words."""

LONGEST_ROW: Final = 64 * 1024
"""Characters of one row with all its lines, and so of its cells."""
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
Spoiling: TypeAlias = Mapping[str, str]
"""Column -> why its cell cannot be read."""


class Lines(Protocol):
    """Where the lines come from, one at a time."""

    def readline(self, size: int, /) -> bytes:
        """The next line with its end, at most so many bytes of it; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a register.

    Attributes:
        row: In the columns of the hub; `source_record_id` names the entry, empty when nothing does for certain.
        written: Column -> its cell as written.
        action: `add`, `change` or `delete` in a file of changes, else empty.
        refused: Why it cannot be used; of the row only the name counts then.
        runs_out_on: The last day on which it holds.
    """

    row: Row
    written: Mapping[str, str] = field(repr=False)
    action: str = ""
    refused: Rejected | None = None
    runs_out_on: date | None = None


@dataclass(frozen=True, slots=True)
class End:
    """What a file says of itself.

    Attributes:
        rows: So many rows it has.
        made_on: The date at its end, where it has one.
        is_delta: It names what became of each row, so that what is missing says nothing.
    """

    rows: int
    made_on: date | None
    is_delta: bool


def entries_of(
    lines: Lines, layout: Layout, settings: RegisterSettings, only: Container[int] | None = None
) -> Iterator[Entry | End]:
    """Every entry in the order of the file, and last what the file says of itself.

    `only` names rows to read; the others are passed over.

    Raises:
        Undecodable: It is cut off, unbalanced, in another character set, or no table.
        InvalidResource: A column is missing, or it is another organisation's file.
    """
    texts = texts_of(lines, settings.charset)
    above = list(islice(texts, LINES_ABOVE))
    if not above:
        raise Undecodable("The file is empty.", expression="file", code="truncated")
    heading = heading_in(above, layout)
    ended = LastLine()
    table = rows_of(ended.watched(chain(above, texts)), heading)
    reader = Reader(layout, settings, heading)
    rows, end, number = 0, None, heading.number
    for number, cells in table:
        if end is not None:
            raise Undecodable(
                "Rows follow after the last one: two files may have been put together.",
                expression=place(number),
                code="after-the-end",
            )
        end = end_from(cells)
        if end is None:
            rows += 1
            refuse_another_width(cells, heading, number)
            if only is None or number in only:
                yield reader.entry(number, cells)
    made_on = made_on_from(end, rows, number, layout, whole_line=ended.is_whole)
    yield End(rows, made_on, ACTION in heading.columns)


def texts_of(lines: Lines, charset: Encoding) -> Iterator[str]:
    """The lines as text. A byte order mark counts before what the configuration says.

    Raises:
        Undecodable: Another character set, or a line longer than any honest one.
    """
    name, number, beyond_ascii, is_utf_8 = PYTHON_NAMES[charset], 0, False, True
    while raw := lines.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            refuse_two_bytes_each(raw)
            if raw.startswith(_BYTE_ORDER_MARK):
                raw, name = raw.removeprefix(_BYTE_ORDER_MARK), "utf-8"
        if len(raw) > LONGEST_LINE:
            raise Undecodable(
                f"A line may have {LONGEST_LINE} bytes.", expression=place(number), code="too-long"
            )
        if name == "cp1252" and not raw.isascii():
            beyond_ascii, is_utf_8 = True, is_utf_8 and decodes_as_utf_8(raw)
        try:
            yield raw.decode(name)
        except UnicodeDecodeError:
            raise Undecodable(
                f"A character here is not {charset.value}, which the configuration says the file is.",
                expression=place(number),
                code="charset",
            ) from None
    if beyond_ascii and is_utf_8:
        raise Undecodable(
            "The file is UTF-8, and the configuration says windows-1252.",
            expression="file",
            code="charset",
        )


def refuse_two_bytes_each(first: bytes) -> None:
    """Refuse what Excel calls "Unicode text".

    Raises:
        Undecodable: It is that.
    """
    if first.startswith(_TWO_BYTES_EACH):
        raise Undecodable(
            "The file is UTF-16. Save it as CSV in UTF-8.", expression="file", code="charset"
        )


def decodes_as_utf_8(raw: bytes) -> bool:
    """Whether bytes beyond ASCII make sense as UTF-8: text in windows-1252 practically never does."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


class LastLine:
    """Whether the last line had its end: without a count, that is all that tells a file that was cut."""

    is_whole = True

    def watched(self, lines: Iterator[str]) -> Iterator[str]:
        """The same lines."""
        for line in lines:
            self.is_whole = line.endswith("\n")
            yield line


class TooLong(Exception):
    """A row that goes on over more lines than any honest one."""


class RowBound:
    """How much was read since the last row: what stands in quotes goes on over lines, and is held in memory."""

    since = 0

    def watched(self, lines: Iterator[str]) -> Iterator[str]:
        """The same lines.

        Raises:
            TooLong: They make no row.
        """
        for line in lines:
            self.since += len(line)
            if self.since > LONGEST_ROW:
                raise TooLong
            yield line


def rows_of(lines: Iterator[str], heading: Heading) -> Iterator[tuple[int, list[str]]]:
    """Rows below the heading with their numbers, as a spreadsheet counts them; neither blank nor the heading again.

    Raises:
        Undecodable: Quotes that do not pair, or a row longer than any honest one.
    """
    for _ in range(heading.number):
        next(lines)
    number = heading.number
    bound = RowBound()
    reader = csv.reader(bound.watched(lines), delimiter=heading.delimiter, strict=True)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise Undecodable(
                "The quotes of this row do not pair.", expression=place(number + 1), code="quotes"
            ) from None
        except TooLong:
            raise Undecodable(
                f"A row may have {LONGEST_ROW} characters; a quote here may have no other.",
                expression=place(number + 1),
                code="too-long",
            ) from None
        if cells is None:
            return
        number += 1
        bound.since = 0
        if any(cells) and not all(not cell or cell.isspace() for cell in cells):
            if len(cells) == len(heading.cells) and is_heading(cells, heading):
                continue
            yield number, cells


def is_heading(cells: list[str], heading: Heading) -> bool:
    """Whether this is the heading again, as at the top of a page."""
    return folded(cells[0]) == heading.cells[0] and tuple(map(folded, cells)) == heading.cells


def end_from(cells: list[str]) -> list[str] | None:
    """The cells of a last row that counts, such as `#END,512,2026-11-23` or `Total rows: 512`; None for others."""
    said = [cell for cell in cells if cell and not cell.isspace()]
    if len(said) > MOST_CELLS_OF_AN_END:
        return None
    found = _END.fullmatch(folded(said[0]))
    if found is None:
        return None
    counts = [found[1]] if found[1] else []
    rest = [cell.strip() for cell in said[1:]]
    if not counts and not (rest and _COUNT.fullmatch(rest[0])) and "#" not in said[0]:
        return None
    return [*counts, *rest]


def refuse_another_width(cells: list[str], heading: Heading, number: int) -> None:
    """A row has a cell for each heading; empty ones beyond do no harm.

    Raises:
        Undecodable: It has fewer, or says more.
    """
    width = len(heading.cells)
    if len(cells) < width or any(cells[width:]):
        raise Undecodable(
            f"This row has {len(cells)} fields, and the heading {width}.",
            expression=place(number),
            code="field-count",
        )


def made_on_from(
    end: list[str] | None, rows: int, number: int, layout: Layout, *, whole_line: bool
) -> date | None:
    """Compare the count at the end, and give the date there.

    Raises:
        Undecodable: The file is cut off, or counts other rows.
        InvalidResource: The date is none.
    """
    if end is None:
        if layout.trailer == "required" or not whole_line:
            raise Undecodable(
                "The file does not end with a row that counts its rows: it may be cut off."
                if layout.trailer == "required"
                else "The last line has no end: the file may be cut off.",
                expression=place(number),
                code="truncated",
            )
        return None
    if not end or not _COUNT.fullmatch(end[0]) or int(end[0]) != rows:
        raise Undecodable(
            "The last row counts other rows than there are: some are missing or too many.",
            expression=place(number),
            code="row-count",
        )
    if len(end) == 1:
        return None
    try:
        return calendar_day(iso_date(plain(end[1]), layout.dates), place(number))
    except Spoilt as error:
        raise InvalidResource(str(error), expression=place(number), code="value") from None


class Reader:
    """Rows of one file into entries. Made once for a file, because a file may have a million."""

    def __init__(self, layout: Layout, settings: RegisterSettings, heading: Heading) -> None:
        self._layout = layout
        self._settings = settings
        self._written = heading.written
        self._places = tuple(heading.columns.items())
        self._readings = {column: self._reading(column) for column in heading.columns}
        self._absent = {
            column: layout.defaults.get(column, "")
            for column in COLUMNS
            if column not in heading.columns
        }
        self._own = {settings.ods_code, *settings.former_codes}

    def entry(self, number: int, cells: list[str]) -> Entry:
        """The entry of a row.

        Raises:
            InvalidResource: The row says that it is another organisation's.
        """
        written = {column: plain(cells[at]) for column, at in self._places}
        if PRACTICE in written:
            self._refuse_another_practice(number, written[PRACTICE])
        values, spoilt = self._values(written)
        row = Row(number, values, None, self._written)
        own, naming = values["source_record_id"], self._naming(values)
        values["source_record_id"] = "" if spoilt.keys() & naming else self._name(values)
        refused: Rejected | None = None
        runs_out_on: date | None = None
        try:
            if values.get(ACTION) == DELETE and values["source_record_id"]:
                return Entry(row, written, DELETE)
            for column, why in spoilt.items():
                raise refusal(row, column, why)
            refuse_unusable_in(row)
            refuse_other_action(row)
            checked(row)
            if day := values.get(EXPIRES_ON, ""):
                runs_out_on = calendar_day(day, row.place(EXPIRES_ON))
        except InvalidResource as error:
            refused = error
            said = Row(number, {**values, "source_record_id": own}, None, self._written)
            if not names_for_certain(said, naming, error):
                values["source_record_id"] = ""
        return Entry(row, written, values.get(ACTION, ""), refused, runs_out_on)

    def _values(self, written: Mapping[str, str]) -> tuple[dict[str, str], Spoiling]:
        """What the row says, in the columns and words of the hub, and the cells that cannot be read."""
        spoilt: dict[str, str] = {}
        values = dict(self._absent)
        for column, text in written.items():
            said = ""
            if text:
                try:
                    said = self._readings[column](text)
                except Spoilt as error:
                    spoilt[column] = str(error)
            values[column] = said or self._layout.defaults.get(column, "")
        return values, spoilt

    def _reading(self, column: str) -> Callable[[str], str]:
        """How a cell of this column is read."""
        words = self._layout.words.get(column)
        if words is not None:
            known, other = lru_cache(MOST_WORDS)(folded), words.get(ANY_OTHER)
            return lambda text: words.get(known(text)) or (text if other is None else other)
        if column in NHS_NUMBERS:
            return nhs_number
        if column in NUMBERS:
            return digits
        return partial(iso_date, dates=self._layout.dates) if column in DATES else str

    def _naming(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The columns that name the entry of this row."""
        key = self._layout.key
        if values[key[0]] or key == ("source_record_id",):
            return key
        return (key[0], *FALLBACK_KEY)

    def _name(self, values: Mapping[str, str]) -> str:
        """What names the entry: its id at the source, else an id of what does, which shows nobody."""
        key = self._layout.key
        if key == ("source_record_id",):
            return values["source_record_id"]
        parts = [values[column] for column in key]
        if not parts[0]:
            parts = ["", *(values[column].casefold() for column in FALLBACK_KEY)]
        return str(derived("register-entry", self._settings.name, *parts)) if any(parts) else ""

    def _refuse_another_practice(self, number: int, code: str) -> None:
        if code and code.upper() not in self._own:
            raise InvalidResource(
                "This row is of another organisation: the file lies in the wrong folder, or the code is new.",
                expression=place(number, self._written[PRACTICE]),
                code="another-organisation",
            )


def names_for_certain(row: Row, naming: Sequence[str], error: Rejected) -> bool:
    """Whether a row that cannot be used says at least of which entry it is: no fault lies in what names it."""
    if error.expression in {row.place(column) for column in naming}:
        return False
    try:
        for column in naming:
            refuse_unusable(row.values[column], row.place(column))
            if column in BIRTH_DATES and row.values[column]:
                day_from(row.values[column], row.place(column))
    except InvalidResource:
        return False
    return True


def refuse_unusable_in(row: Row) -> None:
    """Every field is short, and holds what can be shown.

    Raises:
        InvalidResource: One is not.
    """
    together = "".join(row.values.values())
    if len(together) > LONGEST_FIELD or not together.isprintable():
        for column, value in row.values.items():
            refuse_unusable(value, row.place(column))


def refuse_other_action(row: Row) -> None:
    """A file of changes says of each row what became of it.

    Raises:
        InvalidResource: It says nothing, or something else.
    """
    if ACTION in row.values and row.values[ACTION] not in ACTIONS:
        raise refusal(row, ACTION, f"Use one of: {', '.join(sorted(ACTIONS))}.")


def original_of(entry: Entry) -> bytes:
    """The row as written, in the columns that are read and no others: what else stands there is nobody's business."""
    return ",".join(
        '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text
        for text in entry.written.values()
    ).encode()


def digest_of(row: Row, settings: RegisterSettings) -> bytes:
    """What an entry says and to whom, in 16 bytes: the same digest, nothing new."""
    columns = (*COLUMNS, EXPIRES_ON) if row.values.get(EXPIRES_ON) else COLUMNS
    said = "\x1f".join([row.values[column] for column in columns])
    return hashlib.blake2b(f"{settings.regions}\x1e{said}".encode(), digest_size=16).digest()
