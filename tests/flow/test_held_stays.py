"""Whose a stay is while a merge waits, or was none: whoever was named independently of it, in any order of arrival."""

from dataclasses import replace
from random import Random

import pytest

from hub import codec
from hub.fhir.systems import visit_authority, visit_authority_in
from hub.identity import stay_id
from hub.matching.whose import FIRST_MERGE, FIRST_NAMED
from hub.matching.words import by_register, together
from hub.records import StayFacts, StayPicture
from hub.testing.people import ADA, Person
from hub.testing.senders import TRUST
from hub.testing.visits import encounter
from tests.flow.scenes import after
from tests.flow.wrong_merges import (
    BOTH,
    DIFFERENT,
    FIRST_STAY,
    HELD,
    MERGED,
    REVOKED,
    SAME,
    SECOND,
    SECOND_STAY,
    answer_on,
)

ADAS, GEORGES = ("H100", ["Ben"]), ("H200", ["Carla"])
"""Hospital number and carers of either."""
THIRD = Person("Harold", "Marsh", "1950-06-07", None, "H300")
STAYS = {"V1": FIRST_STAY, "V2": SECOND_STAY}


def day(text):
    """A time of November 2026; the merge is of the 23rd, 10:00."""
    return f"2026-11-{text}"


def named(event, recorded, visit, patient):
    """A message that names the patient of a visit."""
    return encounter(event, day(recorded), replace(STAYS[visit], patient=patient))


def renumbered(event, recorded, visit, patient, into="V3"):
    """A visit goes on under another number, as the visit of whom its message names."""
    stay = replace(STAYS[visit], number=into, patient=patient, replaces_visit=visit)
    return encounter(event, day(recorded), stay)


def whose(hub):
    """Visit -> hospital number and carers that its picture shows."""
    pictures = hub.last(StayPicture)
    return {
        number: (
            pictures[each].patient.hospital_number,
            sorted(carer.names[0].given[0] for carer in pictures[each].carers),
        )
        for number in ("V1", "V2", "V3")
        if (each := stay_id(TRUST, visit_authority_in(visit_authority(TRUST, "")), number))
        in pictures
    }


