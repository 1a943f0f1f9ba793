"""What is said at the end: right, missed, wrong, and how soon the first alert came. Names nobody."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from deploy.demo.script import Day
from deploy.demo.stage.stage import Verdict
from deploy.output import columns

MOST_DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class Report:
    """A day and what came of it.

    Attributes:
        first_alert_seconds: From the last download, or the start of the command, to the first alert; None without one.
    """

    day: Day
    verdict: Verdict
    first_alert_seconds: float | None

    def as_json(self) -> dict[str, object]:
        """For programs."""
        comparison = self.verdict.comparison
        return {
            "seed": self.day.seed,
            "counts": dict(self.day.counts),
            "played": self.verdict.played,
            "said": dict(sorted(self.verdict.said.items())),
            "first_alert_seconds": self.first_alert_seconds,
            "alerts": asdict(comparison.alerts),
            "referrals": asdict(comparison.referrals),
            "differences": [asdict(each) for each in comparison.differences],
            "complaints": list(self.verdict.complaints),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        comparison = self.verdict.comparison
        rows = [["", "expected", "right", "missed", "wrong"]]
        for name, tally in (("alerts", comparison.alerts), ("referrals", comparison.referrals)):
            rows.append([name, *(str(number) for number in asdict(tally).values())])
        yield from columns(rows)
        if self.first_alert_seconds is not None:
            yield f"The first alert came after {self.first_alert_seconds:.1f} s, downloads not counted."
        found = [*map(str, comparison.differences), *self.verdict.complaints]
        yield from found[:MOST_DIFFERENCES]
        if len(found) > MOST_DIFFERENCES:
            yield f"and {len(found) - MOST_DIFFERENCES} more; --json names them all"


def report_of(day: Day, verdict: Verdict, began: float) -> Report:
    """The report; `began` by `time.monotonic`."""
    first = verdict.first_alert_at
    return Report(day, verdict, None if first is None else round(first - began, 1))
