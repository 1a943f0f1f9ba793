"""What is read from the environment, here and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LAST_WORDS: Final = "HUB_LAST_WORDS"


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of this process, as far as the hub looks at it.

    Attributes:
        config: `HUB_CONFIG`: the configuration file; None = the demonstration's.
        cache: `HUB_CACHE`: folder for what was fetched; None = the account's own.
        state: `HUB_STATE`: folder for the data of local parts; None = the account's own.
        kafka: `HUB_KAFKA`: `host:port` of the hub's own broker; `hub up` gives it to its roles.
        database: `HUB_DATABASE`: address of the hub's own database; likewise, and never shown.
        last_words: `HUB_LAST_WORDS`: file for the sentence with which a role ends; `hub up` gives it to its roles.
        environment: Everything: for `{env: NAME}` in the configuration, and `HOME`.
    """

    config: Path | None = None
    cache: Path | None = None
    state: Path | None = None
    kafka: str | None = None
    database: str | None = field(default=None, repr=False)
    last_words: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read an environment; an empty variable is an absent one."""

    def path(name: str) -> Path | None:
        return Path(environment[name]) if environment.get(name) else None

    return Settings(
        config=path("HUB_CONFIG"),
        cache=path("HUB_CACHE"),
        state=path("HUB_STATE"),
        kafka=environment.get("HUB_KAFKA") or None,
        database=environment.get("HUB_DATABASE") or None,
        last_words=path(LAST_WORDS),
        environment=environment,
    )


def settings() -> Settings:
    """Read the environment of this process."""
    return settings_from(dict(os.environ))
