"""`hub explain`: why two records are one person, or are asked about."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from deploy.commands.dead_letters import engine_of, placed
from deploy.commands.options import Config, Json
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, data, data_as_json

if TYPE_CHECKING:
    from processors.carer_matching.explaining import Because, NotNamed

Asked = Annotated[
    UUID, typer.Argument(help="Id of a question, a stay, a link (evidence) or a record.")
]


def explain(
    asked: Asked,
    region: Annotated[
        str | None, typer.Option(help="The region that has it; else all are looked through.")
    ] = None,
    config: Config = None,
    json: Json = False,
) -> None:
    """Say why records are one person, or are asked about: levels and bits, never what they hold.

    It reads the whole region, as a worker does when it starts, and decides by the configured model.

    Example: hub explain 5b1e6c3a-…
    """
    from deploy.composition import matcher_from
    from deploy.explaining import found_in
    from hub.store.postgres import PostgresStore

    configuration, places = placed(config)
    regions = (
        range(len(configuration.regions))
        if region is None
        else [configuration.partition_of(region)]
    )
    with engine_of(places) as engine:
        found = found_in(PostgresStore(engine), regions, asked, matcher_from(configuration))
    if found is None:
        raise Stopped(ExitCode.CHECK_FAILED, f"Nobody here knows {asked}.")
    show(found, json=json)


def show(found: "list[Because | NotNamed]", *, json: bool) -> None:
    """For a program one line each, for a person a few."""
    from deploy.explaining import in_words

    for each in found:
        if json:
            data_as_json(each.as_json())
            continue
        for line in in_words(each):
            data(line)
    aside(
        "Weights are in bits: more than nothing speaks for one person."
        if found
        else "One record alone."
    )
