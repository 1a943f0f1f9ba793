"""What each feed did lately, and whether it is silent when it should not be. Pure: times come in.

A hospital's feed that stops says nothing; the ward looks quiet, and no carer is asked for. So a feed may have hours in
which it is expected, and a longest silence within them.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from connectors.ward_mllp.ignored_kinds import ignored_kind

LONDON: Final = ZoneInfo("Europe/London")
MOST_REMEMBERED: Final = 4_096
"""Control ids of one feed: enough to see that an engine begins to count anew."""
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """When a feed is expected to speak.

    Attributes:
        within: The longest silence.
        opens: Local time in Europe/London from which it counts.
        closes: Until when; the same as `opens` is the whole day, an earlier one is of the next day.
    """

    within: timedelta
    opens: time = time()
    closes: time = time()

    def opened_at(self, now: datetime) -> datetime | None:
        """When the hours began in which `now` lies, UTC; None outside of them."""
        if self.opens == self.closes:
            return datetime.min.replace(tzinfo=UTC)
        local = now.astimezone(LONDON)
        for day in (local.date(), local.date() - A_DAY):
            opened = datetime.combine(day, self.opens, LONDON)
            last = day if self.closes > self.opens else day + A_DAY
            if opened <= local < datetime.combine(last, self.closes, LONDON):
                return opened.astimezone(UTC)
        return None

    def is_overdue(self, heard_at: datetime, now: datetime) -> bool:
        """Whether it should have spoken by now. Each day its hours begin anew."""
        opened = self.opened_at(now)
        return opened is not None and now - max(heard_at, opened) > self.within


@dataclass(slots=True)
class Feed:
    """One sender at this gateway.

    Attributes:
        name: The sender's, as configured.
        expected: When it is expected to speak; None = whenever it likes.
        heard_at: When it was last heard, whatever became of what it said; at first, when the gateway began.
        heard: Whether it was heard at all since the gateway began.
        silent_at: When it was found silent; None = it was heard since, or the hours in which it is expected are over.
        counts: Its messages by what became of them.
        ignored: Those that were ignored, by what they were (`ignored_kind`).
        again: Frames that came again, and control ids that were used for something else.
    """

    name: str
    expected: Expected | None
    heard_at: datetime
    heard: bool = False
    silent_at: datetime | None = None
    counts: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    _events: OrderedDict[str, UUID] = field(default_factory=OrderedDict)

    @property
    def silent(self) -> bool:
        """Whether it was found silent, and should not be."""
        return self.silent_at is not None

    def falls_silent(self, now: datetime) -> bool:
        """Whether it is found silent just now. Each day's hours begin anew, and so does a silence in them."""
        if self.expected is None:
            return False
        opened = self.expected.opened_at(now)
        if self.silent_at is not None and (opened is None or opened > self.silent_at):
            self.silent_at = None
        if self.silent_at is not None or not self.expected.is_overdue(self.heard_at, now):
            return False
        self.silent_at = now
        return True

    def saw(self, control_id: str, event_id: UUID) -> None:
        """Count what came before; ids are remembered for a while only."""
        before = self._events.pop(control_id, None)
        if before is not None:
            self.again["frame" if before == event_id else "control-id"] += 1
        self._events[control_id] = event_id
        if len(self._events) > MOST_REMEMBERED:
            self._events.popitem(last=False)


class Feeds:
    """All senders at this gateway. What nobody known has sent belongs to none of them."""

    def __init__(self, expected: Iterable[tuple[str, Expected | None]], now: datetime) -> None:
        self._feeds = {name: Feed(name, each, now) for name, each in expected}

    def __iter__(self) -> Iterator[Feed]:
        return iter(self._feeds.values())

    def heard(self, name: str, verdict: str, now: datetime) -> Feed | None:
        """A message of a feed was settled; the feed, when that ended its silence."""
        feed = self._feeds.get(name)
        if feed is None:
            return None
        feed.counts[verdict] += 1
        feed.heard = True
        feed.heard_at = now  # also where the clock was put back: a time ahead would hide a silence
        ended, feed.silent_at = feed.silent, None
        return feed if ended else None

    def saw(self, name: str, control_id: str, event_id: UUID) -> None:
        """An event of a feed is about to go on the log."""
        feed = self._feeds.get(name)
        if feed is not None:
            feed.saw(control_id, event_id)

    def ignored(self, name: str, event: str) -> None:
        """A message of a feed was kept as one of no concern; `event` is its MSH-9."""
        feed = self._feeds.get(name)
        if feed is not None:
            feed.ignored[ignored_kind(event)] += 1

    def fallen_silent(self, now: datetime) -> list[Feed]:
        """The feeds that were found silent just now, each once until it is heard again or its hours begin anew."""
        return [feed for feed in self if feed.falls_silent(now)]
