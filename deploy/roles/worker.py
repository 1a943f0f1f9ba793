"""The worker: holds regions by lease and runs the chain. A second one is the standby."""

import asyncio
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

import structlog
from starlette.applications import Starlette

from connectors.fhir_api.mapping import Post, heard_from
from connectors.ward_mllp.hearing import NotForUs, Refusal, Understood, heard
from deploy.composition import Places, chain_from, fhir_senders, fhir_shapes, ward_senders
from deploy.configuration.model import Configuration
from deploy.fhir_schema import fhir_schema
from deploy.passes import pass_names
from deploy.roles.http_server import http_server
from deploy.roles.stopping import stop_asked
from hub.errors import Rejected, Unavailable
from hub.fhir.conformance import Shapes
from hub.processor import IN_TOPICS
from hub.runtime import clock
from hub.runtime.health import Check, health_routes
from hub.runtime.redrive import Reread
from hub.runtime.watchdog import LoopWatchdog
from hub.runtime.worker import Worker
from hub.store.engine import Engine, engine_for
from hub.store.postgres import PostgresStore
from hub.store.setup import prepare

log = structlog.get_logger("worker")

T = TypeVar("T")

AGAIN_SECONDS: Final = 1.0
ROOM_SECONDS: Final = 3600.0


async def run_worker(
    configuration: Configuration, places: Places, health_port: int | None = None
) -> None:
    """Run until asked to stop.

    Raises:
        TooManyDefects: A region failed event after event by a fault of ours.
        DatabaseWentBack: More was told than the database ever held: it was restored from the past.
        OtherDatabase: The database belongs to another version or to other regions.
    """
    stop = stop_asked()
    engine = engine_for(places.database_url)
    regions = len(configuration.regions)
    try:
        hub_id = await prepared(engine, regions, stop)
        if hub_id is None:
            return
        store = PostgresStore(engine)
        chain = chain_from(configuration)
        worker = Worker(
            str(hub_id),
            store,
            places.kafka,
            chain,
            IN_TOPICS,
            regions,
            follows=configuration.worker.follow,
            reread=rereader(configuration, shapes_when_needed(places.fhir_schema)),
        )
        await running(worker, configuration, health_port, stop)
    finally:
        engine.dispose()


async def prepared(engine: Engine, regions: int, stop: asyncio.Event) -> UUID | None:
    """The hub's id once the tables are there; None when asked to stop before."""
    while not stop.is_set():
        try:
            return await asyncio.to_thread(prepare, engine, regions, IN_TOPICS)
        except Unavailable as error:
            log.warning("database-away", why=error.reason)
            await asyncio.sleep(AGAIN_SECONDS)
    return None


async def running(
    worker: Worker, configuration: Configuration, health_port: int | None, stop: asyncio.Event
) -> None:
    """The worker with its health beside it, and somebody who makes room in the inbox."""

    async def checks() -> list[Check]:
        return worker.checks()

    server = http_server(
        configuration.worker, Starlette(routes=health_routes(checks, worker.samples)), health_port
    )
    beside = [
        asyncio.create_task(each)
        for each in (server.serve(), LoopWatchdog().run(), keep_room(worker))
    ]
    try:
        await worker.run(stop)
    finally:
        server.should_exit = True
        for task in beside[1:]:
            task.cancel()
        await asyncio.wait(beside, timeout=3)


async def keep_room(worker: Worker) -> None:
    """Partitions of the inbox for the days to come, and none for days long gone; old ignored bytes go."""
    while True:
        try:
            await asyncio.to_thread(worker.store.make_room)
        except Exception as error:  # noqa: BLE001 - it is tried again, loudly: without room nothing is taken in
            kind = type(error).__name__
            log.error("no-room-made", error=kind)  # noqa: TRY400 - a trace may quote what was read
        await asyncio.sleep(ROOM_SECONDS)


def only(said: Sequence[T]) -> T:
    """The one event of a body.

    Raises:
        Rejected: It comes to several, of which a redrive could carry out only one.
    """
    if len(said) != 1:
        raise Rejected(
            "It comes to several events. Ask its sender to send it again.", code="several-events"
        )
    return said[0]


def shapes_when_needed(place: Path) -> Callable[[], Shapes]:
    """The shapes of FHIR for a redrive; compiled they take 14 MB, and most workers never redrive.

    Raises:
        CannotStart: The schema is not there.
    """
    fhir_schema(place)
    return cache(lambda: fhir_shapes(place))


def rereader(configuration: Configuration, shapes: Callable[[], Shapes]) -> Reread:
    """Reads what a door refused once more, for a redrive; the configuration may know the sender by now."""
    wards = ward_senders(configuration)
    practices = {sender.name: sender for sender in fhir_senders(configuration)}
    over_kafka = pass_names(configuration)

    def reread(source: str, value: bytes) -> Any:
        if source in over_kafka:
            raise Rejected(
                "It was read on Kafka: its sender sends it again, and the hub tells the next version.",
                code="send-again",
            )
        if source in practices:
            post = Post(sender=practices[source], received_at=clock.now(), shapes=shapes())
            return only(heard_from(value, post).all).event
        what = heard(value, wards, clock.now())
        match what:
            case Understood():
                return what.event
            case NotForUs():
                raise Rejected(what.reason, code="no-meaning")
            case Refusal():
                raise what.error or Rejected(what.reason, code=what.code)

    return reread
