"""The worker: holds regions by lease and runs the chain. A second one is the standby."""

import asyncio

import structlog

from deploy.composition import Places, chain_from
from deploy.configuration.model import Configuration
from deploy.roles.stopping import stop_asked
from hub.errors import Unavailable
from hub.processor import IN_TOPICS
from hub.runtime.worker import Worker
from hub.store.engine import engine_for
from hub.store.postgres import PostgresStore
from hub.store.setup import prepare

log = structlog.get_logger("worker")

AGAIN_SECONDS = 1.0


async def run_worker(configuration: Configuration, places: Places) -> None:
    """Run until asked to stop.

    Raises:
        TooManyDefects: A region failed event after event by a fault of ours.
        OtherDatabase: The database belongs to another version or to other regions.
    """
    stop = stop_asked()
    engine = engine_for(places.database_url)
    regions = len(configuration.regions)
    try:
        hub_id = None
        while hub_id is None and not stop.is_set():
            try:
                hub_id = await asyncio.to_thread(prepare, engine, regions, IN_TOPICS)
            except Unavailable as error:
                log.warning("database-away", why=error.reason)
                await asyncio.sleep(AGAIN_SECONDS)
        if hub_id is not None:
            store = PostgresStore(engine)
            worker = Worker(
                str(hub_id),
                store,
                places.kafka,
                chain_from(configuration),
                IN_TOPICS,
                most_regions=regions,
            )
            await worker.run(stop)
    finally:
        engine.dispose()
