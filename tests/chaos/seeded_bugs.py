"""Mistakes that the checker must catch: each changes the program at a place or two, and comes with a small run.

The text of a patch must be in its file exactly once: when the program moves on, the patch fails loudly and follows.
Faults are aimed, so that a small run is enough: what is not there when it is killed cannot be lost.
"""

from dataclasses import dataclass
from typing import Final

from tests.chaos.checker import Findings
from tests.chaos.commit_proxy import Cut, Losses
from tests.chaos.messages import Share
from tests.chaos.plan import Fault, Plan
from tests.chaos.program import Patch

NOT_COMMITTED: Final = Losses(of_batches=0.3, cuts=(Cut.BEFORE,))
"""Many batches are cut off before they are committed, and must be read again."""

ZOMBIE: Final = ((1.5, Fault.FREEZE_BETWEEN),)


@dataclass(frozen=True, slots=True)
class Bug:
    """One mistake.

    Attributes:
        name: What the program does wrong.
        patches: Where.
        plan: A run that shows it.
        caught_as: Which of the checker's counts must not be 0; any of them will do.
        every_time: Whether it is tried whenever all tests are; the others when `HUB_SEEDED_BUGS=all`.
    """

    name: str
    patches: tuple[Patch, ...]
    plan: Plan
    caught_as: tuple[str, ...] = ("lost", "doubled", "wrong")
    every_time: bool = False

    def caught_by(self, findings: Findings) -> bool:
        """Whether the checker saw it."""
        return any(getattr(findings, count) for count in self.caught_as)


def small(
    messages: int,
    seconds: float = 0.0,
    faults: tuple[tuple[float, Fault], ...] = (),
    losses: Losses | None = None,
    share: Share | None = None,
) -> Plan:
    """A run of a few seconds, which gives up early: a program that never comes to rest is caught as well."""
    return Plan(
        seed=1,
        messages=messages,
        seconds=seconds,
        faults=faults,
        losses=losses or Losses(),
        share=share or Share(),
        still_seconds=10.0,
    )


NO_FENCE: Final = Patch(
    "hub/store/unit.py",
    "if (row.epoch, row.batch_no) != (self._lease.epoch, self._lease.batch_no):",
    "if False:",
)

BUGS: Final = (
    Bug(
        "answers AA before the broker has it",
        (
            Patch(
                "connectors/ward_mllp/inbound.py",
                "await self.publisher.publish(event, what.key)",
                "asyncio.ensure_future(self.publisher.publish(event, what.key))",
            ),
        ),
        small(600, 6.0, ((1.5, Fault.KILL_BROKER_AND_GATEWAY),)),
        every_time=True,
    ),
    Bug(
        "advances the offsets outside the batch's transaction",
        (
            Patch(
                "hub/store/unit.py",
                "        self._run(MOVE, topics=list(batch.offsets), nexts=list(batch.offsets.values()))\n",
                "        with self._connection.engine.begin() as other:\n"
                "            moved = {'topics': list(batch.offsets), 'nexts': list(batch.offsets.values())}\n"
                "            other.execute(MOVE, {'region': self._lease.region, **moved})\n",
            ),
        ),
        small(600, 5.0, losses=NOT_COMMITTED),
        every_time=True,
    ),
    Bug(
        "does not compare epoch and batch number under the lock",
        (NO_FENCE,),
        small(800, 16.0, ZOMBIE),
        every_time=True,
    ),
    Bug(
        "does not look into the inbox",
        (
            Patch(
                "hub/store/unit.py",
                "return frozenset(self._run(SEEN, events=list(events)).scalars()) if events else frozenset()",
                "return frozenset()",
            ),
        ),
        small(500, 3.0, share=Share(again=0.3)),
        caught_as=("lost", "doubled", "wrong", "dead_letters"),
        every_time=True,
    ),
    Bug(
        "lets two workers read one region at once",
        (
            NO_FENCE,  # the batch number alone would stop one of the two; without any fault this changes nothing else
            Patch(
                "hub/store/postgres.py",
                "UPDATE shards SET epoch = epoch + 1, lease_until",
                "UPDATE shards SET epoch = epoch, lease_until",
            ),
            Patch(
                "hub/store/postgres.py",
                "AND lease_until < now() ",
                "AND lease_until < now() + interval '1 day' ",
            ),
        ),
        small(600, 6.0),
        every_time=True,
    ),
    Bug(
        "does not put the reader back after a batch that was not committed",
        (
            Patch(
                "hub/runtime/region.py",
                "self._isolated(fetched.records, marks):\n            self._reading.seek(self._offsets)\n",
                "self._isolated(fetched.records, marks):\n",
            ),
        ),
        small(600, 5.0, losses=NOT_COMMITTED),
    ),
    Bug(
        "lets memory run ahead of the database",
        (
            Patch(
                "hub/runtime/batch.py",
                "    return Outcome(\n",
                "    batch.overlay.join()\n    return Outcome(\n",
            ),
        ),
        small(600, 5.0, losses=NOT_COMMITTED),
    ),
    Bug(
        "does not tell of a withdrawal",
        (
            Patch(
                "processors/discharge_involvement/decide.py",
                "        Publish(told.alert_id, alert),\n",
                "        *(() if alert.action is AlertAction.WITHDRAWN else (Publish(told.alert_id, alert),)),\n",
            ),
        ),
        small(500),
        every_time=True,
    ),
    Bug(
        "drops an output in the relay",
        (
            Patch(
                "hub/runtime/relay.py",
                "                for row in rows\n",
                "                for row in (rows[:-1] or rows)\n",
            ),
        ),
        small(500),
    ),
    Bug(
        "starts the relay from the next id",
        (
            Patch(
                "hub/runtime/relay.py",
                "return max(told, edges.first)",
                "return max(told, edges.next)",
            ),
        ),
        small(2500, 0.0, ((1.8, Fault.KILL_UNTOLD),)),
        every_time=True,
    ),
    Bug(
        "keeps the relay's position outside Kafka's transaction",
        (
            Patch(
                "hub/runtime/relay.py",
                "                await producer.send_offsets_to_transaction(\n",
                "                await asyncio.sleep(0) if True else await producer.send_offsets_to_transaction(\n",
            ),
        ),
        small(900, 9.0, losses=Losses(of_all=0.4, cuts=(Cut.BEFORE,))),
    ),
    Bug(
        "never says that a deadline has passed",
        (
            Patch(
                "hub/runtime/reminders.py",
                "    for deadline in due:\n",
                "    for deadline in ():\n",
            ),
        ),
        small(500),
    ),
    Bug(
        "orders a link without the message's sequence number",
        (
            Patch(
                "processors/carer_matching/links.py",
                "word_of(event, ABOUT, sequence=sequence)",
                "word_of(event, ABOUT)",
            ),
        ),
        small(500),
    ),
    Bug(
        "answers the same bytes differently",
        (
            Patch(
                "hub/hl7v2/acknowledgement.py",
                "        said[7],\n",
                "        str(id(header)) + str(__import__('time').time_ns()),\n",
            ),
        ),
        small(500, share=Share(again=0.3)),
        caught_as=("differing_answers",),
    ),
)
