"""How a file ends: with a row that counts the others, or at least with a whole line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from connectors.gp_csv.cells import Spoilt, iso_date, plain
from connectors.gp_csv.extract import calendar_day, place
from connectors.gp_csv.layout import Layout, folded
from hub.errors import InvalidResource, Undecodable

_END: Final = re.compile(
    r"(?:#end|(?:grand)?totals?(?:rows|records|patients|carers)?|(?:row|record)?count|rowsreturned"
    r"|numberof(?:rows|records|patients)|(?:rows|records)|endof(?:file|report|extract))([0-9]*)"
)
MOST_CELLS_OF_AN_END: Final = 3
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


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


class LastLine:
    """Whether the last line had its end: without a count, that is all that tells a file that was cut."""

    is_whole = True

    def watched(self, lines: Iterator[str]) -> Iterator[str]:
        """The same lines."""
        for line in lines:
            self.is_whole = line.endswith("\n")
            yield line


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
