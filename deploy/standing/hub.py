"""A whole hub for the length of a `with` block."""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from deploy.composition import Places, places_from
from deploy.configuration.load import DEMO, load
from deploy.configuration.model import Configuration
from deploy.here import folders_of
from deploy.local.fetching import fetched, since_the_download
from deploy.local.folders import Folders
from deploy.local.parts import LocalParts
from deploy.local.ports import LOOPBACK
from deploy.local.process import adding_to
from deploy.local.progress import Progress, silent
from deploy.roles.ready import make_ready
from deploy.roles.up import Role, role_command
from deploy.settings import Settings, settings
from deploy.standing.area import (
    Gateway,
    Keys,
    Ports,
    area_in,
    keys_for,
    listening,
    ports_for,
    with_keys,
    write,
)
from deploy.standing.folder import STATE, folder_of_its_own
from deploy.standing.kept import RolesKept
from deploy.standing.leftovers import clear_leftovers
from deploy.standing.readiness import Watched, wait_until_ready
from deploy.standing.signals import stopping_as_by_ctrl_c, undisturbed
from hub.runtime import clock

READY_SECONDS: Final = 120.0
LOGS: Final = "logs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What kind of hub.

    Attributes:
        gateways: How many; each has ports of its own, and together they are one hub.
        workers: How many; a second one is the standby.
        area: A configuration file without Kafka and database.
        changes: Sections that stand in place of those of the area.
        folder: Where everything lies, and stays; None = a temporary one, removed at the end.
        ready_seconds: How long to wait until all roles are ready.
    """

    gateways: int = 1
    workers: int = 1
    area: Path = DEMO
    changes: Mapping[str, object] = field(default_factory=dict)
    folder: Path | None = None
    ready_seconds: float = READY_SECONDS


@dataclass(frozen=True, slots=True)
class StandingHub:
    """A hub that runs now.

    Attributes:
        config: Its configuration file (of the first gateway).
        configuration: The same, checked.
        places: Where its Kafka and its database are.
        gateways: Where each listens.
        ports: Where all roles listen.
        keys: What senders and organisations show.
        folder: Where everything of it lies.
        fetched_at: When what was not on this machine had come, by `time.monotonic`, also while installing just before;
            None when all was there.
        roles: Its processes.
    """

    config: Path
    configuration: Configuration
    places: Places
    ports: Ports
    keys: Keys
    folder: Path
    fetched_at: float | None
    roles: RolesKept

    @property
    def gateways(self) -> tuple[Gateway, ...]:
        """Where each listens."""
        return self.ports.gateways

    def pids(self) -> Mapping[str, int]:
        """Processes by name: `gateway-1`, `worker-1`, `projections`."""
        return self.roles.pids()

    def log_of(self, name: str) -> Path:
        """What a role wrote."""
        return log_file(self.folder, name)


@contextmanager
def standing_hub(wanted: Wanted = Wanted(), tell: Progress = silent) -> Iterator[StandingHub]:
    """Start everything, and stop it all within ten seconds, whatever happens, Ctrl-C and TERM included.

    It never touches the data of `hub up`: folder, ports, keys, broker and database are its own.

    Raises:
        CannotStart: A part does not run here, or a role did not become ready.
        Unavailable: Kafka's jars are not here yet and cannot be fetched now.
        ConfigurationError: The area, with its changes, is no configuration.
    """
    here = settings()
    clear_leftovers(tell)
    with stopping_as_by_ctrl_c(), ExitStack() as stack:
        folder = stack.enter_context(folder_of_its_own(wanted.folder))
        folders = Folders(cache=folders_of(here).cache, state=folder / STATE)
        fetched_at = fetch_first(folders.cache, tell)
        ports = ports_for(wanted.gateways, wanted.workers)
        area = area_in(wanted.area, wanted.changes)
        keys = keys_for(area)
        area = with_keys(area, keys, clock.now().date())
        files = tuple(
            write(listening(area, ports, gateway), folder / f"hub-{number}.yaml")
            for number, gateway in enumerate(ports.gateways, start=1)
        )
        configuration = load(files[0], here.environment)
        parts = LocalParts(folders, tell=tell)
        stack.callback(quietly_stopped, parts)
        tell("Kafka and PostgreSQL are starting.")
        parts.start()
        own = own_settings(here, folders, parts)
        places = places_from(configuration, own)
        make_ready(configuration, places)
        roles = stack.enter_context(running(wanted, own, files, ports, folder))
        tell("The hub's own processes are starting.")
        regions = len(configuration.regions)
        wait_until_ready(watched(ports, folder), regions, roles.ended, wanted.ready_seconds)
        yield StandingHub(files[0], configuration, places, ports, keys, folder, fetched_at, roles)


def fetch_first(cache: Path, tell: Progress) -> float | None:
    """Fetch what is missing; when the last download was done, or None when there was none just now."""
    fetched(cache, tell)
    since = since_the_download(cache)
    return None if since is None else time.monotonic() - since


def quietly_stopped(parts: LocalParts) -> None:
    """Stop Kafka and PostgreSQL, to the end."""
    with undisturbed():
        parts.stop()


def own_settings(here: Settings, folders: Folders, parts: LocalParts) -> Settings:
    """The settings of our roles: our surroundings, but these parts."""
    kafka, database = parts.kafka.bootstrap_servers, parts.postgres.url
    environment = {
        **{name: value for name, value in here.environment.items() if name != "HUB_CONFIG"},
        "HUB_CACHE": str(folders.cache),
        "HUB_STATE": str(folders.state),
        "HUB_KAFKA": kafka,
        "HUB_DATABASE": database,
    }
    return replace(
        here,
        config=None,
        cache=folders.cache,
        state=folders.state,
        kafka=kafka,
        database=database,
        environment=environment,
    )


@contextmanager
def running(
    wanted: Wanted, own: Settings, files: tuple[Path, ...], ports: Ports, folder: Path
) -> Iterator[RolesKept]:
    """The roles, each with a log of its own."""
    commands = {
        f"gateway-{number}": role_command("gateway", file)
        for number, file in enumerate(files, start=1)
    }
    for number, port in enumerate(ports.workers, start=1):
        commands[f"worker-{number}"] = role_command("worker", files[0], "--health-port", str(port))
    commands["projections"] = role_command("projections", files[0])
    (folder / LOGS).mkdir(exist_ok=True)
    with ExitStack() as logs:
        roles = [
            Role(
                name,
                command,
                own.environment,
                output=logs.enter_context(adding_to(log_file(folder, name))).fileno(),
            )
            for name, command in commands.items()
        ]
        kept = RolesKept(roles)
        try:
            kept.start()
            yield kept
        finally:
            with undisturbed():
                kept.stop()


def watched(ports: Ports, folder: Path) -> tuple[Watched, ...]:
    """Every role with the address of its health."""

    def one(name: str, url: str, *, holds_regions: bool = False) -> Watched:
        return Watched(name, url, log_file(folder, name), holds_regions)

    gateways = (
        one(f"gateway-{number}", each.base_url)
        for number, each in enumerate(ports.gateways, start=1)
    )
    workers = (
        one(f"worker-{number}", f"http://{LOOPBACK}:{port}", holds_regions=True)
        for number, port in enumerate(ports.workers, start=1)
    )
    return (*gateways, *workers, one("projections", f"http://{LOOPBACK}:{ports.projections}"))


def log_file(folder: Path, name: str) -> Path:
    """The log of a role."""
    return folder / LOGS / f"{name}.log"
