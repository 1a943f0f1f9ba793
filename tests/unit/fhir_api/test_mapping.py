"""Which event a body becomes, under which key, in which regions."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from connectors.fhir_api import agreements, cuts
from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.settings import FhirSender
from deploy.composition import known_codes
from deploy.configuration.load import DEMO, load
from hub.errors import InvalidResource, NotPermitted
from hub.fhir.conformance import NotSupported
from hub.fhir.hospital_message import hospital_news_from
from hub.fhir.systems import CONSENT_CODE, NHS_NUMBER
from hub.identity import derived, source_record_id
from hub.records import CarerFlagEvent, DecisionKind, EncounterEvent, PersonDecision

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PRACTICE = FhirSender(
    name="c82901-fhir",
    ods_code="C82901",
    is_trust=False,
    regions=(2, 5),
    knows=known_codes(load(DEMO, {})),
    test_numbers="accept",
)
TRUST = replace(PRACTICE, name="rwe-fhir", ods_code="RWE", is_trust=True)
IDENTIFIER = {
    "system": "urn:ietf:rfc:3986",
    "value": "urn:uuid:608642d4-34ec-562a-9ced-76fb49c85b28",
}
ADA, BEN = "9990000018", "9990000026"


def post_of(sender=PRACTICE, **more):
    return Post(sender=sender, received_at=NOW, **more)


def heard(resource, sender=PRACTICE, **more):
    return heard_from(orjson.dumps(resource), post_of(sender, **more))


def by_number(number):
    return {"identifier": {"system": NHS_NUMBER, "value": number}}


def record_of(number, source="c82901-fhir"):
    return source_record_id(source, NHS_NUMBER, number)


def patient(number):
    return {"resourceType": "Patient", "identifier": [by_number(number)["identifier"]]}


def consent(status="active", code="carer-referral", identifier=IDENTIFIER, number=BEN, **more):
    said = {
        "resourceType": "Consent",
        "status": status,
        "scope": {"text": "privacy"},
        "category": [{"text": "disclosure"}],
        "patient": by_number(number),
        "provision": {"code": [{"coding": [{"system": CONSENT_CODE, "code": code}]}]},
        **more,
    }
    return {**said, "identifier": [identifier]} if identifier else said


def flag(subject):
    code = {"coding": [{"system": "http://snomed.info/sct", "code": "224484003"}]}
    return {"resourceType": "Flag", "status": "active", "code": code, "subject": subject}


def bundle(*resources, kind="collection", **more):
    entry = [{"fullUrl": f"urn:uuid:{UUID(int=n)}", "resource": r} for n, r in enumerate(resources)]
    return {"resourceType": "Bundle", "type": kind, "entry": entry, **more}


# Agreements


@pytest.mark.parametrize("status", ["active", "inactive", "rejected", "entered-in-error"])
def test_an_agreement_given_or_withdrawn_is_a_decision_in_the_region_that_refers(status):
    body = orjson.dumps(consent(status, dateTime="2026-11-20T10:00:00Z"))
    taken = heard_from(body, post_of(resource_type="Consent"))
    (decided,) = taken.all
    assert decided.key == derived("agreement", "c82901-fhir", *IDENTIFIER.values())
    event = decided.event
    assert event == PersonDecision(
        event_id=event.event_id,
        caused_by=None,
        correlation_id=event.correlation_id,
        source="c82901-fhir",
        source_event_id="",
        occurred_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
        recorded_at=NOW,
        received_at=NOW,
        region=2,
        decision_key=decided.key,
        kind=DecisionKind.CONSENT,
        by="",
        organisation_ods="C82901",
        resource=body,
    )


def linking(kind="deny", period=None, **more):
    """A word on being linked."""
    said = consent(code="carer-link", **more)
    return {**said, "provision": {**said["provision"], "type": kind, "period": period}}


def test_a_word_on_being_linked_is_a_decision_in_each_region_of_the_sender():
    taken = heard(linking(), resource_type="Consent")
    assert [each.event.region for each in taken.all] == [2, 5]
    assert [type(each.event) for each in taken.all] == [PersonDecision] * 2
    assert len({(each.key, each.event.event_id) for each in taken.all}) == 1
    assert taken.all == heard(linking(), resource_type="Consent").all
    assert taken.all[0].key != heard(consent()).all[0].key


def test_beside_a_flag_and_an_agreement_each_goes_its_own_way():
    other = {**IDENTIFIER, "value": "urn:uuid:00000000-0000-0000-0000-000000000001"}
    body = bundle(patient(BEN), flag(by_number(BEN)), consent(), linking(identifier=other))
    said = [(type(each.event), each.event.region) for each in heard(body).all]
    assert said == [
        (CarerFlagEvent, 2),
        (CarerFlagEvent, 5),
        (PersonDecision, 2),
        (PersonDecision, 2),
        (PersonDecision, 5),
    ]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (linking(status="draft"), "Consent"),
        (linking(status="inactive"), "Consent.status"),
        (linking(kind=None), "Consent.provision.type"),
        ({**linking(), "scope": consent()["provision"]["code"][0]}, "Consent"),
        (linking(period={"start": "2026-12-01"}), "Consent.provision.period.start"),
        (linking(patient={"reference": "Patient/7"}), "Consent.patient"),
        (linking(number="9990000019"), "Consent.patient.identifier.value"),
    ],
)
def test_a_word_on_being_linked_that_says_nothing_plainly_is_refused_with_its_place(body, place):
    with pytest.raises(InvalidResource) as refusal:
        heard(body)
    assert refusal.value.expression == place


def test_withdrawing_comes_under_the_same_key_as_another_event():
    given, withdrawn = (heard(consent(status)).all[0] for status in ("active", "inactive"))
    assert given.key == withdrawn.key
    assert given.event.event_id != withdrawn.event.event_id


def test_nobody_can_withdraw_what_another_was_told():
    assert heard(consent()).all[0].key != heard(consent("inactive"), TRUST).all[0].key


def test_the_same_agreement_again_is_the_same_event():
    assert heard(consent()).all == heard(consent()).all


def test_an_agreement_without_identifier_is_known_by_all_that_it_says():
    one = heard(consent(identifier=None)).all[0].key
    assert one == heard(dict(reversed(consent(identifier=None).items()))).all[0].key
    assert one != heard(consent(identifier=None, number=ADA)).all[0].key


@pytest.mark.parametrize(
    "other", [consent("draft"), consent("proposed"), consent(code="something-else")]
)
def test_any_other_consent_comes_along_with_a_carer_flag_and_is_of_no_use_alone(other):
    said = heard(bundle(patient(BEN), other))
    assert [type(each.event) for each in said.all] == [CarerFlagEvent, CarerFlagEvent]
    with pytest.raises(NotSupported) as refusal:
        heard(other)
    assert refusal.value.expression == "Consent"


def test_what_a_consent_about_something_else_says_refuses_nothing():
    other = {"resourceType": "Consent", "status": "no such status"}
    assert heard(bundle(patient(BEN), other)).events
    assert heard(bundle(patient(BEN), consent(), other)).decisions


def test_a_bundle_of_a_carer_and_their_agreement_is_a_decision_alone():
    agreed = {**consent(), "patient": {"reference": f"urn:uuid:{UUID(int=0)}"}}
    taken = heard(bundle(patient(BEN), agreed))
    assert [type(each.event) for each in taken.all] == [PersonDecision]


def test_a_bundle_of_a_flag_and_an_agreement_is_both_and_no_event_is_the_other():
    taken = heard(bundle(patient(BEN), flag({"reference": f"urn:uuid:{UUID(int=0)}"}), consent()))
    kinds = [(type(each.event), each.event.region) for each in taken.all]
    assert kinds == [(CarerFlagEvent, 2), (CarerFlagEvent, 5), (PersonDecision, 2)]
    in_region_2 = [each.event for each in taken.all if each.event.region == 2]
    assert len({each.event_id for each in in_region_2}) == 2
    assert len({each.correlation_id for each in in_region_2}) == 1


def test_of_several_agreements_each_needs_an_identifier():
    other = {**IDENTIFIER, "value": "urn:uuid:00000000-0000-0000-0000-000000000000"}
    taken = heard(bundle(consent(), consent(identifier=other, number=ADA)))
    assert len({each.key for each in taken.all}) == len({e.event.event_id for e in taken.all}) == 2
    with pytest.raises(InvalidResource) as refusal:
        heard(bundle(consent(), consent(identifier=None)))
    assert refusal.value.expression == "Bundle.entry[1].resource.identifier"


def many_consents(count, **more):
    return [
        consent(identifier={"system": "urn:x", "value": str(each)}, **more) for each in range(count)
    ]


def test_patients_are_read_no_more_often_for_many_agreements(monkeypatch):
    read = []
    reading = agreements.patient_news_from
    monkeypatch.setattr(
        agreements, "patient_news_from", lambda *said: read.append(said) or reading(*said)
    )
    for count in (2, 5):
        read.clear()
        assert (
            len(heard(bundle(patient(ADA), patient(BEN), *many_consents(count))).decisions) == count
        )
        assert len(read) == 4


def test_of_several_agreements_each_event_holds_its_own_and_its_carer_alone():
    by_address = {"patient": {"reference": f"urn:uuid:{UUID(int=1)}"}}
    first, second, third = many_consents(3)
    sent = bundle(
        patient(ADA), patient(BEN), first, {**second, **by_address}, {**third, **by_number_of(ADA)}
    )
    held = [types_and_people(each.event.resource) for each in heard(sent).decisions]
    assert held == [
        [("Patient", BEN), ("Consent", "0")],
        [("Patient", BEN), ("Consent", "1")],
        [("Patient", ADA), ("Consent", "2")],
    ]


def test_what_is_nobodys_agreement_goes_with_the_first():
    carol = patient("9990000077")
    sent = bundle(carol, patient(BEN), *many_consents(2))
    first, second = (types_and_people(each.event.resource) for each in heard(sent).decisions)
    assert ("Patient", "9990000077") in first
    assert second == [("Patient", BEN), ("Consent", "1")]


def test_agreements_that_come_to_very_much_are_refused():
    large = {**patient(BEN), "name": [{"text": "x" * 2_000}] * 30}
    with pytest.raises(InvalidResource, match="too much of several stays or agreements"):
        heard(bundle(large, *many_consents(400)))


def by_number_of(number):
    return {"patient": by_number(number)}


def types_and_people(body):
    return [
        (each["resource"]["resourceType"], each["resource"]["identifier"][0]["value"])
        for each in orjson.loads(body)["entry"]
    ]


def test_an_agreement_of_nobody_is_refused():
    with pytest.raises(InvalidResource) as refusal:
        heard({**consent(), "patient": {"reference": "Patient/1"}})
    assert refusal.value.expression == "Consent.patient"


# Flags


def test_a_flag_is_kept_under_the_person_flagged_whatever_the_order():
    people = [patient(BEN), patient(ADA)]
    for first, second, place in ((0, 1, 0), (1, 0, 1)):
        said = bundle(
            people[first], people[second], flag({"reference": f"urn:uuid:{UUID(int=place)}"})
        )
        assert {each.key for each in heard(said).all} == {record_of(BEN)}


def test_a_flag_alone_names_its_person_by_identifier():
    said = heard(flag(by_number(BEN)), resource_type="Flag")
    assert {each.key for each in said.all} == {record_of(BEN)}
    assert [each.event.region for each in said.all] == [2, 5]


def test_a_flag_that_names_nobody_is_passed_by_beside_one_that_does():
    nobody = flag({"reference": "https://elsewhere.example/Patient/1"})
    assert {each.key for each in heard(bundle(nobody, flag(by_number(BEN)))).all} == {
        record_of(BEN)
    }
    with pytest.raises(InvalidResource) as refusal:
        heard(bundle(patient(BEN), nobody))
    assert refusal.value.expression == "Bundle.entry[1].resource.subject"


def test_a_person_alone_is_kept_under_their_own_record():
    assert {each.key for each in heard(patient(ADA)).all} == {record_of(ADA)}


def test_a_contact_of_nobody_is_refused():
    contact = {"resourceType": "RelatedPerson", "patient": {"reference": "https://h/Patient/1"}}
    with pytest.raises(InvalidResource) as refusal:
        heard(contact)
    assert refusal.value.expression == "RelatedPerson.patient"


# Stays


def encounter(visit="V1", **more):
    return {
        "resourceType": "Encounter",
        "status": "in-progress",
        "class": {"code": "IMP"},
        "identifier": [{"system": "urn:x", "value": visit}],
        **more,
    }


def at(place):
    return {"reference": f"urn:uuid:{UUID(int=place)}"}


def told_by(stay):
    """Whom an event of a stay is about, by number, and the visit, as a region reads it."""
    (news,) = hospital_news_from(stay.event.resource, "accept")
    return news.patient.facts.nhs_number, news.visit.facts.visit.value


def test_an_encounter_is_a_hospital_event_in_the_trusts_first_region():
    (stay,) = heard(bundle(patient(ADA), encounter()), TRUST).all
    assert (type(stay.event), stay.event.region) == (EncounterEvent, 2)


def test_only_a_trust_may_speak_of_stays():
    with pytest.raises(NotPermitted) as refusal:
        heard(bundle(patient(ADA), encounter()))
    assert refusal.value.expression == "Bundle.entry[1].resource"


def test_each_encounter_of_a_bundle_is_an_event_of_its_own_stay():
    said = bundle(patient(ADA), encounter(), encounter("V2", status="finished"))
    stays = heard(said, TRUST).all
    assert [(*told_by(each), each.event.event) for each in stays] == [
        (ADA, "V1", "in-progress"),
        (ADA, "V2", "finished"),
    ]
    assert len({each.key for each in stays}) == len({each.event.event_id for each in stays}) == 2
    assert stays == heard(said, TRUST).all
    first, _ = stays
    assert first.event.event_id == first.event.correlation_id, "as that of a body with one stay"


def test_a_later_encounter_is_told_with_its_patient_and_its_places_alone():
    ward = {"resourceType": "Location", "name": "W2", "partOf": at(6)}
    said = bundle(
        patient(ADA),
        patient(BEN),
        encounter(subject=at(0)),
        encounter("V2", subject=at(1), location=[{"location": at(5)}]),
        {"resourceType": "RelatedPerson", "patient": at(1)},
        ward,
        {"resourceType": "Location", "name": "Site"},
        {"resourceType": "Location", "name": "W1"},
    )
    first, second = heard(said, TRUST).all
    assert (told_by(first), told_by(second)) == ((ADA, "V1"), (BEN, "V2"))
    entries = orjson.loads(second.event.resource)["entry"]
    names = [each["resource"].get("name", each["resource"]["resourceType"]) for each in entries]
    assert names == ["Patient", "RelatedPerson", "Encounter", "W2", "Site"]


def test_a_later_encounter_that_nothing_names_refuses_the_whole():
    with pytest.raises(InvalidResource) as refusal:
        heard(bundle(patient(ADA), encounter(), encounter(identifier=[])), TRUST)
    assert refusal.value.expression == "Bundle.entry[2].resource.identifier"


def test_stays_that_come_to_much_more_than_their_body_are_refused(monkeypatch):
    monkeypatch.setattr(cuts, "MOST_CUT", 1_000)
    said = bundle(patient(ADA), *(encounter(f"V{number}") for number in range(5)))
    with pytest.raises(InvalidResource) as refusal:
        heard(said, TRUST)
    assert (refusal.value.code, refusal.value.expression[:14]) == ("too-costly", "Bundle.entry[3")


CONTAINED = {"subject": {"reference": "#p"}}


@pytest.mark.parametrize(
    "subject",
    [
        {},
        {"subject": {"display": "The patient"}},
        {"subject": at(0)},
        {"subject": by_number("999 000 0018")},
        {"subject": {"reference": "https://elsewhere.example/Patient/1", **by_number(ADA)}},
        {**CONTAINED, "contained": [{"resourceType": "Patient", "id": "p"}]},
        {**CONTAINED, "contained": [{**patient(ADA), "id": "p"}]},
    ],
)
def test_an_encounter_is_of_the_patient_of_the_bundle_whom_it_names(subject):
    (stay,) = heard(bundle(patient(ADA), encounter(**subject)), TRUST).all
    assert told_by(stay) == (ADA, "V1")


@pytest.mark.parametrize("others", [(), (patient("9990000034"),)])
@pytest.mark.parametrize(
    "subject",
    [
        {"subject": {"reference": "Patient/1"}},
        {"subject": {"reference": "https://elsewhere.example/Patient/1"}},
        {"subject": at(1)},
        {"subject": by_number(BEN)},
        {"subject": {"identifier": {"system": "urn:x", "value": ADA}}},
        {**CONTAINED, "contained": [{**patient(BEN), "id": "p"}]},
        CONTAINED,
    ],
)
def test_an_encounter_of_somebody_else_is_given_to_nobody(subject, others):
    with pytest.raises(InvalidResource) as refusal:
        heard(bundle(patient(ADA), encounter(**subject), *others), TRUST)
    assert refusal.value.expression == "Bundle.entry[1].resource.subject"
    assert refusal.value.code == "not-found"


def test_a_number_that_two_patients_share_tells_neither_of_them():
    said = bundle(
        patient("9999999999"), patient("9999999999"), encounter(subject=by_number("9999999999"))
    )
    with pytest.raises(InvalidResource) as refusal:
        heard(said, TRUST)
    assert refusal.value.code == "not-found"


def test_a_place_within_a_further_stay_comes_along_inside_it():
    ward = {"contained": [{"resourceType": "Location", "id": "w", "name": "Ward 7"}]}
    within = {**ward, "location": [{"location": {"reference": "#w"}}]}
    first, second = heard(
        bundle(patient(ADA), encounter("V1"), encounter("V2", **within)), TRUST
    ).all
    assert (told_by(first), told_by(second)) == ((ADA, "V1"), (ADA, "V2"))


def test_a_contact_of_somebody_else_is_given_to_nobody():
    contact = {"resourceType": "RelatedPerson", "patient": {"reference": "Patient/1"}}
    with pytest.raises(InvalidResource) as refusal:
        heard(bundle(patient(ADA), encounter(), contact), TRUST)
    assert refusal.value.expression == "Bundle.entry[2].resource.patient"
    assert refusal.value.code == "not-found"


def test_an_identifier_tells_which_of_several_patients_a_stay_is_of():
    said = bundle(patient(ADA), patient(BEN), encounter(subject=by_number(BEN)))
    (stay,) = heard(said, TRUST).all
    groups = hospital_news_from(stay.event.resource, "accept")
    visits = {each.patient.facts.nhs_number: each.visit is not None for each in groups}
    assert visits == {ADA: False, BEN: True}


# Bodies


@pytest.mark.parametrize("kind", ["transaction", "batch"])
@pytest.mark.parametrize("method", ["DELETE", "GET", "PATCH"])
def test_an_entry_that_asks_for_what_is_not_done_here_refuses_the_whole(kind, method):
    said = bundle(patient(ADA), kind=kind)
    said["entry"].append({"request": {"method": method, "url": "Patient/1"}})
    with pytest.raises(InvalidResource) as refusal:
        heard(said)
    assert refusal.value.expression == "Bundle.entry[1].request.method"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"resourceType": "9990000018"}, "Resource.resourceType"),
        ({"resourceType": ["Patient"]}, "Resource.resourceType"),
        ({**bundle(kind="batch"), "entry": None}, "Bundle.entry"),
        ({"resourceType": "Immunization"}, "Resource.resourceType"),
        (bundle({"resourceType": "Immunization"}), "Bundle.entry"),
        (bundle(), "Bundle.entry"),
    ],
)
def test_what_means_nothing_here_is_not_supported(body, place):
    with pytest.raises(NotSupported) as refusal:
        heard(body)
    assert refusal.value.expression == place


def test_a_resource_at_the_address_of_another_type_is_refused():
    with pytest.raises(InvalidResource):
        heard(patient(ADA), resource_type="Flag")


def test_the_senders_correlation_id_is_kept_and_changes_no_event_id():
    own = UUID("4dd8e1f8-2a0c-4a3e-9d52-6a3a0f8f2f11")
    plain, correlated = heard(patient(ADA)).all[0], heard(patient(ADA), correlation_id=own).all[0]
    assert plain.event.correlation_id == plain.event.event_id == correlated.event.event_id
    assert correlated.event.correlation_id == own
