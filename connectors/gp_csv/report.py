"""What a report says of a file: counts, places and reasons, never what a cell holds. Pure."""

from datetime import datetime
from typing import Final

from connectors.gp_csv.taking import Taken
from hub.errors import Rejected

Report = dict[str, object]

ABSENT_STAY: Final = (
    "Nobody was ended for not being listed: of {} refused rows it is not certain whose they are. Mend them, and hand "
    "in the whole register again."
)


def of_taken(taken: Taken, now: datetime) -> Report:
    """A file that was taken, with every row of it that was not."""
    counted, kept = taken.difference, taken.read.unnamed and not taken.read.end.is_delta
    report: Report = {
        "outcome": "repeat" if taken.repeat else "taken",
        "at": now.isoformat(),
        "sha256": taken.read.sha256,
        "kind": "delta" if taken.read.end.is_delta else "full",
        "rows": {
            "read": taken.read.end.rows,
            "added": counted.added,
            "changed": counted.changed,
            "ended": counted.ended,
            "unchanged": counted.unchanged,
            "refused": taken.read.refused,
        },
        "refused_rows": [
            {"place": each.place, "code": each.code, "reason": each.reason}
            for each in taken.read.reasons
        ],
    }
    if kept:
        report["absent"] = ABSENT_STAY.format(taken.read.unnamed)
    return report


def of_refused(error: Rejected, now: datetime) -> Report:
    """A file of which nothing was taken."""
    return {
        "outcome": "refused",
        "at": now.isoformat(),
        "place": error.expression,
        "code": error.code,
        "reason": error.reason,
    }
