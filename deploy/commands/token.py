"""`hub token`: keys for organisations, and links to their pages."""

from typing import Annotated

import typer

from deploy.commands.options import Config, configured
from deploy.output import aside, data

token = typer.Typer(help="Keys that organisations show, and links to pages.", no_args_is_help=True)

DAYS = 365
Ods = Annotated[str, typer.Argument(help="ODS code of the organisation.")]


@token.command(name="new")
def new(
    ods: Ods,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How long it is good.")] = DAYS,
) -> None:
    """Make a key, print it once, and print what to put into the configuration.

    Example: hub token new C82901
    """
    import secrets
    from datetime import timedelta

    from hub.keys import digest_of
    from hub.runtime import clock

    key = secrets.token_urlsafe(32)
    digest = digest_of(key)
    until = (clock.now() + timedelta(days=days)).date()
    data(key)
    aside(
        f"The key of {ods} is printed above, once: hand it over by a safe way. It is kept nowhere."
    )
    aside("Put this under `tokens` of its sender or organisation in hub.yaml:")
    aside(f"  - {{sha256: {digest}, expires_on: {until.isoformat()}}}")


@token.command(name="link")
def link(ods: Ods, config: Config = None) -> None:
    """Print a link that opens the pages of an organisation once; the hub must be running.

    Example: hub token link RWE
    """
    from deploy.configuration.connections import database_url, needs_local_database
    from deploy.here import local_database_url
    from deploy.pages import page_address

    configuration, here = configured(config)
    local = local_database_url(here) if needs_local_database(configuration) else ""
    database = database_url(configuration, here.environment, local=local)
    data(page_address(configuration, database, ods))
    minutes = configuration.pages.link_minutes
    aside(f"It works once, within {minutes} minutes. Hand it to the one who shall use it.")
