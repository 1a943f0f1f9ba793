"""The worker: holds regions by lease and runs the chain. A second one is the standby."""

import asyncio
from typing import Final
from uuid import UUID

import structlog
from starlette.applications import Starlette

from deploy.composition import Places, chain_from, matcher_from
from deploy.configuration.model import Configuration
from deploy.redriving import published_when_needed, rereader
from deploy.roles.http_server import http_server
from deploy.roles.stopping import stop_asked
from hub.errors import Unavailable
from hub.processor import IN_TOPICS
from hub.runtime.health import Check, health_routes
from hub.runtime.redrive import Reread
from hub.runtime.watchdog import LoopWatchdog
from hub.runtime.worker import Worker
from hub.store.engine import Engine, engine_for
from hub.store.postgres import PostgresStore
from hub.store.setup import prepare

log = structlog.get_logger("worker")

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
        CannotStart: The model for matching cannot be read.
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
            reread=reread_by(configuration, places),
            matcher=matcher_from(configuration),
        )
        await running(worker, configuration, health_port, stop)
    finally:
        engine.dispose()


def reread_by(configuration: Configuration, places: Places) -> Reread:
    """What a door refused, as events, for a redrive.

    Raises:
        CannotStart: The FHIR schema is not there.
    """
    reader = rereader(configuration, published_when_needed(configuration, places.fhir_schema))
    return lambda source, value, received_at: [
        each.event for each in reader(source, value, received_at)
    ]


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
