"""A measured number: every run of it, what it must reach, and how the hub stands beside a peer."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Final

RATE: Final = "messages/s"
EVENTS: Final = "events/s"
MILLISECONDS: Final = "ms"
SECONDS: Final = "s"
MEGABYTES: Final = "MB"


@dataclass(frozen=True, slots=True)
class Bar:
    """What must be reached.

    Attributes:
        limit: In the unit of the figure.
        at_least: Whether more is better; else it must stay below.
    """

    limit: float
    at_least: bool

    def reached_by(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value >= self.limit if self.at_least else value < self.limit

    def __str__(self) -> str:
        """For people."""
        return f"{'≥' if self.at_least else '<'} {shown(self.limit)}"

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {"at_least" if self.at_least else "below": self.limit}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table.

    Attributes:
        bench: The measurement that it belongs to.
        what: What was measured.
        unit: Of the runs and the bar.
        runs: One value for each run, in order.
        bar: What must be reached; None where nothing must, as for a peer or a floor.
        hub_is: For a peer: how many times its value the hub reached in the same run.
    """

    bench: str
    what: str
    unit: str
    runs: Sequence[float]
    bar: Bar | None = None
    hub_is: Sequence[float] = ()

    @property
    def reached(self) -> bool | None:
        """Whether the median reaches the bar; None without one."""
        return None if self.bar is None else self.bar.reached_by(median(self.runs))

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "bench": self.bench,
            "what": self.what,
            "unit": self.unit,
            **spread(self.runs),
            "bar": None if self.bar is None else self.bar.as_json(),
            "reached": self.reached,
            "hub_is": spread(self.hub_is) if self.hub_is else None,
        }

    def as_row(self) -> tuple[str, ...]:
        """For people: bench, what, median with unit, from and to, bar, reached, the hub beside it."""
        return (
            self.bench,
            self.what,
            f"{shown(median(self.runs))} {self.unit}",
            f"{shown(min(self.runs))} to {shown(max(self.runs))}",
            "" if self.bar is None else str(self.bar),
            {None: "", True: "yes", False: "no"}[self.reached],
            f"{shown(median(self.hub_is))} times" if self.hub_is else "",
        )


HEADINGS: Final = ("bench", "what", "median", "from, to", "bar", "reached", "the hub is")


def spread(runs: Sequence[float]) -> dict[str, object]:
    """Median, ends, and every run."""
    return {
        "median": rounded(median(runs)),
        "least": rounded(min(runs)),
        "most": rounded(max(runs)),
        "runs": [rounded(each) for each in runs],
    }


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def rounded(value: float) -> float:
    """As many digits as mean something."""
    return round(value, 3 if abs(value) < 100 else 1)


def shown(value: float) -> str:
    """A number for people."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
