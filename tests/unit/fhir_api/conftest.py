"""The door over memory: what it published, what it kept, what it answered."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import httpx
import orjson
import pytest

from connectors.fhir_api.inbound import FhirDoor, app_of
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.structures import R4Structures
from deploy.composition import fhir_shapes, known_codes
from deploy.configuration.load import DEMO, load
from deploy.fhir_schema import LAID
from hub.errors import Rejected, Unavailable
from hub.keys import Key

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KNOWS = known_codes(load(DEMO, {}))
TOKEN = "a-token-for-tests"
FHIR = {"Content-Type": "application/fhir+json"}
ASKING = {**FHIR, "Authorization": f"Bearer {TOKEN}"}


def sender(**changes) -> FhirSender:
    key = Key(hashlib.sha256(TOKEN.encode()).hexdigest(), date(2099, 12, 31))
    given = {
        "name": "c82901-fhir",
        "ods_code": "C82901",
        "is_trust": False,
        "regions": (0,),
        "knows": KNOWS,
        "keys": (key,),
        "test_numbers": "accept",
    }
    return FhirSender(**{**given, **changes})


@dataclass
class Asked:
    """A door, and everything that it made durable."""

    shapes: object
    sender: FhirSender = field(default_factory=sender)
    published: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    away: bool = False
    keeps: bool = True
    too_large: bool = False
    xml: object = None

    async def publish(self, event, key):
        if self.away:
            raise Unavailable("The broker does not confirm.")
        if self.too_large:
            raise Rejected("The event is larger than the log takes.", code="too-large")
        self.published.append((key, event))

    def keep_refused(self, refused):
        if not self.keeps:
            raise Unavailable("The database does not answer.")
        self.refused.append(refused)

    def keep_ignored(self, ignored):
        raise AssertionError(ignored)

    async def ask(self, method, path, content=None, headers=None) -> httpx.Response:
        app = app_of(FhirDoor((self.sender,), self, self, lambda: NOW, self.shapes, xml=self.xml))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            said = ASKING if headers is None else headers
            return await client.request(method, path, content=content, headers=said)

    async def post(self, content, path="/fhir/R4", **more) -> httpx.Response:
        """Send a body: bytes as they are, anything else as JSON."""
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        return await self.ask("POST", path, body, {**ASKING, **more})


@pytest.fixture(scope="session")
def shapes():
    return fhir_shapes(LAID)


@pytest.fixture(scope="session")
def structures():
    return R4Structures(LAID.read_bytes())


@pytest.fixture
def door(shapes) -> Asked:
    return Asked(shapes)
