"""What systems and spreadsheets do to a table, and the layouts that read it."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gp_csv.cells import Spoilt, digits, iso_date, nhs_number, plain
from connectors.gp_csv.ending import End
from connectors.gp_csv.layout import BadLayout, layout_from
from connectors.gp_csv.register import entries_of
from connectors.gp_csv.settings import Encoding, RegisterSettings
from deploy.layouts import SHIPPED, layout_in, layout_named
from hub.errors import Rejected

SETTINGS = RegisterSettings(name="csv", ods_code="C82904", regions=(0,))
WINDOWS = RegisterSettings(
    name="csv", ods_code="C82904", regions=(0,), charset=Encoding.WINDOWS_1252
)
TABLE = "NHS Number,Surname,Date of Birth,Gender\n999 000 0026,Marsh,21/07/1969,Female\n"


def read(content, layout="emis", settings=SETTINGS):
    """Entries as values, or the reason of a row; then what the file says of itself."""
    found = list(entries_of(io.BytesIO(content), layout_named(layout), settings))
    return [each if isinstance(each, End) else each.refused or each.row.values for each in found]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1969-07-21", "1969-07-21"),
        ("19690721", "1969-07-21"),
        ("1969-07", "1969-07"),
        ("1969", "1969"),
        ("21/07/1969", "1969-07-21"),
        ("1.7.1969", "1969-07-01"),
        ("21-Jul-1969", "1969-07-21"),
        ("21st July 1969", "1969-07-21"),
        ("Jul 1969", "1969-07"),
        ("21/07/1969 00:00", "1969-07-21"),
        ("1969-07-21T09:30:00Z", "1969-07-21"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_dates_as_they_are_written_here(written, day):
    assert iso_date(written, "day-first") == day


@pytest.mark.parametrize(
    "written",
    ["07/21/1969", "21/07/69", "29/02/2025", "45127", "yesterday", "2026-13-01", "Foo 1969"],
)
def test_a_date_that_can_be_read_in_two_ways_or_in_none_is_refused(written):
    with pytest.raises(Spoilt) as refused:
        iso_date(written, "day-first")
    assert written not in str(refused.value)


def test_days_come_first_only_where_a_layout_says_so():
    with pytest.raises(Spoilt):
        iso_date("21/07/1969", "iso")


@given(
    st.dates(min_value=date(1850, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %b %Y", "%Y%m%d"]),
)
def test_every_day_is_read_as_it_was_meant(day, form):
    assert iso_date(day.strftime(form), "day-first") == day.isoformat()


@pytest.mark.parametrize(
    ("written", "read"),
    [('="0116"', "0116"), ("'0116", "0116"), (" 1\n Abbey\u00a0Lane ", "1 Abbey Lane"), ("=", "=")],
)
def test_what_spreadsheets_wrap_is_unwrapped(written, read):
    assert plain(written) == read


def test_digits_that_a_spreadsheet_rounded_are_refused():
    assert nhs_number("999 000-0026") == "9990000026"
    for written in ("9.99E+09", "9,99E+09", "1E9"):
        with pytest.raises(Spoilt):
            digits(written)


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace("NHS Number", "nhs_number").replace("Surname", "SURNAME").encode(),
        b'Carers\n"Run on",23/11/2026\n\n' + TABLE.encode(),
        (TABLE + ",,,\n\n").encode(),
        (TABLE + TABLE.splitlines()[0] + "\n").encode(),
        (TABLE + "Total rows: 1,,,").encode(),
        (TABLE + "#END,1,23/11/2026").encode(),
        TABLE.replace("Marsh", '"Marsh"').encode(),
        TABLE.replace("Surname", "Allergies,Surname").replace("Marsh", "Nuts,Marsh").encode(),
        TABLE.replace("\n9", ",\n9").replace("Female\n", "Female,\n").encode(),
    ],
)
def test_what_systems_do_to_a_table_does_no_harm(content):
    values, end = read(content)
    assert (values["carer_nhs_number"], values["carer_family"]) == ("9990000026", "Marsh")
    assert (values["carer_birth_date"], values["carer_sex"]) == ("1969-07-21", "female")
    assert (values["status"], values["code"]) == ("active", "224484003")
    assert end.rows == 1


def test_names_are_read_in_the_configured_character_set_unless_a_mark_says_another():
    zoe = TABLE.replace("Marsh", "Zo\u00eb")
    assert read(zoe.encode("cp1252"), settings=WINDOWS)[0]["carer_family"] == "Zo\u00eb"
    assert read(zoe.encode("utf-8-sig"), settings=WINDOWS)[0]["carer_family"] == "Zo\u00eb"
    with pytest.raises(Rejected) as refused:
        read(zoe.encode(), settings=WINDOWS)
    assert refused.value.code == "charset"


def test_an_entry_without_a_number_is_named_by_who_it_is_and_one_without_anything_is_refused():
    nameless, unnamed, _ = read(TABLE.encode().replace(b"999 000 0026", b"") + b",,,Female\n")
    assert len(nameless["source_record_id"]) == 36
    assert unnamed.code == "required"


def test_a_row_of_thousands_of_cells_is_no_heading():
    wide = TABLE.replace("Surname", "Surname" + ",9" * 500)
    with pytest.raises(Rejected, match="None of the first 30 rows is the heading"):
        read(wide.encode())


@given(st.binary(max_size=120), st.integers(0, len(TABLE)), st.integers(0, len(TABLE)))
def test_any_bytes_are_read_or_refused_with_a_place(noise, start, end):
    content = TABLE.encode()
    try:
        found = read(content[:start] + noise + content[end:])
    except Rejected as refused:
        found = [refused]
    for each in found:
        assert not isinstance(each, Rejected) or (each.expression and each.reason)


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.yaml")), ids=lambda each: each.stem)
def test_every_layout_of_the_hub_can_be_used(file):
    layout = layout_in(file)
    assert layout.describes
    assert layout.required


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"colums": {}}, "'colums' is no key"),
        ({"columns": {"shoe_size": ["Size"]}}, "'shoe_size' is no column"),
        ({"columns": {"carer_family": ["Name"], "carer_given": ["NAME"]}}, "two columns"),
        ({"key": ["carer_phone"]}, "'carer_phone' is no part of the key"),
        ({"key": "carer_family"}, "key is a list"),
        ({"dates": "month-first"}, "dates is one of: day-first, iso"),
        ({"words": {"status": {"On": "on"}}}, "'on' is no word of status"),
        ({"words": {"carer_family": {"a": "b"}}}, "words.carer_family"),
        ({"defaults": {"x": "y"}}, "'x' is no default"),
    ],
)
def test_a_layout_that_cannot_be_used_says_why(change, why):
    layout = {"key": ["carer_family"], "columns": {"carer_family": ["Surname"]}}
    layout_from(layout)
    with pytest.raises(BadLayout, match=why):
        layout_from(layout | change)


@pytest.mark.parametrize("content", [None, "a: [", "- 1", "x" * 70_000])
def test_a_file_that_is_no_layout_says_why(tmp_path: Path, content):
    file = tmp_path / "layout.yaml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadLayout):
        layout_in(file)
