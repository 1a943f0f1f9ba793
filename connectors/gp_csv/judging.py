"""Whether what a file says can be so: the rules that refuse a whole file. Pure."""

from datetime import UTC, datetime
from typing import Final

from connectors.gp_csv.ending import End
from connectors.gp_csv.extract import place
from connectors.gp_csv.layout import Layout
from connectors.gp_csv.settings import RegisterSettings
from hub.errors import Rejected, Undecodable
from hub.fhir.times import start_of
from hub.ports.registers import Difference, RegisterFile

FEW: Final = 5
"""So many entries may end, or so many rows be of no use, whatever share that is: small registers move too."""

MOST_OF_FEW: Final = 0.5
"""Of a register with `FEW` entries or less: one that ends more may be a file of changes that does not say so."""

CONFIRM: Final = "If it is so, move the file into the folder `confirmed`."


def made_at_of(end: End, named: datetime | None, modified: datetime) -> datetime:
    """When a file was made: by its own date, else the time in its name, else when it was last written.

    Where the date in the file is that of the name, the name tells the time of day as well. UTC.
    """
    if end.made_on is None:
        return named or modified
    day = start_of(end.made_on)
    same_day = named is not None and named.astimezone(UTC).date() == end.made_on
    return named if named is not None and same_day else day


def refuse_out_of_turn(made_at: datetime, last: RegisterFile | None) -> None:
    """A file that was made before the last one that was taken says what is no longer so.

    Raises:
        Undecodable: It is such a file.
    """
    if last is not None and made_at < last.made_at:
        raise Undecodable(
            "This file is older than the last one that was taken.", expression="file", code="older"
        )


def refuse_other_contents(end: End, settings: RegisterSettings) -> None:
    """A sender hands in what was agreed.

    Raises:
        Undecodable: Changes where whole registers were agreed, or the reverse.
    """
    if settings.contents == "full" and end.is_delta:
        raise Undecodable(
            "The file has a column of actions, and the configuration says `contents: full`.",
            expression=place(1),
            code="delta",
        )
    if settings.contents == "delta" and not end.is_delta:
        raise Undecodable(
            "The file has no column of actions, and the configuration says `contents: delta`.",
            expression=place(1),
            code="missing-column",
        )


def refuse_doubled(difference: Difference, end: End, layout: Layout) -> None:
    """A register has each entry once, where its layout says so; a file of changes may speak of one again.

    Raises:
        Undecodable: It has two rows of one.
    """
    if difference.doubled is not None and layout.doubled == "refuse" and not end.is_delta:
        raise Undecodable(
            "An earlier row is of the same entry.",
            expression=place(difference.doubled),
            code="duplicate",
        )


def refuse_unlikely(difference: Difference, end: End, settings: RegisterSettings) -> None:
    """A register loses a few carers a day, not many at once.

    Raises:
        Undecodable: More would end than is likely.
    """
    ended, standing = difference.ended, difference.standing
    if not end.is_delta and not end.rows and standing:
        raise Undecodable(f"The register is empty. {CONFIRM}", expression="file", code="empty")
    share = settings.most_ended_share
    of_few = not end.is_delta and 1 < standing <= FEW
    if of_few and ended > MOST_OF_FEW * standing:
        share = MOST_OF_FEW
    elif not (ended == standing > 1 or (ended > FEW and ended > share * standing)):
        return
    raise Undecodable(
        f"It would end {ended} of {standing} flags, more than {share:.0%}. {CONFIRM}",
        expression="file",
        code="too-many-ended",
    )


def refuse_many_refused(
    refused: int, rows: int, first: Rejected | None, settings: RegisterSettings
) -> None:
    """A few rows of no use are told to the sender; many mean that the file is not what it should be.

    Raises:
        Undecodable: At the place of the first of them.
    """
    many = refused > FEW and refused > settings.most_refused_share * rows
    if first is not None and (many or refused == rows):
        raise Undecodable(
            f"{refused} of {rows} rows cannot be used, more than {settings.most_refused_share:.0%}. "
            f"The first: {first.reason}",
            expression=first.expression,
            code=first.code,
        )