CASES = {
    "moved before the merge": (
        [named("A44", "22 12:00", "V2", ADA)],
        {"V1": ADAS, "V2": ADAS},
    ),
    "moved before the merge, and named again after it": (
        [named("A44", "22 12:00", "V2", ADA), named("A08", "23 11:00", "V2", ADA)],
        {"V1": ADAS, "V2": ADAS},
    ),
    "put right before the merge by a sender that says only whose it is": (
        [named("A08", "22 12:00", "V2", ADA), named("A08", "23 11:00", "V2", ADA)],
        {"V1": ADAS, "V2": ADAS},
    ),
    "moved the other way, and named by the number that goes on": (
        [named("A44", "22 12:00", "V1", SECOND), named("A08", "23 11:00", "V1", ADA)],
        {"V1": GEORGES, "V2": GEORGES},
    ),
    "moved there and back before the merge": (
        [
            named("A44", "22 12:00", "V2", ADA),
            named("A44", "22 13:00", "V2", SECOND),
            named("A08", "23 11:00", "V2", ADA),
        ],
        {"V1": ADAS, "V2": GEORGES},
    ),
    "moved back and forth before the merge": (
        [
            named("A44", "22 12:00", "V1", SECOND),
            named("A44", "22 13:00", "V1", ADA),
            named("A08", "23 11:00", "V1", ADA),
        ],
        {"V1": ADAS, "V2": GEORGES},
    ),
    "moved to the number that goes on, with the merge": (
        [named("A44", "23 10:00", "V2", ADA), named("A08", "23 11:00", "V2", ADA)],
        {"V1": ADAS, "V2": GEORGES},
    ),
    "moved to the number that went, after the merge": (
        [named("A44", "23 12:00", "V1", SECOND)],
        {"V1": GEORGES, "V2": GEORGES},
    ),
    "moved there and back after the merge": (
        [named("A44", "23 12:00", "V1", SECOND), named("A44", "23 13:00", "V1", ADA)],
        {"V1": ADAS, "V2": GEORGES},
    ),
    "merged again after it was named": (
        [
            named("A08", "23 11:00", "V2", ADA),
            encounter("A40", day("23 12:00"), replace(FIRST_STAY, replaces_number="H200")),
        ],
        {"V1": ADAS, "V2": GEORGES},
    ),
    **{
        f"renumbered by {event} while the merge waits": (
            [renumbered(event, "23 11:00", "V2", ADA)],
            {"V1": ADAS, "V2": GEORGES, "V3": GEORGES},
        )
        for event in ("A45", "A47", "A50")
    },
    "renumbered twice while the merge waits": (
        [
            renumbered("A45", "23 11:00", "V2", ADA, into="V4"),
            encounter(
                "A45",
                day("23 12:00"),
                replace(SECOND_STAY, number="V3", patient=ADA, replaces_visit="V4"),
            ),
            encounter("A08", day("23 13:00"), replace(SECOND_STAY, number="V3", patient=ADA)),
        ],
        {"V1": ADAS, "V2": GEORGES, "V3": GEORGES},
    ),
    "renumbered as another's before the merge": (
        [renumbered("A45", "22 11:00", "V2", ADA)],
        {"V1": ADAS, "V2": GEORGES, "V3": ADAS},
    ),
    "renumbered before the merge, and named by the number that goes on": (
        [
            renumbered("A45", "22 11:00", "V2", SECOND),
            encounter("A08", day("23 11:00"), replace(SECOND_STAY, number="V3", patient=ADA)),
        ],
        {"V1": ADAS, "V2": GEORGES, "V3": GEORGES},
    ),
    "renumbered while the merge waits, of the number that goes on": (
        [renumbered("A45", "23 11:00", "V1", ADA)],
        {"V1": ADAS, "V2": GEORGES, "V3": ADAS},
    ),
    "moved before the merge and renumbered after it": (
        [named("A44", "22 12:00", "V2", ADA), renumbered("A45", "23 11:00", "V2", ADA)],
        {"V1": ADAS, "V2": ADAS, "V3": ADAS},
    ),
    "joined with a visit of the number that goes on": (
        [renumbered("A42", "23 11:00", "V2", ADA, into="V1")],
        {"V1": ADAS, "V2": GEORGES},
    ),
    "admitted under the number that goes on, and then said to be an earlier visit": (
        [
            encounter("A01", day("23 10:30"), replace(SECOND_STAY, number="V3", patient=ADA)),
            renumbered("A45", "23 11:00", "V2", ADA),
        ],
        {"V1": ADAS, "V2": GEORGES, "V3": GEORGES},
    ),
    "renumbered, and joined with a visit that was admitted since under the number that goes on": (
        [
            renumbered("A45", "23 11:00", "V2", ADA),
            encounter("A01", day("23 12:00"), replace(SECOND_STAY, number="V4", patient=ADA)),
            encounter(
                "A42",
                day("23 13:00"),
                replace(SECOND_STAY, number="V3", patient=ADA, replaces_visit="V4"),
            ),
        ],
        {"V1": ADAS, "V2": GEORGES, "V3": GEORGES},
    ),
    "moved to the other number after that was merged on as well": (
        [
            encounter(
                "A40",
                day("23 10:30"),
                replace(FIRST_STAY, patient=THIRD, replaces_number="H100"),
            ),
            named("A44", "23 12:00", "V2", ADA),
        ],
        {"V1": ADAS, "V2": ADAS},
    ),
    "renumbered and moved back": (
        [
            renumbered("A45", "23 11:00", "V2", ADA),
            encounter(
                "A44", day("23 12:00"), replace(SECOND_STAY, number="V3", patient=SECOND)
            ),
            encounter("A44", day("23 13:00"), replace(SECOND_STAY, number="V3", patient=ADA)),
        ],
        {"V1": ADAS, "V2": GEORGES, "V3": ADAS},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_stay_is_whose_it_was_said_to_be_without_the_merge(case):
    said, expected = CASES[case]
    events = (*BOTH, MERGED, *said)
    assert whose(after(*events)) == expected
    hub = after(*events[::-1])
    assert whose(hub) == expected
    for hour, verdict in enumerate((DIFFERENT, REVOKED, SAME, REVOKED)):
        hub.hear(answer_on(HELD, verdict, day(f"24 1{hour}:00")))
        if verdict is SAME:
            assert all(each == ("H100", ["Ben", "Carla"]) for each in whose(hub).values())
        else:
            assert whose(hub) == expected, verdict


@pytest.mark.parametrize("case", CASES)
def test_whose_a_stay_is_does_not_depend_on_what_is_heard_first(case):
    said, expected = CASES[case]
    random = Random(case)
    answered = answer_on(HELD, DIFFERENT, day(random.choice(("22 08:00", "23 10:30", "24 10:00"))))
    events = [*BOTH, MERGED, *said, answered]
    random.shuffle(events)
    assert whose(after(*events)) == expected, [each.source_event_id for each in events]


def test_a_stay_of_an_older_row_that_says_no_times_is_of_whom_it_was_until_it_is_moved_anew():
    hub = after(*BOTH, MERGED, named("A08", "23 11:00", "V2", ADA))
    for (processor, kind, key), row in tuple(hub.rows.state.items()):
        if kind in ("StayFacts", "SourceRecord"):
            hub.rows.state[(processor, kind, key)] = codec.encode(older(codec.decode(row)))
    hub.crash()
    hub.hear(named("A08", "24 11:00", "V2", ADA))
    assert whose(hub) == {"V1": ADAS, "V2": GEORGES}
    hub.hear(named("A44", "24 12:00", "V2", SECOND), named("A44", "24 13:00", "V2", ADA))
    assert whose(hub) == {"V1": ADAS, "V2": ADAS}


def older(row):
    """As it was kept before the times of names and of first merges were."""
    words = {
        register: word
        for register, word in by_register(row.words).items()
        if register not in (FIRST_NAMED, FIRST_MERGE)
    }
    was = replace(row, words=together(words))
    return replace(was, named=()) if isinstance(was, StayFacts) else was
