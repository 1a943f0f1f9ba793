"""Entries of a Bundle and references between them."""

from datetime import UTC, datetime

import pytest

from hub.errors import InvalidResource
from hub.fhir.bundle import bundle_entries, single_entry
from hub.fhir.message_header import header_news_from
from hub.fhir.reference import Reference
from hub.records import Identifier


def bundle(*entries, **elements):
    return {"resourceType": "Bundle", "type": "collection", "entry": list(entries)} | elements


def entry(resource_type, full_url=None, **elements):
    resource = {"resourceType": resource_type} | elements
    return {"resource": resource} | ({} if full_url is None else {"fullUrl": full_url})


def to(reference):
    return Reference("Here", reference)


def test_a_bundle_is_read_with_the_places_of_its_entries():
    entries = bundle_entries(
        bundle(
            entry("Patient", "urn:uuid:1"),
            {"request": {"method": "DELETE", "url": "Patient/2"}},
            entry("Flag"),
            identifier={"system": "urn:s", "value": "M1"},
            timestamp="2026-03-01T10:00:00+00:00",
        )
    )
    assert [(each.type, each.path) for each in entries] == [
        ("Patient", "Bundle.entry[0].resource"),
        ("Flag", "Bundle.entry[2].resource"),
    ]
    assert entries.type == "collection"
    assert entries.identifier == Identifier(system="urn:s", value="M1")
    assert entries.timestamp == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert len(entries) == 2


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("urn:uuid:1", "Bundle.entry[0].resource"),
        ("Patient/p2", "Bundle.entry[1].resource"),
        ("Patient/p2/_history/3", "Bundle.entry[1].resource"),
        ("https://gp.example/fhir/Patient/p2", "Bundle.entry[1].resource"),
        ("#inside", "Bundle.entry[2].resource.contained[0]"),
        ("#", "Bundle.entry[2].resource"),
        ("#nobody", None),
        ("Patient/p9", None),
        ("https://other.example/Patient/p2", None),
        ("http://169.254.169.254/Patient/1", None),
    ],
)
def test_a_reference_is_resolved_inside_the_bundle_or_not_at_all(reference, path):
    entries = bundle_entries(
        bundle(
            entry("Patient", "urn:uuid:1"),
            entry("Patient", "https://gp.example/fhir/Patient/p2", id="p2"),
            entry(
                "Flag",
                "https://gp.example/fhir/Flag/f1",
                id="f1",
                contained=[{"resourceType": "Patient", "id": "inside"}],
            ),
        )
    )
    found = entries.resolved(to(reference), entries.of_type("Flag")[0])
    assert (None if found is None else found.path) == path


def test_a_name_that_two_entries_share_names_neither():
    entries = bundle_entries(
        bundle(
            entry("Patient", "https://a.example/Patient/1", id="1"),
            entry("Patient", "https://b.example/Patient/1", id="1"),
            entry("Flag", "https://b.example/Flag/1", id="1"),
        )
    )
    outside = entries.all[0]
    flag = entries.of_type("Flag")[0]
    assert entries.resolved(to("Patient/1"), single_entry({"resourceType": "Flag"}).all[0]) is None
    assert entries.resolved(to("Patient/1"), flag) is entries.all[1]
    assert entries.resolved(to("https://a.example/Patient/1"), flag) is outside


def test_a_logical_reference_points_at_no_entry():
    entries = bundle_entries(bundle(entry("Patient", "urn:uuid:1")))
    logical = Reference("Here", None, Identifier(system="urn:s", value="1"))
    assert entries.resolved(logical, entries.all[0]) is None


def test_contained_resources_that_hold_each_other_are_no_loop():
    resource = {"resourceType": "Flag", "contained": []}
    resource["contained"].append(resource)
    entries = single_entry(resource)
    assert entries.resolved(to("#x"), entries.all[0]) is None


def test_a_resource_sent_alone_is_the_one_entry():
    entries = single_entry({"resourceType": "Flag", "id": "1"})
    assert [each.path for each in entries] == ["Flag"]
    assert entries.resolved(to("Flag/1"), entries.all[0]) is entries.all[0]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (None, "Bundle"),
        ([], "Bundle"),
        ({"resourceType": "Patient"}, "Bundle"),
        ({"resourceType": "Bundle"}, "Bundle.type"),
        (bundle("x"), "Bundle.entry[0]"),
        (bundle({"resource": []}), "Bundle.entry[0].resource"),
        (bundle({"resource": {}}), "Bundle.entry[0].resource.resourceType"),
        (bundle({"resource": {"resourceType": 1}}), "Bundle.entry[0].resource.resourceType"),
        (bundle(entry("Flag", 1)), "Bundle.entry[0].fullUrl"),
        (
            bundle(entry("Flag", "urn:uuid:1"), entry("Flag", "urn:uuid:1")),
            "Bundle.entry[1].resource",
        ),
        (bundle(*[entry("Flag")] * 1001), "Bundle.entry"),
        (bundle(timestamp="2026-03-01T10:00:00"), "Bundle.timestamp"),
    ],
)
def test_what_is_no_bundle_is_refused_with_its_place(body, place):
    with pytest.raises(InvalidResource) as refusal:
        bundle_entries(body)
    assert refusal.value.expression == place


def test_contacts_add_unless_the_message_says_that_they_replace():
    header = {
        "resourceType": "MessageHeader",
        "eventCoding": {"system": "http://terminology.hl7.org/CodeSystem/v2-0003", "code": "A01"},
        "source": {"endpoint": "urn:carers-hub:sender:pas"},
    }
    rule = {"url": "urn:carers-hub:extension:contacts", "valueCode": "replace"}
    read = header_news_from(header, "MessageHeader")
    assert (read.event.code, read.endpoint, read.contacts) == (
        "A01",
        "urn:carers-hub:sender:pas",
        "add",
    )
    assert header_news_from(header | {"extension": [rule]}, "MessageHeader").contacts == "replace"
