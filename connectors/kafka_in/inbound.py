"""The passes of organisations that send: their own topics in, the hub's topics out."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from connectors.kafka_in.mapping import Answered, Read, answered_in, flag_step, step_from
from connectors.kafka_in.settings import Answering, Flagging
from hub.outcomes import ReferralKnown
from hub.passing import Heard, Pass, Step, Told
from hub.ports.ledger import Ledger
from hub.records import CarerFlagEvent, PersonDecision, ReferralOutcome
from hub.topics import topic_of


async def answer_steps(
    service: Answering, ledger: Ledger, records: Sequence[Heard], _: Told
) -> Sequence[Step]:
    """See `hub.passing.Steps`. Each referral is looked up once, so that all answers to it see the same."""
    answers = [answered_in(each) for each in records]
    ids = {each.said.referral_id for each in answers if isinstance(each, Answered)}
    known = await asyncio.to_thread(looked_up, ledger, ids)
    return [
        step_from(service, each, known[each.said.referral_id])
        if isinstance(each, Answered)
        else each
        for each in answers
    ]


def looked_up(ledger: Ledger, ids: set[UUID]) -> Mapping[UUID, ReferralKnown | None]:
    """What the ledger knows of each. Blocks."""
    return {each: ledger.referral(each) for each in ids}


async def flag_steps(read: Read, records: Sequence[Heard], _: Told) -> Sequence[Step]:
    """See `hub.passing.Steps`. A large body takes a while to check."""
    return await asyncio.to_thread(lambda: [flag_step(each, read) for each in records])


def answers_pass(service: Answering, ledger: Ledger) -> Pass:
    """What a service says about its referrals, to the regions where they live."""
    return Pass(
        name=service.name,
        region=service.region,
        reads=((service.topic, 0),),
        writes=frozenset({topic_of(ReferralOutcome).name}),
        steps=partial(answer_steps, service, ledger),
        patience_seconds=service.patience_seconds,
    )


def flags_pass(sender: Flagging, read: Read) -> Pass:
    """What a sender says about carers, to each of its regions."""
    return Pass(
        name=sender.name,
        region=sender.regions[0],
        reads=((sender.topic, 0),),
        writes=frozenset({topic_of(CarerFlagEvent).name, topic_of(PersonDecision).name}),
        steps=partial(flag_steps, read),
    )
