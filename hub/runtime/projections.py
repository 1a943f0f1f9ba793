"""Keep read models in step with their topics: one Faust agent for each topic, at least once, by version.

An agent never raises, because Faust would stop reading and tell nobody, and waits for nothing but the database.
Faust reads uncommitted records in this mode. That is harmless: the relay sends rows of the outbox, which are final
when they are there, so an aborted send is the same record as the one that follows it, of the same version.
"""

import asyncio
import contextlib
import gc
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub.errors import Rejected, Unavailable
from hub.ports.read_models import Projected, ReadModels
from hub.projection import ReadModel
from hub.runtime.connection import KafkaConnection
from hub.runtime.faust_names import App, EventT, StreamT, app_of
from hub.runtime.health import Check, Sample
from hub.runtime.lag import Lag, Place
from hub.runtime.projecting import Read, projected, refused_whole
from hub.waiting import let_go

log = structlog.get_logger("projections")

MOST_RECORDS: Final = 500
MOST_BYTES: Final = 8_000_000
"""Of one transaction. Rows are larger than records, and PostgreSQL takes 268 million bytes of JSON at once."""

LONGEST_PAUSE: Final = 5.0
LOOK_SECONDS: Final = 2.0
STUCK_SECONDS: Final = 90.0
"""An agent that stands still for so long, though the database answers, ends the process; a new one goes on."""

STOP_SECONDS: Final = 5.0


class AgentsStopped(Exception):
    """The process must be started again: an agent stands still for good, or everything is read anew."""


class Agent:
    """Keeps the read models of one topic. Acknowledges what is in the database and nothing else."""

    def __init__(self, models: Sequence[ReadModel], store: ReadModels) -> None:
        self.models = tuple(models)
        self.topic = self.models[0].topic
        self.reached: dict[int, int] = {}
        self.events = 0
        self.refused: Counter[str] = Counter()
        self.database_away = False
        self.failed: BaseException | None = None
        self._store = store
        self._heard: asyncio.Queue[EventT[bytes]] = asyncio.Queue(MOST_RECORDS)

    def position(self, partition: int) -> int:
        """The next offset that it will read."""
        return self.reached.get(partition, 0)

    async def hear(self, stream: StreamT[bytes]) -> None:
        """The agent: takes events as they come, while another task writes what has come so far."""
        stream.enable_acks = False  # it is done with when it is written, not when it was taken
        writing = asyncio.create_task(self._keep_writing(stream))
        try:
            async for event in stream.events():
                await self._heard.put(event)
        finally:
            writing.cancel()

    async def _keep_writing(self, stream: StreamT[bytes]) -> None:
        try:
            while True:
                batch = [await self._heard.get()]
                size = size_of(batch[0])
                while len(batch) < MOST_RECORDS and size < MOST_BYTES and not self._heard.empty():
                    batch.append(self._heard.get_nowait())
                    size += size_of(batch[-1])
                await self._write([read_from(event) for event in batch])
                for event in batch:
                    await stream.ack(event)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told by the one who watches
            self.failed = error

    async def _write(self, records: Sequence[Read]) -> None:
        """One transaction; one for each record when the database refuses a value among them."""
        try:
            await self._patiently(partial(projected, self.models, records))
        except Rejected:
            if len(records) > 1:
                for record in records:
                    await self._write([record])
                return
            for model in self.models:
                await self._write_alone(model, records[0])
        self.events += len(records)
        for record in records:
            self.reached[record.partition] = record.offset + 1

    async def _write_alone(self, model: ReadModel, record: Read) -> None:
        """One record in one read model; a dead letter when its table does not take it."""
        try:
            await self._patiently(partial(projected, (model,), (record,)))
        except Rejected as fault:
            refused = refused_whole(model, record, fault)
            await self._patiently(lambda: (refused,))

    async def _patiently(self, made: Callable[[], Sequence[Projected]]) -> None:
        """Until the database answers: the same again, for ever, loudly."""
        pause = 0.1
        while True:
            try:
                batches = await asyncio.to_thread(self._put, made)
            except Unavailable as error:
                self.database_away = True
                for model in self.models:
                    log.warning("projection-waits", processor=model.name, why=error.reason)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self.database_away = False
                for each in batches:
                    self.refused[each.model.name] += len(each.refusals)
                return

    def _put(self, made: Callable[[], Sequence[Projected]]) -> Sequence[Projected]:
        batches = made()
        self._store.write(batches)
        return batches


def read_from(event: EventT[bytes]) -> Read:
    """A record as it was read."""
    message = event.message
    return Read(message.partition, message.offset, message.key, message.value)


def size_of(event: EventT[bytes]) -> int:
    """Bytes of a record's value."""
    return len(event.message.value or b"")


