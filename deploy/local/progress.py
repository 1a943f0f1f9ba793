"""How the local parts say what takes long."""

from collections.abc import Callable

Progress = Callable[[str], None]
"""Receives one line of plain text for a person. It may be called from another thread."""


def silent(text: str) -> None:
    """Say nothing."""
