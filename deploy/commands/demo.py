"""`hub demo`: a made-up hospital day through the real hub, judged against its own truth."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.options import Json
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, data, data_as_json

if TYPE_CHECKING:
    from deploy.demo.stage.report import Report
    from deploy.standing.hub import StandingHub

SEED = 1
PACE_SECONDS = 45.0
BY_EVIDENCE = {"worker": {"match_by_evidence": True}}
"""Its truth knows patients whom nothing but name, date of birth and home tell."""


@dataclass(frozen=True, slots=True)
class _Wishes:
    seed: int
    pace: float
    moving: bool
    json: bool


def demo(
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another day.")] = SEED,
    pace: Annotated[
        float, typer.Option(min=0, max=3600, help="Play in about so many seconds.")
    ] = PACE_SECONDS,
    terminal: Annotated[
        bool | None,
        typer.Option(
            "--terminal/--no-terminal",
            help="Show a moving picture and stay until Ctrl-C; by default in a terminal only.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Play a made-up hospital day to a real hub of its own, and say what was right, missed or wrong.

    Example: hub demo --seed 7 --pace 20
    """
    import sys
    import time

    from deploy.roles.logs import set_up_logs

    began = time.monotonic()
    moving = sys.stderr.isatty() if terminal is None else terminal
    set_up_logs("critical" if moving else "error")
    try:
        code = _shown(_Wishes(seed, pace, moving, json), began)
    except KeyboardInterrupt:
        raise Stopped(ExitCode.PARTLY_DONE, "Stopped before the end.") from None
    if code is not ExitCode.OK:
        raise Stopped(code)


def _shown(wishes: _Wishes, began: float) -> ExitCode:
    """Play the day; in a terminal the hub stays up afterwards.

    Raises:
        KeyboardInterrupt: It was stopped before the end.
    """
    from deploy.demo.stage.report import report_of
    from deploy.demo.stage.stage import Direction, perform
    from deploy.demo.stage.views import in_lines, live
    from deploy.demo.world import day
    from deploy.standing.hub import Wanted, standing_hub
    from hub.runtime import clock

    with standing_hub(Wanted(changes=BY_EVIDENCE), tell=aside) as hub:
        made = day(wishes.seed, clock.now())
        view = live if wishes.moving else in_lines(aside)
        verdict = perform(made, hub, Direction(seconds=wishes.pace, view=view))
        _say(report_of(made, verdict, hub.fetched_at or began), json=wishes.json)
        if wishes.moving:
            _stay(hub)
    return verdict.exit_code


def _say(report: "Report", *, json: bool) -> None:
    if json:
        data_as_json(report.as_json())
    else:
        for line in report.lines():
            data(line)


def _stay(hub: "StandingHub") -> None:
    """Leave it standing until Ctrl-C; each Enter gives new links."""
    import sys
    from contextlib import suppress
    from threading import Event

    from deploy.demo.stage.pages import page_addresses

    gateway = hub.gateways[0]
    aside(f"HL7 v2 over MLLP: port {gateway.mllp_port}. FHIR: {gateway.fhir_url}.")
    with suppress(KeyboardInterrupt):
        while True:
            aside("The pages, by links that work once:")
            for address in page_addresses(hub):
                aside(f"  {address}")
            aside("The hub stays up. Enter gives new links; Ctrl-C ends it and leaves nothing.")
            if not sys.stdin.readline():
                Event().wait()
