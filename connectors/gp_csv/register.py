"""A register as a stream of entries: each is read, or says why it cannot be. Pure, and never whole in memory.

What makes the file doubtful refuses it (cut off, unbalanced, another character set); what makes one row doubtful
refuses that row, which then stays as it was known.
"""

from collections.abc import Container, Iterator
from itertools import chain, islice

from connectors.gp_csv.ending import End, LastLine, end_from, made_on_from
from connectors.gp_csv.entry import Entry, Reader
from connectors.gp_csv.extract import place
from connectors.gp_csv.heading import LINES_ABOVE, heading_in
from connectors.gp_csv.layout import ACTION, Layout
from connectors.gp_csv.lines import Lines, texts_of
from connectors.gp_csv.settings import RegisterSettings
from connectors.gp_csv.table import refuse_another_width, rows_of
from hub.errors import Undecodable


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
