"""`hub bench`: how fast the hub is."""

from enum import StrEnum
from typing import Annotated

import typer

from deploy.commands.options import Json
from deploy.output import data, data_as_json


class Bench(StrEnum):
    """What can be measured."""

    PARSE = "parse"
    CONVERT = "convert"
    CHAIN = "chain"
    MLLP = "mllp"
    LATENCY = "latency"
    PAGE = "page"
    DAY = "day"
    MEMORY = "memory"
    EXTRACT = "extract"
    TAKEOVER = "takeover"
    MATCH = "match"


Names = Annotated[
    list[Bench] | None, typer.Argument(help="What to measure.", show_default="everything")
]
Quick = Annotated[bool, typer.Option("--quick", help="So little that it only shows that it works.")]
Runs = Annotated[
    int | None, typer.Option(min=1, help="How often everything is measured.", show_default="5")
]
Seed = Annotated[int | None, typer.Option(help="Of the messages.", show_default="always the same")]
DayMessages = Annotated[
    int | None, typer.Option(min=1, help="How many make a day.", show_default="220,000")
]
ExtractRows = Annotated[
    int | None, typer.Option(min=1, help="How many make a register.", show_default="200,000")
]
People = Annotated[
    int | None,
    typer.Option(min=1, help="How many a region has that is taken over.", show_default="100,000"),
]
MatchPeople = Annotated[
    int | None, typer.Option(min=100, help="Among how many is looked.", show_default="1,000,000")
]


def bench(  # noqa: PLR0913, PLR0917 - one parameter for each option
    names: Names = None,
    quick: Quick = False,
    runs: Runs = None,
    seed: Seed = None,
    day_messages: DayMessages = None,
    extract_rows: ExtractRows = None,
    people: People = None,
    match_people: MatchPeople = None,
    json: Json = False,
) -> None:
    """Measure the hub beside its peers and beside what it must reach; medians of several runs. It takes hours.

    Everything runs on a Kafka and a PostgreSQL of its own, which are gone afterwards. Let the machine do nothing else
    meanwhile. Peers come with the extra `bench`. It ends with 0 whatever the numbers say.

    Example: hub bench parse convert --runs 3 --json
    """
    from deploy.bench.dose import dose_for
    from deploy.bench.progress import progress
    from deploy.local.errors import CannotStart
    from deploy.roles.logs import set_up_logs
    from hub.runtime import clock

    try:
        from deploy.bench.measurements import measured
        from deploy.bench.report import Report
    except ImportError as error:
        raise CannotStart(
            f"The bench needs {error.name}, which is not installed: `make setup` does."
        ) from error
    set_up_logs("warning")
    begun, dose = (
        clock.now(),
        dose_for(
            quick=quick,
            runs=runs,
            seed=seed,
            day=day_messages,
            rows=extract_rows,
            people=people,
            register=match_people,
        ),
    )
    with progress() as tell:
        report = Report(begun, dose, measured(names or (), dose, tell))
    if json:
        data_as_json(report.as_json())
    else:
        for line in report.lines():
            data(line)
