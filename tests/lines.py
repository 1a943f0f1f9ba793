"""Which tests run one after the other when several processes share a run.

Tests that start Kafka and PostgreSQL mostly wait: for a lease to run out, for a server to come back. They stand in two
lines that begin at once, those with whole hubs in one of their own. All others go file by file to whichever process is
free.
"""

from typing import Final

from xdist.scheduler import LoadFileScheduling

LINES: Final = {
    "tests/bench": "parts",
    "tests/integration": "parts",
    "tests/e2e": "hubs",
    "tests/chaos": "hubs",
}
"""The line of each folder that holds tests marked `real`, in the order of the lines."""


def line_of(nodeid: str) -> str:
    """The line that a test stands in; a file outside the folders above is one of its own."""
    file, *_ = nodeid.split("::")
    top, folder, *_ = f"{file}/".split("/")
    return LINES.get(f"{top}/{folder}", file)


def turn_of(nodeid: str) -> int:
    """When a test comes: first the line, in its order; whatever stands in no line may wait until it has begun."""
    top, folder, *_ = f"{nodeid.split('::')[0]}/".split("/")
    return [*LINES, f"{top}/{folder}"].index(f"{top}/{folder}")


class Lines(LoadFileScheduling):
    """Hands out whole lines, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return line_of(nodeid)
