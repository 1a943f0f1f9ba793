"""Medians, spread, percentiles, bars."""

import pytest

from deploy.bench.figures import HEADINGS, Bar, Figure, percentile

FAST_ENOUGH = Bar(100, at_least=True)
SHORT_ENOUGH = Bar(10, at_least=False)


def a_figure(**given) -> Figure:
    return Figure(
        **{"bench": "parse", "what": "the hub", "unit": "messages/s", "runs": (3, 1, 2)} | given
    )


@pytest.mark.parametrize(
    ("bar", "value", "reached"),
    [
        (FAST_ENOUGH, 100, True),
        (FAST_ENOUGH, 99.9, False),
        (SHORT_ENOUGH, 9.9, True),
        (SHORT_ENOUGH, 10, False),
    ],
)
def test_a_rate_must_reach_its_bar_and_a_wait_must_stay_below(bar, value, reached):
    assert bar.reached_by(value) is reached


def test_the_median_decides_whether_a_bar_is_reached():
    assert a_figure(runs=(90, 100, 5_000), bar=FAST_ENOUGH).reached is True
    assert a_figure(runs=(99, 99, 5_000), bar=FAST_ENOUGH).reached is False


def test_what_has_no_bar_is_neither_reached_nor_missed():
    assert a_figure().reached is None


def test_a_percentile_is_a_value_that_was_measured():
    values = [float(number) for number in range(1, 101)]
    assert percentile(values, 99) == 99
    assert percentile(values, 50) == 50
    assert percentile([7.0], 99) == 7
    assert percentile([1.0, 2.0], 50) == 1


def test_a_figure_for_programs_holds_every_run_and_its_bar():
    assert a_figure(bar=FAST_ENOUGH, hub_is=(2.0, 4.0)).as_json() == {
        "bench": "parse",
        "what": "the hub",
        "unit": "messages/s",
        "median": 2,
        "least": 1,
        "most": 3,
        "runs": [3, 1, 2],
        "bar": {"at_least": 100},
        "reached": False,
        "hub_is": {"median": 3.0, "least": 2.0, "most": 4.0, "runs": [2.0, 4.0]},
    }


def test_a_figure_for_people_has_a_cell_under_each_heading():
    row = a_figure(runs=(12_000, 15_000, 9_000), bar=FAST_ENOUGH).as_row()
    assert row == (
        "parse",
        "the hub",
        "12,000 messages/s",
        "9,000 to 15,000",
        "≥ 100",
        "yes",
        "",
    )
    assert len(row) == len(HEADINGS)
