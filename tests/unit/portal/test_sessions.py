"""The sessions that unit tests stand on keep the same laws as the real ones (tests/integration/test_pages.py)."""

import pytest

from tests.unit.portal.desk_kit import MemorySessions
from tests.unit.portal.session_laws import LAWS


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_sessions_in_memory(law):
    law(MemorySessions())
