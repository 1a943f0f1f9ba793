"""The simulation counts what it says it counts."""

from tests.areas.run import lines
from tests.areas.ways import WAYS, ask_all, by_keys, by_locator, foreign, own_only
from tests.areas.world import ADMISSIONS_A_DAY, FLAGS_A_DAY, England


def test_the_same_seed_gives_the_same_day_and_everybody_is_in_it():
    day, again = list(England(7).day()), list(England(7).day())
    assert day == again != list(England(8).day())
    assert len(day) == ADMISSIONS_A_DAY + FLAGS_A_DAY
    assert len(England(7).names) == 42
    assert 56_000_000 < England(7).everybody < 62_000_000


def test_each_way_is_charged_for_what_it_does():
    england = England(7)
    day = list(england.day())
    strangers = len(foreign(day))
    alone, all_of_them = own_only(england, day), ask_all(england, day)
    keys, locator = by_keys(england, day), by_locator(england, day)
    assert (alone.questions, alone.missed) == (0, strangers)
    assert (all_of_them.questions, all_of_them.missed) == (41 * strangers, 0)
    assert sum(all_of_them.asked_of.values()) == all_of_them.questions
    assert keys.questions > len(day)
    assert 0 < locator.missed < strangers / 10
    assert locator.questions == 2 * (strangers - locator.missed)
    assert keys.personal
    assert not locator.personal


def test_the_table_has_a_row_for_each_way():
    rows = [line for line in lines(7) if line.startswith("| ") and "\n" not in line]
    assert len(rows) == len(WAYS) + 3
    assert {line.split("|")[1].strip() for line in rows} >= WAYS.keys()
