"""`hub topics`: the topics on the brokers and what the configuration needs."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.options import Config, Json, configured, connected
from deploy.exit_codes import ExitCode, Stopped
from deploy.output import aside, data, data_as_json

if TYPE_CHECKING:
    from deploy.configuration.model import Configuration
    from deploy.settings import Settings
    from hub.runtime.topics.admin import TopicAdmin
    from hub.runtime.topics.differences import Difference
    from hub.runtime.topics.plan import Known
    from hub.runtime.topics.tail import Seen

topics = typer.Typer(
    help="The topics on the brokers, and what the configuration needs.", no_args_is_help=True
)


@topics.command(name="diff")
def diff(config: Config = None, json: Json = False) -> None:
    """Say what apply would do, and change nothing. Ends with 1 if there is anything to do.

    Topics are held against what the database remembers of them; without a database, against the configuration alone.

    Example: hub topics diff --json
    """
    configuration, here = configured(config)

    from deploy.log_memory import remembered_at
    from hub.errors import Unavailable
    from hub.runtime.topics.admin import TopicAdmin
    from hub.runtime.topics.differences import Advice

    with TopicAdmin(connected(configuration, here)) as admin:
        try:
            known = remembered_at(_database(configuration, here))
        except Unavailable as error:
            aside(f"Not held against what the database remembers. {error.reason}")
            known = None
        differences = _planned(admin, configuration, known)
    _show(differences, json=json)
    if any(not isinstance(each, Advice) for each in differences):
        raise Stopped(ExitCode.CHECK_FAILED)


@topics.command(name="apply")
def apply(config: Config = None, json: Json = False) -> None:
    """Create topics, add partitions, change settings. Nothing is ever deleted.

    Refuses brokers and topics that are not those which the database belongs to.

    Example: hub topics apply --config /etc/hub/hub.yaml
    """
    configuration, here = configured(config)

    from deploy.configuration.connections import configured_topics, region_names
    from deploy.log_memory import remember, remembered
    from hub.runtime.topics.admin import TopicAdmin
    from hub.store.engine import engine_for

    with TopicAdmin(connected(configuration, here)) as admin:
        engine = engine_for(_database(configuration, here), connections=1)
        try:
            differences = _planned(admin, configuration, remembered(engine))
            admin.apply(differences)
            wanted = configured_topics(configuration)
            remember(engine, admin.cluster(), wanted, region_names(configuration))
        finally:
            engine.dispose()
    _show(differences, json=json)


@topics.command(name="tail")
def tail(
    topic: Annotated[str, typer.Argument(help="Name of the topic.")],
    from_start: Annotated[
        bool, typer.Option("--from-start", help="From the oldest record on.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow/--no-follow", help="Wait for more; end with Ctrl-C.")
    ] = True,
    config: Config = None,
    json: Json = False,
) -> None:
    """Show place, key and ids of each record; never what it says about people.

    Example: hub topics tail alert.involvement.v1 --from-start --no-follow
    """
    from contextlib import suppress
    from dataclasses import asdict

    from hub.runtime.topics.tail import tail as records

    configuration, here = configured(config)
    connection = connected(configuration, here)
    with suppress(KeyboardInterrupt):
        for seen in records(connection, topic, from_start=from_start, follow=follow):
            if json:
                data_as_json(asdict(seen))
            else:
                data(_line(seen))


def _line(seen: "Seen") -> str:
    ids = (f"{name}={value}" for name, value in seen.ids.items())
    place = f"{seen.appended_at:%Y-%m-%dT%H:%M:%S.%fZ} {seen.partition}/{seen.offset}"
    return " ".join((place, seen.key, seen.record, *ids))


def _database(configuration: "Configuration", here: "Settings") -> str:
    from deploy.composition import places_from

    return places_from(configuration, here).database_url


def _planned(
    admin: "TopicAdmin", configuration: "Configuration", known: "Known | None"
) -> "tuple[Difference, ...]":
    from deploy.configuration.connections import configured_topics, copies, region_names
    from hub.runtime.topics.plan import plan

    return plan(
        admin.cluster(),
        configured_topics(configuration),
        regions=region_names(configuration),
        copies=copies(configuration),
        known=known,
    )


def _show(differences: "tuple[Difference, ...]", *, json: bool) -> None:
    for each in differences:
        if json:
            data_as_json({"action": type(each).__name__, "text": str(each)})
        else:
            data(str(each))
    if not differences:
        aside("Topics are as they should be.")
