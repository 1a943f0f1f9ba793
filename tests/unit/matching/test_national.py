"""Whom a notice means follows from what is known, in whatever order it came."""

from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

import pytest

from hub.identity import derived, national_record_id
from hub.matching import national
from hub.matching.region import RegionView
from hub.records import HumanName, PersonFacts, Precision, SourceRecord

NUMBERS = ("9990000018", "9990000026", "9990000042")
BIRTHS = (date(1941, 3, 2), date(1969, 7, 21), None)
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)


def record(name: str, number: str | None, born=BIRTHS[0], status=None, into: UUID | None = None):
    return SourceRecord(
        record_id=derived("test", name),
        source="gp",
        facts=PersonFacts(
            names=(HumanName(family="Marsh", given=("Ada",)),),
            nhs_number=number,
            nhs_number_status=status,
            birth_on=born,
            birth_precision=Precision.DAY if born else Precision.UNKNOWN,
        ),
        merged_into=into,
        as_of=AS_OF,
    )


def notice(number: str, born=None, into: str | None = None) -> SourceRecord:
    said = national.nothing_said_of(number)
    precision = Precision.DAY if born else Precision.UNKNOWN
    return SourceRecord(
        record_id=said.record_id,
        source=said.source,
        facts=PersonFacts(birth_on=born, birth_precision=precision),
        merged_into=national_record_id(into) if into else None,
        as_of=AS_OF,
        notice_of=number,
    )


def view_of(*rows: SourceRecord) -> RegionView:
    view = RegionView()
    view.load(rows)
    return view


def people_of(view: RegionView) -> set[frozenset[UUID]]:
    """Who is one person with whom."""
    records = [each.record_id for each in view.records.values()]
    return {frozenset(m.record_id for m in view.members(view.person(each))) for each in records}


def test_numbers_that_go_round_in_a_circle_are_one_family_and_end_nowhere():
    first, second, third = NUMBERS
    own = record("a", second)
    view = view_of(
        own, notice(first, into=second), notice(second, into=third), notice(third, into=first)
    )
    assert national.family(view, second) == set(NUMBERS)
    person = view.person(own.record_id)
    assert [national.current(view, each, person) for each in NUMBERS] == list(NUMBERS)


def test_a_number_goes_on_as_the_last_that_replaced_it():
    first, second, third = NUMBERS
    own = record("a", first)
    view = view_of(own, notice(first, into=second), notice(second, into=third), notice(third))
    person = view.person(own.record_id)
    assert national.current(view, first, person) == third
    assert national.current(view, third, person) == third
    assert national.current(view, "9990000050", person) == "9990000050"


def test_a_number_of_two_people_goes_on_as_another_for_neither_and_never_as_somebody_elses():
    first, second, third = NUMBERS
    one, other = record("a", first, BIRTHS[0]), record("b", first, BIRTHS[1])
    view = view_of(one, other, notice(first, into=second), notice(second))
    for each in (one, other):
        assert national.current(view, first, view.person(each.record_id)) == first
    bearer = record("c", third, BIRTHS[1])
    view = view_of(one, bearer, notice(first, into=second), notice(second, into=third))
    assert national.current(view, first, view.person(one.record_id)) == second


def test_a_number_that_is_not_verified_is_meant_by_nothing():
    view = view_of(record("a", NUMBERS[0], status="02"), notice(NUMBERS[0]))
    assert len(people_of(view)) == 2


def somebody(chance: Random, name: str) -> SourceRecord:
    into = derived("test", chance.choice("abcd")) if chance.random() < 0.2 else None
    return record(
        name,
        chance.choice((*NUMBERS, None)),
        chance.choice(BIRTHS),
        chance.choice((None, None, "01", "02")),
        None if into == derived("test", name) else into,
    )


def something_said(chance: Random) -> SourceRecord:
    number, other = chance.sample(NUMBERS, 2)
    return notice(number, chance.choice(BIRTHS), chance.choice((None, other)))


@pytest.mark.parametrize("seed", range(25))
def test_a_region_that_grew_knows_what_one_that_is_loaded_knows(seed):
    """Rows come, change and change back in any order; the persons are those of their last versions."""
    chance = Random(seed)
    grown, last = RegionView(), {}
    for _ in range(14):
        row = (
            somebody(chance, chance.choice("abcd"))
            if chance.random() < 0.6
            else something_said(chance)
        )
        layer = grown.overlay()
        layer.put(row)
        layer.join()
        last[row.record_id] = row
        rows = list(last.values())
        chance.shuffle(rows)
        loaded = view_of(*rows)
        assert people_of(grown) == people_of(loaded)
        for each in last:
            assert sorted(grown.unsure(each)) == sorted(loaded.unsure(each))
