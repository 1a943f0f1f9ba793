"""Pages on ports in memory: rows as the projections make them, a log that remembers, a clock to turn, a browser."""

import asyncio
import json
import re
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import httpx

from connectors.portal import referral_inbox, worklist
from connectors.portal.asked_of_two import AskedOfTwo
from connectors.portal.desk import Desk
from connectors.portal.keys import digest_of
from connectors.portal.known_pairs import KnownPairs
from connectors.portal.pages import pages_of
from connectors.portal.seeded_queue import SeededQueue
from connectors.portal.settings import Organisation, PageSettings
from deploy.generating.examples import record_from_example
from hub.disclosure import ReceiverKind
from hub.errors import Unavailable
from hub.keys import Key
from hub.ledger import alert_rows, ids_from, links_from, referral_rows
from hub.outcomes import AlertKnown, ReferralKnown
from hub.ports.pages import OpenOnWard, ReferralRow, WorklistRow
from hub.ports.sessions import Session
from hub.records import (
    AlertStatus,
    CarerReferral,
    HumanName,
    InvolvementAlert,
    PersonDecision,
    ReviewItem,
)
from tests.unit.portal.review_kit import REVIEWERS, MemoryKnownAnswers, MemoryQueue

EXAMPLES = Path(__file__).parents[3] / "schemas/examples"
NOW = datetime(2026, 11, 3, 9, 12, tzinfo=UTC)
TOKEN = "a-token-of-the-trust"
SERVICE_TOKEN = "a-token-of-the-service"
SITE = "http://testserver"


def example(record, path):
    return record_from_example(record, json.loads((EXAMPLES / path).read_text()))


ALERT = example(InvolvementAlert, "alert.involvement.v1/raised.json")
REFERRAL = replace(example(CarerReferral, "referral.support.v1/raised.json"), service_ods="DEMO1")
CLOSED = frozenset({AlertStatus.COMPLETED, AlertStatus.CANCELLED})


def name(given: str, family: str) -> tuple[HumanName, ...]:
    return (HumanName(given=(given,), family=family),)


OF_THE_ALERT = ("age_band", "outcome", "outcome_at", "offer")
"""What an alert says of a carer beside who they are."""


def carer(number: int = 0, **changes):
    """The example's carer with another link, and these things changed."""
    (first,) = ALERT.carers
    own = {key: changes.pop(key) for key in OF_THE_ALERT if key in changes}
    link = UUID(int=first.carer.link_id.int + number)
    return replace(first, carer=replace(first.carer, link_id=link, **changes), **own)


def alert(number: int = 0, **changes) -> InvolvementAlert:
    """An alert of the example's trust with an id of its own."""
    return replace(ALERT, alert_id=UUID(int=ALERT.alert_id.int + number), **changes)


MODULES = {WorklistRow: worklist, ReferralRow: referral_inbox}


def row_of(kind, event):
    """The row that a projection makes, as its page reads it."""
    module = MODULES[kind]
    (row,) = module.rows_from(event)
    empty = {each.name: None for each in module.TABLE.columns}
    return kind(**{each.name: {**empty, **row}[each.name] for each in fields(kind)})


@dataclass
class MemoryWorklist:
    alerts: dict[UUID, InvolvementAlert] = field(default_factory=dict)
    away: bool = False

    def open_for(self, trust_ods, ward=None):
        self._answers()
        found = [
            row_of(WorklistRow, each)
            for each in self.alerts.values()
            if each.trust_ods == trust_ods
            and each.status not in CLOSED
            and ward in (None, each.ward or "")
        ]
        return sorted(found, key=lambda row: (row.ward or "~", row.bed or "~"))

    def wards(self, trust_ods):
        places = Counter((row.ward, row.site_ods) for row in self.open_for(trust_ods))
        return [OpenOnWard(*place, number) for place, number in places.items()]

    def one(self, trust_ods, alert_id):
        self._answers()
        found = self.alerts.get(alert_id)
        mine = found is not None and found.trust_ods == trust_ods
        return row_of(WorklistRow, found) if mine else None

    def _answers(self):
        if self.away:
            raise Unavailable("The database is away.")


@dataclass
class MemoryInbox:
    referrals: dict[UUID, CarerReferral] = field(default_factory=dict)

    def open_for(self, service_ods):
        found = [
            row_of(ReferralRow, each)
            for each in self.referrals.values()
            if each.service_ods == service_ods
        ]
        return [row for row in found if row.state in ("raised", "corrected", "accepted")]

    def one(self, service_ods, referral_id):
        found = self.referrals.get(referral_id)
        mine = found is not None and found.service_ods == service_ods
        return row_of(ReferralRow, found) if mine else None


