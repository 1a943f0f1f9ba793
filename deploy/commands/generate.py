"""`hub generate`: what follows from the schemas."""

from typing import Annotated

import typer

from deploy.commands.options import Json
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, data, data_as_json


def generate(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing, name what differs, end with 1 if any.")
    ] = False,
    amend: Annotated[
        bool, typer.Option("--amend", help="Replace the newest version: for work not landed yet.")
    ] = False,
    json: Json = False,
) -> None:
    """Write what follows from schemas/: registry versions, records and topics. For developers.

    Example: hub generate --check
    """
    from deploy.generate import generate as write

    differences = write(check, amend=amend)
    for each in differences:
        if json:
            data_as_json({"text": each})
        else:
            data(each)
    if not differences:
        aside("Generated files are in step with schemas/.")
    if check and differences:
        raise Stopped(ExitCode.CHECK_FAILED)
