"""What was measured, as a table for people and as one JSON value for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deploy.bench.dose import Dose
from deploy.bench.figures import HEADINGS, Figure
from deploy.bench.machine import commit, machine, versions
from deploy.output import columns

QUICK_WARNING: Final = "Quick: this shows that it works; the numbers mean little."


@dataclass(frozen=True, slots=True)
class Report:
    """One call of the bench.

    Attributes:
        at: When it began, UTC.
    """

    at: datetime
    dose: Dose
    figures: Sequence[Figure]

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
            "quick": self.dose.quick,
            "runs": self.dose.runs,
            "seed": self.dose.seed,
            "commit": commit(),
            "machine": machine(),
            "versions": versions(),
            "results": [each.as_json() for each in self.figures],
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        here = machine()
        yield (
            f"{here['processor']}, {here['cores']} cores, {here['memory_gb']} GB, {here['system']}, {here['python']}"
        )
        yield ", ".join(f"{name} {number}" for name, number in versions().items())
        yield (
            f"commit {commit() or 'unknown'}, {self.at.day} {self.at:%B %Y}, {self.dose.runs} runs, "
            f"seed {self.dose.seed}"
        )
        if self.dose.quick:
            yield QUICK_WARNING
        yield ""
        yield from columns([HEADINGS, *(each.as_row() for each in self.figures)])
