"""Whatever is sent, reading it gives facts or a refusal with a place, and never anything else."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries, single_entry
from hub.fhir.consent import consent_news_from
from hub.fhir.encounter import encounter_news_from
from hub.fhir.flag import flag_news_from
from hub.fhir.message_header import header_news_from
from hub.fhir.patient import patient_news_from, replaced_by_this
from hub.fhir.recorded import recorded_at_from
from hub.fhir.related_person import related_person_news_from

REASON = {
    "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
    "valueCode": "not-applicable",
}
CONCEPT = {"coding": [{"system": "urn:s", "code": "1", "display": "x"}], "text": "x"}
PERIOD = {"start": "2026-01-01", "end": "2026-02-01T10:00:00Z"}
IDENTIFIER = {
    "system": "https://fhir.nhs.uk/Id/nhs-number",
    "value": "9990000018",
    "type": CONCEPT,
    "extension": [
        {
            "url": "https://fhir.hl7.org.uk/StructureDefinition/"
            "Extension-UKCore-NHSNumberVerificationStatus",
            "valueCodeableConcept": CONCEPT,
        }
    ],
}
REFERENCE = {"reference": "#p", "identifier": IDENTIFIER, "display": "x"}
PERSON = {
    "identifier": [IDENTIFIER, {"system": "urn:x", "value": "1"}],
    "name": [{"use": "usual", "family": "Green", "given": ["Ann", None], "period": PERIOD}],
    "telecom": [{"system": "phone", "value": "1", "use": "home", "extension": [REASON]}],
    "address": [{"line": ["1"], "city": "Leeds", "text": "x"}],
    "gender": "female",
    "birthDate": "1941-07",
    "_birthDate": {"extension": [REASON]},
    "communication": [{"language": CONCEPT, "preferred": True}],
    "contained": [{"resourceType": "Provenance", "recorded": "2026-01-01T00:00:00Z"}],
    "meta": {"security": [CONCEPT["coding"][0]], "lastUpdated": "2026-01-01T00:00:00Z"},
    "extension": [
        {
            "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference",
            "extension": [{"url": "PreferredContactMethod", "valueCodeableConcept": CONCEPT}],
        }
    ],
}
RESOURCES = (
    PERSON
    | {
        "resourceType": "Patient",
        "deceasedDateTime": "2026-01-01",
        "generalPractitioner": [REFERENCE],
        "link": [{"type": "replaces", "other": REFERENCE}],
    },
    PERSON
    | {
        "resourceType": "RelatedPerson",
        "patient": REFERENCE,
        "relationship": [CONCEPT],
        "active": True,
        "period": PERIOD,
    },
    {
        "resourceType": "Encounter",
        "status": "finished",
        "class": CONCEPT["coding"][0],
        "identifier": [IDENTIFIER],
        "period": PERIOD,
        "hospitalization": {"dischargeDisposition": CONCEPT, "extension": [REASON]},
        "location": [{"location": REFERENCE, "physicalType": CONCEPT, "status": "active"}],
        "serviceProvider": REFERENCE,
        "extension": [
            {"url": "urn:carers-hub:extension:discharge-ready-date", "valueDate": "2026-01-01"}
        ],
    },
    {
        "resourceType": "Flag",
        "status": "active",
        "code": CONCEPT,
        "category": [CONCEPT],
        "subject": REFERENCE,
        "period": PERIOD,
        "author": REFERENCE,
        "contained": [{"resourceType": "Provenance", "agent": [{"who": REFERENCE}]}],
    },
    {
        "resourceType": "Condition",
        "code": CONCEPT,
        "subject": REFERENCE,
        "clinicalStatus": CONCEPT,
        "onsetDateTime": "2026",
        "recordedDate": "2026-01-01",
    },
    {
        "resourceType": "Consent",
        "status": "active",
        "scope": CONCEPT,
        "category": [CONCEPT],
        "patient": REFERENCE,
        "performer": [REFERENCE],
        "dateTime": "2026-01-01",
        "provision": {"type": "permit", "period": PERIOD, "code": [CONCEPT], "purpose": [{}]},
    },
    {
        "resourceType": "MessageHeader",
        "eventCoding": CONCEPT["coding"][0],
        "source": {"endpoint": "urn:x"},
        "extension": [{"url": "urn:carers-hub:extension:contacts", "valueCode": "add"}],
    },
    {"resourceType": "Location", "physicalType": CONCEPT, "partOf": REFERENCE, "name": "x"},
)
WHOLE = {
    "resourceType": "Bundle",
    "type": "message",
    "identifier": IDENTIFIER,
    "timestamp": "2026-01-01T00:00:00Z",
    "entry": [
        {"fullUrl": f"urn:uuid:{number}", "resource": resource}
        for number, resource in enumerate(RESOURCES)
    ],
}

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=12)
    | st.sampled_from(["2026-13-01", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "#"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["extension", "coding", "url", "value", "x"]), inner)
    ),
    max_leaves=6,
)


def places_in(value, path=()):
    yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from places_in(part, (*path, name))
    if isinstance(value, list):
        for position, part in enumerate(value):
            yield from places_in(part, (*path, position))


PLACES = [path for path in places_in(WHOLE) if path]


def mangled(changes):
    body = copy.deepcopy(WHOLE)
    for path, value in changes:
        inside = body
        for step in path[:-1]:
            try:
                inside = inside[step]
            except (KeyError, IndexError, TypeError):
                break
        else:
            if isinstance(inside, dict) or (
                isinstance(inside, list) and isinstance(path[-1], int) and path[-1] < len(inside)
            ):
                inside[path[-1]] = value
    return body


def refusal_of(read, *arguments):
    try:
        read(*arguments)
    except InvalidResource as refusal:
        return refusal
    return None


def refusals_of(body):
    refused = refusal_of(bundle_entries, body)
    if refused is not None:
        return [refused]
    entries = bundle_entries(body)
    found = [refusal_of(reader, entry, entries) for entry in entries for reader in READERS]
    return [refusal for refusal in found if refusal is not None]


READERS = (
    lambda entry, _: patient_news_from(entry.resource, entry.path, "accept"),
    lambda entry, _: replaced_by_this(entry.resource, entry.path),
    lambda entry, _: related_person_news_from(entry.resource, entry.path, "refuse"),
    lambda entry, entries: encounter_news_from(entry.resource, entry.path, entries),
    lambda entry, _: flag_news_from(entry.resource, entry.path),
    lambda entry, _: consent_news_from(entry.resource, entry.path),
    lambda entry, _: header_news_from(entry.resource, entry.path),
    recorded_at_from,
)


def test_the_whole_is_read_before_it_is_mangled():
    entries = bundle_entries(WHOLE)
    read = [refusal_of(reader, entry, entries) is None for entry in entries for reader in READERS]
    assert sum(read) >= 2 * len(RESOURCES) - 1


@given(st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=4))
def test_a_mangled_bundle_is_read_or_refused_with_a_place(changes):
    for refusal in refusals_of(mangled(changes)):
        assert refusal.expression.startswith("Bundle")
        assert refusal.reason


@given(ANYTHING)
def test_anything_at_all_is_read_or_refused(value):
    for reader in (bundle_entries, single_entry):
        refusal = refusal_of(reader, value)
        assert refusal is None or refusal.reason


def test_a_deeply_nested_extension_costs_nothing():
    deep = {"url": "urn:x"}
    for _ in range(100_000):
        deep = {"url": "urn:x", "extension": [deep]}
    patient = {"resourceType": "Patient", "extension": [deep], "gender": "male"}
    assert patient_news_from(patient, "Patient", "accept").facts.gender == "male"
    while "extension" in deep:  # taken apart by hand: freeing it nested would overflow the stack
        deep = deep["extension"].pop()
