"""Checks of PostgreSQL: what is asked of it, and the findings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deploy.checks.finding import Finding, State
from hub.matching.training.moves import is_another_size

OLDEST_MAJOR: Final = 16
DURABLE: Final = ("on", "remote_apply")
QUESTION: Final = """
    SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version'),
           current_setting('fsync'), current_setting('synchronous_commit'),
           getdatabaseencoding(), pg_is_in_recovery(), clock_timestamp()
"""


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """What a database says of itself.

    Attributes:
        major: Its major version.
        version: Its version in full.
        fsync: Whether it waits for the disk.
        synchronous_commit: Whether a commit waits.
        encoding: Of its text.
        standby: Whether it only follows another server.
        clock: Its clock, UTC.
    """

    major: int
    version: str
    fsync: str
    synchronous_commit: str
    encoding: str
    standby: bool
    clock: datetime


def database(facts: DatabaseFacts) -> tuple[Finding, ...]:
    """Whether it is new enough and keeps what it has acknowledged."""
    return (_version(facts), _durability(facts), _encoding(facts))


def database_down(reason: str) -> Finding:
    """It does not answer."""
    do = "start PostgreSQL, or mend the address that database.url names"
    return Finding("database", State.DOWN, reason, do)


def dead_letters(open_ones: int | None) -> Finding:
    """Whether something was refused that nobody has looked after yet."""
    if open_ones is None:
        return Finding("dead letters", State.NOT_RUN, "needs the hub's tables", "hub up")
    if open_ones:
        return Finding(
            "dead letters", State.WARNING, f"{open_ones:,} open", "hub dead-letters list says why"
        )
    return Finding("dead letters", State.OK, "none open")


def matching_model(learned_from: int, records: int | None) -> Finding:
    """Whether the model of one's own register is of one as large as that of the largest region."""
    if records is None:
        return Finding("matching model", State.NOT_RUN, "needs the hub's tables", "hub up")
    says = f"learned from {learned_from:,} people, {records:,} records in the largest region"
    if is_another_size(learned_from, records):
        joins = "too readily" if records > learned_from else "too seldom"
        return Finding(
            "matching model",
            State.WARNING,
            f"{says}: it joins {joins}",
            "learn one of this register with hub match train, and name it in worker.matching_model",
        )
    return Finding("matching model", State.OK, says)


def _version(facts: DatabaseFacts) -> Finding:
    says = f"PostgreSQL {facts.version}"
    if facts.major < OLDEST_MAJOR:
        return Finding("database", State.FAILED, says, f"update to {OLDEST_MAJOR} or later")
    if facts.standby:
        do = "let database.url name the primary"
        return Finding("database", State.FAILED, f"{says}, a standby that takes no writes", do)
    return Finding("database", State.OK, says)


def _durability(facts: DatabaseFacts) -> Finding:
    says = f"fsync {facts.fsync}, synchronous_commit {facts.synchronous_commit}"
    if facts.fsync != "on" or facts.synchronous_commit not in DURABLE:
        do = "set both to on: without them the hub acknowledges what a power cut would lose"
        return Finding("durability", State.FAILED, says, do)
    return Finding("durability", State.OK, says)


def _encoding(facts: DatabaseFacts) -> Finding:
    if facts.encoding != "UTF8":
        do = "make a database with ENCODING 'UTF8': names would be lost"
        return Finding("encoding", State.FAILED, f"its text is {facts.encoding}", do)
    return Finding("encoding", State.OK, "UTF8")
