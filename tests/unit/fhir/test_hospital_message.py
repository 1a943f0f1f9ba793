"""A message that says the same again is not read again, and comes to what it would come to if it were."""

from dataclasses import replace

import orjson
import pytest

from deploy.bench.chain import Feed
from deploy.bench.hospital import Hospital
from deploy.bench.reading import converted
from hub.errors import InvalidResource, Undecodable
from hub.fhir.hospital_message import _known, _news_from, hospital_news_from
from hub.testing.people import ADA
from hub.testing.senders import at
from hub.testing.visits import Visit, encounter

NOW = at("2026-11-28 10:00")
SENDERS = Feed()._senders


@pytest.fixture(autouse=True)
def nothing_known():
    _known.cache_clear()


def messages(number=60):
    """Admissions and updates of a made-up hospital, as the gateway makes Bundles of them."""
    sender = Hospital(7, NOW)
    beginning = [each for each in sender.beginning(40, 20) if each.trigger == "A01"]
    frames = [each.frame for each in beginning] + [sender.updated().frame for _ in range(number)]
    return [converted(frame, SENDERS, NOW).event.resource for frame in frames]


def without_addresses(news):
    """News but for the addresses of entries, which are of one message."""
    return [
        replace(
            group,
            contacts=tuple(
                replace(each, news=replace(each.news, patient=each.news.patient.path))
                for each in group.contacts
            ),
        )
        for group in news
    ]


def test_what_is_remembered_is_what_would_be_read():
    resources = messages()
    for resource in (*resources, *resources):
        remembered = hospital_news_from(resource, "accept")
        assert without_addresses(remembered) == without_addresses(_news_from(resource, "accept"))
    assert _known.cache_info().hits > len(resources)


@pytest.mark.parametrize("time", ["2026-11-28T11:00:00+00:00", "2026-07-01T09:00:00+01:00"])
def test_another_number_time_and_address_is_the_same_message(time):
    resource = messages(0)[0]
    bundle = orjson.loads(resource)
    bundle["identifier"]["value"] = "another"
    bundle["timestamp"] = time
    addresses = [each["fullUrl"] for each in bundle["entry"]]
    again = orjson.dumps(bundle)
    for number, address in enumerate(addresses):
        other = f"urn:uuid:00000000-0000-4000-8000-{number:012}"
        again = again.replace(address.encode(), other.encode())
    assert hospital_news_from(again, "accept") is hospital_news_from(resource, "accept")


@pytest.mark.parametrize("named", ["family", "birthDate"])
def test_one_letter_makes_it_another(named):
    resource = messages(0)[0]
    (before,) = hospital_news_from(resource, "accept")
    bundle = orjson.loads(resource)
    patient = bundle["entry"][1]["resource"]
    if named == "family":
        patient["name"][0]["family"] += "s"
    else:
        patient["birthDate"] = "1901-02-03"
    (after,) = hospital_news_from(orjson.dumps(bundle), "accept")
    assert after.patient != before.patient
    assert after.visit == before.visit


def test_test_numbers_are_part_of_what_is_remembered():
    resource = messages(0)[0]
    accepted, refused = (hospital_news_from(resource, rule)[0] for rule in ("accept", "refuse"))
    assert accepted.patient.facts.nhs_number
    assert refused.patient.facts.nhs_number is None


def test_a_refusal_is_not_remembered():
    bundle = orjson.loads(messages(0)[0])
    bundle["entry"] = [
        each for each in bundle["entry"] if each["resource"]["resourceType"] != "Patient"
    ]
    for _ in range(2):
        with pytest.raises(InvalidResource) as refusal:
            hospital_news_from(orjson.dumps(bundle), "accept")
        assert refusal.value.expression == "Bundle.entry"
    assert _known.cache_info().currsize == 0
    with pytest.raises(Undecodable):
        hospital_news_from(messages(0)[0][:-1], "accept")


def test_another_sender_s_bundle_is_read_as_it_is():
    event = encounter("A01", "2026-11-23 09:30", Visit())
    (news,) = hospital_news_from(event.resource, "accept")
    assert news.patient.facts.names[0].family == ADA.family
    assert _known.cache_info().currsize == 0


def test_what_points_at_a_patient_is_told_with_that_patient():
    resources = messages(0)[:2]
    one, other = (orjson.loads(each)["entry"] for each in resources)
    swap = {"resourceType": "Bundle", "type": "message", "entry": [*one, *other[1:]]}
    first, second = hospital_news_from(orjson.dumps(swap), "accept")
    alone = [hospital_news_from(each, "accept")[0] for each in resources]
    for group, told in zip((first, second), alone, strict=True):
        assert (group.patient, group.visit) == (told.patient, told.visit)
        assert [each.news.person for each in group.contacts] == [
            each.news.person for each in told.contacts
        ]
