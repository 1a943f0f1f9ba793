"""An Observation with a carer code says what a Flag says."""

from datetime import UTC, datetime

import pytest

from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries, single_entry
from hub.fhir.observation import observation_news_from
from hub.fhir.statement import READERS, statement_from, statements_in
from hub.fhir.systems import SNOMED_CT
from hub.records import Coding

SUBJECT = {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}}


def concept(code):
    return {"coding": [{"system": SNOMED_CT, "code": code}]}


def observation(**elements):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": concept("224484003"),
        "subject": SUBJECT,
    } | elements


def read(**elements):
    return observation_news_from(observation(**elements), "Observation")


@pytest.mark.parametrize(
    ("elements", "status", "codes"),
    [
        ({}, "active", ["224484003"]),
        ({"status": "amended"}, "active", ["224484003"]),
        ({"status": "entered-in-error"}, "entered-in-error", ["224484003"]),
        ({"status": "cancelled"}, "entered-in-error", ["224484003"]),
        ({"valueBoolean": True}, "active", ["224484003"]),
        ({"valueBoolean": False}, "inactive", ["224484003"]),
        ({"valueCodeableConcept": concept("373066001")}, "active", ["224484003"]),
        ({"valueCodeableConcept": concept("373067005")}, "inactive", ["224484003"]),
        ({"valueCodeableConcept": concept("506401000000109")}, "active", ["224484003", "506401000000109"]),
        ({"dataAbsentReason": {"text": "x"}}, "active", []),
    ],
)  # fmt: skip
def test_its_code_says_it_or_asks_and_its_value_answers(elements, status, codes):
    news = read(**elements)
    assert (news.status, [each.code for each in news.codings]) == (status, codes)


def test_when_and_by_whom_are_kept():
    news = read(
        effectiveDateTime="2026-11-03",
        issued="2026-11-04T09:00:00Z",
        performer=[{"identifier": {"system": "urn:x", "value": "7"}}],
        identifier=[{"system": "urn:gp", "value": "o-1"}],
    )
    assert news.starts_at == datetime(2026, 11, 3, tzinfo=UTC)
    assert news.recorded_at == datetime(2026, 11, 4, 9, tzinfo=UTC)
    assert news.author.identifier.value == "7"
    assert news.identifier.value == "o-1"
    period = {"start": "2026-11-03", "end": "2026-11-05"}
    assert read(effectivePeriod=period).ends_at is None, (
        "when it was asked, not until when it is so"
    )
    assert read(effectivePeriod=period, status="cancelled").ends_at is not None


@pytest.mark.parametrize("name", ["status", "code", "subject"])
def test_what_it_needs_is_asked_for_by_place(name):
    resource = observation()
    del resource[name]
    with pytest.raises(InvalidResource) as refused:
        observation_news_from(resource, "Observation")
    assert (refused.value.expression, refused.value.code) == (f"Observation.{name}", "required")


@pytest.mark.parametrize("kind", sorted(READERS))
def test_each_type_says_the_same_of_the_same(kind):
    resource = observation(resourceType=kind) | ({"status": "active"} if kind == "Flag" else {})
    news = statement_from(single_entry(resource).all[0])
    assert (news.status, news.codings) == ("active", (Coding(system=SNOMED_CT, code="224484003"),))


def test_an_observation_of_nobody_is_passed_by_beside_others():
    nobody = {key: each for key, each in observation().items() if key != "subject"}
    body = {"resourceType": "Bundle", "type": "collection"}
    both = bundle_entries({**body, "entry": [{"resource": nobody}, {"resource": observation()}]})
    assert [each.path for each in statements_in(both)] == ["Bundle.entry[1].resource"]
    assert len(statements_in(single_entry(nobody))) == 1
