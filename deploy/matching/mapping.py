"""`--map`: what the two files call our columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from deploy.exit_codes import ExitCode, Stopped
from deploy.matching.files import Table, missing, wrong

READ: Final = (
    "given", "middle", "family", "birth_date", "sex", "nhs_number", "nhs_number_status", "address_line", "postcode",
    "phone", "email", "deceased", "restricted", "withdrawn",
)  # fmt: skip
"""Columns that are compared. `phone` and `email` may hold several, with `;` between them."""
FORMER: Final = ("former_family", "former_address_line", "former_postcode")
"""Earlier names and homes: several with `;` between them."""
RECORD: Final = "record_id"
EVENT: Final = "event_id"
ID_OF: Final = {"people": RECORD, "events": EVENT}
"""The column that each file must have."""


@dataclass(frozen=True, slots=True)
class Names:
    """Our columns by the names that the files have for them.

    Attributes:
        either: Names that count in each file that has them; one of the two is enough.
        alone: For `people` and `events` the names of that file alone, which it must have; they come first.
    """

    either: Mapping[str, str] = field(default_factory=dict)
    alone: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


AS_OURS: Final = Names()


def mapped(text: str | None) -> Names:
    """`ours=theirs,...` as tables; `people.ours=theirs` and `events.ours=theirs` hold for one file.

    Raises:
        Stopped: It is not of this form, names a column that is not known, one column twice, or one of theirs for two.
    """
    either: dict[str, str] = {}
    alone: dict[str, dict[str, str]] = {file: {} for file in ID_OF}
    for each in (text or "").split(","):
        if not each.strip():
            continue
        said, _, theirs = (part.strip() for part in each.partition("="))
        before, dot, after = said.partition(".")
        ours, files = (after, [before]) if dot else (said, _files_with(said))
        if not theirs or not all(ours in _known_in(file) for file in files) or not files:
            known = ", ".join((*READ, *FORMER, *ID_OF.values()))
            raise Stopped(
                ExitCode.USAGE,
                "--map takes ours=theirs,..., or people.ours=theirs and events.ours=theirs for one file;"
                f" ours is one of {known}.",
            )
        names = alone[files[0]] if len(files) == 1 else either
        if ours in names:
            raise Stopped(
                ExitCode.USAGE,
                f"--map names {said} twice; where the files differ say people.{ours}=... and events.{ours}=...",
            )
        names[ours] = theirs
    _refuse_shared(either, alone)
    return Names(either, alone)


def _refuse_shared(either: Mapping[str, str], alone: Mapping[str, Mapping[str, str]]) -> None:
    """Refuse one column of a file for two of ours that are compared: what stands in it would count twice.

    Raises:
        Stopped: It is so.
    """
    compared = (*READ, *FORMER)
    for file, own in alone.items():
        taken: dict[str, str] = {}
        for ours, theirs in {**dict(zip(compared, compared, strict=True)), **either, **own}.items():
            if ours in compared and (other := taken.setdefault(theirs, ours)) != ours:
                raise Stopped(
                    ExitCode.USAGE,
                    f"The column {theirs} of {file} is read as {other} and as {ours}: say with --map of each where it"
                    " stands.",
                )


def _known_in(file: str) -> tuple[str, ...]:
    return (*READ, *FORMER, ID_OF[file]) if file in ID_OF else ()


def _files_with(ours: str) -> list[str]:
    return [file for file in ID_OF if ours in _known_in(file)]


def places(names: Names, tables: Mapping[str, Table]) -> dict[str, dict[str, str]]:
    """For each of the two files where our columns stand in it; a name of ours that it lacks stands as it is.

    Raises:
        Stopped: A name that `--map` says is in neither file, or not in the one that it was said of.
    """
    for theirs in names.either.values():
        if not any(theirs in table.heading for table in tables.values()):
            files = " nor ".join(table.file.name for table in tables.values())
            raise wrong(f"Neither {files} has a column {theirs}, which --map names.")
    found = {}
    for file, table in tables.items():
        for theirs in names.alone.get(file, {}).values():
            if theirs not in table.heading:
                raise missing(table, theirs, ", which --map names")
        here = {ours: each for ours, each in names.either.items() if each in table.heading}
        own = {**here, **names.alone.get(file, {})}
        found[file] = {ours: own.get(ours, ours) for ours in _known_in(file)}
    return found
