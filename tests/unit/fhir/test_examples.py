"""Official examples in JSON: each resource is read, or refused with a place inside it."""

import json

import pytest

from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries, single_entry
from hub.fhir.consent import consent_news_from
from hub.fhir.encounter import encounter_news_from
from hub.fhir.flag import flag_news_from
from hub.fhir.patient import patient_news_from
from hub.fhir.related_person import related_person_news_from


def read(entry, entries):
    match entry.type:
        case "Patient":
            return patient_news_from(entry.resource, entry.path, "accept")
        case "RelatedPerson":
            return related_person_news_from(entry.resource, entry.path, "accept")
        case "Encounter":
            return encounter_news_from(entry.resource, entry.path, entries)
        case "Flag" | "Condition":
            return flag_news_from(entry.resource, entry.path)
        case "Consent":
            return consent_news_from(entry.resource, entry.path)
        case _:
            return None


def test_every_official_example_is_read_or_refused_with_its_place(samples):
    outcomes = {"read": 0, "refused": []}
    for file in sorted(samples.glob("**/*.json")):
        try:
            body = json.loads(file.read_bytes())
        except ValueError:
            continue  # trap 21: malformed JSON
        if not isinstance(body, dict) or "resourceType" not in body:
            continue
        try:
            is_bundle = body["resourceType"] == "Bundle"
            entries = bundle_entries(body) if is_bundle else single_entry(body)
            outcomes["read"] += sum(read(entry, entries) is not None for entry in entries)
        except InvalidResource as refusal:
            outcomes["refused"].append((body["resourceType"], refusal.expression))
    assert outcomes["read"] > 60
    assert len(outcomes["refused"]) < 10
    assert all(place.startswith(kind) for kind, place in outcomes["refused"])


def test_the_sensitive_patient_of_pds_is_shielded(samples):
    file = samples / "nhs-pds/sandbox/mocks/Sensitive_Patient.json"
    news = patient_news_from(json.loads(file.read_bytes()), "Patient", "accept")
    assert news.facts.shielded is True
    assert news.facts.nhs_number == "9000000025"
    assert news.facts.nhs_number_status == "01"
    assert {"addresses", "telecoms", "practice"}.isdisjoint(news.spoken)


@pytest.mark.parametrize("name", ["final", "initial-version", "invalid"])
def test_trap_14_the_discharge_of_the_reference_engine_is_read_in_all_its_versions(samples, name):
    file = samples / f"nhse-frameworks/Encounter/Encounter-ADT_A03-{name}.json"
    facts = encounter_news_from(json.loads(file.read_bytes()), "Encounter").facts
    assert facts.destination.code == "19"
    assert facts.site_ods == "RCB55"
    assert facts.trust_ods == "RCB"
    assert facts.admission_method.code == "82"
