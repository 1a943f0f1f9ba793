"""`hub convert`: HL7 v2 to FHIR."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.options import Config, Json, configured
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, data, data_as_json

Paths = Annotated[
    list[Path], typer.Argument(help="Files or folders with HL7 v2 messages.", exists=True)
]


Explain = Annotated[
    bool,
    typer.Option("--explain", help="Say of each place of a message what it became, and what not."),
]


def convert(
    paths: Paths, config: Config = None, json: Json = False, explain: Explain = False
) -> None:
    """Turn HL7 v2 messages into FHIR R4: one line of JSON for each, in the order given. Nothing is sent or kept.

    A line holds the message Bundle, or code, place and reason of the refusal. Messages are read as `hub try` reads
    them. Ends with 5 when a message was rejected.

    With --explain a table says instead as which sender a message was read, with which ward and bed, and what each of
    its places became; with --json as well each line says so (`explained`): which place became what (`became`:
    FHIRPaths of the Bundle, or fields of the event), without which the message is refused (`needed`), which is read
    but only says the same again (`said_again`), which only shapes the answer (`answer`), and which is `not_used`:
    alone it changes nothing.

    Example: hub convert --explain admission.hl7
    """
    from collections import Counter

    from deploy.commands.progress import progress
    from deploy.trying.composition import wards_for
    from deploy.trying.conversion import converted
    from deploy.trying.explaining import places_of
    from deploy.trying.files import files_in, pieces_of
    from deploy.trying.strangers import Strangers
    from deploy.trying.table import LEGEND, table_of

    wards = wards_for(configured(config)[0])
    counts: Counter[str] = Counter()
    strangers = Strangers(wards)
    done = progress("messages", aside)
    for piece in strangers.among(piece for file in files_in(paths) for piece in pieces_of(file)):
        line = converted(piece, wards, explain=explain)
        if explain and not json:
            data("\n".join(table_of(line, places_of(piece))))
        else:
            data_as_json(line)
        counts[str(line["outcome"])] += 1
        done.step()
    if explain and not json:
        aside(LEGEND)
    aside(
        ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
        or "No file was found."
    )
    if strangers.number:
        aside(str(strangers))
    if counts["rejected"]:
        raise Stopped(ExitCode.PARTLY_DONE)
