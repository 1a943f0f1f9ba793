"""What a Consent says, and when it is the hub's agreement to be referred."""

from datetime import UTC, datetime

import pytest

from hub.errors import InvalidResource
from hub.fhir.consent import consent_news_from
from hub.records import Identifier

OURS = {"coding": [{"system": "urn:carers-hub:code:consent", "code": "carer-referral"}]}
OTHER = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "INFA"}]}


def consent(**elements):
    resource = {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]},
        "category": [OURS],
        "patient": {"reference": "Patient/1"},
    }
    return consent_news_from(resource | elements, "Consent")


@pytest.mark.parametrize(
    ("elements", "agreement"),
    [
        ({}, "yes"),
        ({"provision": {"type": "permit"}}, "yes"),
        ({"provision": {"type": "deny"}}, "no"),
        ({"status": "rejected"}, "no"),
        ({"status": "inactive"}, "no"),
        ({"status": "entered-in-error"}, "no"),
        ({"status": "proposed"}, None),
        ({"status": "draft"}, None),
        ({"category": [OTHER]}, None),
        ({"category": [OTHER], "provision": {"code": [OURS]}}, "yes"),
        ({"category": [OTHER], "provision": {"purpose": [OURS["coding"][0]]}}, "yes"),
        ({"category": [OTHER], "scope": OURS}, "yes"),
        ({"category": [{"coding": [{"code": "carer-referral"}]}]}, None),
    ],
)
def test_agreement_is_an_active_consent_with_the_hubs_code(elements, agreement):
    assert consent(**elements).agreement == agreement


LINK = {"coding": [{"system": "urn:carers-hub:code:consent", "code": "carer-link"}]}


@pytest.mark.parametrize(
    ("status", "kind", "agreement"),
    [
        ("active", "deny", "no"),
        ("active", "permit", "yes"),
        ("inactive", "permit", "no"),
        ("rejected", "permit", "no"),
        ("entered-in-error", "permit", "no"),
        ("draft", "deny", None),
        ("proposed", "deny", None),
    ],
)
def test_of_being_linked_only_an_active_permit_says_yes(status, kind, agreement):
    news = consent(status=status, category=[LINK], provision={"type": kind})
    assert (news.about, news.agreement) == ("carer-link", agreement)


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        ({"category": [OURS, LINK], "status": "draft"}, "Consent"),
        ({"category": [LINK]}, "Consent.provision.type"),
        ({"category": [LINK], "status": "inactive"}, "Consent.provision.type"),
        (
            {"category": [LINK], "status": "inactive", "provision": {"type": "deny"}},
            "Consent.status",
        ),
        (
            {"category": [LINK], "status": "entered-in-error", "provision": {"type": "deny"}},
            "Consent.status",
        ),
        (
            {"category": [LINK], "provision": {"type": "deny", "period": {"end": "2027-01-01"}}},
            "Consent.provision.period.end",
        ),
        ({"category": [LINK], "provision": {"type": "deny"}, "patient": {}}, "Consent.patient"),
    ],
)
def test_of_being_linked_nothing_is_guessed(elements, place):
    with pytest.raises(InvalidResource) as refusal:
        consent(**elements)
    assert refusal.value.expression == place


def test_a_consent_is_read_whole():
    news = consent(
        identifier=[{"system": "urn:c", "value": "A1"}],
        dateTime="2026-03-01T10:00:00Z",
        performer=[{"reference": "Patient/1"}],
        provision={"type": "permit", "period": {"end": "2026-12-31"}},
        meta={"lastUpdated": "2026-03-01T10:05:00Z"},
    )
    assert news.identifier == Identifier(system="urn:c", value="A1")
    assert news.said_at == datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    assert news.ends_at == datetime(2027, 1, 1, tzinfo=UTC)
    assert news.recorded_at == datetime(2026, 3, 1, 10, 5, tzinfo=UTC)
    assert news.provision == "permit"
    assert [performer.reference for performer in news.performers] == ["Patient/1"]


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        ({"status": None}, "Consent.status"),
        ({"status": "agreed"}, "Consent.status"),
        ({"patient": None}, "Consent.patient"),
        ({"category": OURS}, "Consent.category"),
        ({"provision": {"type": "maybe"}}, "Consent.provision.type"),
        (
            {"provision": {"modifierExtension": [{"url": "urn:not"}]}},
            "Consent.provision.modifierExtension",
        ),
    ],
)
def test_what_is_against_the_standard_is_refused_with_its_place(elements, place):
    with pytest.raises(InvalidResource) as refusal:
        consent(**elements)
    assert refusal.value.expression == place
