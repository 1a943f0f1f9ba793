"""Whoever makes the matcher quicker changes no decision: these were made before it was made quick.

    python -m tests.unit.matching.test_decisions_kept > tests/unit/matching/decisions.csv

writes them anew, where decisions are meant to change.
"""

import csv
import sys
from pathlib import Path
from random import Random

import pytest

from deploy.matching.lists import name_tables
from deploy.matching.made_up import Register, person_of
from deploy.matching.slips import event_of
from hub.matching.index.people import Index
from hub.matching.matcher import decide
from hub.matching.normal.record import compared
from tests.unit.matching.evidence import matcher

KEPT = Path(__file__).with_name("decisions.csv")
PEOPLE, EVENTS = 2_000, 300


def decisions():
    """Outcome, who, bits and conditions that are not met, of records of people and strangers with errors."""
    register, chance, tables = Register(31, PEOPLE), Random(31), name_tables()
    people = list(register.people())
    known = [each for place, each in enumerate(people) if place % 4]
    index = Index.of(
        tables, ((each.record_id, compared(person_of(each), tables)) for each in known)
    )
    for place in range(0, PEOPLE, PEOPLE // EVENTS):
        event = event_of(people[place], people[place - 1], register, chance, "e")
        found = decide(compared(person_of(event), tables), index, matcher())
        yield found.outcome.value, found.match or "", repr(found.bits), " ".join(found.rules)


def test_decisions_are_those_of_the_first_matcher():
    with KEPT.open(newline="") as file:
        kept = list(csv.reader(file))
    found = list(decisions())
    assert [(one, who, rules) for one, who, _, rules in found] == [
        (one, who, rules) for one, who, _, rules in kept
    ]
    assert [float(bits) for _, _, bits, _ in found] == pytest.approx(
        [float(bits) for _, _, bits, _ in kept], abs=1e-9, rel=0
    )
    assert {one for one, _, _, _ in found} == {"AUTO", "REVIEW", "NONE"}


if __name__ == "__main__":
    csv.writer(sys.stdout, lineterminator="\n").writerows(decisions())
