"""The projections: the tables that pages read, kept in step with the topics. One process is enough."""

import asyncio
from typing import Final

import structlog
from starlette.applications import Starlette

from connectors.portal.projection import PORTAL
from deploy.composition import Places
from deploy.configuration.model import Configuration
from deploy.roles.http_server import http_server
from deploy.roles.stopping import stop_asked
from deploy.roles.worker import AGAIN_SECONDS, prepared
from hub.errors import Unavailable
from hub.ledger import LEDGER
from hub.projection import ReadModel
from hub.runtime.health import Check, health_routes
from hub.runtime.projections import Projections
from hub.runtime.watchdog import LoopWatchdog
from hub.store.engine import engine_for
from hub.store.read_models import PostgresReadModels

log = structlog.get_logger("projections")

MODELS: Final[tuple[ReadModel, ...]] = (*PORTAL, *LEDGER)
"""Every read model of the hub."""

CONNECTIONS: Final = 5
"""To the database: one for each agent, and one to look."""


async def run_projections(configuration: Configuration, places: Places) -> None:
    """Run until asked to stop.

    Raises:
        AgentsStopped: It must be started again; `hub up` does that.
        OtherDatabase: The database belongs to another version or to other regions.
    """
    stop = stop_asked()
    engine = engine_for(places.database_url, connections=CONNECTIONS)
    regions = len(configuration.regions)
    try:
        hub_id = await prepared(engine, regions, stop)
        if hub_id is None:
            return
        store = PostgresReadModels(engine, MODELS)
        await patiently_prepared(store, stop)
        projections = Projections(str(hub_id), places.kafka, store, MODELS, regions)
        await running(projections, configuration, stop)
    finally:
        engine.dispose()


async def patiently_prepared(store: PostgresReadModels, stop: asyncio.Event) -> None:
    """Tables as this program needs them, as soon as the database answers."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(store.prepare)
        except Unavailable as error:
            log.warning("database-away", why=error.reason)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return


async def running(
    projections: Projections, configuration: Configuration, stop: asyncio.Event
) -> None:
    """The agents with their health beside them."""

    async def checks() -> list[Check]:
        return projections.checks()

    routes = health_routes(checks, projections.samples)
    server = http_server(configuration.projections, Starlette(routes=routes))
    serving = asyncio.create_task(server.serve())
    watching = asyncio.create_task(LoopWatchdog().run())
    try:
        await projections.run(stop)
    finally:
        server.should_exit = True
        watching.cancel()
        await asyncio.wait([serving, watching], timeout=2)
