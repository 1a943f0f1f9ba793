from datetime import date

import pytest

from hub.ages import age_on


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2008-11-23", "2026-11-22", 17),
        ("2008-11-23", "2026-11-23", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("2026-11-22", "2026-11-22", 0),
    ],
)
def test_somebody_is_a_year_older_on_the_day_and_not_before(born, day, age):
    assert age_on(date.fromisoformat(born), date.fromisoformat(day)) == age
