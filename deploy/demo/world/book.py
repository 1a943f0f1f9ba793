"""What the day has come to so far: what was sent, in order, and what is so in the end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from deploy.demo.script import Step
from deploy.demo.world.clock import day_of
from deploy.demo.world.extract import Row
from deploy.demo.world.fhir import Letter
from deploy.demo.world.people import Caring, Person
from deploy.demo.world.story import Agreed, Known, Stay, Story

DAY_HOURS = timedelta(hours=26)
"""Everything but old flags was written down in so many hours before the end of the day."""
LAST = timedelta(minutes=15)
"""Nothing happens so shortly before the end."""


@dataclass(slots=True)
class Book:
    """Written by the plots; read once, when the day is made.

    Attributes:
        seed: Makes the ids of letters.
        now: The end of the day; UTC.
        chance: Decides what the plots leave open.
        steps: In the order of writing.
        known: What the hub was told of who looks after whom.
        held: Links that a plot tells itself, and which no first load holds.
        rows: Rows of the day's extracts that the first ones do not hold, by the code of the practice.
        ended_rows: Links that the day's extracts call ended.
        counts: Of what a person would ask for.
    """

    seed: int
    now: datetime
    chance: Random
    steps: list[Step] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    known: dict[Caring, Known] = field(default_factory=dict)
    agreed: list[Agreed] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    held: set[Caring] = field(default_factory=set)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    ended_rows: set[Caring] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    _written: int = 0

    @property
    def start(self) -> datetime:
        """The beginning of the day."""
        return self.now - DAY_HOURS

    def number(self) -> int:
        """The next number, for whatever needs one of its own."""
        self._written += 1
        return self._written

    def add(self, step: Step) -> None:
        """Something is sent or done."""
        self.steps.append(step)

    def letter(self, recorded_at: datetime) -> Letter:
        """A letter with ids of its own."""
        return Letter(f"demonstration {self.seed} letter {self.number()}", recorded_at)

    def heard(self, caring: Caring, at: datetime) -> None:
        """The hub hears of a link; the first word counts."""
        known = self.known.get(caring)
        since = at if known is None else min(known.since, at)
        self.known[caring] = Known(since)

    def over(self, carer: Person) -> None:
        """Every link of a carer is over."""
        for caring in [each for each in self.known if each.carer == carer]:
            self.link_over(caring)

    def link_over(self, caring: Caring) -> None:
        """One link is over."""
        self.known[caring] = replace(self.known[caring], ended=True)

    def some_time_in(self, start: datetime, end: datetime) -> datetime:
        """A minute between two instants."""
        minutes = int((end - start) / timedelta(minutes=1))
        return start + timedelta(minutes=self.chance.randrange(max(minutes, 1)))

    def years_ago(self) -> datetime:
        """A time in surgery hours, 20 days to four years before the day."""
        day = day_of(self.start) - timedelta(days=self.chance.randrange(20, 1400))
        at = datetime.combine(day, datetime.min.time(), self.now.tzinfo)
        return at + timedelta(minutes=self.chance.randrange(9 * 60, 16 * 60))

    def story(self) -> Story:
        """What is so in the end."""
        return Story(tuple(self.stays), dict(self.known), tuple(self.agreed), frozenset(self.dead))

    def in_order(self) -> Iterator[Step]:
        """The steps as they leave their senders."""
        return iter(sorted(self.steps, key=lambda step: step.at))
