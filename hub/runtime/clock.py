"""The one place that reads the clock. Everywhere else time arrives in events."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, UTC."""
    return datetime.now(UTC)
