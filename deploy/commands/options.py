"""Options that several verbs share, and how they are turned into a configuration."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from deploy.configuration.model import Configuration
    from deploy.settings import Settings
    from hub.runtime.connection import KafkaConnection

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration; else the file that HUB_CONFIG names, else the demonstration's.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON, one value on each line.")]


def configured(config: Path | None) -> "tuple[Configuration, Settings]":
    """The checked configuration of this call.

    Raises:
        ConfigurationError: One line for each problem.
    """
    from deploy.configuration.load import chosen, load
    from deploy.settings import settings

    here = settings()
    return load(chosen(config, here.config), here.environment), here


def connected(configuration: "Configuration", here: "Settings") -> "KafkaConnection":
    """The brokers of this configuration; the hub's own ones must have been started.

    Raises:
        CannotStart: The hub's own broker was never started on this machine.
    """
    from deploy.configuration.connections import kafka_connection, needs_local_kafka

    if not needs_local_kafka(configuration):
        return kafka_connection(configuration, here.environment)
    from deploy.here import local_bootstrap_servers

    return kafka_connection(configuration, here.environment, local=local_bootstrap_servers(here))
