"""What a Flag or a Condition says."""

from datetime import UTC, datetime

import pytest

from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries
from hub.fhir.flag import flag_news_from
from hub.fhir.recorded import recorded_at_from
from hub.records import Coding

SUBJECT = {"reference": "Patient/1"}
CARER = {"coding": [{"system": "https://snomed.info/sct", "code": "224484003"}]}


def flag(**elements):
    resource = {"resourceType": "Flag", "status": "active", "code": CARER, "subject": SUBJECT}
    return flag_news_from(resource | elements, "Flag")


def condition(**elements):
    resource = {"resourceType": "Condition", "code": CARER, "subject": SUBJECT}
    return flag_news_from(resource | elements, "Condition")


def provenance(recorded, **elements):
    return {
        "resourceType": "Provenance",
        "recorded": recorded,
        "agent": [{"who": {"identifier": {"system": "urn:u", "value": recorded[:4]}}}],
    } | elements


def test_trap_13_snomed_ct_is_the_same_under_http_and_https():
    assert flag().codings == (Coding(system="http://snomed.info/sct", code="224484003"),)


def test_trap_24_codes_that_differ_by_case_alone_stay_different():
    read = {
        "coding": [{"system": "urn:read", "code": "918F"}, {"system": "urn:read", "code": "918f"}]
    }
    assert [coding.code for coding in flag(code=read).codings] == ["918F", "918f"]


def test_the_latest_contained_provenance_says_when_and_who():
    news = flag(
        contained=[provenance("2026-02-01T10:00:00Z"), provenance("2025-01-01T10:00:00Z")],
        meta={"lastUpdated": "2026-03-01T10:00:00Z"},
    )
    assert news.recorded_at == datetime(2026, 2, 1, 10, 0, tzinfo=UTC)
    assert news.author.identifier.value == "2026"


def test_without_provenance_the_last_change_says_when():
    news = flag(meta={"lastUpdated": "2026-03-01T10:00:00Z"}, author={"reference": "Device/1"})
    assert news.recorded_at == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert news.author.reference == "Device/1"
    assert flag().recorded_at is None


@pytest.mark.parametrize(
    ("clinical", "verification", "status"),
    [
        (None, None, "active"),
        ("active", "confirmed", "active"),
        ("relapse", None, "active"),
        ("resolved", None, "inactive"),
        ("inactive", None, "inactive"),
        ("active", "refuted", "inactive"),
        ("active", "entered-in-error", "entered-in-error"),
    ],
)
def test_a_condition_is_a_flag_with_its_own_words(clinical, verification, status):
    elements = {
        name: {"coding": [{"code": code}]}
        for name, code in (("clinicalStatus", clinical), ("verificationStatus", verification))
        if code is not None
    }
    assert condition(**elements).status == status


def test_a_condition_was_recorded_on_its_recorded_date():
    news = condition(recordedDate="2026-02-03", onsetDateTime="2020", asserter=SUBJECT)
    assert news.recorded_at == datetime(2026, 2, 3, tzinfo=UTC)
    assert news.starts_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert news.author.reference == "Patient/1"


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        ({"status": None}, "Flag.status"),
        ({"status": "on"}, "Flag.status"),
        ({"code": None}, "Flag.code"),
        ({"code": {"coding": []}}, "Flag.code"),
        ({"subject": None}, "Flag.subject"),
        ({"resourceType": "List"}, "Flag"),
        ({"period": {"start": "soon"}}, "Flag.period.start"),
    ],
)
def test_what_is_missing_is_refused_with_its_place(elements, place):
    with pytest.raises(InvalidResource) as refusal:
        flag(**elements)
    assert refusal.value.expression == place


def test_when_a_flag_was_recorded_is_told_by_provenance_then_change_then_bundle():
    def recorded(*more, **elements):
        resource = {"resourceType": "Flag", "id": "f"} | elements
        entries = bundle_entries(
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "timestamp": "2026-01-03T00:00:00Z",
                "entry": [{"resource": each} for each in (resource, *more)],
            }
        )
        return recorded_at_from(entries.of_type("Flag")[0], entries)

    said = provenance("2026-01-01T00:00:00Z", target=[{"reference": "Flag/f"}])
    meta = {"lastUpdated": "2026-01-02T00:00:00Z"}
    assert recorded(said, meta=meta) == datetime(2026, 1, 1, tzinfo=UTC)
    assert recorded(meta=meta) == datetime(2026, 1, 2, tzinfo=UTC)
    assert recorded() == datetime(2026, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("abated", "status", "ends_at"),
    [
        ({"abatementDateTime": "2024-05-01"}, "active", datetime(2024, 5, 1, 23, 0, tzinfo=UTC)),
        ({"abatementDateTime": "9999-12-31"}, "active", None),
        ({"abatementPeriod": {"end": "2024-01-01"}}, "active", datetime(2024, 1, 2, tzinfo=UTC)),
        ({"abatementString": "two years ago"}, "inactive", None),
        ({"abatementAge": {"value": 70}}, "inactive", None),
    ],
)
def test_a_condition_that_abated_says_when_or_is_not_active(abated, status, ends_at):
    news = condition(**abated)
    assert (news.status, news.ends_at) == (status, ends_at)
