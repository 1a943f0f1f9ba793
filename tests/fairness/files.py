"""Made-up people and events as the files that `hub match` reads."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fairness.mixes import NOISE, Noise
from tests.fairness.noise import Event, events
from tests.fairness.people import Person, register

OF_A_PERSON: Final = (
    "given",
    "middle",
    "family",
    "birth_date",
    "sex",
    "nhs_number",
    "address_line",
    "postcode",
    "phone",
)
COLUMNS: Final = ("group", "without_number")
"""The slices: the group of everybody, and that of those who came without an NHS number."""

STRANGERS: Final = 4
"""One stranger for so many people of the register: from other households of the same area."""


@dataclass(frozen=True, slots=True)
class Files:
    """Where the files lie."""

    people: Path
    events: Path
    truth: Path


def written_to(
    folder: Path, area: str, people: int, many: int, seed: int, noise: Mapping[str, Noise] = NOISE
) -> Files:
    """A register of an area, events about it, and whom they are about."""
    everybody = register(area, people + people // STRANGERS, seed)
    known, strangers = everybody[:people], everybody[people:]
    found = list(events(known, strangers, many, seed, noise))
    files = Files(folder / "people.csv", folder / "events.csv", folder / "truth.csv")
    table(files.people, ("record_id", *OF_A_PERSON), map(row_of, known))
    table(files.events, ("event_id", *OF_A_PERSON, *COLUMNS), map(event_row, found))
    table(files.truth, ("event_id", "record_id"), ((e.event_id, e.about) for e in found if e.about))
    return files


def row_of(person: Person) -> tuple[str, ...]:
    """A row of the register."""
    return (person.record_id, *(str(getattr(person, name)) for name in OF_A_PERSON))


def event_row(event: Event) -> Iterator[str]:
    """A row of the events, and the slices that it belongs to."""
    yield event.event_id
    for name in OF_A_PERSON:
        yield event.birth_date if name == "birth_date" else str(getattr(event.said, name))
    yield event.said.group
    yield "" if event.said.nhs_number else event.said.group


def table(file: Path, heading: tuple[str, ...], rows: Iterable[Iterable[str]]) -> None:
    """Write a CSV."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.writer(opened)
        out.writerow(heading)
        out.writerows(rows)
