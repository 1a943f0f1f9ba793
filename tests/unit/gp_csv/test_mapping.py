"""From a file to carer flags: what is understood, and at which place a file is refused as a whole."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from connectors.gp_csv.extract import COLUMNS
from connectors.gp_csv.mapping.bundle import CARER_RECORDS
from connectors.gp_csv.mapping.events import rows_from
from connectors.gp_csv.mapping.words import RELATIONSHIPS
from connectors.gp_csv.settings import CsvSettings, Encoding
from hub.errors import InvalidResource, Rejected, Undecodable
from hub.fhir.bundle import bundle_entries
from hub.fhir.flag import flag_news_from
from hub.fhir.patient import patient_news_from
from hub.fhir.record import person_record_id
from hub.fhir.related_person import related_person_news_from
from hub.identity import derived, source_record_id
from hub.records import Coding

SENDER = CsvSettings(name="c82904-csv", ods_code="C82904", regions=(0, 1), test_numbers="accept")
RECEIVED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BEN = {
    "source_record_id": "E-1",
    "carer_nhs_number": "999 000 0026",
    "carer_given": "Ben",
    "carer_family": "Marsh",
    "carer_birth_date": "1969-07-21",
    "carer_sex": "male",
    "carer_address": "1 Abbey Lane, Leicester",
    "carer_postcode": "LE4 0AA",
    "carer_phone": "0116 496 0001",
    "code_system": "http://snomed.info/sct",
    "code": "224484003",
    "code_term": "Patient themselves providing care",
    "recorded_on": "2026-06-03",
    "status": "active",
    "cared_for_nhs_number": "9990000018",
    "cared_for_given": "Ada",
    "cared_for_family": "Marsh",
    "cared_for_birth_date": "1941-03-02",
    "relationship": "son",
}
NOBODY_NAMED = dict.fromkeys((each for each in COLUMNS if each.startswith("cared_for_")), "") | {
    "relationship": ""
}


def line(values):
    return ",".join('"' + value.replace('"', '""') + '"' for value in values)


def file_of(*rows, columns=COLUMNS, trailer=None, charset="utf-8", end="\n"):
    lines = [
        ",".join(columns),
        *(line([row.get(column, "") for column in columns]) for row in rows),
        f"#END,{len(rows)}" if trailer is None else trailer,
    ]
    return end.join([*(each for each in lines if each), ""]).encode(charset)


def read(content, sender=SENDER, received=RECEIVED):
    return rows_from(content, sender, received, hashlib.sha256(content).hexdigest())


def refusal_of(content, sender=SENDER):
    with pytest.raises(Rejected) as refused:
        read(content, sender)
    return refused.value


def entries_of(event):
    return bundle_entries(json.loads(event.resource))


# What is understood


def test_a_row_is_one_event_for_each_region_keyed_by_its_source_record():
    content = file_of(BEN)
    events = read(content)
    record = source_record_id("c82904-csv", CARER_RECORDS, "E-1")
    assert [each.event.region for each in events] == [0, 1]
    assert {each.key for each in events} == {record}
    event = events[0].event
    assert event.source_record == record
    assert event.event_id == derived(
        "event", "c82904-csv", hashlib.sha256(content).hexdigest(), "E-1"
    )
    assert event.original == content.splitlines()[1]
    assert event.original_type == "text/csv"


def test_the_bundle_says_who_is_a_carer_of_whom():
    event = read(file_of(BEN))[0].event
    Bundle.model_validate_json(event.resource)
    entries = entries_of(event)
    assert [each.type for each in entries] == ["Patient", "Flag", "Patient", "RelatedPerson"]
    carer, flag, cared_for, link = entries
    ben = patient_news_from(carer.resource, carer.path, "accept").facts
    assert (ben.names[0].given, ben.names[0].family, ben.nhs_number, ben.gender) == (
        ("Ben",),
        "Marsh",
        "9990000026",
        "male",
    )
    assert (ben.addresses[0].postcode, ben.telecoms[0].value) == ("LE4 0AA", "0116 496 0001")
    assert person_record_id("c82904-csv", ben, "") == event.source_record
    ada = patient_news_from(cared_for.resource, cared_for.path, "accept").facts
    assert (ada.nhs_number, str(ada.birth_on)) == ("9990000018", "1941-03-02")
    news = flag_news_from(flag.resource, flag.path)
    assert (news.status, news.codings[0].code) == ("active", "224484003")
    assert entries.resolved(news.subject, flag) is carer
    related = related_person_news_from(link.resource, link.path, "accept")
    assert entries.resolved(related.patient, link) is cared_for
    assert related.relationships == (
        Coding(system="http://terminology.hl7.org/CodeSystem/v3-RoleCode", code="SONC"),
    )
    assert person_record_id("c82904-csv", related.person.facts, "") == event.source_record
    assert not related.is_carer  # the flag's code says so, or nobody


def test_a_row_that_names_nobody_cared_for_is_a_flag_alone():
    (event, _) = (each.event for each in read(file_of(BEN | NOBODY_NAMED)))
    assert [each.type for each in entries_of(event)] == ["Patient", "Flag"]


def test_an_ended_row_ends_flag_and_link():
    event = read(file_of(BEN | {"status": "ended"}))[0].event
    _, flag, _, link = (each.resource for each in entries_of(event))
    assert (flag["status"], link["active"]) == ("inactive", False)


def test_an_nhs_number_that_cannot_be_right_is_kept_with_the_reason():
    event = read(file_of(BEN | {"carer_nhs_number": "9990000019"}))[0].event
    carer = entries_of(event).of_type("Patient")[0]
    facts = patient_news_from(carer.resource, carer.path, "accept").facts
    assert (facts.nhs_number, facts.unusable_nhs_number) == (None, "check-digit")
    assert person_record_id("c82904-csv", facts, "") == event.source_record


def test_a_day_is_midnight_in_london_of_the_row_else_of_the_file_else_receipt():
    undated = BEN | {"recorded_on": ""}

    def recorded(row, **kwargs):
        return read(file_of(row, **kwargs))[0].event.recorded_at

    assert recorded(BEN, trailer="#END,1,2026-11-20") == datetime(2026, 6, 2, 23, tzinfo=UTC)
    assert recorded(undated, trailer="#END,1,2026-11-20") == datetime(2026, 11, 20, tzinfo=UTC)
    assert recorded(undated) == RECEIVED
    assert recorded(BEN | {"recorded_on": "2027-01-01"}) == RECEIVED


def test_the_same_file_gives_the_same_events_and_another_file_others():
    assert read(file_of(BEN)) == read(file_of(BEN))
    other = read(file_of(BEN, BEN | {"source_record_id": "E-2"}))
    assert other[0].key == read(file_of(BEN))[0].key
    assert other[0].event.event_id != read(file_of(BEN))[0].event.event_id


@pytest.mark.parametrize(
    "content",
    [
        file_of(BEN, columns=tuple(reversed(COLUMNS))),
        file_of(BEN, end="\r\n"),
        b"\xef\xbb\xbf" + file_of(BEN),
        file_of(BEN, trailer="#END,1" + "," * 17) + b",,,\n\n",
        file_of(BEN).rstrip(b"\n"),
    ],
    ids=["any order", "CRLF", "byte order mark", "filled up by a spreadsheet", "no last line end"],
)
def test_what_spreadsheets_and_systems_do_to_files_does_no_harm(content):
    assert [each.event.region for each in read(content)] == [0, 1]


def test_a_file_without_rows_says_nothing():
    assert read(file_of()) == ()


def test_names_are_read_in_the_configured_character_set():
    windows = CsvSettings(name="b", ods_code="B86903", regions=(0,), charset=Encoding.WINDOWS_1252)
    event = read(file_of(BEN | {"carer_given": "Zoë"}, charset="cp1252"), windows)[0].event
    assert entries_of(event).all[0].resource["name"][0]["given"] == ["Zoë"]


def test_what_looks_like_a_formula_is_a_name():
    event = read(file_of(BEN | {"carer_family": '=cmd|"calc"', "carer_given": "@SUM"}))[0].event
    assert entries_of(event).all[0].resource["name"] == [
        {"family": '=cmd|"calc"', "given": ["@SUM"]}
    ]


@pytest.mark.parametrize("word", RELATIONSHIPS)
def test_every_relationship_is_fhir(word):
    Bundle.model_validate_json(read(file_of(BEN | {"relationship": word}))[0].event.resource)


# What is refused, and where


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"source_record_id": ""}, "source_record_id", "required"),
        ({"code": " "}, "code", "required"),
        ({"code": "1.36E+15"}, "code", "value"),
        ({"code_system": "SNOMED"}, "code_system", "value"),
        ({"status": "Active"}, "status", "value"),
        ({"status": ""}, "status", "required"),
        ({"carer_birth_date": "21/07/1969"}, "carer_birth_date", "value"),
        ({"cared_for_birth_date": "1941-02-30"}, "cared_for_birth_date", "value"),
        ({"recorded_on": "2025-12"}, "recorded_on", "value"),
        ({"recorded_on": "0026-11-03"}, "recorded_on", "value"),
        ({"carer_sex": "M"}, "carer_sex", "value"),
        ({"relationship": "lodger"}, "relationship", "value"),
        ({"carer_nhs_number": "", "carer_family": ""}, "carer_family", "required"),
        ({"cared_for_nhs_number": "", "cared_for_family": ""}, "cared_for_family", "required"),
        ({"carer_given": "B\x00en"}, "carer_given", "control-character"),
        ({"carer_given": "B\x85en"}, "carer_given", "control-character"),
        ({"carer_address": "x" * 501}, "carer_address", "too-long"),
    ],
)
def test_one_row_that_cannot_be_used_refuses_the_file_at_its_place(change, column, code):
    second = BEN | {"source_record_id": "E-2"} | change
    refused = refusal_of(file_of(BEN, second, BEN | {"source_record_id": "E-3"}))
    assert isinstance(refused, InvalidResource)
    assert (refused.expression, refused.code) == (f"row 3, column {column}", code)
    for value in change.values():
        assert not value.strip() or value not in refused.reason


def test_two_rows_of_one_source_record_refuse_the_file():
    refused = refusal_of(file_of(BEN, BEN | {"carer_given": "Bob"}))
    assert (refused.expression, refused.code) == ("row 3, column source_record_id", "duplicate")


@pytest.mark.parametrize(
    ("columns", "place", "code"),
    [
        (COLUMNS[:-1], "row 1, column relationship", "missing-column"),
        ((*COLUMNS, "status"), "row 1, column status", "duplicate"),
        ((*COLUMNS, "Marsh"), "row 1, column 20", "unknown-column"),
    ],
)
def test_other_columns_refuse_the_file_and_are_not_repeated(columns, place, code):
    refused = refusal_of(file_of(BEN, columns=columns))
    assert (refused.expression, refused.code) == (place, code)
    assert "Marsh" not in str(refused)


TWO = file_of(BEN, BEN | {"source_record_id": "E-2"})


@pytest.mark.parametrize(
    ("content", "place", "code"),
    [
        (b"", "file", "truncated"),
        (b"\n \n", "file", "truncated"),
        (file_of(BEN, trailer=""), "row 2", "truncated"),
        (file_of(trailer=""), "row 1", "truncated"),
        (TWO[: TWO.index(b"#END")], "row 3", "truncated"),
        (file_of(BEN, trailer="#END"), "row 3", "truncated"),
        (file_of(BEN, trailer="#END,1,2026-11-20,x"), "row 3", "truncated"),
        (file_of(BEN, trailer="#END,2"), "row 3", "row-count"),
        (file_of(BEN, trailer="#END,-1"), "row 3", "row-count"),
        (file_of(BEN, trailer="#END," + "1" * 9_000), "row 3", "row-count"),
        (file_of(BEN, trailer="#END,1,20/11/2026"), "row 3", "value"),
        (TWO.replace(b'"E-1"', b'"E-1'), "row 2", "quotes"),
        (TWO.replace(b'"E-1"', b'E"-1'), "row 2", "quotes"),
        (TWO.replace(b'"Ben"', b'"Ben\n"', 1), "row 2", "quotes"),
        (TWO.replace(b'"Ben"', b"Ben\rBen", 1), "row 2", "quotes"),
        (TWO.replace(b'"E-2",', b""), "row 3", "field-count"),
        (TWO.replace(b"\n", b"\n\n", 1), "row 2", "field-count"),
        (TWO.replace(b"Ben", b"B\xe9n", 1), "row 2", "charset"),
        (TWO.replace(b'"E-2"', b'"' + b"x" * 20_000 + b'"'), "row 3", "too-long"),
    ],
)
def test_a_file_that_may_not_be_whole_is_refused_at_its_place(content, place, code):
    refused = refusal_of(content)
    assert (refused.expression, refused.code) == (place, code)
    assert isinstance(refused, Undecodable) or code == "value"
    assert "Marsh" not in str(refused)


def test_every_cut_of_a_file_is_noticed():
    for length in range(len(TWO) - 1):
        refusal_of(TWO[:length])


def test_utf_8_where_windows_1252_is_configured_is_noticed():
    windows = CsvSettings(name="b", ods_code="B86903", regions=(0,), charset=Encoding.WINDOWS_1252)
    refused = refusal_of(file_of(BEN | {"carer_given": "Zoë"}), windows)
    assert (refused.expression, refused.code) == ("file", "charset")


def test_a_file_beyond_its_bounds_is_refused():
    bounds = {"name": "b", "ods_code": "B86903", "regions": (0,)}
    assert refusal_of(TWO, CsvSettings(**bounds, most_bytes=100)).code == "too-large"
    refused = refusal_of(TWO, CsvSettings(**bounds, most_rows=1))
    assert (refused.expression, refused.code) == ("row 3", "too-many")


# Whatever is sent


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(
    st.fixed_dictionaries(
        {},
        optional={each: st.one_of(TEXTS, st.sampled_from(list(BEN.values()))) for each in COLUMNS},
    )
)
def test_any_row_is_read_by_the_region_too_or_refused_with_a_place(change):
    for entry in entries_of_any(file_of(BEN | change)):
        match entry.type:
            case "Patient":
                facts = patient_news_from(entry.resource, entry.path, "accept").facts
                person_record_id("x", facts, entry.path)
            case "RelatedPerson":
                related_person_news_from(entry.resource, entry.path, "accept")
            case _:
                flag_news_from(entry.resource, entry.path)


@given(st.binary(max_size=200), st.integers(0, len(TWO)), st.integers(0, len(TWO)))
def test_any_bytes_are_read_or_refused_with_a_place(noise, start, end):
    entries_of_any(TWO[:start] + noise + TWO[end:])


def entries_of_any(content):
    """The entries of the first event; none when the file is refused, which must say where and why."""
    refusal = None
    try:
        events = read(content)
    except Rejected as refused:
        events, refusal = (), refused
    if refusal is not None:
        assert refusal.expression
        assert refusal.reason
    return entries_of(events[0].event) if events else ()
