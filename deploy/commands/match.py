"""`hub match`: who is meant, with reasons; and `hub match train`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from deploy.matching.mapping import Names
    from hub.matching.training.learning import Label

match = typer.Typer(
    no_args_is_help=True,
    invoke_without_command=True,
    help="Say of records whom of a register they mean, or learn how to.",
)

People = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The register: CSV or Parquet, with record_id.",
        dir_okay=False,
        exists=True,
    ),
]
Events = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The records: CSV or Parquet, with event_id.",
        dir_okay=False,
        exists=True,
    ),
]
Map = Annotated[
    str | None,
    typer.Option(
        "--map",
        metavar="OURS=THEIRS,...",
        help="What the files call our columns; people.OURS=... and events.OURS=... for one file.",
    ),
]
ModelFile = Annotated[
    Path | None,
    typer.Option(
        "--model", metavar="FILE", help="Else the one that comes with the hub.", exists=True
    ),
]
Train = Annotated[bool, typer.Option("--train", help="Learn the model from the two files first.")]
Truth = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="event_id, record_id: adds how right it was.", exists=True),
]
Group = Annotated[
    list[str] | None,
    typer.Option(help="A column of the events: how right it was for each of its values."),
]
Out = Annotated[Path | None, typer.Option(metavar="FILE", help="Write the lines there as well.")]
Report = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the summary there, as JSON.")
]


@match.callback()
def decide(  # noqa: PLR0913, PLR0917 - one parameter for each option
    context: typer.Context,
    people: People = None,
    events: Events = None,
    map_: Map = None,
    model: ModelFile = None,
    train: Train = False,
    truth: Truth = None,
    group: Group = None,
    out: Out = None,
    report: Report = None,
) -> None:
    """Say of each record whom of a register it means: AUTO, REVIEW or NONE, with reasons, one line of JSON each.

    Columns: given, middle, family, birth_date, sex, nhs_number, nhs_number_status, address_line, postcode, phone,
    email, former_family, former_address_line, former_postcode, deceased, restricted, withdrawn; any may be missing.
    Reasons are levels and bits, never values. The summary goes to standard error.

    Example: hub match --people register.csv --events flags.csv --truth truth.csv
    """
    if context.invoked_subcommand is not None:
        return
    import json
    import sys
    from contextlib import ExitStack

    from deploy.bench.progress import progress
    from deploy.exit_codes import ExitCode, Stopped
    from deploy.matching.files import refuse_unwritable
    from deploy.matching.running import Task, run
    from deploy.output import aside

    if people is None or events is None:
        raise Stopped(ExitCode.USAGE, "hub match needs --people and --events.")
    if group and truth is None:
        raise Stopped(
            ExitCode.USAGE,
            "--group says how right it was, which needs --truth FILE (event_id, record_id): add that.",
        )
    for option, file in (("--out", out), ("--report", report)):
        refuse_unwritable(option, file, (people, events, truth, model))
    task = Task(
        people=people,
        events=events,
        names=_mapped(map_),
        model=model,
        learn=train,
        truth=truth,
        groups=tuple(group or ()),
    )
    with ExitStack() as stack:
        outs = [sys.stdout]
        if out is not None:
            outs.append(stack.enter_context(out.open("w", encoding="utf-8")))
        result = run(task, _label(), outs, stack.enter_context(progress()))
    aside(json.dumps(result, ensure_ascii=False))
    if report is not None:
        report.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@match.command(name="train")
def learn(
    people: People = None,
    events: Events = None,
    map_: Map = None,
    model: Annotated[
        Path | None, typer.Option("--model", metavar="FILE", help="Where the model is written.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An earlier model of this register.", exists=True),
    ] = None,
    sign_off: Annotated[
        bool, typer.Option("--sign-off", help="Write it though weights moved by more than 2 bits.")
    ] = False,
) -> None:
    """Learn a model from a register and records that are to be matched with it; nobody says who is who.

    Refused with 1 when the weight of a level moved by more than 2 bits --against an earlier model, unless --sign-off.
    The model holds names that five people or more bear, with how many: keep it as you keep the register.

    Example: hub match train --people register.csv --events flags.csv --model model.json
    """
    from deploy.bench.progress import progress
    from deploy.exit_codes import ExitCode, Stopped
    from deploy.matching.files import refuse_unwritable
    from deploy.matching.lists import write_model
    from deploy.matching.running import Task
    from deploy.matching.teaching import learned, refuse_moved
    from deploy.output import aside

    if people is None or events is None or model is None:
        raise Stopped(ExitCode.USAGE, "hub match train needs --people, --events and --model.")
    refuse_unwritable("--model", model, (people, events))
    task = Task(people=people, events=events, names=_mapped(map_), learn=True)
    with progress() as tell:
        made = learned(task, _label(), tell)
    if against is not None and not sign_off:
        refuse_moved(against, made)
    write_model(made, model)
    aside(f"{made.digest}: learned from {made.people} people.")


def _mapped(text: str | None) -> "Names":
    from deploy.matching.mapping import mapped

    return mapped(text)


def _label() -> "Label":
    """What a model that is learned now is called."""
    from hub.matching.training.learning import Label
    from hub.runtime import clock

    today = f"{clock.now():%Y-%m-%d}"
    return Label(version=today, source="hub match, expectation and maximisation", trained_on=today)
