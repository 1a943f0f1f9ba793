"""The official example messages: each becomes a Bundle that others accept, or is refused."""

import json
from datetime import UTC, datetime

from fhir.resources.R4B.bundle import Bundle

from connectors.ward_mllp.mapping import Ignored, encounter_event_from
from connectors.ward_mllp.settings import SenderSettings
from hub.errors import Rejected
from hub.fhir.bundle import bundle_entries
from hub.fhir.encounter import encounter_news_from
from hub.fhir.patient import patient_news_from
from hub.fhir.related_person import related_person_news_from
from hub.hl7v2 import message_from

SENDER = SenderSettings(name="york", region=0, trust_ods="RCB", test_numbers="accept")
RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)


def converted(content):
    return encounter_event_from(content, message_from(content), SENDER, RECEIVED)


def outcome_of(content):
    try:
        return converted(content).event.event
    except Ignored:
        return "ignored"
    except Rejected as refusal:
        return refusal.expression


def test_every_example_is_converted_ignored_or_refused_with_its_place(samples):
    outcomes = {
        file.name[:3]: outcome_of(file.read_bytes())
        for folder in ("uk-itk-adt", "hl7-v2-to-fhir/samples/messages")
        for file in (samples / folder).glob("*.txt")
    }
    assert outcomes == {
        "A01": "A01",
        "A03": "A03",
        "A04": "A04",
        "A05": "A05",
        "A08": "A08",
        "A28": "PID-3",  # known only by 3333333333, which names nobody
        "A31": "PID-3",
        "A40": "PID-3",
        "Mes": "ignored",  # MDM^T02
    }


def test_every_bundle_of_the_examples_is_accepted_by_others_and_read_by_us(samples):
    for file in (samples / "uk-itk-adt").glob("A0*.txt"):
        body = json.loads(converted(file.read_bytes()).event.resource)
        Bundle.model_validate(body)
        for entry in bundle_entries(body):
            match entry.type:
                case "Patient":
                    facts = patient_news_from(entry.resource, entry.path, "accept").facts
                    assert facts.names[0].family == "SMITH"
                    assert facts.unusable_nhs_number == "placeholder"
                    assert facts.practice_ods == "Y06601"
                case "Encounter":
                    facts = encounter_news_from(entry.resource, entry.path).facts
                    assert facts.visit is not None
                    assert facts.trust_ods == "RCB"
                case "RelatedPerson":
                    news = related_person_news_from(entry.resource, entry.path, "accept")
                    assert news.person.facts.names[0].family == "SMITH"
                    assert not news.is_carer


def test_the_itk_admission_and_its_discharge_are_read_as_they_were_meant(samples):
    stays = {}
    for name in ("A01", "A03"):
        content = (samples / f"uk-itk-adt/{name}_example.txt").read_bytes()
        entries = bundle_entries(json.loads(converted(content).event.resource))
        entry = entries.of_type("Encounter")[0]
        stays[name] = encounter_news_from(entry.resource, entry.path).facts
    assert (stays["A01"].site_ods, stays["A01"].ward, stays["A01"].bed) == (
        "RCB55",
        "OBS1",
        "BAY2-6",
    )
    assert stays["A01"].admitted_at == stays["A03"].admitted_at
    assert stays["A01"].visit != stays["A03"].visit  # trap 27
    assert stays["A03"].discharged_at == datetime(2010, 10, 21, 16, 6, tzinfo=UTC)
    assert stays["A03"].destination.code == "19"
    assert stays["A03"].discharge_method.code == "3"
