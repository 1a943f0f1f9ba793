"""What an Encounter says of a stay."""

from datetime import UTC, date, datetime

import pytest

from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries
from hub.fhir.encounter import discharge_stop, encounter_news_from
from hub.fhir.news import EncounterFacts
from hub.fhir.record import stay_ids
from hub.fhir.systems import visit_authority
from hub.identity import stay_id, unnumbered_stay_id
from hub.records import Coding, ExpectedDischarge, Identifier

CLEARED = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "not-applicable",
        }
    ]
}
CURRENT = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeDestinationEngland"
RETIRED = "https://fhir.hl7.org.uk/CodeSystem/NHSDataModelAndDictionary-DischargeDestination"
METHOD = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DischargeMethodEngland"
EXPECTED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate"
READY = "urn:carers-hub:extension:discharge-ready-date"


def news_of(**elements):
    resource = {"resourceType": "Encounter", "status": "unknown"} | elements
    return encounter_news_from(resource, "Encounter")


def facts_of(**elements):
    return news_of(**elements).facts


def at_site(code, system="https://fhir.nhs.uk/Id/ods-site-code"):
    return {"location": {"identifier": {"system": system, "value": code}}}


def physical(code):
    return {"coding": [{"code": code}]}


def test_a_discharge_is_read_whole():
    news = news_of(
        identifier=[
            {"use": "secondary", "value": "E7"},
            {"system": "urn:v", "value": "V1", "type": physical("VN")},
        ],
        status="finished",
        **{"class": {"code": "IMP"}},
        period={"start": "2026-03-01T10:10:00+00:00", "end": "2026-03-05T15:00:00Z"},
        hospitalization={
            "dischargeDisposition": {"coding": [{"system": CURRENT, "code": "19"}]},
            "extension": [
                {
                    "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod",
                    "valueCodeableConcept": {"coding": [{"code": "21"}]},
                }
            ],
        },
        extension=[
            {
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DischargeMethod",
                "valueCodeableConcept": {"coding": [{"system": METHOD, "code": "1"}]},
            },
            {"url": EXPECTED, "valueDateTime": "2026-03-06"},
            {"url": READY, "valueDate": "2026-03-04"},
        ],
        location=[
            at_site("RWEAA"),
            {"location": {"display": "Ward 23"}, "physicalType": physical("wa")},
            {"location": {"display": "B2"}, "physicalType": physical("bd")},
        ],
        serviceProvider={
            "identifier": {
                "system": "https://fhir.nhs.uk/Id/ods-organization-code",
                "value": "RWE",
            }
        },
    )
    assert news.facts == EncounterFacts(
        visit=Identifier(system="urn:v", value="V1", type="VN"),
        other_visits=(Identifier(system="", value="E7"),),
        status="finished",
        patient_class="IMP",
        trust_ods="RWE",
        admitted_at=datetime(2026, 3, 1, 10, 10, tzinfo=UTC),
        admission_method=Coding(system="", code="21"),
        site_ods="RWEAA",
        ward="Ward 23",
        bed="B2",
        expected_discharge=ExpectedDischarge(at=datetime(2026, 3, 6, tzinfo=UTC), precision="day"),
        ready_on=date(2026, 3, 4),
        discharged_at=datetime(2026, 3, 5, 15, 0, tzinfo=UTC),
        discharge_method=Coding(system=METHOD, code="1"),
        destination=Coding(system=CURRENT, code="19"),
    )
    assert news.spoken == {
        "visit", "class", "admitted", "location", "expected", "ready", "discharge", "leave",
    }  # fmt: skip


def test_an_encounter_that_says_nothing_has_no_news():
    assert news_of().facts == EncounterFacts()
    assert news_of().spoken == frozenset()


@pytest.mark.parametrize(
    ("register", "elements"),
    [
        ("class", {"class": CLEARED}),
        ("admitted", {"period": {"_start": CLEARED}}),
        ("discharge", {"period": {"_end": CLEARED}}),
        ("discharge", {"hospitalization": {"dischargeDisposition": CLEARED}}),
        ("location", {"location": [{"location": CLEARED}]}),
        ("expected", {"extension": [{"url": EXPECTED, "_valueDateTime": CLEARED}]}),
        ("ready", {"extension": [{"url": READY, "_valueDate": CLEARED}]}),
        ("expected", {"extension": [{"url": EXPECTED} | CLEARED]}),
        ("ready", {"extension": [{"url": READY} | CLEARED]}),
    ],
)
def test_a_cleared_element_is_spoken_and_empty(register, elements):
    news = news_of(**elements)
    assert news.spoken == {register}
    assert news.facts == EncounterFacts()


@pytest.mark.parametrize(
    ("status", "spoken"),
    [
        ("onleave", True),
        ("in-progress", True),
        ("finished", True),
        ("planned", False),
        ("unknown", False),
    ],
)
def test_only_a_status_that_knows_speaks_of_leave(status, spoken):
    assert ("leave" in news_of(status=status).spoken) is spoken


