"""The door for FHIR over a real socket: who is not known is answered before a byte of the body was sent (F10j)."""

import asyncio
import contextlib
import hashlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import orjson
import pytest

from connectors.fhir_api.inbound import MOST_BUNDLE, FhirDoor, app_of
from connectors.fhir_api.settings import FhirSender
from deploy.composition import fhir_shapes, known_codes
from deploy.configuration.load import DEMO, load
from deploy.configuration.servers import Listener
from deploy.fhir_schema import LAID
from deploy.roles.http_server import http_server
from hub.keys import Key
from hub.testing.flags import carer_flag
from hub.testing.people import ADA, BEN

TOKEN = "a-token-for-tests"
ANSWERED_WITHIN_SECONDS = 20  # on any machine: what is waited for here comes at once or never
GOOD = carer_flag(BEN, "2026-11-03 12:00", of=ADA).resource
SENDER = FhirSender(
    name="c82901-fhir",
    ods_code="C82901",
    is_trust=False,
    regions=(0,),
    knows=known_codes(load(DEMO, {})),
    keys=(Key(hashlib.sha256(TOKEN.encode()).hexdigest(), date(2099, 12, 31)),),
    test_numbers="accept",
)


class Log:
    """Publisher and door that remember."""

    def __init__(self):
        self.published = []
        self.refused = []

    async def publish(self, event, key):
        self.published.append(event)

    def keep_refused(self, refused):
        self.refused.append(refused)


@pytest.fixture
async def served() -> AsyncIterator[tuple[int, Log]]:
    log = Log()
    door = FhirDoor(
        (SENDER,), log, log, lambda: datetime(2026, 11, 22, tzinfo=UTC), fhir_shapes(LAID)
    )
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = http_server(Listener(host="127.0.0.1", port=port), app_of(door))
    serving = asyncio.create_task(server.serve([listening]))
    yield port, log
    server.should_exit = True
    await serving


async def asked(port: int, *lines: str, body: bytes = b"") -> bytes:
    """What is answered to headers, and as much of a body as is sent with them; the rest never comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = "\r\n".join(["POST /fhir/R4 HTTP/1.1", "Host: hub", *lines, "", ""])
        writer.write(head.encode() + body)
        await writer.drain()
        async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
            answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
            return answer + await reader.readexactly(length)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


KIND = "Content-Type: application/fhir+json"
KNOWN = f"Authorization: Bearer {TOKEN}"
UNKNOWN = "Authorization: Bearer wrong"
EXPECT = "Expect: 100-continue"


@pytest.mark.parametrize("token", [(), (UNKNOWN,)])
@pytest.mark.parametrize("expect", [(), (EXPECT,)])
@pytest.mark.parametrize(
    "framing", [f"Content-Length: {MOST_BUNDLE}", "Transfer-Encoding: chunked"]
)
async def test_f10j_an_unknown_sender_is_answered_before_the_body_is_sent(
    served, token, expect, framing
):
    port, log = served
    answer = await asked(port, KIND, *token, framing, *expect)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"100 Continue" not in answer
    assert b'"login"' in answer
    assert not log.published
    assert not log.refused


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((KNOWN, KIND, f"Content-Length: {MOST_BUNDLE + 1}", EXPECT), b"413"),
        ((KNOWN, "Content-Type: text/xml", "Content-Length: 9", EXPECT), b"415"),
        ((KNOWN, KIND, "Content-Encoding: gzip", "Content-Length: 9", EXPECT), b"415"),
        ((KNOWN, KIND, "Content-Length: nine"), b"400"),
        ((KNOWN, KIND, "Content-Length: 9", "Content-Length: 8"), b"400"),
    ],
)
async def test_what_the_headers_forbid_is_answered_before_the_body_is_sent(served, lines, status):
    port, _ = served
    assert (await asked(port, *lines)).startswith(b"HTTP/1.1 " + status)


async def test_a_known_sender_is_asked_to_go_on(served):
    port, log = served
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = [KNOWN, KIND, f"Content-Length: {len(GOOD)}", EXPECT]
    writer.write("\r\n".join(["POST /fhir/R4 HTTP/1.1", "Host: hub", *head, "", ""]).encode())
    async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
        assert (await reader.readline()).startswith(b"HTTP/1.1 100 ")
    await reader.readline()
    writer.write(GOOD)
    async with asyncio.timeout(ANSWERED_WITHIN_SECONDS):
        assert (await reader.readline()).startswith(b"HTTP/1.1 202 ")
    writer.close()
    await writer.wait_closed()
    assert len(log.published) == 1


async def test_after_a_refusal_the_next_good_body_is_taken(served):
    port, log = served
    bad = orjson.dumps({"resourceType": "Patient", "gender": "x"})
    refused = await asked(port, KNOWN, KIND, f"Content-Length: {len(bad)}", body=bad)
    assert refused.startswith(b"HTTP/1.1 422 ")
    good = await asked(port, KNOWN, KIND, f"Content-Length: {len(GOOD)}", body=GOOD)
    assert good.startswith(b"HTTP/1.1 202 ")
    assert (len(log.refused), len(log.published)) == (1, 1)


async def test_a_body_that_stops_half_way_is_nobodys_fault_and_kept_nowhere(served):
    port, log = served
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = [KNOWN, KIND, f"Content-Length: {len(GOOD)}"]
    writer.write("\r\n".join(["POST /fhir/R4 HTTP/1.1", "Host: hub", *head, "", ""]).encode())
    writer.write(GOOD[:100])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.1)
    assert not log.published
    assert not log.refused
