"""The answers of the README, put at the desk: each is taken, and says what the README says."""

import re
from pathlib import Path

import pytest

from connectors.fhir_api.alert_answers import OUTCOMES
from connectors.fhir_api.put import RECORDED_BY
from connectors.fhir_api.referral_answers import STATUS_REASON, WAY
from hub.fhir import referral_task, task
from hub.outcomes import REASONS
from hub.records import AlertStatus, ReferralAction
from tests.unit.fhir_api.desks import ADMITTED, FLAGGED, AskedDesk, agreement

README = (Path(__file__).parents[3] / "connectors/fhir_api/README.md").read_text()
EXAMPLE = re.compile(
    r'^curl -X PUT "\$HUB/fhir/R4(/\w+/)([0-9a-f-]{36})".*?<<\'JSON\'$(.*?)^JSON$',
    re.MULTILINE | re.DOTALL,
)
CONTACT, DECLINED = EXAMPLE.findall(README)
SEARCH = re.search(r'^curl "\$HUB/fhir/R4(/Task\?[^"]+)"', README, re.MULTILINE).group(1)


@pytest.fixture
def desk(shapes) -> AskedDesk:
    desk = AskedDesk(shapes, patience_seconds=5.0)
    desk.hub.hear(FLAGGED, agreement(), ADMITTED)
    return desk


async def put(desk, example, own, version, by):
    """An example about something that is there."""
    path, named, body = example
    assert named in body
    return await desk.put(f"{path}{own}", body.replace(named, str(own)).encode(), version, by)


async def test_the_contact_of_the_example_is_taken(desk):
    answer = await put(desk, CONTACT, desk.alert.alert_id, desk.alert.version, "RWE")
    assert answer.status_code == 200, answer.text
    assert desk.alert.status is AlertStatus.IN_PROGRESS
    assert {each.by for each in desk.events} == {"staff-4417"}


async def test_the_declined_referral_of_the_example_is_taken(desk):
    answer = await put(desk, DECLINED, desk.referral.referral_id, desk.referral.version, "ADULT")
    assert answer.status_code == 200, answer.text
    assert (desk.referral.action, desk.referral.reason) == (ReferralAction.DECLINED, "out-of-area")


async def test_the_search_of_the_example_finds_what_still_needs_an_answer(desk):
    answer = await desk.get(SEARCH, Prefer="handling=strict")
    assert len(answer.json()["entry"]) == 1


@pytest.mark.parametrize(
    "word", [*OUTCOMES, *WAY, *REASONS, RECORDED_BY, STATUS_REASON.rpartition("/")[2]]
)
def test_every_word_of_an_answer_stands_in_the_readme(word):
    assert f"`{word}`" in README


@pytest.mark.parametrize(
    "system", [task.OUTCOME, task.LINK, referral_task.OUTCOME, referral_task.REASON]
)
def test_every_system_of_an_answer_stands_in_the_readme(system):
    assert f"`{system}`" in README
