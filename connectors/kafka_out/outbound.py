"""The pass of one organisation: the hub's alerts or referrals, cut for it, on its own topic."""

from collections.abc import Sequence
from functools import partial

from connectors.kafka_out.mapping import steps_for, version_of
from connectors.kafka_out.settings import KafkaReceiver
from hub.passing import Heard, Pass, Step, Told


async def steps(receiver: KafkaReceiver, records: Sequence[Heard], told: Told) -> Sequence[Step]:
    """See `hub.passing.Steps`."""
    return steps_for(receiver, records, told)


def pass_for(receiver: KafkaReceiver, regions: int) -> Pass:
    """What is read, written and done for one organisation."""
    return Pass(
        name=receiver.name,
        region=None,
        reads=tuple((receiver.reads.name, region) for region in range(regions)),
        writes=frozenset({receiver.topic}),
        steps=partial(steps, receiver),
        own=((receiver.topic, 0),),
        version_of=version_of,
    )
