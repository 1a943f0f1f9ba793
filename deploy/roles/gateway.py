"""The gateway: MLLP and HTTP in, durable on Kafka, then the answer."""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from typing import Final

import structlog

from connectors.fhir_api.desk import Desk
from connectors.fhir_api.inbound import FhirDoor, app_of
from connectors.national.inbound import NationalDoor
from connectors.ward_mllp.inbound import SILENT, MllpServer
from deploy.code_lists import carer_codes
from deploy.composition import (
    Places,
    fhir_organisations,
    fhir_senders,
    fhir_shapes,
    fhir_structures,
    national_senders,
    ward_senders,
)
from deploy.configuration.model import Configuration
from deploy.configuration.servers import ServerTls
from deploy.local.errors import CannotStart
from deploy.pages import base_address, pages_on
from deploy.roles.doors import doors, found_by_tls
from deploy.roles.http_server import GRACE_SECONDS, cannot_listen, http_server
from deploy.roles.stopping import stop_asked
from hub.errors import Unavailable
from hub.runtime import clock
from hub.runtime.health import Check, Sample, health_routes
from hub.runtime.publisher import KafkaPublisher
from hub.runtime.watchdog import LoopWatchdog
from hub.store.door import PostgresDoor
from hub.store.engine import engine_for
from hub.store.ledger import PostgresLedger

log = structlog.get_logger("gateway")

CHECK_SECONDS: Final = 3


async def run_gateway(configuration: Configuration, places: Places) -> None:
    """Listen until asked to stop."""
    stop = stop_asked()
    shapes = fhir_shapes(places.fhir_schema)
    engine = engine_for(places.database_url)
    publisher = KafkaPublisher(places.kafka)
    door = PostgresDoor(engine)
    wards = MllpServer(ward_senders(configuration), publisher, door, clock.now)
    ledger = PostgresLedger(engine)
    desk = Desk(fhir_organisations(configuration), ledger, publisher, door, clock.now, shapes)
    xml = fhir_structures(configuration, places.fhir_schema)
    fhir = FhirDoor(fhir_senders(configuration), publisher, door, clock.now, shapes, desk, xml)
    heard_by = carer_codes().version
    health = health_routes(
        lambda: gateway_checks(publisher, door, wards), lambda: gateway_samples(wards, heard_by)
    )
    national = NationalDoor(national_senders(configuration), publisher, door, clock.now)
    pages = pages_on(configuration, engine, publisher)
    both = doors(app_of(fhir, *national.routes(), *health), pages)
    is_https = base_address(configuration).startswith("https:")
    web = http_server(configuration.http, found_by_tls(both) if is_https else both)
    watchdog = asyncio.create_task(LoopWatchdog().run())
    mllp = configuration.mllp
    try:
        port = await wards.start(mllp.host, mllp.port, context_of(mllp.tls))
    except OSError as error:
        raise CannotStart(cannot_listen(mllp.host, mllp.port)) from error
    serving = asyncio.create_task(web.serve())
    log.info("gateway-open", mllp_port=port, http_port=configuration.http.port)
    try:
        await stop.wait()
    finally:
        log.info("gateway-closing")
        web.should_exit = True
        await wards.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                await serving
        watchdog.cancel()
        await publisher.stop()
        engine.dispose()


async def gateway_checks(
    publisher: KafkaPublisher, door: PostgresDoor, wards: MllpServer
) -> list[Check]:
    """Log and database must work before a sender can be answered AA, whatever it sends; a silent feed only warns."""
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await asyncio.to_thread(door.answers)
        database = Check("database", ok=True)
    except (Unavailable, TimeoutError):
        database = Check("database", ok=False, why="it does not answer")
    return [await publisher.check(), database, *feed_checks(wards)]


def feed_checks(wards: MllpServer) -> Iterator[Check]:
    """The senders that should have spoken by now."""
    for feed in wards.feeds:
        if feed.expected is not None:
            yield Check(f"feed {feed.name}", ok=not feed.silent, why=SILENT, warns=True)


def gateway_samples(wards: MllpServer, codes_version: str) -> Iterator[Sample]:
    """By which carer lists FHIR is heard, and what became of the frames so far, of all and of each sender."""
    yield Sample("hub_carer_codes", 1.0, (("version", codes_version),))
    for verdict, number in wards.counts.items():
        yield Sample("hub_ward_messages_total", number, (("verdict", verdict),))
    for reason, number in wards.handshakes.items():
        yield Sample("hub_ward_handshakes_failed_total", number, (("reason", reason),))
    yield Sample("hub_ward_connections", wards.open_connections)
    now = wards.clock()
    for feed in wards.feeds:
        sender = ("sender", feed.name)
        for verdict, number in feed.counts.items():
            yield Sample("hub_ward_feed_messages_total", number, (sender, ("verdict", verdict)))
        for event, number in feed.ignored.items():
            yield Sample("hub_ward_ignored_total", number, (sender, ("event", event)))
        for what, number in feed.again.items():
            yield Sample("hub_ward_feed_again_total", number, (sender, ("what", what)))
        heard = (now - feed.heard_at).total_seconds()
        yield Sample("hub_ward_feed_heard_seconds", heard, (sender,))
        yield Sample("hub_ward_feed_heard", float(feed.heard), (sender,))
        yield Sample("hub_ward_feed_silent", float(feed.silent), (sender,))


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