@dataclass
class MemoryLedger:
    worklist: MemoryWorklist
    inbox: MemoryInbox

    def alert(self, alert_id):
        found = self.worklist.alerts.get(alert_id)
        if found is None:
            return None
        (row,) = alert_rows(found)
        at = {"changed_at": found.recorded_at}
        ids = {"evidence": ids_from(row["evidence"]), "young": links_from(row["young"])}
        return AlertKnown(**{**at, **row, **ids})

    def referral(self, referral_id):
        found = self.inbox.referrals.get(referral_id)
        if found is None:
            return None
        return ReferralKnown(**{"changed_at": found.recorded_at, **referral_rows(found)[0]})


@dataclass
class MemorySessions:
    """See `hub.ports.sessions.Sessions`; the laws in `session_laws.py` hold for this one and the real one."""

    links: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    sessions: dict[str, dict] = field(default_factory=dict)

    def offer(self, secret_sha256, ods_code, until):
        self.links[secret_sha256] = (ods_code, until)

    def redeem(self, secret_sha256, opening):
        ods_code, until = self.links.pop(secret_sha256, (None, opening.at))
        if until <= opening.at:
            return None
        self.open(ods_code, opening)
        return ods_code

    def open(self, ods_code, opening):
        self.sessions[opening.secret_sha256] = {
            "ods": ods_code,
            "staff": "",
            "used": opening.at,
            "ends": opening.ends_at,
        }

    def resume(self, secret_sha256, at, idle):
        found = self.sessions.get(secret_sha256)
        if found is None or found["used"] <= at - idle or found["ends"] <= at:
            return None
        found["used"] = max(found["used"], at)
        return Session(found["ods"], found["staff"])

    def say_who(self, secret_sha256, staff_id):
        self.sessions[secret_sha256]["staff"] = staff_id

    def close(self, secret_sha256):
        self.sessions.pop(secret_sha256, None)


@dataclass
class Log:
    """A publisher that remembers, and does to the tables what the hub would do."""

    kit: "Kit"
    said: list = field(default_factory=list)
    away: bool = False
    deaf: bool = False

    async def publish(self, event, key):
        if self.away:
            raise Unavailable("The broker is away.")
        self.said.append((event, key))
        if not self.deaf:
            self.kit.heard(event)


class Browser:
    """Keeps cookies, and follows nothing by itself."""

    def __init__(self, app, site: str) -> None:
        self.transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self.site = site
        self.cookies = httpx.Cookies()

    def get(self, path: str, **more) -> httpx.Response:
        return asyncio.run(self._asked("GET", path, more))

    def post(self, path: str, **more) -> httpx.Response:
        return asyncio.run(self._asked("POST", path, more))

    async def _asked(self, method: str, path: str, more) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=self.transport, base_url=self.site, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


