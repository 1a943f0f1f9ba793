"""What is read from the environment, here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of this process, as far as the hub looks at it.

    Attributes:
        config: `HUB_CONFIG`: the configuration file; None = the demonstration's.
        cache: `HUB_CACHE`: folder for what was fetched; None = the account's own.
        state: `HUB_STATE`: folder for the data of local parts; None = the account's own.
        environment: Everything: for `{env: NAME}` in the configuration, and `HOME`.
    """

    config: Path | None = None
    cache: Path | None = None
    state: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read an environment; an empty variable is an absent one."""

    def path(name: str) -> Path | None:
        return Path(environment[name]) if environment.get(name) else None

    return Settings(path("HUB_CONFIG"), path("HUB_CACHE"), path("HUB_STATE"), environment)


def settings() -> Settings:
    """Read the environment of this process."""
    return settings_from(dict(os.environ))
