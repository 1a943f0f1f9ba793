"""Deadlines that have passed become events, and come back like any other."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hub import codec
from hub.identity import reminder_event_id
from hub.ports.unit import Deadline, Outgoing
from hub.records import ReminderDue
from hub.runtime.batch_state import Batch, Marks
from hub.topics import topic_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tell_due(batch: Batch, due: Iterable[Deadline], marks: Marks) -> None:
    """Say each deadline that has passed. It comes back on its topic like any other event."""
    last = max(batch.places, default=0)
    for deadline in due:
        reminder = reminder_due_from(
            deadline, batch.lease_region, behind=deadline.due_at >= marks.low_water
        )
        batch.outbox.append(
            (
                last,
                Outgoing(
                    topic_of(ReminderDue).name,
                    deadline.subject,
                    reminder.event_id,
                    codec.encode(reminder),
                ),
            )
        )


def reminder_due_from(deadline: Deadline, region: int, *, behind: bool) -> ReminderDue:
    """The event of a deadline; the same deadline gives the same event. All its times are the due time."""
    due_ms = int((deadline.due_at - EPOCH) / timedelta(milliseconds=1))
    return ReminderDue(
        event_id=reminder_event_id(
            deadline.processor,
            deadline.subject,
            deadline.reminder,
            due_ms,
            deadline.correlation_id,
        ),
        caused_by=None,
        correlation_id=deadline.correlation_id,
        source="hub",
        source_event_id="",
        occurred_at=deadline.due_at,
        recorded_at=deadline.due_at,
        received_at=deadline.due_at,
        region=region,
        processor=deadline.processor,
        subject=deadline.subject,
        reminder=deadline.reminder,
        due_at=deadline.due_at,
        behind=behind,
    )
