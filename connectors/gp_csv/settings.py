"""What one sender of extracts is like."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from hub.fhir.nhs_number import TestNumbers

MOST_TAKEN_AT_ONCE: Final = 4
"""Registers that are taken at the same time unless the configuration says otherwise: two cores are busy with that."""


class Encoding(StrEnum):
    """Character sets of files, by the names that the configuration uses."""

    UTF_8 = "utf-8"
    WINDOWS_1252 = "windows-1252"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvSettings:
    """One sender, from the configuration; nothing of it is ever taken from a file.

    Attributes:
        name: The source of its events; it never changes.
        ods_code: The organisation that hands in the files.
        regions: Where its events go; the first refers.
        charset: Character set of its files.
        test_numbers: Whether NHS numbers of the test range are people.
        most_bytes: Of one file; more is refused unread.
        most_rows: Of one file, without header and trailer.
    """

    name: str
    ods_code: str
    regions: tuple[int, ...]
    charset: Encoding = Encoding.UTF_8
    test_numbers: TestNumbers = "refuse"
    most_bytes: int = 8 * 1024 * 1024
    most_rows: int = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSettings(CsvSettings):
    """One sender whose files come into a watched folder, each a whole register or what changed in it.

    Attributes:
        contents: What its files may be: whole registers, changes, or either, told apart by the column of actions.
        former_codes: Codes that the organisation had before, and that its files may still show.
        most_ended_share: Of the entries that stand; a file that would end more is refused.
        most_refused_share: Of its rows; a file with more that cannot be used is refused.
    """

    contents: Literal["either", "full", "delta"] = "either"
    former_codes: tuple[str, ...] = ()
    most_ended_share: float = 0.1
    most_refused_share: float = 0.05
    most_bytes: int = 1024 * 1024 * 1024
    most_rows: int = 5_000_000
