"""`hub up`, `hub gateway`, `hub worker`, `hub projections`, `hub extracts`: the hub itself, or one role of it."""

from typing import Annotated

import typer

from deploy.commands.options import Config, configured
from deploy.output import aside


def up(
    config: Config = None,
    workers: Annotated[
        int, typer.Option(min=1, max=8, help="Workers; a second one is the standby.")
    ] = 1,
) -> None:
    """Run everything on this machine until Ctrl-C: all roles, and Kafka and PostgreSQL unless yours are named.

    Example: hub up --config /etc/hub/hub.yaml
    """
    import asyncio

    from deploy.roles.logs import set_up_logs
    from deploy.roles.parts import parts_up
    from deploy.roles.up import make_ready_aside, run_roles

    configuration, here = configured(config)
    set_up_logs(configuration.log_level)

    def said() -> None:
        http, mllp = configuration.http, configuration.mllp
        base = f"{'https' if http.tls else 'http'}://{http.host}:{http.port}"
        aside(f"The hub is up. HL7 v2 over MLLP: port {mllp.port}. FHIR: {base}/fhir/R4.")
        aside(f"Health: {base}/health/ready. Numbers: {base}/metrics.")
        aside("Ctrl-C stops it and keeps the data.")

    with parts_up(configuration, here, aside):
        make_ready_aside(here.environment, config)
        aside("The hub's own processes are starting.")
        asyncio.run(run_roles(configuration, here.environment, config, said, workers))


def make_ready(config: Config = None) -> None:
    """Make topics and tables; `hub up` runs this as a process, because what it imports would stay with the hub.

    Example: hub make-ready --config /etc/hub/hub.yaml
    """
    from deploy.composition import places_from
    from deploy.roles import ready

    configuration, here = configured(config)
    ready.make_ready(configuration, places_from(configuration, here))


def gateway(config: Config = None) -> None:
    """Listen to hospitals and practices; Kafka and PostgreSQL must be running.

    Example: hub gateway --config /etc/hub/hub.yaml
    """
    from deploy.composition import places_from
    from deploy.roles.gateway import run_gateway
    from deploy.roles.logs import set_up_logs
    from deploy.roles.running import run

    configuration, here = configured(config)
    set_up_logs(configuration.log_level)
    run(run_gateway(configuration, places_from(configuration, here)))


def worker(
    config: Config = None,
    health_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of its health; else `worker.port`.")
    ] = None,
) -> None:
    """Hold regions and run the chain; Kafka and PostgreSQL must be running.

    Example: hub worker --config /etc/hub/hub.yaml
    """
    from deploy.composition import places_from
    from deploy.roles.logs import set_up_logs
    from deploy.roles.running import run
    from deploy.roles.worker import run_worker

    configuration, here = configured(config)
    set_up_logs(configuration.log_level)
    run(run_worker(configuration, places_from(configuration, here), health_port))


def projections(config: Config = None) -> None:
    """Keep the tables that pages read in step; Kafka and PostgreSQL must be running.

    Example: hub projections --config /etc/hub/hub.yaml
    """
    from deploy.composition import places_from
    from deploy.roles.logs import set_up_logs
    from deploy.roles.projections import run_projections
    from deploy.roles.running import run

    configuration, here = configured(config)
    set_up_logs(configuration.log_level)
    run(run_projections(configuration, places_from(configuration, here)))


def extracts(config: Config = None) -> None:
    """Watch the folders of senders of extracts; Kafka and PostgreSQL must be running.

    Example: hub extracts --config /etc/hub/hub.yaml
    """
    from deploy.composition import places_from
    from deploy.roles.extracts import run_extracts
    from deploy.roles.logs import set_up_logs
    from deploy.roles.running import run

    configuration, here = configured(config)
    set_up_logs(configuration.log_level)
    run(run_extracts(configuration, places_from(configuration, here)))
