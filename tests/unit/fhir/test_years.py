"""Years in which nobody alive has a date: refused with their place, by FHIR as by HL7 v2."""

import pytest

from hub.ages import EARLIEST_YEAR, LATEST_YEAR
from hub.errors import InvalidResource
from hub.fhir.times import day_from, moment_from, period_at
from hub.hl7v2.timestamp import timestamp_from


@pytest.mark.parametrize("year", [1, EARLIEST_YEAR - 1, LATEST_YEAR + 1, 9999])
@pytest.mark.parametrize("rest", ["", "-01", "-12-31", "-01-01T00:00:00+14:00"])
def test_a_year_of_nobody_alive_is_refused_and_not_said_again(year, rest):
    with pytest.raises(InvalidResource) as refused:
        moment_from(f"{year:04}{rest}", "Task.lastModified")
    assert refused.value.expression == "Task.lastModified"
    assert f"from {EARLIEST_YEAR} to {LATEST_YEAR}" in refused.value.reason


@pytest.mark.parametrize("year", [EARLIEST_YEAR, LATEST_YEAR])
def test_both_standards_take_the_same_years(year):
    assert day_from(str(year), "Patient.birthDate").on.year == year
    assert moment_from(f"{year}-06-01T00:00:00Z", "here").at.year == year
    assert timestamp_from(f"{year}0601", "PV1-44").instant.year in (year, year - 1)
    for other in (EARLIEST_YEAR - 1, LATEST_YEAR + 1):
        with pytest.raises(InvalidResource):
            timestamp_from(f"{other}0601", "PV1-44")


@pytest.mark.parametrize("end", ["9999-12-31", "9999", "9999-12-31T23:59:59Z"])
def test_a_period_for_ever_is_open(end):
    said = {"period": {"start": "2024-05-01", "end": end}}
    period = period_at(said, "period", "Flag")
    assert (period.starts_at is not None, period.ends_at) == (True, None)
