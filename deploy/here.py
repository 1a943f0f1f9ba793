"""The hub's own Kafka and PostgreSQL, as far as another process can see them."""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local.errors import CannotStart
from deploy.local.folders import Folders, can_be_made, folders_from
from deploy.settings import Settings

if TYPE_CHECKING:
    from deploy.local.parts import LocalParts


def folders_of(here: Settings) -> Folders:
    """Where the local parts lie, for these settings."""
    return folders_from(here.environment, os.geteuid(), Path(tempfile.gettempdir()), can_be_made)


def local_bootstrap_servers(here: Settings) -> str:
    """`host:port` of the hub's own broker.

    Raises:
        CannotStart: It was never started on this machine, or cannot be.
    """
    return here.kafka or _parts(here).kafka.bootstrap_servers


def local_database_url(here: Settings) -> str:
    """Address of the hub's own database, with the password.

    Raises:
        CannotStart: It was never started on this machine, or cannot be.
    """
    return here.database or _parts(here).postgres.url


def _parts(here: Settings) -> "LocalParts":
    try:
        from deploy.local.parts import LocalParts
    except ImportError as error:
        raise CannotStart(
            "The configuration names no Kafka or no PostgreSQL, and what starts them here is not "
            f"installed ({error.name}): `make setup` installs it; or name yours."
        ) from error
    return LocalParts(folders_of(here))
