"""What cannot be used: the bytes are kept with reason and place, and the dead-letter topic says so without them."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from hub import codec
from hub.decisions import Frame
from hub.errors import Rejected
from hub.identity import dead_letter_id
from hub.ports.dead_letters import KeptLetter, Refusal
from hub.ports.unit import Outgoing
from hub.records import DeadLetter
from hub.runtime.batch_state import Batch
from hub.topics import topic_of

MOST_DEFECTS_IN_A_ROW: Final = 20
"""A bad deployment must not dead-letter a day: after so many defects of one processor the worker stops,
even when the processors before it work each time and each event is a batch of its own."""

REGION: Final = "region"
"""Stands for the processor where nothing was decoded."""


class TooManyDefects(Exception):
    """Event after event fails by a fault of ours."""


def refuse(
    batch: Batch,
    place: int,
    processor: str | None,
    fault: Exception,
    event: Any = None,
    letter: UUID | None = None,
) -> None:
    """Keep the bytes with reason and place, and say so on the dead-letter topic.

    Raises:
        TooManyDefects: Too many faults of ours in a row.
    """
    record = batch.places[place]
    known = isinstance(fault, Rejected)
    name = processor or REGION
    in_a_row = 0 if known else batch.defects_in_a_row.get(name, 0) + 1
    batch.defects_in_a_row[name] = in_a_row
    if in_a_row > MOST_DEFECTS_IN_A_ROW:
        raise TooManyDefects(f"{processor}: {type(fault).__name__}") from fault
    subject = (
        event.event_id
        if event is not None
        else f"{record.topic}/{batch.lease_region}/{record.offset}"
    )
    refusal = Refusal(
        dead_letter_id=letter or dead_letter_id(name, subject),
        processor=processor,
        topic=record.topic,
        offset=record.offset,
        event_id=event.event_id if event is not None else None,
        code=fault.code if isinstance(fault, Rejected) else type(fault).__name__,
        expression=fault.expression if isinstance(fault, Rejected) else "",
        reason=fault.reason
        if isinstance(fault, Rejected)
        else "A fault of the hub. The event is kept; nothing else was held up.",
        defect=not known,
        value=record.value or b"" if event is None else codec.encode(event),
    )
    batch.refusals.append(refusal)
    frame = frame_of(refusal, event, batch.lease_region)
    batch.outbox.append((place, told_of(refusal, frame, settled=False)))


UNTIMED: Final = datetime(1970, 1, 1, tzinfo=UTC)


def frame_of(refusal: Refusal, event: Any, region: int) -> Frame:
    """The frame of a dead letter. Bytes that never became an event have no times of their own."""
    timed = event is not None
    return Frame(
        event_id=refusal.dead_letter_id,
        caused_by=event.event_id if timed else None,
        correlation_id=event.correlation_id if timed else refusal.dead_letter_id,
        source=refusal.processor or REGION,
        source_event_id="",
        occurred_at=event.occurred_at if timed else UNTIMED,
        recorded_at=event.recorded_at if timed else UNTIMED,
        received_at=event.received_at if timed else UNTIMED,
        region=region,
    )


def told_of(refused: Refusal | KeptLetter, frame: Frame, *, settled: bool) -> Outgoing:
    """A dead letter on its topic: reason and place only."""
    letter = DeadLetter(
        **frame,
        dead_letter_id=refused.dead_letter_id,
        processor=refused.processor,
        topic=refused.topic,
        partition=frame["region"],
        offset=refused.offset,
        code=refused.code,
        expression=refused.expression,
        reason=refused.reason,
        defect=refused.defect,
        settled=settled,
    )
    topic = topic_of(DeadLetter).name
    return Outgoing(topic, letter.dead_letter_id, letter.event_id, codec.encode(letter))