def test_an_expected_discharge_keeps_its_precision():
    by_day = facts_of(extension=[{"url": EXPECTED, "valueDateTime": "2026-07-06"}])
    assert by_day.expected_discharge == ExpectedDischarge(
        at=datetime(2026, 7, 5, 23, 0, tzinfo=UTC), precision="day"
    )
    at = facts_of(extension=[{"url": EXPECTED, "valueDateTime": "2026-07-06T14:00:00+01:00"}])
    assert at.expected_discharge == ExpectedDischarge(
        at=datetime(2026, 7, 6, 13, 0, tzinfo=UTC), precision="minute"
    )


@pytest.mark.parametrize("system", [CURRENT, RETIRED])
def test_trap_14_retired_systems_are_read_beside_current_ones(system):
    disposition = {
        "coding": [{"system": "urn:local", "code": "HOME"}, {"system": system, "code": "79"}]
    }
    facts = facts_of(hospitalization={"dischargeDisposition": disposition})
    assert facts.destination == Coding(system=system, code="79")
    assert discharge_stop(facts) == "died"


@pytest.mark.parametrize(
    ("method", "destination", "stop"),
    [
        (Coding(system=METHOD, code="4"), None, "died"),
        (Coding(system=METHOD, code="5"), None, "died"),
        (Coding(system=METHOD, code="8"), None, "not-discharged"),
        (Coding(system=METHOD, code="1"), Coding(system=CURRENT, code="19"), None),
        (None, Coding(system=RETIRED, code="98"), "not-discharged"),
        (Coding(system="urn:carers-hub:codesystem:itk-0112", code="4"), None, None),
        (Coding(system="", code="4"), None, None),
        (Coding(system="", code="", display="Dead"), None, None),
        (None, None, None),
    ],
)
def test_trap_2_a_code_stops_a_discharge_only_in_a_system_of_discharges(method, destination, stop):
    facts = EncounterFacts(discharge_method=method, destination=destination)
    assert discharge_stop(facts) == stop


def test_places_that_are_only_pointed_at_are_read_in_the_bundle():
    bundle = {
        "resourceType": "Bundle",
        "type": "message",
        "entry": [
            {
                "fullUrl": "urn:uuid:1",
                "resource": {
                    "resourceType": "Encounter",
                    "status": "in-progress",
                    "location": [{"location": {"reference": "urn:uuid:2"}}],
                },
            },
            {
                "fullUrl": "urn:uuid:2",
                "resource": {
                    "resourceType": "Location",
                    "name": "Ward 4",
                    "physicalType": physical("wa"),
                    "partOf": {"reference": "urn:uuid:3"},
                },
            },
            {
                "fullUrl": "urn:uuid:3",
                "resource": {
                    "resourceType": "Location",
                    "identifier": [
                        {"system": "https://fhir.nhs.uk/Id/ods-site-code", "value": "RR801"}
                    ],
                    "partOf": {"reference": "urn:uuid:2"},
                },
            },
        ],
    }
    entries = bundle_entries(bundle)
    encounter = entries.of_type("Encounter")[0]
    facts = encounter_news_from(encounter.resource, encounter.path, entries).facts
    assert (facts.site_ods, facts.ward) == ("RR801", "Ward 4")
    assert encounter_news_from(encounter.resource, encounter.path).facts.ward is None


def test_a_place_that_was_left_is_not_where_the_patient_is():
    left = {
        "location": {"display": "Ward 1"},
        "physicalType": physical("wa"),
        "status": "completed",
    }
    here = {"location": {"display": "Ward 2"}, "physicalType": physical("wa"), "status": "active"}
    assert facts_of(location=[left, here]).ward == "Ward 2"


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        ({"status": None}, "Encounter.status"),
        ({"status": "A01"}, "Encounter.status"),
        ({"class": "inpatient"}, "Encounter.class"),  # DSTU2
        ({"period": {"start": "2026-03-02", "end": "2026-03-01"}}, "Encounter.period.end"),
        ({"period": {"start": "2026-03-02T10:00"}}, "Encounter.period.start"),
        (
            {"extension": [{"url": EXPECTED, "valueDateTime": "2026"}]},
            "Encounter.extension[0].valueDateTime",
        ),
        ({"location": [{"location": "Ward 1"}]}, "Encounter.location[0].location"),
        ({"location": [{"location": {}, "status": []}]}, "Encounter.location[0].status"),
    ],
)
def test_what_is_against_the_standard_is_refused_with_its_place(elements, place):
    with pytest.raises(InvalidResource) as refusal:
        news_of(**elements)
    assert refusal.value.expression == place


def test_a_stay_that_ends_on_the_day_it_began_is_no_contradiction():
    facts = facts_of(period={"start": "2026-03-01T10:00:00Z", "end": "2026-03-01"})
    assert facts.discharged_at == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_stay_is_named_by_its_visit_and_by_its_admission():
    visit = Identifier(system=visit_authority("RWE", "PAS VISIT"), value="V1", type="VN")
    facts = EncounterFacts(visit=visit, admitted_at=datetime(2026, 7, 1, 9, 30, 59, tzinfo=UTC))
    assert stay_ids("RWE", facts, "S1") == (
        stay_id("RWE", "PAS VISIT", "V1"),
        unnumbered_stay_id("RWE", "S1", "2026-07-01T09:30Z"),
    )
    assert stay_ids("RWE", facts, None) == (stay_id("RWE", "PAS VISIT", "V1"),)
    assert stay_ids("RWE", EncounterFacts(), "S1") == ()
