"""The program that a run runs: a copy of its own, so that no edit changes it midway, perhaps with a bug put in."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import hub
from tests.chaos.hanging import with_start_up

ROOMS = ("hub", "connectors", "processors", "deploy", "schemas")
SOURCE = Path(hub.__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Patch:
    """One place of the program, as it stands and as a mistake would have it."""

    file: str
    old: str
    new: str


class DoesNotFit(Exception):
    """A patch whose place is not there exactly once."""


def copied(folder: Path, patches: Sequence[Patch] = (), source: Path = SOURCE) -> Path:
    """Copy the program into a new folder, with what Python compiled of it, and put the patches in.

    Raises:
        DoesNotFit: The text of a patch is not in its file exactly once.
    """
    for room in ROOMS:
        shutil.copytree(
            source / room, folder / room, ignore=shutil.ignore_patterns("*.md", "*.pyc.*")
        )
    for patch in patches:
        put_in(folder, patch)
    with_start_up(folder)
    return folder


def put_in(folder: Path, patch: Patch) -> None:
    """Change one place."""
    file = folder / patch.file
    text = file.read_text(encoding="utf-8")
    times = text.count(patch.old)
    if times != 1:
        raise DoesNotFit(f"{patch.file}: found {times} times: {patch.old!r}")
    file.write_text(text.replace(patch.old, patch.new), encoding="utf-8")
