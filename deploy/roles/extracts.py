"""The watching of folders: registers of practices, councils and charities, taken as their files come.

A role of its own, because a file of a million rows keeps a core busy for minutes, and no ward waits behind that.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import structlog
from starlette.applications import Starlette

from connectors.gp_csv.folder import Folder
from connectors.gp_csv.settings import Encoding, RegisterSettings
from connectors.gp_csv.watching import FolderWatch, Log
from deploy.composition import Places
from deploy.configuration.area import CsvSender
from deploy.configuration.model import Configuration
from deploy.layouts import layout_of
from deploy.roles.http_server import http_server
from deploy.roles.stopping import stop_asked
from deploy.roles.worker import prepared
from hub.runtime import clock
from hub.runtime.health import Check, Sample, health_routes
from hub.runtime.publisher import KafkaPublisher
from hub.runtime.watchdog import LoopWatchdog
from hub.store.door import PostgresDoor
from hub.store.engine import Engine, engine_for
from hub.store.registers import PostgresRegisters

CONNECTIONS_EACH: Final = 2
"""One holds the register of a file that is taken, the other keeps what is refused of it."""

log = structlog.get_logger("extracts")


def watched(configuration: Configuration) -> tuple[CsvSender, ...]:
    """The senders whose folders are watched."""
    return tuple(
        sender
        for sender in configuration.senders
        if isinstance(sender, CsvSender) and sender.folder is not None
    )


async def run_extracts(configuration: Configuration, places: Places) -> None:
    """Run until asked to stop.

    Raises:
        OtherDatabase: The database belongs to another version or to other regions.
        BadLayout: A layout of yours cannot be used.
    """
    stop = stop_asked()
    engine = engine_of(configuration, places)
    publisher = KafkaPublisher(places.kafka)
    try:
        if await prepared(engine, len(configuration.regions), stop) is None:
            return
        turns = asyncio.Semaphore(configuration.extracts.at_once)
        behind = Log(publisher, PostgresRegisters(engine), PostgresDoor(engine), clock.now, turns)
        watches = watches_of(configuration, behind)
        await running(configuration, watches, publisher, stop)
    finally:
        await publisher.stop()
        engine.dispose()


def engine_of(configuration: Configuration, places: Places) -> Engine:
    """Connections for as many registers as are taken at once, so that none ever waits for one."""
    return engine_for(
        places.database_url, connections=CONNECTIONS_EACH * configuration.extracts.at_once
    )


async def running(
    configuration: Configuration,
    watches: Sequence[FolderWatch],
    publisher: KafkaPublisher,
    stop: asyncio.Event,
) -> None:
    """All folders side by side, with their health beside them; none waits for another."""

    async def checks() -> list[Check]:
        return [await publisher.check(), *map(check_of, watches)]

    routes = health_routes(checks, lambda: samples_of(watches))
    server = http_server(configuration.extracts, Starlette(routes=routes))
    serving = asyncio.create_task(server.serve())
    watchdog = asyncio.create_task(LoopWatchdog().run())
    log.info("extracts-open", http_port=configuration.extracts.port)
    try:
        await asyncio.gather(*(watch.run(stop) for watch in watches))
        await stop.wait()
    finally:
        server.should_exit = True
        watchdog.cancel()
        await asyncio.wait([serving, watchdog], timeout=2)


def watches_of(configuration: Configuration, behind: Log) -> list[FolderWatch]:
    """A watch for each folder."""
    return [
        FolderWatch(
            settings_of(configuration, sender),
            layout_of(sender),
            Folder(sender.folder, timedelta(seconds=sender.settle_seconds)),
            behind,
            keep=timedelta(days=sender.keep_days),
        )
        for sender in watched(configuration)
        if sender.folder is not None
    ]


def settings_of(configuration: Configuration, sender: CsvSender) -> RegisterSettings:
    """What one sender is like."""
    return RegisterSettings(
        name=sender.name,
        ods_code=sender.organisation,
        regions=tuple(configuration.partition_of(region) for region in sender.regions),
        charset=Encoding(sender.charset),
        test_numbers=configuration.test_numbers,
        contents=sender.contents,
        former_codes=sender.former_codes,
        most_ended_share=sender.most_ended_share,
        most_refused_share=sender.most_refused_share,
    )


def check_of(watch: FolderWatch) -> Check:
    """Whether the folder, and what stands behind it, can be used."""
    return Check(f"folder of {watch.settings.name}", ok=not watch.trouble, why=watch.trouble)


def samples_of(watches: Sequence[FolderWatch]) -> Iterator[Sample]:
    """What became of files and rows so far."""
    for watch in watches:
        sender = ("sender", watch.settings.name)
        for outcome, number in watch.files.items():
            yield Sample("hub_register_files_total", number, (sender, ("outcome", outcome)))
        for outcome, number in watch.rows.items():
            yield Sample("hub_register_rows_total", number, (sender, ("outcome", outcome)))
        rows, events = watch.at
        yield Sample("hub_register_rows_read", rows, (sender,))
        yield Sample("hub_register_events_told", events, (sender,))
        yield Sample("hub_register_waiting", watch.folder.waiting, (sender,))
        if watch.last_good is not None:
            yield Sample("hub_register_last_good_seconds", watch.last_good.timestamp(), (sender,))