class Projections:
    """All agents of this process, and somebody who looks whether they move."""

    def __init__(
        self,
        hub_id: str,
        kafka: KafkaConnection,
        store: ReadModels,
        models: Sequence[ReadModel],
        partitions: int,
    ) -> None:
        topics = dict.fromkeys(model.topic for model in models)
        self.agents = tuple(
            Agent([model for model in models if model.topic == topic], store) for topic in topics
        )
        self._hub_id, self._kafka, self._store = hub_id, kafka, store
        self._partitions = partitions
        self._generation = 0
        self._lag = Lag(
            kafka,
            [
                Place(
                    model.name,
                    TopicPartition(agent.topic, partition),
                    partial(agent.position, partition),
                )
                for agent in self.agents
                for model in agent.models
                for partition in range(partitions)
            ],
        )

    @property
    def group(self) -> str:
        """The consumer group: another one whenever everything is read anew."""
        return f"hub-projections-{self._hub_id}-{self._generation}"

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set.

        Raises:
            AgentsStopped: The process must be started again.
            Unavailable: Broker or database is away at the start.
        """
        await self._begin()
        with tempfile.TemporaryDirectory(prefix="hub-projections-") as folder:
            app = app_of(self.group, self._kafka, Path(folder))
            for agent in self.agents:
                topic = app.topic(agent.topic, key_serializer="raw", value_serializer="raw")
                app.agent(topic, name=agent.topic)(agent.hear)
            await app.start()
            gc.freeze()  # what is here now stays: nobody need look through it for rubbish
            log.info("projections-started", position=self._generation)
            try:
                await self._watch(app, stop)
            finally:
                await asyncio.wait(
                    [asyncio.create_task(each) for each in (app.stop(), self._lag.stop())],
                    timeout=STOP_SECONDS,
                )

    async def _watch(self, app: App, stop: asyncio.Event) -> None:
        """Look again and again until `stop` is set; a look that waits for an answer does not hold up the stop."""
        stopped = asyncio.create_task(stop.wait())
        while not stop.is_set():
            look = asyncio.create_task(self._look(app))
            await asyncio.wait([look, stopped], return_when=asyncio.FIRST_COMPLETED)
            if not look.done():
                look.cancel()
            else:
                look.result()
        stopped.cancel()

    async def _look(self, app: App) -> None:
        await self._lag.look()
        await self._insist(app.crash_reason)
        await asyncio.sleep(LOOK_SECONDS)

    async def _begin(self) -> None:
        """Know where each agent is. A database that is behind what was acknowledged went back: read all again."""
        self._generation = await asyncio.to_thread(self._store.generation)
        for agent in self.agents:
            known = [await asyncio.to_thread(self._store.positions, each) for each in agent.models]
            for partition in range(self._partitions):
                agent.reached[partition] = min(each.get(partition, 0) for each in known)
        committed = await self._committed()
        for agent in self.agents:
            for partition in range(self._partitions):
                done = committed.get((agent.topic, partition), 0)
                if done > agent.position(partition):
                    log.critical("read-models-went-back", processor=agent.models[0].name)
                    await asyncio.to_thread(self._store.rebuild)
                    self._generation = await asyncio.to_thread(self._store.generation)
                    for each in self.agents:
                        each.reached.clear()
                    return

    async def _committed(self) -> dict[tuple[str, int], int]:
        """What the group of this generation has acknowledged."""
        places = [each.partition for each in self._lag.places]
        consumer = AIOKafkaConsumer(
            **self._kafka.aiokafka_options(), group_id=self.group, enable_auto_commit=False
        )
        try:
            await consumer.start()
            consumer.assign(places)
            return {
                (each.topic, each.partition): await consumer.committed(each) or 0 for each in places
            }
        except KafkaError as error:
            raise Unavailable("The broker does not answer.") from error
        finally:
            await let_go(consumer)

    async def _insist(self, crashed: BaseException | None) -> None:
        """End what cannot go on."""
        failed = crashed or next((each.failed for each in self.agents if each.failed), None)
        if failed is not None:
            log.critical("agent-failed", error=type(failed).__name__)
            raise AgentsStopped("an agent failed") from failed
        away = {
            model.name for agent in self.agents if agent.database_away for model in agent.models
        }
        for place in self._lag.places:
            if place.still_seconds > STUCK_SECONDS and place.model not in away:
                log.critical("agent-stuck", processor=place.model)
                raise AgentsStopped(f"{place.model} stands still")
        with contextlib.suppress(Unavailable):
            if await asyncio.to_thread(self._store.generation) != self._generation:
                raise AgentsStopped("everything is read anew")

    def checks(self) -> list[Check]:
        """Whether broker and database answer, and each agent moves while there is something to read."""
        away = any(agent.database_away for agent in self.agents)
        return [
            Check("kafka", ok=self._lag.broker_answers, why="the broker does not answer"),
            Check("database", ok=not away, why="it does not answer"),
            *(self._check_of(model) for agent in self.agents for model in agent.models),
        ]

    def _check_of(self, model: ReadModel) -> Check:
        still = [
            str(place.partition.partition)
            for place in self._lag.places
            if place.model == model.name and place.still
        ]
        why = f"stands still at partition {', '.join(still)} although there is something to read"
        return Check(f"projection {model.name}", ok=not still, why=why)

    def samples(self) -> Iterator[Sample]:
        """The numbers of each read model."""
        for agent in self.agents:
            for model in agent.models:
                labels = (("projection", model.name),)
                yield Sample("hub_projection_events_total", agent.events, labels)
                yield Sample("hub_projection_refused_total", agent.refused[model.name], labels)
        for place in self._lag.places:
            where = (
                ("projection", place.model),
                ("region", str(place.partition.partition)),
            )
            yield Sample("hub_projection_waiting", place.waiting, where)
            yield Sample("hub_projection_still_seconds", place.still_seconds, where)
