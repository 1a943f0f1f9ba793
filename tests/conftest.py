"""What tests share: the sample folder, and one real Kafka and PostgreSQL for the whole run."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

settings.register_profile("hub", deadline=None, print_blob=True)
settings.load_profile("hub")


@pytest.fixture(autouse=True)
def _logs_of_one_test_only() -> Iterator[None]:
    """A test that sets up logs leaves nothing behind that writes to a stream of its own."""
    yield
    structlog.reset_defaults()


@dataclass(frozen=True)
class RealParts:
    """Where the real parts of this run are."""

    bootstrap_servers: str
    database_url: str
    parts: object


@pytest.fixture(scope="session")
def real_parts() -> Iterator[RealParts]:
    """Kafka and PostgreSQL in a folder of their own, stopped at the end."""
    from deploy.local.folders import Folders, folders
    from deploy.local.parts import LocalParts

    with tempfile.TemporaryDirectory(prefix="hub-tests-", ignore_cleanup_errors=True) as state:
        Path(state).chmod(0o755)
        parts = LocalParts(Folders(cache=folders().cache, state=Path(state) / "state"))
        parts.start()
        try:
            yield RealParts(parts.kafka.bootstrap_servers, parts.postgres.url, parts)
        finally:
            parts.stop()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of official example messages."""
    folder = os.environ.get("HUB_SAMPLES")
    if not folder or not Path(folder).is_dir():
        if os.environ.get("HUB_SAMPLES_REQUIRED") == "1":
            pytest.fail("HUB_SAMPLES must name the folder of official examples")
        pytest.skip("HUB_SAMPLES names no folder of official examples")
    return Path(folder)
