"""`--truth`: whom the events mean, as somebody knows, and what of it the files do not hold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.matching.columns import identified
from deploy.matching.files import missing, opened
from deploy.matching.judging import Judged
from deploy.matching.mapping import EVENT, RECORD
from hub.matching.scoring.decision import Decision, Outcome

Knows = Callable[[str], bool]
"""Whether the register has a record of this id."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Event id to record id, for events that have a record.

    Attributes:
        listed: Ids of all events that are listed, those without a record as well.
    """

    records: Mapping[str, str]
    listed: frozenset[str]

    def judged(self, event: str, decision: Decision[str], is_known: Knows) -> Judged:
        """One event. A record that is not in the register cannot be found: the event has no match there."""
        right = self.records.get(event)
        return Judged(
            decision.outcome,
            right=right is not None and decision.match == right,
            known=right is not None and is_known(right),
        )


NO_TRUTH: Final = Truth({}, frozenset())


@dataclass(frozen=True, slots=True)
class Strays:
    """What the truth names and the files do not hold.

    Attributes:
        events: Listed events that are not in the file of events; they are not judged.
        records: Listed events whose record is not in the register.
        auto: Those of them that were joined with somebody, which counts as wrong.
    """

    events: int
    records: int
    auto: int

    def counts(self) -> dict[str, int]:
        """For the summary."""
        return {
            "events_not_in_the_file": self.events,
            "records_not_in_the_register": self.records,
            "auto_wrong_not_in_the_register": self.auto,
        }

    def said(self, file: str) -> Iterator[str]:
        """Warnings, with numbers and without ids."""
        if self.events:
            yield f"{file}: {self.events} event ids are not in the file of events; they were not judged."
        if self.records:
            yield (
                f"{file}: {self.records} record ids are not in the register, so nobody can find them; they count as"
                f" events without a match, and the {self.auto} AUTO among them as wrong. If they are many,"
                " see whether the ids are written alike."
            )


def truth_of(file: Path) -> Truth:
    """Whom each event means; an event that is not listed, or whose record is empty, has no match.

    Raises:
        Stopped: The file has an error; says where.
    """
    table = opened(file)
    for column in (EVENT, RECORD):
        if column not in table.heading:
            raise missing(table, column)
    found = {name: row[RECORD] for _, name, row in identified(table, EVENT)}
    return Truth({event: record for event, record in found.items() if record}, frozenset(found))


def strays(
    truth: Truth, events: Sequence[str], judged: Sequence[Judged], is_known: Knows
) -> Strays:
    """What the truth names and the files do not hold. `judged`: the decisions of the events, in their order."""
    return Strays(
        events=len(truth.listed.difference(events)),
        records=sum(not is_known(each) for each in truth.records.values()),
        auto=sum(
            each.outcome is Outcome.AUTO and not each.known and event in truth.records
            for event, each in zip(events, judged, strict=True)
        ),
    )
