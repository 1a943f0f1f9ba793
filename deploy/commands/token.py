"""`hub token`: keys for organisations."""

from typing import Annotated

import typer

from deploy.output import aside, data

token = typer.Typer(help="Keys that organisations show.", no_args_is_help=True)

DAYS = 365


@token.command(name="new")
def new(
    ods: Annotated[str, typer.Argument(help="ODS code of the organisation.")],
    days: Annotated[int, typer.Option(min=1, max=3660, help="How long it is good.")] = DAYS,
) -> None:
    """Make a key, print it once, and print what to put into the configuration.

    Example: hub token new C82901
    """
    import hashlib
    import secrets
    from datetime import timedelta

    from hub.runtime import clock

    key = secrets.token_urlsafe(32)
    digest = hashlib.sha256(key.encode()).hexdigest()
    until = (clock.now() + timedelta(days=days)).date()
    data(key)
    aside(
        f"The key of {ods} is printed above, once: hand it over by a safe way. It is kept nowhere."
    )
    aside("Put this under `tokens` of its sender or organisation in hub.yaml:")
    aside(f"  - {{sha256: {digest}, expires_on: {until.isoformat()}}}")
