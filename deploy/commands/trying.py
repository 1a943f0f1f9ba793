"""`hub try`: a dry run over files."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.options import Config, Json, configured
from deploy.output import aside, data, data_as_json

if TYPE_CHECKING:
    from deploy.trying.lines import Line

Paths = Annotated[
    list[Path],
    typer.Argument(help="Files or folders with HL7 v2 messages and FHIR bodies.", exists=True),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        help="Move the time on to this instant (UTC) at the end, so that deadlines pass.",
        formats=["%Y-%m-%dT%H:%M"],
    ),
]


def try_files(paths: Paths, until: Until = None, config: Config = None, json: Json = False) -> None:
    """Say what the hub would do with these files. Nothing is sent and nothing is kept.

    Messages are read in the order given. NHS numbers of the test range count, and a message of an unknown sender is
    read as if it came from the first trust of the configuration, which is said at the end. Certificates and whether a
    message calls itself a test (MSH-11) are not asked. A stay without an alert says why. A message that would be
    refused is an answer like any other, so this ends with 0; `hub convert`, which then has no Bundle to give, ends
    with 5.

    Example: hub try admission.hl7 flag.json --json
    """
    from collections import Counter
    from datetime import UTC

    from deploy.fhir_schema import fhir_schema_place
    from deploy.trying.composition import trial_for
    from deploy.trying.files import files_in, pieces_of
    from deploy.trying.lines import MessageLine
    from deploy.trying.strangers import Strangers

    configuration, here = configured(config)
    trial = trial_for(configuration, fhir_schema_place(here.environment))
    strangers = Strangers(trial.wards)
    counts: Counter[str] = Counter()
    for piece in strangers.among(piece for file in files_in(paths) for piece in pieces_of(file)):
        for line in (*trial.lines([piece]), *trial.why_quiet()):
            show(line, json=json)
            counts.update([line.outcome] if isinstance(line, MessageLine) else [])
    if until is not None:
        for line in trial.until(until.replace(tzinfo=UTC)):
            show(line, json=json)
    aside(
        ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
        or "No file was found."
    )
    if strangers.number:
        aside(str(strangers))


def show(line: "Line | str", *, json: bool) -> None:
    """One line, for a program or for a person; what is a text is for people alone."""
    from deploy.trying.lines import MessageLine

    if isinstance(line, str):
        if not json:
            data(f"    {line}")
    elif json:
        data_as_json(line.as_json())
    elif isinstance(line, MessageLine):
        place = f" at {line.expression}" if line.expression else ""
        why = f": {line.reason}{place}" if line.reason else ""
        data(f"{line.file} [{line.index}] {line.event} {line.outcome}{why}")
    else:
        data(f"    {line.kind} {line.action}")
