"""Check of clocks. Facts in, a finding out."""

from datetime import datetime, timedelta
from typing import Final

from deploy.checks.finding import Finding, State

TOLERATED: Final = timedelta(seconds=2)  # logs and latencies are read side by side


def clock(whose: str, there: datetime, before: datetime, after: datetime) -> Finding:
    """Whether another clock agrees with this one.

    Args:
        whose: `kafka` or `database`.
        there: What it said.
        before: This clock when it was asked.
        after: This clock when the answer was in.
    """
    ahead = max(there - after, timedelta(0)) - max(before - there, timedelta(0))
    seconds = abs(ahead).total_seconds()
    name = f"{whose} clock"
    most = TOLERATED.total_seconds()
    if seconds <= most:
        return Finding(name, State.OK, f"within {most:.0f} s of this machine's")
    direction = "ahead of" if ahead > timedelta(0) else "behind"
    says = f"{seconds:.1f} s {direction} this machine's"
    return Finding(name, State.WARNING, says, "let both follow the same time servers (NTP)")
