"""The projections: the tables that pages read, and beside them what goes over topics of organisations.

One process is enough.
"""

import asyncio
from collections.abc import Iterator
from typing import Final

import structlog
from starlette.applications import Starlette

from connectors.portal.projection import PORTAL
from deploy.composition import Places, fhir_shapes
from deploy.configuration.model import Configuration
from deploy.passes import passes_from
from deploy.roles.http_server import http_server
from deploy.roles.review_numbers import ReviewNumbers
from deploy.roles.stopping import stop_asked
from deploy.roles.worker import AGAIN_SECONDS, prepared
from hub.errors import Unavailable
from hub.ledger import LEDGER
from hub.projection import ReadModel
from hub.runtime.health import Check, Sample, health_routes
from hub.runtime.passes import Passes
from hub.runtime.projections import Projections
from hub.runtime.watchdog import LoopWatchdog
from hub.store.door import PostgresDoor
from hub.store.engine import Engine, engine_for
from hub.store.ledger import PostgresLedger
from hub.store.read_models import PostgresReadModels
from hub.store.review_queue import PostgresReviewQueue

log = structlog.get_logger("projections")

MODELS: Final[tuple[ReadModel, ...]] = (*PORTAL, *LEDGER)
"""Every read model of the hub."""

CONNECTIONS: Final = 6
"""To the database: one for the agent of each topic, one to look, one for the passes, one to count questions."""


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
        passes = passes_of(configuration, places, engine, str(hub_id))
        names = [each.name for each in configuration.regions]
        numbers = ReviewNumbers(PostgresReviewQueue(engine), names)
        await running(projections, (passes, numbers), configuration, stop)
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


def passes_of(configuration: Configuration, places: Places, engine: Engine, hub_id: str) -> Passes:
    """What goes over topics of organisations; no pass when nobody has the channel `kafka`."""
    given = passes_from(
        configuration, PostgresLedger(engine), lambda: fhir_shapes(places.fhir_schema)
    )
    return Passes(given, hub_id, places.kafka, PostgresDoor(engine))


async def running(
    projections: Projections,
    beside: tuple[Passes, ReviewNumbers],
    configuration: Configuration,
    stop: asyncio.Event,
) -> None:
    """The agents and the passes, with their health beside them. Neither waits for the other, or ends it."""
    passes, numbers = beside

    async def checks() -> list[Check]:
        return [*projections.checks(), *passes.checks()]

    def samples() -> Iterator[Sample]:
        yield from projections.samples()
        yield from passes.samples()
        yield from numbers.samples()

    routes = health_routes(checks, samples)
    server = http_server(configuration.projections, Starlette(routes=routes))
    serving = asyncio.create_task(server.serve())
    watching = asyncio.create_task(LoopWatchdog().run())
    passing = asyncio.create_task(passes.run(stop))
    counting = asyncio.create_task(numbers.run(stop))
    try:
        await projections.run(stop)
    finally:
        server.should_exit = True
        watching.cancel()
        passing.cancel()
        counting.cancel()
        await asyncio.wait([serving, watching, passing, counting], timeout=2)
