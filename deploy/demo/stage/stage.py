"""One performance: play a day to a hub that runs, wait until everything was said, and judge it."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, TypeAlias

from deploy.demo.script import Day, Step
from deploy.demo.stage.comparison import Comparison, compared
from deploy.demo.stage.feeds import Feeds
from deploy.demo.stage.outcomes import Outcomes
from deploy.demo.stage.player import Player, Progress
from deploy.demo.stage.scene import Scene
from deploy.demo.stage.views import View
from deploy.demo.stage.watcher import Alter, Standing, Watcher, as_it_is
from deploy.exit_codes import ExitCode
from deploy.standing.hub import StandingHub
from hub.runtime import clock

SETTLED_SECONDS: Final = 1.5
"""Everything is as it must be, and nothing was said for so long: it is the end."""

GIVEN_UP_SECONDS: Final = 8.0
"""Something is not as it must be, and nothing was said for so long: it will not come."""

LONGEST_SECONDS: Final = 120.0
LOOK_SECONDS: Final = 0.2

LeaveOut: TypeAlias = Callable[[int, Step], bool]


def nothing(_number: int, _step: Step) -> bool:
    """Leave nothing out."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """How a day is played.

    Attributes:
        seconds: The steps are spread over so many; 0 = as fast as answers come.
        view: Shows it meanwhile.
        leave_out: Steps that are not sent, by number and step; tests lose a message here.
        alter: What is done to each alert that is seen; tests spoil one here.
    """

    seconds: float
    view: View
    leave_out: LeaveOut = nothing
    alter: Alter = as_it_is


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a day.

    Attributes:
        comparison: Against the truth.
        complaints: What did not go as the script says, without names.
        played: How many steps.
        said: How often each action was said.
        first_alert_at: By `time.monotonic`; None when there was none.
    """

    comparison: Comparison
    complaints: Sequence[str]
    played: int
    said: Mapping[str, int]
    first_alert_at: float | None

    @property
    def exit_code(self) -> ExitCode:
        """1 when anything was missed, wrong or answered otherwise."""
        fine = self.comparison.equal and not self.complaints
        return ExitCode.OK if fine else ExitCode.CHECK_FAILED


def perform(day: Day, hub: StandingHub, direction: Direction) -> Verdict:
    """Play a day, and judge what the hub said since it began.

    Raises:
        Unavailable: The hub cannot be reached, or what it says cannot be read.
    """
    steps = [step for number, step in enumerate(day.steps) if not direction.leave_out(number, step)]
    progress = Progress(len(steps))
    with ExitStack() as stack:
        watcher = stack.enter_context(Watcher(hub.places.kafka, direction.alter).watching())
        feeds = stack.enter_context(Feeds(hub))
        outcomes = stack.enter_context(Outcomes(hub))
        stack.enter_context(direction.view(Scene(hub.configuration, progress, watcher)))
        Player(feeds, outcomes, watcher, progress).play(steps, direction.seconds)
        comparison = judged(day, watcher)
        return Verdict(
            comparison,
            tuple(progress.complaints),
            progress.played,
            watcher.standing().said,
            watcher.first_alert_at,
        )


def judged(day: Day, watcher: Watcher) -> Comparison:
    """Compare until it is right and stays so, or until nothing more comes."""
    until = time.monotonic() + LONGEST_SECONDS
    watcher.last_news_at = time.monotonic()  # what was sent last has not been answered yet
    while True:
        comparison = comparison_now(day, watcher.standing())
        enough = SETTLED_SECONDS if comparison.equal else GIVEN_UP_SECONDS
        if watcher.quiet_seconds() > enough or time.monotonic() > until:
            return comparison
        time.sleep(LOOK_SECONDS)  # between looks; given up above


def comparison_now(day: Day, standing: Standing) -> Comparison:
    """Against the truth of this instant, because deadlines pass."""
    return compared(day.expected(clock.now()), standing.alert_states(), standing.referral_states())
