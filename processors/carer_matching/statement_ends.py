"""A code that was given with an end says nothing more once that time has come: by a reminder, like other deadlines."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from hub.decisions import Remind
from hub.matching.region import Kept, RegionView
from hub.records import CarerStatement, ReminderDue, SourceRecord
from processors.carer_matching.codes import Means, meaning_of
from processors.carer_matching.links import RESOLUTION
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.statements import decided

ENDS: Final = "carer-code-ends"


def reminders_of(view: RegionView, rows: Iterable[Kept]) -> Iterator[Remind]:
    """A reminder of the first end that lies ahead of each record, in place of the one before. `view`: before them."""
    for row in rows:
        if isinstance(row, SourceRecord):
            was, now = end_ahead(view.records.get(row.record_id)), end_ahead(row)
            if was is not None or now is not None:
                yield Remind(row.record_id, ENDS, now)


def end_ahead(record: SourceRecord | None) -> datetime | None:
    """When the first code that stands will end, UTC; None when nobody said so."""
    statements = () if record is None else record.carer_statements
    return min(
        (each.ends_at for each in statements if each.active and each.ends_at is not None),
        default=None,
    )


def ended_by_time(
    view: RegionView, due: ReminderDue, policy: MatchingPolicy
) -> Iterator[SourceRecord]:
    """The record with the codes whose end has come taken away, unless its source has said another end since."""
    record = view.records.get(due.subject)
    ends_at = end_ahead(record)
    if record is None or ends_at is None or ends_at >= due.due_at + RESOLUTION:
        return
    statements = tuple(
        replace(each, active=False) if has_ended(each, due) else each
        for each in record.carer_statements
    )
    yield decided(replace(record, carer_statements=statements), policy)


def has_ended(statement: CarerStatement, due: ReminderDue) -> bool:
    """Whether the end of a code that stands has come."""
    ends_at = statement.ends_at
    return statement.active and ends_at is not None and ends_at < due.due_at + RESOLUTION


def end_of(
    statements: Iterable[CarerStatement], source: str, policy: MatchingPolicy
) -> datetime | None:
    """When the last of the carer codes ends that stand in one event, UTC; None when one of them does not end."""
    ends = [
        each.ends_at
        for each in statements
        if each.active and meaning_of(each.codings, source, policy) is Means.CARER
    ]
    known = [each for each in ends if each is not None]
    return max(known, default=None) if len(known) == len(ends) else None
