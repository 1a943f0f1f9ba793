from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InvalidResource
from hub.hl7v2 import (
    NULL,
    CalendarDay,
    Precision,
    Timestamp,
    calendar_day_at,
    calendar_day_from,
    message_from,
    timestamp_at,
    timestamp_from,
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("2026", utc(2026, 1, 1), Precision.YEAR),
        ("202607", utc(2026, 6, 30, 23), Precision.MONTH),
        ("20260715", utc(2026, 7, 14, 23), Precision.DAY),
        ("2026011510", utc(2026, 1, 15, 10), Precision.HOUR),
        ("202601151030", utc(2026, 1, 15, 10, 30), Precision.MINUTE),
        ("202607151030", utc(2026, 7, 15, 9, 30), Precision.MINUTE),
        ("20260715103059", utc(2026, 7, 15, 9, 30, 59), Precision.SECOND),
        ("20260715103059.5", utc(2026, 7, 15, 9, 30, 59, 500_000), Precision.FRACTION),
        ("20260715103059.1234", utc(2026, 7, 15, 9, 30, 59, 123_400), Precision.FRACTION),
        ("202607151030+0100", utc(2026, 7, 15, 9, 30), Precision.MINUTE),
        ("202607151030+0000", utc(2026, 7, 15, 10, 30), Precision.MINUTE),
        ("202607151030-0530", utc(2026, 7, 15, 16), Precision.MINUTE),
        ("20240229", utc(2024, 2, 29), Precision.DAY),
    ],
)
def test_a_time_without_offset_is_of_london(text, instant, precision):
    assert timestamp_from(text, "EVN-2") == Timestamp(instant=instant, precision=precision)


@pytest.mark.parametrize(
    "text",
    [
        "99999999",
        "20250229",
        "00010101",
        "00000000",
        "99991231",
        "18000101",
        "196513121515",
        "20260100",
        "202601012460",
        "2026010125",
        "20260101235960",
        "202",
        "20261",
        "2026-01-01",
        "2026010110.5",
        "20260101101010.",
        "20260101101010.12345",
        "202601011010+01",
        "202601011010+0160",
        "202601011010+2400",
        "202601011010Z",
        " 20260101",
        "20260101\n",
        "٢٠٢٦",
        "",
        "yesterday",
    ],
)
def test_what_no_calendar_or_clock_shows_is_refused_with_its_place(text):
    for read in (timestamp_from, calendar_day_from):
        with pytest.raises(InvalidResource) as caught:
            read(text, "PID-7")
        assert caught.value.expression == "PID-7"
        assert not text.strip() or text.strip() not in caught.value.reason


FIRST_HALF_PAST_ONE = utc(2026, 10, 25, 0, 30)
SECOND_HALF_PAST_ONE = utc(2026, 10, 25, 1, 30)


def doubled(**hints: datetime) -> tuple[datetime, bool]:
    read = timestamp_from("202610250130", "EVN-2", **hints)
    return read.instant, read.ambiguous


def test_the_doubled_hour_is_the_later_one_and_marked():
    assert doubled() == (SECOND_HALF_PAST_ONE, True)


def test_an_offset_tells_the_doubled_hours_apart():
    first = timestamp_from("202610250130+0100", "EVN-2")
    second = timestamp_from("202610250130+0000", "EVN-2")
    assert (first.instant, first.ambiguous) == (FIRST_HALF_PAST_ONE, False)
    assert (second.instant, second.ambiguous) == (SECOND_HALF_PAST_ONE, False)


def test_a_time_it_cannot_come_after_tells_the_doubled_hours_apart():
    assert doubled(not_after=utc(2026, 10, 25, 0, 31)) == (FIRST_HALF_PAST_ONE, False)
    assert doubled(not_after=FIRST_HALF_PAST_ONE) == (FIRST_HALF_PAST_ONE, False)
    assert doubled(not_after=utc(2026, 10, 25, 9)) == (SECOND_HALF_PAST_ONE, True)
    assert doubled(not_after=utc(2026, 10, 24)) == (SECOND_HALF_PAST_ONE, True)


def test_a_time_it_cannot_come_before_tells_the_doubled_hours_apart():
    assert doubled(not_before=utc(2026, 10, 25, 0, 45)) == (SECOND_HALF_PAST_ONE, False)
    assert doubled(not_before=SECOND_HALF_PAST_ONE) == (SECOND_HALF_PAST_ONE, False)
    assert doubled(not_before=utc(2026, 10, 24)) == (SECOND_HALF_PAST_ONE, True)
    assert doubled(not_before=utc(2026, 10, 26)) == (SECOND_HALF_PAST_ONE, True)


def test_the_hours_beside_the_doubled_one_are_simple():
    assert timestamp_from("202610250059", "EVN-2").instant == utc(2026, 10, 24, 23, 59)
    assert timestamp_from("202610250200", "EVN-2").instant == utc(2026, 10, 25, 2)
    assert not timestamp_from("202610250200", "EVN-2").ambiguous


def test_the_missing_hour_is_by_a_clock_not_yet_put_forward():
    read = timestamp_from("202603290130", "EVN-2")
    assert read == Timestamp(
        instant=utc(2026, 3, 29, 1, 30), precision=Precision.MINUTE, missing_hour=True
    )
    assert read.instant == timestamp_from("202603290230", "EVN-2").instant


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19651213", CalendarDay(1965, 12, 13)),
        ("196507140000", CalendarDay(1965, 7, 14)),
        ("19650714000000+0000", CalendarDay(1965, 7, 14)),
        ("196507142359-1200", CalendarDay(1965, 7, 14)),
        ("196507", CalendarDay(1965, 7)),
        ("1965", CalendarDay(1965)),
    ],
)
def test_a_birth_date_stays_the_day_that_was_written(text, day):
    assert calendar_day_from(text, "PID-7") == day


def test_a_day_is_written_as_far_as_it_is_known():
    days = (CalendarDay(1965, 2, 3), CalendarDay(1965, 2), CalendarDay(1965))
    assert [str(day) for day in days] == ["1965-02-03", "1965-02", "1965"]
    assert [day.date for day in days] == [date(1965, 2, 3), None, None]


def test_absent_and_null_times_stay_what_they_are():
    message = message_from(b'MSH|^~\\&|\rPID|1||||||""\rEVN||20260101')
    assert calendar_day_at(message, "PID-7") is NULL
    assert calendar_day_at(message, "PID-6") is None
    assert timestamp_at(message, "PID-7") is NULL
    assert timestamp_at(message, "EVN-6") is None
    assert timestamp_at(message.segments("EVN")[0], "EVN-2") == timestamp_from("20260101", "")
    assert calendar_day_at(message, "EVN-2") == CalendarDay(2026, 1, 1)


def test_a_birth_date_does_not_show_in_a_repr():
    assert "1965" not in repr(calendar_day_from("19651213", "PID-7"))
    assert "1965" not in repr(timestamp_from("19651213", "PID-7"))


@given(st.integers(-70 * 365 * 86_400, 220 * 365 * 86_400))
def test_a_london_clock_is_read_back(seconds):
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    wall = instant.astimezone(ZoneInfo("Europe/London"))
    read = timestamp_from(wall.strftime("%Y%m%d%H%M%S"), "EVN-2")
    assert not read.missing_hour
    assert read.instant == instant or (
        read.ambiguous and read.instant - instant == timedelta(hours=1)
    )


@given(st.text("0123456789+-.", max_size=24))
def test_any_text_is_read_or_refused(text):
    try:
        read = timestamp_from(text, "EVN-2")
    except InvalidResource:
        return
    assert read.instant.utcoffset() == timedelta(0)
