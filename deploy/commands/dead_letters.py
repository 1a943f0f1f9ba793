"""`hub dead-letters`: what could not be used, and once more."""

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer

from deploy.commands.options import Config, Json, configured
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, columns, data, data_as_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from deploy.composition import Places
    from deploy.configuration.model import Configuration
    from hub.records import PersonDecision
    from hub.store.engine import Engine
    from hub.store.letters import LetterRow

dead_letters = typer.Typer(
    help="What could not be used: list it, look at it, try it once more.", no_args_is_help=True
)

OUTCOME_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.25


class Because(StrEnum):
    """Why a dead letter is settled by hand: the words of `hub.runtime.redrive`, which is not imported for help."""

    RESENT = "resent"
    NOT_NEEDED = "not-needed"
    TEST = "test"
    KNOWN_ELSEWHERE = "known-elsewhere"


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
            minute(each.last_at),
            minute(each.settled_at) if each.settled_at else "no",
            region_name(configuration, each.region),
            each.processor or each.source or "region",
            each.code,
            each.expression or "-",
            str(each.times),
            each.reason,
        )
        for each in found
    ]
    head = ("ID", "LAST", "SETTLED", "REGION", "WHERE", "CODE", "PLACE", "TIMES", "REASON")
    for line in columns([head, *rows]):
        data(line)
    aside(f"{len(found)} dead letters. Times are UTC.")


@dead_letters.command(name="show")
def show(
    dead_letter: Id,
    content: Annotated[
        bool,
        typer.Option("--content", help="Write the bytes themselves, which may hold personal data."),
    ] = False,
    config: Config = None,
) -> None:
    """Show one dead letter; with --content the bytes, and nothing else. `control_id` is MSH-10 of the message.

    Example: hub dead-letters show 0c2d6f0e-… --content > message.hl7
    """
    import sys
    from dataclasses import asdict

    from hub.store import letters

    _, places = placed(config)
    with engine_of(places) as engine:
        found = letters.letter(engine, dead_letter)
        value_of_it = letters.content(engine, dead_letter) or b""
    if found is None:
        raise Stopped(ExitCode.CHECK_FAILED, f"There is no dead letter {dead_letter}.")
    if content:
        sys.stdout.buffer.write(value_of_it)
    else:
        data_as_json({**asdict(found), "control_id": control_id_of(found, value_of_it)})


