"""Data on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any


def make_safe() -> None:
    """Let every character be written, on a terminal of whatever encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def data(line: str) -> None:
    """One line of what was asked for."""
    sys.stdout.write(f"{line}\n")


def data_as_json(value: Any) -> None:
    """What was asked for, for a program: one line."""
    data(json.dumps(value, ensure_ascii=False, default=str))


def aside(line: str) -> None:
    """One line beside the data: progress, hints, errors."""
    sys.stderr.write(f"{line}\n")


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of text with their columns under each other; the last column runs free."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [*(c.ljust(w) for c, w in zip(row[:-1], widths[:-1], strict=True)), row[-1]]
        ).rstrip()
        for row in rows
    ]
