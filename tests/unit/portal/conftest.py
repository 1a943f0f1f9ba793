"""Pages on ports in memory."""

import pytest

from connectors.portal import answering
from tests.unit.portal.desk_kit import Kit


@pytest.fixture
def kit(monkeypatch) -> Kit:
    """Nothing is waited for: what the pages show is there at once, or not at all."""
    monkeypatch.setattr(answering, "WAIT_SECONDS", 0.0)
    return Kit()
