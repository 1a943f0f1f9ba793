"""Plays the steps of a day, in order: each is answered, or its alert is there, before the next begins."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from deploy.demo.script import AlertKey, Answer, Contact, ReferralKey, Send, Step
from deploy.demo.stage.feeds import Feeds
from deploy.demo.stage.outcomes import Outcomes
from deploy.demo.stage.watcher import LOOK_SECONDS, Watcher
from deploy.sending.lines import SentLine

T = TypeVar("T")

QUIET_SECONDS: Final = 5.0
"""A step whose alert is not there waits as long as there is news, and this much longer."""

MOST_WAITED_SECONDS: Final = 40.0
"""For all steps that waited in vain: after that nobody waits any more."""


@dataclass
class Progress:
    """How far the day has come; read by the view while it changes.

    Attributes:
        steps: How many there are.
        now: The latest time of the day that was played.
        sent: How many of each kind were played.
        wards: Messages by sender and ward.
        complaints: What did not go as the script says; without names.
    """

    steps: int
    now: datetime | None = None
    played: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    wards: Counter[tuple[str, str]] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)


class Player:
    """Plays to one hub.

    Args:
        feeds: Who sends.
        outcomes: What people do.
        watcher: Sees what they react to.
        progress: Written as it goes on.
    """

    def __init__(
        self, feeds: Feeds, outcomes: Outcomes, watcher: Watcher, progress: Progress
    ) -> None:
        self._feeds, self._outcomes, self._watcher = feeds, outcomes, watcher
        self._progress = progress
        self._in_vain_seconds = 0.0

    def play(self, steps: Sequence[Step], seconds: float) -> None:
        """Play all, spread over so many seconds, or as fast as answers come.

        Raises:
            Unavailable: The hub cannot be reached.
        """
        began, progress = time.monotonic(), self._progress
        for number, step in enumerate(steps):
            early = began + seconds * number / len(steps) - time.monotonic()
            if early > 0:
                time.sleep(early)  # the pace that was asked for
            self._play(step)
            progress.played += 1
            progress.sent[step.kind] += 1
            progress.now = step.at if progress.now is None else max(progress.now, step.at)

    def _play(self, step: Step) -> None:
        match step:
            case Send():
                if (
                    step.after is not None
                    and self._awaited(lambda: self._standing(step.after)) is None
                ):
                    self._complain(step, "what it takes away was never told")
                self._progress.wards[step.sender, step.ward] += 1
                self._compare(step, self._feeds.send(step))
            case Contact():
                alert = self._awaited(lambda: self._watcher.alert(step.alert, step.carer))
                if alert is None:
                    self._complain(step, "its alert was never told")
                else:
                    self._taken(step, self._outcomes.contacted(step, alert.alert_id))
            case Answer():
                referral = self._awaited(lambda: self._watcher.referral(step.referral))
                if referral is None:
                    self._complain(step, "its referral was never told")
                else:
                    self._taken(step, self._outcomes.answered(step, referral.referral_id))

    def _standing(self, key: AlertKey | ReferralKey | None) -> object | None:
        """The alert or referral of a key, once it was told."""
        match key:
            case AlertKey():
                return self._watcher.alert(key, "")
            case ReferralKey():
                return self._watcher.referral(key)
            case None:
                return None

    def _taken(self, step: Step, refusal: str) -> None:
        """Whether what people did was taken."""
        if refusal:
            self._complain(step, f"it was not taken: {refusal}")

    def _compare(self, step: Send, line: SentLine) -> None:
        """Whether the answer is the one that the script knows."""
        fits = line.answer == step.answer if step.answer else line.accepted
        if not fits:
            place = f" at {line.expression}" if line.expression else ""
            self._complain(step, f"{step.sender} was answered {line.answer}{place}: {line.reason}")

    def _complain(self, step: Step, what: str) -> None:
        number = self._progress.played + 1
        self._progress.complaints.append(f"step {number} ({step.kind}): {what}")

    def _awaited(self, look: Callable[[], T | None]) -> T | None:
        """What is looked for, as soon as it is there; None when it does not come."""
        began = time.monotonic()
        while True:
            found = look()
            if found is not None:
                return found
            waited = time.monotonic() - began
            quiet = min(waited, self._watcher.quiet_seconds()) > QUIET_SECONDS
            if quiet or self._in_vain_seconds > MOST_WAITED_SECONDS:
                self._in_vain_seconds += waited
                return None
            time.sleep(LOOK_SECONDS)  # between looks; given up above
