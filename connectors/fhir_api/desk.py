"""The desk for organisations: they read what they were told, search it, and answer by putting it back changed.

Who asks is known first. What is not theirs and what is not there look the same. An answer is durable on the log
before it is confirmed; what can never be one is kept before it is refused.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import parse_qsl
from uuid import UUID

import structlog
from starlette.requests import Request

from connectors.fhir_api import outcome
from connectors.fhir_api.answering import Outcome, answered_from, is_shown
from connectors.fhir_api.entity_tags import (
    is_known,
    last_modified,
    refuse_stale,
    seen_versions,
    tag_of,
)
from connectors.fhir_api.finding import ALERTS, REFERRALS, page_for, shown
from connectors.fhir_api.interactions import INTERACTIONS, READ, SEARCH, UPDATE
from connectors.fhir_api.keeping import KeptDefect, failed_put, refused_put
from connectors.fhir_api.media import form_of, refuse_all_but_forms, refuse_other_answers
from connectors.fhir_api.preference import wants_no_body, wants_to_hear_of_unknowns
from connectors.fhir_api.put import Put, canonical, resource_put
from connectors.fhir_api.request import correlation_id
from connectors.fhir_api.search import BadQuery, bundle_from, query_from
from connectors.fhir_api.settings import Organisation
from connectors.fhir_api.told import KINDS, TASK, Known, NotThere, Told, id_of, told_from
from hub.asking import bearer_of, bounded_body
from hub.errors import Rejected, Unavailable
from hub.fhir.conformance import Shapes
from hub.fhir.reading import Element
from hub.outcomes import AlertKnown
from hub.ports.door import Door
from hub.ports.ledger import Ledger
from hub.ports.publisher import Publisher

log = structlog.get_logger("fhir_api")

MOST_BODY: Final = 1024 * 1024
MOST_FORM: Final = 64 * 1024
MOST_PARAMETERS: Final = 100
PATIENCE_SECONDS: Final = 2.0
"""How long an answer waits to be seen in what is told, so that its sender need not read again."""
FIRST_LOOK_SECONDS: Final = 0.05
LONGER: Final = 1.5
"""Each pause between two looks is so much longer: many who wait do not keep the database busy."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: status, body and headers of its own."""

    status: int
    body: Element | None
    headers: Mapping[str, str] = field(default_factory=dict)


