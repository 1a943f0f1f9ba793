"""The door for FHIR: who is asking first, then the body, then durable, then the answer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson
import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.fhir_api import outcome
from connectors.fhir_api.capability import capability_statement
from connectors.fhir_api.desk import Desk, Work
from connectors.fhir_api.keeping import KeptDefect, refused_post
from connectors.fhir_api.mapping.heard import heard_from
from connectors.fhir_api.mapping.post import Post
from connectors.fhir_api.mapping.taken import Taken
from connectors.fhir_api.media import FHIR_JSON, form_of, refuse_other_answers
from connectors.fhir_api.preference import wanted_back
from connectors.fhir_api.request import (
    correlation_id,
    refuse_other_addresses,
    sent_back,
)
from connectors.fhir_api.settings import FhirSender
from connectors.fhir_api.xml_body import Structures
from hub.asking import SAFE, bearer_of, beside, bounded_body
from hub.errors import HubError, Rejected, Unavailable
from hub.fhir.conformance import Shapes
from hub.fhir.reading import Element
from hub.identity import derived
from hub.ports.door import Door, Refused
from hub.ports.publisher import Publisher

log = structlog.get_logger("fhir_api")

ROOT: Final = "/fhir/R4"
MOST_BODY: Final = 1024 * 1024
MOST_BUNDLE: Final = 5 * 1024 * 1024
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
"""All that the desk's addresses hear: what is not done there is 405, and never something that is sent here."""


