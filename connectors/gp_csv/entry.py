"""One row of a register as an entry: what it says and of which entry, or why it cannot be read."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import Final, TypeAlias

from connectors.gp_csv.cells import Spoilt, digits, iso_date, nhs_number, plain
from connectors.gp_csv.extract import (
    COLUMNS,
    LONGEST_FIELD,
    Row,
    calendar_day,
    place,
    refuse_unusable,
)
from connectors.gp_csv.heading import Heading
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
from connectors.gp_csv.mapping.checking import checked, refusal
from connectors.gp_csv.mapping.words import EXPIRES_ON
from connectors.gp_csv.settings import RegisterSettings
from hub.errors import InvalidResource, Rejected
from hub.fhir.times import day_from
from hub.identity import derived

BIRTH_DATES: Final = ("carer_birth_date", "cared_for_birth_date")
DATES: Final = (*BIRTH_DATES, "recorded_on", EXPIRES_ON)
NHS_NUMBERS: Final = ("carer_nhs_number", "cared_for_nhs_number")

NUMBERS: Final = ("carer_phone", "code")
"""Columns of digits that a spreadsheet may have rounded."""

MOST_WORDS: Final = 256
"""Of one column that says one of a few words."""

Spoiling: TypeAlias = Mapping[str, str]
"""Column -> why its cell cannot be read."""


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
