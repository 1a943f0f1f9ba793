"""Who may send, in which form, and what is durable before anybody is answered."""

from dataclasses import dataclass, field
from itertools import chain

import httpx
import pytest
from starlette.applications import Starlette

from connectors.national import inbound, taking
from connectors.national.inbound import NationalDoor
from hub.errors import Unavailable
from tests.unit.national.notices import ADA, BEN, NOW, TOKEN, event, patient, sender, sent

DIED = sent(event("pds-death-notification-2"))
BEN_DIED = sent(event("pds-death-notification-2", id="e-2", subject=BEN))
RECORD = sent(event("pds-record-change-2", id="e-3"))
WRONG = sent(event("pds-death-notification-2", id="e-4", subject="9990000019"))
EVENT, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
BINARY = {
    "ce-specversion": "1.0",
    "ce-id": "e-1",
    "ce-source": "uk.nhs.example",
    "ce-type": "pds-death-notification-2",
    "ce-time": "2026-11-23T08:00:00Z",
    "ce-subject": ADA,
}


@dataclass
class Asked:
    """A door over memory."""

    published: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    ignored: list = field(default_factory=list)
    away: bool = False

    async def publish(self, event, key):
        if self.away:
            raise Unavailable("The broker does not confirm.")
        self.published.append((key, event))

    def keep_refused(self, refused):
        self.refused.append(refused)

    def keep_ignored(self, ignored):
        self.ignored.append(ignored)

    async def post(self, body, kind=EVENT, token=TOKEN, **headers) -> httpx.Response:
        door = NationalDoor((sender(),), self, self, lambda: NOW)
        transport = httpx.ASGITransport(Starlette(routes=door.routes()))
        said = {"Content-Type": kind, **headers}
        if token is not None:
            said["Authorization"] = f"Bearer {token}"
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return await client.post("/cloudevents", content=body, headers=said)


@pytest.fixture
def door() -> Asked:
    return Asked()


async def test_an_event_is_in_every_region_before_it_is_answered(door):
    answer = await door.post(DIED)
    assert answer.status_code == 202
    assert [each.region for _, each in door.published] == [0, 1]
    (told,) = answer.json()["events"]
    assert (told["outcome"], told["event_id"]) == ("accepted", str(door.published[0][1].event_id))


async def test_the_same_event_again_is_the_same_event(door):
    first, again = await door.post(DIED), await door.post(DIED)
    assert first.content == again.content
    assert len({each.event_id for _, each in door.published}) == 1


async def test_binary_mode_says_the_same_as_structured_mode(door):
    structured = await door.post(sent(event("pds-death-notification-2", data=patient())))
    binary = await door.post(sent(patient()), kind="application/fhir+json", **BINARY)
    assert (binary.status_code, binary.content) == (202, structured.content)
    bare = await door.post(b"", kind="application/json", **BINARY)
    assert bare.status_code == 202


@pytest.mark.parametrize("kind", ["application/json", "application/fhir+json", BATCH])
async def test_each_content_type_that_is_read_is_read(door, kind):
    body = b"[" + DIED + b"]" if kind == BATCH else DIED
    assert (await door.post(body, kind=f"{kind}; charset=utf-8")).status_code == 202


@pytest.mark.parametrize("token", [None, "", "wrong"])
async def test_without_a_good_token_not_a_byte_is_read(door, token):
    async def body():
        raise AssertionError
        yield

    answer = await door.post(body(), token=token)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert not door.refused


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("text/plain", {}),
        ("application/xml", {}),
        ("application/cloudevents+avro", {}),
        (f"{EVENT}; charset=latin-1", {}),
        (EVENT, {"Content-Encoding": "gzip"}),
        ("text/plain", BINARY),
    ],
)
async def test_another_content_type_is_415(door, kind, more):
    assert (await door.post(DIED, kind=kind, **more)).status_code == 415
    assert not door.refused


async def test_a_body_over_the_limit_is_413_by_its_word_and_in_fact(door, monkeypatch):
    monkeypatch.setattr(inbound, "MOST_BODY", 100)
    assert (await door.post(DIED)).status_code == 413

    async def unannounced():
        for each in chain.from_iterable([[DIED]] * 3):
            yield each

    assert (await door.post(unannounced())).status_code == 413


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", EVENT, 400, "not-json"),
        (b"{}", EVENT, 400, "no-signal"),
        (DIED, BATCH, 400, "no-batch"),
        (b"[{]", BATCH, 400, "not-json"),
        (WRONG, EVENT, 422, "check-digit"),
    ],
)
async def test_what_can_never_be_right_is_kept_and_said(door, body, kind, status, code):
    answer = await door.post(body, kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    (kept,) = door.refused
    assert (kept.code, kept.value, kept.region) == (code, body, 0)
    assert "999" not in answer.text


async def test_one_wrong_event_of_a_batch_disturbs_no_other(door):
    answer = await door.post(b"[" + b",".join((DIED, WRONG, RECORD, BEN_DIED)) + b"]", kind=BATCH)
    outcomes = [(each["place"], each["outcome"]) for each in answer.json()["events"]]
    assert answer.status_code == 422
    assert outcomes == [
        ("[0]", "accepted"),
        ("[1]", "refused"),
        ("[2]", "ignored"),
        ("[3]", "accepted"),
    ]
    assert [each.nhs_number for _, each in door.published] == [ADA, ADA, BEN, BEN]
    assert (door.refused[0].value, door.ignored[0].value) == (WRONG, RECORD)


async def test_what_is_ignored_is_kept_with_its_reason(door):
    answer = await door.post(RECORD)
    (kept,) = door.ignored
    assert (answer.status_code, kept.source, kept.event) == (202, "mns", "pds-record-change-2")
    assert answer.json()["events"][0]["reason"] == kept.reason


async def test_nothing_is_promised_while_the_log_is_away(door):
    door.away = True
    answer = await door.post(DIED)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not door.refused


async def test_a_fault_of_the_hub_is_kept_and_says_nothing_of_anybody(door, monkeypatch):
    def fault(*_):
        raise ZeroDivisionError(ADA)

    monkeypatch.setattr(taking, "heard_from", fault)
    answer = await door.post(DIED)
    (kept,) = door.refused
    assert (answer.status_code, kept.defect, kept.code) == (500, True, "ZeroDivisionError")
    assert ADA not in answer.text + kept.reason
