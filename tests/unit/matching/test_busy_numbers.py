"""A number on very many records, by a mistake or on purpose: each further record is compared with each of them once."""

import pytest

from hub.matching import national
from hub.matching.region import RegionView
from tests.unit.matching.regions import record, said
from tests.unit.matching.test_national import NUMBERS, notice

MANY = 60
ONE_PERSON = [record(f"record {each}", number=NUMBERS[0]) for each in range(MANY)]
STRANGERS = [
    record(f"record {each}", number=NUMBERS[0], given=f"Given{each}", born=f"19{10 + each}-01-01")
    for each in range(MANY)
]
BESIDE = {
    "nothing else": [],
    "an answer about others": [said(record("one"), record("other"))],
    "a notice of another number": [notice(NUMBERS[1])],
}


@pytest.fixture
def compared(monkeypatch):
    """How often two records were compared."""
    pairs, real = [], national.compared

    def counting(*facts):
        pairs.append(1)
        return real(*facts)

    monkeypatch.setattr(national, "compared", counting)
    return pairs


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("records", [ONE_PERSON, STRANGERS], ids=["one person", "strangers"])
def test_each_further_record_is_compared_with_each_other_a_few_times(records, beside, compared):
    view = RegionView()
    view.load([*beside, *records])
    people = {view.person(each.record_id) for each in records}
    assert len(people) == (1 if records is ONE_PERSON else MANY)
    assert MANY * (MANY - 1) / 2 <= len(compared) <= 2 * MANY * MANY
    compared.clear()
    view.put(record("one more", number=NUMBERS[0]))
    assert len(compared) <= 4 * MANY


def test_where_two_were_told_apart_each_pair_is_compared_once_more_and_a_few_several_times(
    compared,
):
    view = RegionView()
    view.load([*ONE_PERSON, said(*ONE_PERSON[:2])])
    assert len({view.person(each.record_id) for each in ONE_PERSON}) == 2
    compared.clear()
    view.put(record("one more", number=NUMBERS[0]))
    assert len(compared) <= MANY * (MANY + 1) / 2 + 20 * MANY
