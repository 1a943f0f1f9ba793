"""`hub dead-letters`: what could not be used, and once more."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from deploy.commands.options import Config, Json, configured
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, columns, data, data_as_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.composition import Places
    from deploy.configuration.model import Configuration
    from hub.store.engine import Engine

dead_letters = typer.Typer(
    help="What could not be used: list it, look at it, try it once more.", no_args_is_help=True
)

Id = Annotated[UUID, typer.Argument(help="Id of the dead letter.")]


@dead_letters.command(name="list")
def list_letters(
    settled: Annotated[
        bool, typer.Option("--settled", help="Also those that are settled.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 100,
    config: Config = None,
    json: Json = False,
) -> None:
    """List dead letters: reason and place, never what they hold.

    Example: hub dead-letters list --json
    """
    from dataclasses import asdict

    from hub.store.letters import letters

    configuration, places = placed(config)
    with engine_of(places) as engine:
        found = letters(engine, settled_too=settled, most=most)
    if json:
        for each in found:
            data_as_json(asdict(each))
        return
    rows = [
        (
            str(each.dead_letter_id),
            region_name(configuration, each.region),
            each.processor or each.source or "region",
            each.code,
            each.expression or "-",
            str(each.times),
            each.reason,
        )
        for each in found
    ]
    for line in columns([("ID", "REGION", "WHERE", "CODE", "PLACE", "TIMES", "REASON"), *rows]):
        data(line)
    aside(f"{len(found)} dead letters.")


@dead_letters.command(name="show")
def show(
    dead_letter: Id,
    content: Annotated[
        bool,
        typer.Option("--content", help="Write the bytes themselves, which may hold personal data."),
    ] = False,
    config: Config = None,
) -> None:
    """Show one dead letter; with --content the bytes, and nothing else.

    Example: hub dead-letters show 0c2d6f0e-… --content > message.hl7
    """
    import sys
    from dataclasses import asdict

    from hub.store import letters

    _, places = placed(config)
    with engine_of(places) as engine:
        found = letters.letter(engine, dead_letter)
        value = letters.content(engine, dead_letter) if content else None
    if found is None:
        raise Stopped(ExitCode.CHECK_FAILED, f"There is no dead letter {dead_letter}.")
    if value is not None:
        sys.stdout.buffer.write(value)
    else:
        data_as_json(asdict(found))


@dead_letters.command(name="redrive")
def redrive(
    dead_letter: Id,
    region: Annotated[
        str | None,
        typer.Option(help="For one whose sender was not known: the region to try it in."),
    ] = None,
    config: Config = None,
) -> None:
    """Try a dead letter once more, as a late event. Its region's owner does it and settles it when it succeeds.

    What a door refused of a sender of several regions is told to the others as well.

    Example: hub dead-letters redrive 0c2d6f0e-…
    """
    import asyncio

    from deploy.operating import command_of, say, say_all
    from deploy.redriving import published_when_needed, rereader, said_elsewhere
    from hub.store import letters

    configuration, places = placed(config)
    with engine_of(places) as engine:
        found = letters.letter(engine, dead_letter)
        value = letters.content(engine, dead_letter)
    if found is None or found.settled_at is not None:
        raise Stopped(ExitCode.CHECK_FAILED, f"There is no open dead letter {dead_letter}.")
    if found.region < 0 and region is None:
        raise Stopped(ExitCode.USAGE, "Its sender was not known, so say --region.")
    where = found.region if region is None else configuration.partition_of(region)
    if found.source is not None and value is not None and found.region >= 0:
        published = published_when_needed(configuration, places.fhir_schema)
        reader = rereader(configuration, published)
        others = said_elsewhere(reader, found.source, value, where)
        if others:
            asyncio.run(say_all(places.kafka, [(each.event, each.key) for each in others]))
    asyncio.run(say(places.kafka, command_of("redrive", str(dead_letter), where)))
    aside("Asked. `hub dead-letters list` shows whether it is settled.")


def placed(config: "Config") -> "tuple[Configuration, Places]":
    """Configuration and places of this call."""
    from deploy.composition import places_from

    configuration, here = configured(config)
    return configuration, places_from(configuration, here)


@contextmanager
def engine_of(places: "Places") -> "Iterator[Engine]":
    """One engine, closed afterwards."""
    from hub.store.engine import engine_for

    engine = engine_for(places.database_url, connections=1)
    try:
        yield engine
    finally:
        engine.dispose()


def region_name(configuration: "Configuration", number: int) -> str:
    """A region as people call it."""
    return (
        configuration.regions[number].name
        if 0 <= number < len(configuration.regions)
        else "unknown"
    )