@dataclass(frozen=True)
class FhirDoor:
    """Everything that the routes need.

    Attributes:
        senders: Who may send what.
        publisher: Makes an event durable on the log.
        door: Makes durable what will not reach the log.
        clock: Gives the time of receipt.
        shapes: What FHIR R4 publishes.
        desk: Where organisations read and answer what they were told, if they may at this door.
        xml: How XML is written as JSON; None = it is switched off.
    """

    senders: Sequence[FhirSender]
    publisher: Publisher
    door: Door
    clock: Callable[[], datetime]
    shapes: Shapes
    desk: Desk | None = None
    xml: Structures | None = None

    def routes(self) -> list[Route]:
        """The addresses of this door."""
        return [
            Route(ROOT, self.post_bundle, methods=["POST"]),
            Route(f"{ROOT}/", self.post_bundle, methods=["POST"]),
            Route(f"{ROOT}/metadata", self.get_metadata, methods=["GET"]),
            *self._desk_routes(),
            Route(f"{ROOT}/{{type:str}}", self.post_resource, methods=["POST"]),
        ]

    async def get_metadata(self, request: Request) -> Response:
        """What this server can do; it says nothing of anybody, so anybody may ask."""
        return answer(
            request, 200, capability_statement(desk=self.desk is not None, xml=self.xml is not None)
        )

    async def post_bundle(self, request: Request) -> Response:
        """A Bundle."""
        return await self._answered(request, None, MOST_BUNDLE)

    async def post_resource(self, request: Request) -> Response:
        """One resource, to the address of its type."""
        return await self._answered(request, request.path_params["type"], MOST_BODY)

    def _desk_routes(self) -> Iterator[Route]:
        for place, works in self.desk.addresses() if self.desk is not None else ():
            yield Route(f"{ROOT}{place}", self._at_desk(works), methods=METHODS)

    def _at_desk(self, works: Mapping[str, Work]) -> Callable[[Request], Awaitable[Response]]:
        """An address of the desk: what is done by which method."""

        async def replied(request: Request, work: Work) -> Response:
            reply = await work(request)
            return answer(request, reply.status, reply.body, reply.headers)

        async def asked(request: Request) -> Response:
            work = works.get(request.method)
            if work is None:
                raise HTTPException(405, headers={"Allow": ", ".join(works)})
            return await self._guarded(request, replied(request, work))

        return asked

    async def _answered(self, request: Request, resource_type: str | None, most: int) -> Response:
        return await self._guarded(request, self._heard(request, resource_type, most))

    async def _heard(self, request: Request, resource_type: str | None, most: int) -> Response:
        received_at = self.clock()
        sender = bearer_of(request.headers.get("authorization"), self.senders, received_at.date())
        refuse_other_addresses(resource_type)
        form = form_of(request.headers, xml=self.xml is not None)
        refuse_other_answers(request.headers)
        body = await bounded_body(request, most)
        post = Post(
            sender=sender,
            received_at=received_at,
            resource_type=resource_type,
            correlation_id=correlation_id(request.headers),
            shapes=self.shapes,
            xml=self.xml if form == "xml" else None,
        )
        return self._told(request, await self._taken(body, post))

    async def _guarded(self, request: Request, work: Awaitable[Response]) -> Response:
        """What is answered; whatever is raised, in FHIR's own words."""
        try:
            return await work
        except HubError as error:
            return answer(request, error.http_status, outcome.refusal(error), beside(error))
        except ClientDisconnect:
            return Response(status_code=400)
        except KeptDefect as kept:
            return answer(request, 500, outcome.kept_fault(kept.letter))
        except Exception as defect:  # noqa: BLE001 - only fixed words may leave a public door
            kind = type(defect).__name__
            reference = correlation_id(request.headers) or derived(
                "request", self.clock().isoformat(), id(request)
            )
            log.error("defect", error=kind, correlation_id=str(reference))  # noqa: TRY400 - a trace may quote what was read
            return answer(request, 500, outcome.fault(reference))

    async def _taken(self, body: bytes, post: Post) -> Taken:
        sender = post.sender
        try:
            taken = await asyncio.to_thread(heard_from, body, post)
            for keyed in taken.all:
                await self.publisher.publish(keyed.event, keyed.key)
        except Unavailable:
            raise
        except Rejected as error:
            await asyncio.to_thread(self._keep_refused, error, body, post)
            raise
        except Exception as defect:
            said = outcome.DEFECT
            kept = Refused.by_defect(defect, said, sender.name, sender.regions[0], body)
            await asyncio.to_thread(self.door.keep_refused, kept)
            log.error("defect", error=kept.code, source=kept.source)  # noqa: TRY400 - a trace may quote what was read
            raise KeptDefect(kept.dead_letter_id) from defect
        return taken

    def _keep_refused(self, error: Rejected, body: bytes, post: Post) -> None:
        self.door.keep_refused(refused_post(error, body, post))

    def _told(self, request: Request, taken: Taken) -> Response:
        """The answer to what was kept."""
        events = [keyed.event.event_id for keyed in taken.all]
        back = wanted_back(request.headers)
        if taken.answered_by_entries:
            return answer(request, 200, outcome.responses(taken, back))
        match back:
            case "minimal":
                return answer(request, 202, None)
            case "representation":
                return answer(request, 202, taken.body)
            case "OperationOutcome":
                return answer(request, 202, outcome.taken(events, taken.left_out))


def answer(
    request: Request, status: int, body: Element | None, more: Mapping[str, str] | None = None
) -> Response:
    """A FHIR answer that no cache keeps, with the ids that came; no body where none was wished for."""
    return Response(
        b"" if body is None else orjson.dumps(body),
        status_code=status,
        media_type=None if body is None else FHIR_JSON,
        headers={**SAFE, **sent_back(request.headers), **(more or {})},
    )


async def no_such_thing(request: Request, error: Exception) -> Response:
    """404 and 405 of any address in FHIR's own words."""
    if not isinstance(error, HTTPException):
        raise error
    return answer(
        request, error.status_code, outcome.no_such_thing(error.status_code), error.headers
    )


def app_of(door: FhirDoor, *others: Route) -> Starlette:
    """The application: the door's routes and those of the shell (health)."""
    app = Starlette(
        routes=[*door.routes(), *others],
        exception_handlers={404: no_such_thing, 405: no_such_thing},
    )
    app.router.redirect_slashes = False
    return app
