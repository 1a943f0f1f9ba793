"""A desk over the hub in memory: what organisations were told, what they answered, and what became of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx
import orjson

from connectors.fhir_api.desk import Desk
from connectors.fhir_api.inbound import FhirDoor, app_of
from connectors.fhir_api.settings import Organisation
from hub.errors import Unavailable
from hub.keys import Key
from hub.ledger import alert_rows, ids_from, links_from, referral_rows
from hub.outcomes import AlertKnown, ReferralKnown
from hub.ports.ledger import Page
from hub.records import (
    CarerReferral,
    EncounterEvent,
    InvolvementAlert,
    PersonDecision,
)
from hub.services import Area, Service
from hub.testing import flags
from hub.testing.flags import CARER_ROLE, carer_flag
from hub.testing.memory_hub import MemoryHub
from hub.testing.people import ADA, BEN, NINA, Person
from hub.testing.resources import related
from hub.testing.visits import Visit, encounter
from processors.carer_matching.policy import MatchingPolicy
from processors.carer_matching.processor import carer_matching
from processors.discharge_involvement.policy import AlertPolicy
from processors.discharge_involvement.processor import discharge_involvement
from processors.support_referral.policy import ReferralPolicy
from processors.support_referral.processor import support_referral

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
LEICESTER = "E06000016"
SERVICES = (Service("ADULT", frozenset({LEICESTER}), frozenset({"adult"}), "Leicester Carers"),)
AREAS = (Area(LEICESTER, ("LE2",)),)
CHAIN = (
    carer_matching(
        MatchingPolicy(
            test_numbers="accept",
            carer_codes=frozenset({"http://snomed.info/sct|224484003"}),
            not_carer_codes=frozenset({"http://snomed.info/sct|199361000000101"}),
            areas=AREAS,
        )
    ),
    discharge_involvement(AlertPolicy(services=SERVICES)),
    support_referral(ReferralPolicy(SERVICES, AREAS)),
)
BEN_AT_HOME = replace(BEN, postcode="LE2 1AA")
ADMITTED = encounter(
    "A01",
    "2026-11-24 09:30",
    Visit(
        admitted="2026-11-24 09:20",
        contacts=(related(NINA, CARER_ROLE), related(BEN_AT_HOME, CARER_ROLE)),
    ),
)
FLAGGED = carer_flag(BEN_AT_HOME, "2026-11-03 12:00", of=ADA)


def admitted(number: int) -> EncounterEvent:
    """Another patient with a carer, in hospital: an alert of its own."""
    patient = replace(ADA, nhs_number=None, hospital_number=f"H{number}", given=f"Ada {number}")
    visit = Visit(
        f"V-{number}", patient, admitted="2026-11-24 09:20", contacts=(related(NINA, CARER_ROLE),)
    )
    return encounter("A01", "2026-11-24 09:30", visit)


def agreement(
    carer: Person = BEN_AT_HOME, status: str = "active", minute: int = 0
) -> PersonDecision:
    """A carer agrees to be referred, or no longer does, on the morning of this day."""
    return flags.agreement(carer, f"2026-11-24 09:{minute:02d}", status)


@dataclass
class MemoryLedger:
    """`hub.ports.ledger.Ledger` over what the hub in memory said; a version is stamped when it is first seen."""

    hub: MemoryHub
    away: bool = False
    stamps: dict = field(default_factory=dict)

    def alert(self, alert_id: UUID) -> AlertKnown | None:
        return self._alerts().get(alert_id)

    def referral(self, referral_id: UUID) -> ReferralKnown | None:
        return self._referrals().get(referral_id)

    def alerts_of(self, owner_ods: str, page: Page) -> list[AlertKnown]:
        return paged(self._alerts(), owner_ods, page)

    def referrals_of(self, owner_ods: str, page: Page) -> list[ReferralKnown]:
        return paged(self._referrals(), owner_ods, page)

    def _alerts(self) -> Mapping[UUID, AlertKnown]:
        found = {}
        for said in self._said(InvolvementAlert):
            (row,) = alert_rows(said)
            ids = {"evidence": ids_from(row["evidence"]), "young": links_from(row["young"])}
            known = {**row, **ids}
            found[said.alert_id] = AlertKnown(**known, changed_at=self.stamped(said.event_id))
        return found

    def _referrals(self) -> Mapping[UUID, ReferralKnown]:
        found = {}
        for said in self._said(CarerReferral):
            (row,) = referral_rows(said)
            found[said.referral_id] = ReferralKnown(**row, changed_at=self.stamped(said.event_id))
        return found

    def _said(self, record):
        if self.away:
            raise Unavailable("The database does not answer.")
        return self.hub.said(record)

    def stamped(self, event: UUID) -> datetime:
        at = NOW + timedelta(seconds=len(self.stamps), microseconds=1500)
        return self.stamps.setdefault(event, at)


def paged(rows: Mapping, owner_ods: str, page: Page) -> list:
    own = [
        ((row.changed_at, key), row)
        for key, row in rows.items()
        if row.owner_ods == owner_ods and (not page.statuses or row.status in page.statuses)
    ]
    if page.after is not None and page.after_id is not None:
        own = [each for each in own if each[0] > (page.after, page.after_id)]
    elif page.after is not None:
        own = [each for each in own if each[0][0] >= page.after]
    return [row for _, row in sorted(own, key=lambda each: each[0])[: page.most]]


def organisation(ods_code: str) -> Organisation:
    digest = hashlib.sha256(token_of(ods_code).encode()).hexdigest()
    return Organisation(ods_code, (Key(digest, date(2099, 12, 31)),))


def token_of(ods_code: str) -> str:
    return f"a-token-for-tests-of-{ods_code}"


@dataclass
class AskedDesk:
    """A desk with two organisations, and everything that was made durable."""

    shapes: object
    patience_seconds: float = 0.0
    passes_on: bool = True
    broker_away: bool = False
    keeps: bool = True
    now: datetime = NOW
    published: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    hub: MemoryHub = field(default_factory=lambda: MemoryHub(CHAIN))

    def __post_init__(self):
        self.ledger = MemoryLedger(self.hub)

    async def publish(self, event, key):
        if self.broker_away:
            raise Unavailable("The broker does not confirm.")
        self.published.append((key, event))
        if self.passes_on:
            self.hub.publish(event, key)
            self.hub.run()

    def keep_refused(self, refused):
        if not self.keeps:
            raise Unavailable("The database does not answer.")
        self.refused.append(refused)

    def keep_ignored(self, ignored):
        raise AssertionError(ignored)

    @property
    def alert(self) -> InvolvementAlert:
        return self.hub.said(InvolvementAlert)[-1]

    @property
    def referral(self) -> CarerReferral:
        return self.hub.said(CarerReferral)[-1]

    @property
    def events(self) -> list:
        return [event for _, event in self.published]

    async def ask(self, method, path, content=None, by: str | None = "RWE", **headers):
        organisations = (organisation("RWE"), organisation("ADULT"), organisation("RR8"))
        desk = Desk(
            organisations,
            self.ledger,
            self,
            self,
            lambda: self.now,
            self.shapes,
            self.patience_seconds,
        )
        app = app_of(FhirDoor((), self, self, lambda: self.now, self.shapes, desk))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        said = {"Content-Type": "application/fhir+json", **headers}
        if by is not None:
            said["Authorization"] = f"Bearer {token_of(by)}"
        async with httpx.AsyncClient(transport=transport, base_url="http://hub/fhir/R4") as client:
            return await client.request(method, path, content=content, headers=said)

    async def get(self, path, by="RWE", **headers) -> httpx.Response:
        return await self.ask("GET", path, None, by, **headers)

    async def put(self, path, resource, version, by="RWE", **headers) -> httpx.Response:
        body = resource if isinstance(resource, bytes) else orjson.dumps(resource)
        tag = {} if version is None else {"If-Match": f'W/"{version}"'}
        return await self.ask("PUT", path, body, by, **{**tag, **headers})

    async def task(self) -> tuple[str, dict]:
        """The address and the Task of the alert."""
        path = f"/Task/{self.alert.alert_id}"
        return path, (await self.get(path)).json()

    async def requested(self, kind: str = "Task") -> tuple[str, dict]:
        """The address and the Task or ServiceRequest of the referral."""
        path = f"/{kind}/{self.referral.referral_id}"
        return path, (await self.get(path, by="ADULT")).json()
