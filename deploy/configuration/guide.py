"""The table of all keys in this room's README.

python -m deploy.configuration.guide      write it anew
"""

import sys
from pathlib import Path
from typing import Final

from deploy.configuration.fields import Row, rows

README: Final = Path(__file__).parent / "README.md"
BEGIN: Final = "<!-- table of keys: written by `python -m deploy.configuration.guide` -->"
END: Final = "<!-- end of the table -->"


def table() -> str:
    """Every key: what it may be, what counts when it is absent, what it means."""
    head = "| key | value | if absent | meaning |\n|---|---|---|---|\n"
    return head + "".join(map(_line, rows()))


def with_table(text: str) -> str:
    """A README with its table as it should be.

    Raises:
        ValueError: It has no place for the table.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the README must hold {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"


def _line(row: Row) -> str:
    only = f" ({row.only})" if row.only else ""
    default = "**required**" if row.default is None else row.default
    cells = (f"`{row.key}`{only}", row.values, default, row.description)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stderr.write(f"{README}\n")
