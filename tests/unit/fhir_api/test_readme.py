"""The examples of the README, through the door's own mapping and the configured chain."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.settings import FhirSender
from deploy.composition import chain_from, fhir_senders
from deploy.configuration.load import DEMO, load
from hub.records import AlertAction, CarerPicture, InvolvementAlert, StayPicture
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import Person
from hub.testing.senders import at
from hub.testing.visits import Visit, encounter

README = Path(__file__).parents[3] / "connectors/fhir_api/README.md"
EXAMPLE = re.compile(
    r'^curl "\$HUB(/fhir/R4/?(\w*))" .*?<<\'JSON\'$(.*?)^JSON$', re.MULTILINE | re.DOTALL
)
FLAG, ENDED, AGREED, OBJECTED = EXAMPLE.findall(README.read_text())
DORIS = Person("Doris", "Whitlock", "1941-05-17", "9991204318", "H77")
ADMITTED = encounter("A01", "2026-11-22 09:30", Visit(patient=DORIS, admitted="2026-11-22 09:20"))


@pytest.fixture
def configuration():
    return load(DEMO, {}).model_copy(update={"test_numbers": "accept"})


@pytest.fixture
def practice(configuration) -> FhirSender:
    found = (each for each in fhir_senders(configuration) if each.ods_code == "C82901")
    return replace(next(found), regions=(0,))


@pytest.fixture
def hub(configuration) -> MemoryHub:
    return MemoryHub(chain_from(configuration))


@pytest.fixture
def heard(practice, shapes):
    def events_of(example, received):
        _, resource_type, body = example
        post = Post(
            sender=practice,
            received_at=at(received),
            resource_type=resource_type or None,
            shapes=shapes,
        )
        return [each.event for each in heard_from(body.encode(), post).all]

    return events_of


def test_a_flag_naming_both_people_raises_an_alert_and_the_end_of_caring_withdraws_it(hub, heard):
    hub.hear(*heard(FLAG, "2026-11-01 09:43"), ADMITTED)
    (alert,) = hub.said(InvolvementAlert)
    assert alert.action is AlertAction.RAISED
    assert [each.carer.names[0].family for each in alert.carers] == ["Hale"]
    hub.hear(*heard(ENDED, "2026-11-27 10:16"))
    assert hub.said(InvolvementAlert)[-1].action is AlertAction.WITHDRAWN
    assert not hub.refusals


def test_an_agreement_stands_in_the_picture_of_the_carer_until_it_is_withdrawn(hub, heard):
    hub.hear(*heard(FLAG, "2026-11-01 09:43"), *heard(AGREED, "2026-11-03 10:42"))
    (agreement,) = hub.said(CarerPicture)[-1].agreements
    assert (agreement.given_at, agreement.withdrawn_at) == (at("2026-11-03 10:40"), None)
    address, kind, body = AGREED
    withdrawn = json.loads(body)
    withdrawn.update(status="inactive", meta={"lastUpdated": "2026-11-05T09:00:00Z"})
    hub.hear(*heard((address, kind, json.dumps(withdrawn)), "2026-11-05 09:01"))
    (after,) = hub.said(CarerPicture)[-1].agreements
    assert after.agreement_id == agreement.agreement_id
    assert after.withdrawn_at is not None
    assert not hub.refusals


def test_who_does_not_want_to_be_linked_is_named_nowhere_until_a_permit(hub, heard):
    hub.hear(*heard(FLAG, "2026-11-01 09:43"), ADMITTED)
    hub.hear(*heard(OBJECTED, "2026-11-23 10:16"))
    assert hub.said(InvolvementAlert)[-1].action is AlertAction.WITHDRAWN
    (stay,) = hub.last(StayPicture).values()
    assert stay.carers == ()
    address, kind, body = OBJECTED
    permit = json.loads(body)
    permit["meta"]["lastUpdated"] = "2026-11-24T09:00:00Z"
    permit["provision"]["type"] = "permit"
    hub.hear(*heard((address, kind, json.dumps(permit)), "2026-11-24 09:01"))
    assert hub.said(InvolvementAlert)[-1].action is AlertAction.REOPENED
    assert not hub.refusals


def test_nothing_of_a_narrative_is_told_on(hub, heard):
    address, kind, body = FLAG
    said = json.loads(body)
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>'
    for entry in said["entry"]:
        entry["resource"]["text"] = {"status": "generated", "div": div}
    hub.hear(*heard((address, kind, json.dumps(said)), "2026-11-01 09:43"), ADMITTED)
    assert hub.said(InvolvementAlert)
    for topic in ("alert.involvement.v1", "picture.stay.v1", "picture.carer.v1"):
        assert hub.topics[topic]
        assert not any(b"script" in (each.value or b"") for each in hub.topics[topic])
    assert hub.said(StayPicture)
