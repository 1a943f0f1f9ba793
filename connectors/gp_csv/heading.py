"""Which line of a file is its heading, and which column stands where. Pure.

Systems put a title, a search name or a date above the table; the heading is the first line that names what is needed.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from connectors.gp_csv.extract import place
from connectors.gp_csv.layout import Layout, folded
from hub.errors import InvalidResource, Undecodable

LINES_ABOVE: Final = 30
"""So many lines may stand above a heading."""

DELIMITERS: Final = ",;\t|"
MOST_CELLS: Final = 500
"""Of a heading: an export of whole records has a hundred columns or two."""

LONGEST_HEADING: Final = 100
"""Characters of a heading that a place names."""
MEANT: Final = 2
"""A line that names so many columns is meant as the heading: what it lacks can be said."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a file.

    Attributes:
        number: Its row, counted from 1.
        delimiter: What stands between cells.
        cells: As written, folded; the same line further down is the heading repeated.
        columns: Column -> its place in a row, counted from 0.
        written: Column -> what the file calls it.
    """

    number: int
    delimiter: str
    cells: tuple[str, ...]
    columns: dict[str, int]
    written: dict[str, str]


def heading_in(lines: Sequence[str], layout: Layout) -> Heading:
    """The heading among the first lines of a file.

    Raises:
        InvalidResource: No line names every column that is required, or one names a column twice.
        Undecodable: No line looks like a heading at all.
    """
    nearest: Heading | None = None
    for number, line in enumerate(lines, start=1):
        found = max(
            (read for each in DELIMITERS if (read := heading_from(line, number, each, layout))),
            key=lambda heading: len(heading.columns),
            default=None,
        )
        if found and all(column in found.columns for column in layout.required):
            return without_doubles(found, layout)
        if found and len(found.columns) > (len(nearest.columns) if nearest else MEANT - 1):
            nearest = found
    if nearest is None:
        raise Undecodable(
            f"None of the first {LINES_ABOVE} rows is the heading that this layout reads.",
            expression=place(1),
            code="no-heading",
        )
    missing = next(each for each in layout.required if each not in nearest.columns)
    raise InvalidResource(
        "This column is missing; the layout says by which headings it goes.",
        expression=place(nearest.number, missing),
        code="missing-column",
    )


def heading_from(line: str, number: int, delimiter: str, layout: Layout) -> Heading | None:
    """A line as a heading, as far as its cells name columns; None when it is no row of any honest width."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None
    if len(cells) > MOST_CELLS:
        return None
    names = tuple(folded(cell) for cell in cells)
    columns: dict[str, int] = {}
    written: dict[str, str] = {}
    for at, name in enumerate(names):
        column = layout.headings.get(name)
        if column is not None and column not in columns:
            columns[column], written[column] = at, shown(cells[at])
    return Heading(number, delimiter, names, columns, written)


def shown(cell: str) -> str:
    """A heading as places name it: such as can be shown, and no longer than any honest one."""
    return "".join(filter(str.isprintable, cell.strip()))[:LONGEST_HEADING]


def without_doubles(heading: Heading, layout: Layout) -> Heading:
    """The heading, if nothing in it can be read in two ways.

    Raises:
        InvalidResource: Two of its cells are the same column.
    """
    counted = Counter(layout.headings[cell] for cell in heading.cells if cell in layout.headings)
    for column, times in counted.items():
        if times > 1:
            raise InvalidResource(
                "Two headings are the same column here; leave one out, or name them in a layout.",
                expression=place(heading.number, heading.written[column]),
                code="duplicate",
            )
    return heading
