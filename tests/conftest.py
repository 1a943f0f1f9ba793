"""What tests share: the sample folder, one real Kafka and PostgreSQL for each process of a run, and their lines."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.lines import Lines, turn_of

EXAMPLES = int(os.environ.get("HUB_EXAMPLES", "50"))
"""Of a property, where the test says no other number; Hypothesis itself would take 100."""

settings.register_profile("hub", deadline=None, print_blob=True, max_examples=EXAMPLES)
settings.load_profile("hub")

os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")
"""A Kafka of the tests lives for minutes: compiled quickly it costs half of the processor's time."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Lines:
    return Lines(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long line begins first when there are several processes; alone, the quick tests come in their usual order."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: turn_of(item.nodeid))


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
