"""`hub version`: which hub this is."""

import typer

from deploy.commands.options import Json
from deploy.output import data, data_as_json


def version(json: Json = False) -> None:
    """Say which hub this is, and on what it runs.

    Example: hub version --json
    """
    import platform
    from importlib.metadata import version as installed

    parts = ("carers-hub", "aiokafka", "kafka-python", "faust-streaming", "psycopg", "fastavro")
    versions = {**{name: installed(name) for name in parts}, "python": platform.python_version()}
    if json:
        data_as_json(versions)
        return
    for name, number in versions.items():
        data(f"{name} {number}")


def version_option(asked: bool) -> None:
    """`hub --version`: the number alone."""
    from importlib.metadata import version as installed

    if asked:
        data(installed("carers-hub"))
        raise typer.Exit