@dataclass
class Kit:
    """Everything behind the pages, and a browser in front of them."""

    now: datetime = NOW
    worklist: MemoryWorklist = field(default_factory=MemoryWorklist)
    inbox: MemoryInbox = field(default_factory=MemoryInbox)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    known_answers: MemoryKnownAnswers = field(default_factory=MemoryKnownAnswers)
    known: KnownPairs = field(default_factory=lambda: KnownPairs((), 0, NOW))
    of_two: AskedOfTwo = field(default_factory=lambda: AskedOfTwo(0, frozenset({0})))
    sessions: MemorySessions = field(default_factory=MemorySessions)
    log: Log = field(init=False)
    client: "Browser" = field(init=False)

    def __post_init__(self):
        self.log = Log(self)
        self.client = self.browser()

    def browser(self, site: str = SITE) -> "Browser":
        """Another browser, without cookies."""
        return Browser(pages_of(self.desk()), site)

    def desk(self) -> Desk:
        return Desk(
            settings=PageSettings(
                organisations={
                    "RWE": of("RWE", ReceiverKind.TRUST, TOKEN),
                    "RR8": of("RR8", ReceiverKind.TRUST, "another"),
                    "DEMO1": of("DEMO1", ReceiverKind.SERVICE, SERVICE_TOKEN),
                    **{each.principal: each for each in REVIEWERS},
                }
            ),
            sessions=self.sessions,
            worklist=self.worklist,
            inbox=self.inbox,
            queue=SeededQueue(self.queue, self.known_answers, self.known, self.of_two),
            ledger=MemoryLedger(self.worklist, self.inbox),
            publisher=self.log,
            clock=lambda: self.now,
        )

    def show(self, *alerts: InvolvementAlert) -> "Kit":
        self.worklist.alerts.update({each.alert_id: each for each in alerts})
        return self

    def hand(self, *referrals: CarerReferral) -> "Kit":
        self.inbox.referrals.update({each.referral_id: each for each in referrals})
        return self

    def ask(self, *items: ReviewItem) -> "Kit":
        self.queue.items.update({each.item_id: each for each in items})
        return self

    def signed_in(self, key: str = TOKEN) -> "Kit":
        assert self.client.post("/login", data={"key": key}).status_code == 303
        return self

    def link(self, ods_code: str = "RWE", good_for: timedelta = timedelta(minutes=15)) -> str:
        self.sessions.offer(digest_of("a-secret"), ods_code, self.now + good_for)
        return "a-secret"

    def heard(self, event) -> None:
        """Another version, as the hub would tell it in the end."""
        if isinstance(event, PersonDecision):
            self.queue.answered(event)
        for table in (self.worklist.alerts, self.inbox.referrals):
            for key in {getattr(event, "alert_id", None), getattr(event, "referral_id", None)}:
                if key in table:
                    table[key] = replace(table[key], version=table[key].version + 1)

    def send(self, path: str, **typed: str):
        """Open a page, fill in its form, and send it."""
        return self.client.post(path, data={**self.own_form(path), **typed})

    def own_form(self, path: str) -> dict[str, str]:
        """The form on a page that is sent to the page itself."""
        return self.own_form_of(path, path)

    def own_form_of(self, path: str, action: str) -> dict[str, str]:
        """The form on a page that is sent to an address, as it is left."""
        found = Page(self.client.get(path).text)
        return found.forms[found.actions.index(action)]


def of(ods_code: str, kind: ReceiverKind, key: str) -> Organisation:
    names = {
        "RWE": "University Hospitals of Leicester NHS Trust",
        "DEMO1": "Leicester Carers Support",
    }
    keys = (Key(digest_of(key), date(2027, 1, 31)),)
    return Organisation(ods_code, kind, names.get(ods_code, ods_code), keys)


VOID = {"meta", "link", "input", "br", "hr", "img"}


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: "Node | None"
    children: list["Node"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __getitem__(self, key: str) -> str:
        return self.attributes.get(key, "")

    def __contains__(self, key: str) -> bool:
        return key in self.attributes

    def all(self, *tags: str) -> list["Node"]:
        below = [node for child in self.children for node in (child, *child.all())]
        return [node for node in below if not tags or node.tag in tags]

    def within(self, *tags: str) -> bool:
        return self.parent is not None and (self.parent.tag in tags or self.parent.within(*tags))

    def one_button(self) -> dict[str, str]:
        """What its one button sends."""
        (found,) = self.all("button")
        return {found["name"]: found["value"]}

    @property
    def text(self) -> str:
        """Everything that is read, in the order of the page."""
        return re.sub(r"\s+", " ", "".join(self.texts)).strip()


class Page(HTMLParser):
    """A page as a tree; it fails on elements that are not closed as they were opened."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("", {}, None)
        self.html = html
        self.feed(html)
        self.close()
        assert self.here is self.root, f"<{self.here.tag}> is not closed"

    def handle_starttag(self, tag, attrs):
        assert len({key for key, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice"
        node = Node(tag, {key: value or "" for key, value in attrs}, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_endtag(self, tag):
        assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}>"
        self.here = self.here.parent

    def handle_data(self, data):
        node = self.here
        while node is not None:
            node.texts.append(data)
            node = node.parent

    @property
    def text(self) -> str:
        return self.root.text

    def one(self, *tags: str) -> Node:
        (found,) = self.root.all(*tags)
        return found

    def all(self, *tags: str) -> list[Node]:
        return self.root.all(*tags)

    @property
    def actions(self) -> list[str]:
        return [each["action"] for each in self.all("form")]

    @property
    def forms(self) -> list[dict[str, str]]:
        """What each form sends when no button is named."""
        return [
            {
                each["name"]: each["value"]
                for each in form.all("input")
                if each["type"] != "radio" or "checked" in each
            }
            for form in self.all("form")
        ]