Work: TypeAlias = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True)
class Desk:
    """Everything that reading and answering need.

    Attributes:
        organisations: Who may read and answer, each their own.
        ledger: What was told, to whom, in its current version.
        publisher: Makes an answer durable on the log.
        door: Makes durable what is no answer.
        clock: Gives the time of receipt.
        shapes: What FHIR R4 publishes.
        patience_seconds: See `PATIENCE_SECONDS`.
    """

    organisations: Sequence[Organisation]
    ledger: Ledger
    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]
    shapes: Shapes
    patience_seconds: float = PATIENCE_SECONDS

    def addresses(self) -> Iterator[tuple[str, Mapping[str, Work]]]:
        """Each address below the root, with what is done there by which method."""
        works = {READ: self.read, SEARCH: self.search, UPDATE: self.update}
        for kind in KINDS:
            for place in dict.fromkeys(each.place for each in INTERACTIONS):
                done = {
                    each.method: partial(works[each.code], kind=kind)
                    for each in INTERACTIONS
                    if each.place == place
                }
                yield f"/{kind}{place}", done | {"HEAD": done["GET"]} if "GET" in done else done

    async def read(self, request: Request, kind: str) -> Reply:
        """One resource; 304 for who has this version already."""
        known = await self._own(self._asker(request), kind, request.path_params["id"])
        told = told_from(known, kind)
        if is_known(request.headers.get("if-none-match"), told.version):
            return Reply(304, None, headers_of(told))
        return Reply(200, told.resource, headers_of(told))

    async def search(self, request: Request, kind: str) -> Reply:
        """A page of what the organisation was told, by `GET [type]?…` or `POST [type]/_search`."""
        asker = self._asker(request)
        given = [*request.query_params.multi_items()]
        if request.method == "POST":
            refuse_all_but_forms(request.headers)
            given += form_from(await bounded_body(request, MOST_FORM))
        if len(given) > MOST_PARAMETERS:
            raise BadQuery(
                f"Send {MOST_PARAMETERS} parameters at most.", code="too-many-parameters"
            )
        strict = wants_to_hear_of_unknowns(request.headers)
        query = query_from(kind, given, strict=strict)
        if query.owners is not None and asker.ods_code not in query.owners:
            return Reply(200, bundle_from(query, (), base_of(request), more=False))
        found: list[Known] = []
        if (alerts := page_for(query, ALERTS)) is not None:
            found += await asyncio.to_thread(self.ledger.alerts_of, asker.ods_code, alerts)
        if (referrals := page_for(query, REFERRALS)) is not None:
            found += await asyncio.to_thread(self.ledger.referrals_of, asker.ods_code, referrals)
        told, more = shown(query, found)
        return Reply(200, bundle_from(query, told, base_of(request), more=more))

    async def update(self, request: Request, kind: str) -> Reply:
        """An answer: on the log first, then confirmed, with the resource as it stands if that is soon enough."""
        received_at = self.clock()
        asker = self._asker(request)
        seen = seen_versions(request.headers.get("if-match"))
        form_of(request.headers, xml=False)  # an answer changes what was read, and that is JSON
        body = await bounded_body(request, MOST_BODY)
        known = await self._own(asker, kind, request.path_params["id"])
        refuse_stale(seen, known.version)
        told = told_from(known, kind)
        correlation = correlation_id(request.headers)
        events = await self._answered(body, known, told, (received_at, correlation))
        minimal = wants_no_body(request.headers)
        now = await self._shown(known, told, events) if events else known
        if now is None:
            passed_on = outcome.passed_on([each.event_id for each in events])
            return Reply(202, None if minimal else passed_on)
        told = told_from(now, kind)
        return Reply(200, None if minimal else told.resource, headers_of(told))

    def _asker(self, request: Request) -> Organisation:
        asker = bearer_of(
            request.headers.get("authorization"), self.organisations, self.clock().date()
        )
        refuse_other_answers(request.headers)
        return asker

    async def _own(self, asker: Organisation, kind: str, named: str) -> Known:
        """The alert or referral that a resource stands for, if it is the asker's own.

        Raises:
            NotThere: There is none, or it is another's.
        """
        known = await self._known(kind, id_in(named))
        if known is None or known.owner_ods != asker.ods_code:
            if isinstance(known, AlertKnown):  # what is not there is looked for twice, so is this
                await asyncio.to_thread(self.ledger.referral, known.alert_id)
            raise NotThere(f"There is no such {kind} for you.", code="not-found")
        return known

    async def _known(self, kind: str, key: UUID | None) -> Known | None:
        if key is None:
            return None
        alert = await asyncio.to_thread(self.ledger.alert, key) if kind == TASK else None
        return alert or await asyncio.to_thread(self.ledger.referral, key)

    async def _answered(
        self, body: bytes, known: Known, told: Told, came: tuple[datetime, UUID | None]
    ) -> tuple[Outcome, ...]:
        """The events of a body, all of them on the log; or the body is kept and refused."""
        received_at, correlation = came
        try:
            resource = resource_put(body, told, self.shapes)
            put = Put(
                resource=resource,
                canonical=canonical(resource),
                received_at=received_at,
                correlation_id=correlation,
            )
            events = answered_from(known, told, put)
            for event in events:
                await self.publisher.publish(event, told.id)
        except Unavailable:
            raise
        except Rejected as error:
            refused = refused_put(error, known.region, body)
            await asyncio.to_thread(self.door.keep_refused, refused)
            raise
        except Exception as defect:
            kept = failed_put(defect, known.region, body)
            await asyncio.to_thread(self.door.keep_refused, kept)
            log.error("defect", error=kept.code, source=kept.source)  # noqa: TRY400 - a trace may quote what was read
            raise KeptDefect(kept.dead_letter_id) from defect
        return events

    async def _shown(self, known: Known, told: Told, events: Sequence[Outcome]) -> Known | None:
        """What is told once it holds the answer; None when that takes longer than anybody waits.

        The answer is safe on the log by now, so a database that is away is no reason to refuse it.
        """
        pause = FIRST_LOOK_SECONDS
        try:
            async with asyncio.timeout(self.patience_seconds):
                while True:
                    now = await self._known(told.kind, id_of(known))
                    if now is not None and is_shown(events, told, now):
                        return now
                    await asyncio.sleep(pause)
                    pause *= LONGER
        except (TimeoutError, Unavailable):
            return None


def id_in(named: str) -> UUID | None:
    """The id in an address; None when it is none of ours."""
    try:
        found = UUID(named)
    except ValueError:
        return None
    return found if str(found) == named else None


def form_from(body: bytes) -> list[tuple[str, str]]:
    """Parameters as a form has them.

    Raises:
        BadQuery: It is no form, or of too many fields.
    """
    try:
        return parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_PARAMETERS
        )
    except ValueError:
        raise BadQuery(
            f"Send a form of at most {MOST_PARAMETERS} fields, percent-encoded.", code="no-form"
        ) from None


def base_of(request: Request) -> str:
    """This server, as the asker called it."""
    return f"{request.base_url}fhir/R4"


def headers_of(told: Told) -> dict[str, str]:
    """Version and time of what is shown."""
    return {"ETag": tag_of(told.version), "Last-Modified": last_modified(told.changed_at)}