@dead_letters.command(name="redrive")
def redrive(
    dead_letter: Id,
    region: Annotated[
        str | None,
        typer.Option(help="For one whose sender was not known: the region to try it in."),
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait for the outcome, some seconds at most.")] = True,
    config: Config = None,
) -> None:
    """Try a dead letter once more, as a late event. Its region's owner does it and settles it when it succeeds.

    What a door refused of a sender of several regions is told to the others as well.

    Use it when the hub was at fault: change the configuration, restart the hub, redrive. What a sender got wrong stays
    wrong: let them correct and resend it, then `hub dead-letters settle`. Ends with 1 when it is refused again.

    Example: hub dead-letters redrive 0c2d6f0e-…
    """
    from deploy.operating import command_of

    configuration, places = placed(config)
    before = open_letter(places, dead_letter)
    where = region_to_try(configuration, before, region)
    tell_others(configuration, places, before, where)
    ask(places, before, command_of("redrive", str(dead_letter), where), wait=wait)


@dead_letters.command(name="settle")
def settle(
    dead_letter: Id,
    because: Annotated[Because, typer.Option(help="Why; no free text, which could name people.")],
    wait: Annotated[bool, typer.Option(help="Wait for the outcome, some seconds at most.")] = True,
    config: Config = None,
) -> None:
    """Settle a dead letter that needs nothing more: mostly because its sender corrected it and sent it again.

    Example: hub dead-letters settle 0c2d6f0e-… --because resent
    """
    from deploy.operating import command_of

    _, places = placed(config)
    before = open_letter(places, dead_letter)
    argument = f"{dead_letter} {because.value}"
    ask(places, before, command_of("settle", argument, max(before.region, 0)), wait=wait)


def region_to_try(configuration: "Configuration", letter: "LetterRow", region: str | None) -> int:
    """The region whose owner tries a dead letter: its own, or the one that is said of a sender who was not known.

    Raises:
        Stopped: Its sender was not known and no region or an unknown one is said, or it has one: another's owner
            would not find it.
    """
    if letter.region < 0:
        if region is None:
            raise Stopped(ExitCode.USAGE, "Its sender was not known, so say --region.")
        try:
            return configuration.partition_of(region)
        except LookupError:
            known = ", ".join(each.name for each in configuration.regions)
            text = f"There is no region {region} in the configuration, but: {known}."
            raise Stopped(ExitCode.USAGE, text) from None
    if region is not None:
        own = region_name(configuration, letter.region)
        raise Stopped(ExitCode.USAGE, f"It belongs to the region {own}: leave out --region.")
    return letter.region


def tell_others(
    configuration: "Configuration", places: "Places", letter: "LetterRow", where: int
) -> None:
    """Say what a door refused to the other regions of its sender; the redrive says it to the letter's own."""
    import asyncio

    from deploy.operating import say_all
    from deploy.redriving import published_when_needed, rereader, said_elsewhere
    from hub.store import letters

    with engine_of(places) as engine:
        value = letters.content(engine, letter.dead_letter_id)
    if letter.source is None or value is None or letter.region < 0:
        return
    reader = rereader(configuration, published_when_needed(configuration, places.fhir_schema))
    others = said_elsewhere(reader, letter.source, value, letter.first_at, where)
    if others:
        asyncio.run(say_all(places.kafka, [(each.event, each.key) for each in others]))


def open_letter(places: "Places", dead_letter: UUID) -> "LetterRow":
    """A dead letter that is not settled and is a region's.

    Raises:
        Stopped: There is none.
    """
    from hub.processor import PROCESSORS
    from hub.store import letters

    with engine_of(places) as engine:
        found = letters.letter(engine, dead_letter)
    if found is None or found.settled_at is not None:
        raise Stopped(ExitCode.CHECK_FAILED, f"There is no open dead letter {dead_letter}.")
    if found.processor is not None and found.processor not in PROCESSORS:
        raise Stopped(
            ExitCode.CHECK_FAILED,
            f"It belongs to the read model {found.processor}, which no command of a region reaches.",
        )
    return found


def ask(places: "Places", before: "LetterRow", command: "PersonDecision", *, wait: bool) -> None:
    """Say a command to a region, and what came of it.

    Raises:
        Stopped: It was refused again, or nothing came of it in time.
    """
    import asyncio

    from deploy.operating import say

    asyncio.run(say(places.kafka, command))
    if not wait:
        aside("Asked. `hub dead-letters list` shows whether it is settled.")
        return
    after = outcome(places, before)
    if after is None:
        raise Stopped(
            ExitCode.PARTLY_DONE,
            f"Asked, and nothing came of it in {OUTCOME_SECONDS:.0f} seconds: does a worker run? "
            "`hub dead-letters list` shows whether it is settled.",
        )
    if after.settled_at is None:
        place = f" ({after.expression})" if after.expression else ""
        raise Stopped(ExitCode.CHECK_FAILED, f"Refused again{place}: {after.reason}")
    aside("Settled.")


def outcome(places: "Places", before: "LetterRow") -> "LetterRow | None":
    """A dead letter once it was settled or refused again; None when neither came in time."""
    import time

    from hub.store import letters

    until = time.monotonic() + OUTCOME_SECONDS
    with engine_of(places) as engine:
        while time.monotonic() < until:
            now = letters.letter(engine, before.dead_letter_id)
            if now is None or now.settled_at is not None or now.times > before.times:
                return now
            time.sleep(LOOK_SECONDS)  # between looks; given up at `until`
    return None


def control_id_of(letter: "LetterRow", value: bytes) -> str:
    """MSH-10 of a message that a door for wards refused; empty of anything else."""
    from hub.errors import Rejected
    from hub.hl7v2.header import header_from

    try:
        return "" if letter.topic else header_from(value).text("MSH-10") or ""
    except Rejected:
        return ""


def minute(moment: "datetime") -> str:
    """A time in a list, UTC."""
    from datetime import UTC

    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"


def placed(config: "Config") -> "tuple[Configuration, Places]":
    """Configuration and places of this call."""
    from deploy.composition import places_from

    configuration, here = configured(config)
    return configuration, places_from(configuration, here)


@contextmanager
def engine_of(places: "Places") -> "Iterator[Engine]":
    """One engine, closed afterwards."""
    from hub.errors import Unavailable
    from hub.store.engine import engine_for

    engine = engine_for(places.database_url, connections=1)
    try:
        yield engine
    except Unavailable as error:
        raise Unavailable(
            f"The database does not answer ({error.reason}): the hub is not running; start it with `hub up`."
        ) from error
    finally:
        engine.dispose()


def region_name(configuration: "Configuration", number: int) -> str:
    """A region as people call it."""
    return (
        configuration.regions[number].name
        if 0 <= number < len(configuration.regions)
        else "unknown"
    )
