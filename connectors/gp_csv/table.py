"""Lines as the rows of a table below their heading, each of a bounded length and as wide as the heading."""

import csv
from collections.abc import Iterator
from typing import Final

from connectors.gp_csv.extract import place
from connectors.gp_csv.heading import Heading
from connectors.gp_csv.layout import folded
from hub.errors import Undecodable

LONGEST_ROW: Final = 64 * 1024
"""Characters of one row with all its lines, and so of its cells."""


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
