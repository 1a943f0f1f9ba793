"""The gateway: MLLP and HTTP in, durable on Kafka, then the answer."""

import asyncio
import contextlib
import ssl
from typing import Final

import structlog
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.fhir_api.inbound import FhirDoor, app_of
from connectors.ward_mllp.inbound import MllpServer
from deploy.composition import Places, fhir_senders, ward_senders
from deploy.configuration.model import Configuration
from deploy.configuration.servers import ServerTls
from deploy.roles.stopping import stop_asked
from hub.runtime import clock
from hub.runtime.publisher import KafkaPublisher
from hub.store.door import PostgresDoor
from hub.store.engine import engine_for

log = structlog.get_logger("gateway")

GRACE_SECONDS: Final = 5


async def run_gateway(configuration: Configuration, places: Places) -> None:
    """Listen until asked to stop."""
    stop = stop_asked()
    engine = engine_for(places.database_url)
    publisher = KafkaPublisher(places.kafka)
    door = PostgresDoor(engine)
    wards = MllpServer(ward_senders(configuration), publisher, door, clock.now)
    fhir = FhirDoor(fhir_senders(configuration), publisher, door, clock.now)
    web = http_server(configuration, fhir)
    mllp = configuration.mllp
    port = await wards.start(mllp.host, mllp.port, context_of(mllp.tls))
    serving = asyncio.create_task(web.serve())
    log.info("gateway-open", mllp_port=port, http_port=configuration.http.port)
    try:
        await stop.wait()
    finally:
        log.info("gateway-closing")
        web.should_exit = True
        await wards.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, GRACE_SECONDS)
        await publisher.stop()
        engine.dispose()


def http_server(configuration: Configuration, door: FhirDoor) -> uvicorn.Server:
    """The HTTP server of this role; signals stay with the role."""
    section = configuration.http
    settings = uvicorn.Config(
        app_of(door, Route("/health/live", live)),
        host=section.host,
        port=section.port,
        ssl_certfile=section.tls.cert if section.tls else None,
        ssl_keyfile=section.tls.key if section.tls else None,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        lifespan="off",
    )
    server = uvicorn.Server(settings)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    return server


async def live(_: Request) -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "alive"})


def context_of(tls: ServerTls | None) -> ssl.SSLContext | None:
    """TLS 1.2 or later for a listener; with `client_ca` every client must show a certificate."""
    if tls is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=tls.client_ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(tls.cert, tls.key)
    if tls.client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
    return context
