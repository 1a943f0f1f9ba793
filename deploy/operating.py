"""Commands of an operator, as events: only the owner of a region writes its state."""

import getpass
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from hub.decisions import Event
from hub.identity import derived
from hub.records import DecisionKind, HubCommand, PersonDecision
from hub.runtime import clock
from hub.runtime.connection import KafkaConnection
from hub.runtime.publisher import KafkaPublisher

OPERATOR: Final = "operator"


def command_of(
    name: str, argument: str, region: int, at: datetime | None = None, by: str | None = None
) -> PersonDecision:
    """A command to the owner of a region. Said again later it is another event."""
    now = at or clock.now()
    who = by or getpass.getuser()
    event_id = derived("event", OPERATOR, name, argument, now.isoformat())
    return PersonDecision(
        event_id=event_id,
        correlation_id=event_id,
        source=OPERATOR,
        source_event_id="",
        occurred_at=now,
        recorded_at=now,
        received_at=now,
        region=region,
        decision_key=derived("command", name, argument),
        kind=DecisionKind.COMMAND,
        by=who,
        organisation_ods="",
        command=HubCommand(name=name, argument=argument),
    )


async def say(kafka: KafkaConnection, decision: PersonDecision) -> None:
    """Make a decision durable on its topic.

    Raises:
        Unavailable: The broker does not confirm.
    """
    await say_all(kafka, [(decision, decision.decision_key)])


async def say_all(kafka: KafkaConnection, said: Iterable[tuple[Event, UUID]]) -> None:
    """Make events durable on their topics, each under its key.

    Raises:
        Unavailable: The broker does not confirm.
    """
    publisher = KafkaPublisher(kafka)
    try:
        for event, key in said:
            await publisher.publish(event, key)
    finally:
        await publisher.stop()
