"""Which tests run one after the other when several processes share a run.

Tests that start Kafka and PostgreSQL mostly wait: for a lease to run out, for a server to come back. They stand in two
lines that begin at once, each with servers of its own. All others go file by file to whichever process is free.
"""

from typing import Final

from xdist.scheduler import LoadFileScheduling

LINES: Final = {
    "tests/chaos": "faults",
    "tests/bench": "parts",
    "tests/e2e": "parts",
    "tests/integration": "parts",
}
"""The line of each folder that holds tests marked `real`."""


def line_of(nodeid: str) -> str:
    """The line that a test stands in; a file outside the folders above is one of its own."""
    file, *_ = nodeid.split("::")
    top, folder, *_ = f"{file}/".split("/")
    return LINES.get(f"{top}/{folder}", file)


def begins_late(nodeid: str) -> bool:
    """Whether a test may wait until the long lines have begun."""
    return line_of(nodeid) not in LINES.values()


class Lines(LoadFileScheduling):
    """Hands out whole lines, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return line_of(nodeid)
